//! One's own answer to an invitation, whichever way it comes.

use schakel_domain::{
    access::{CaseState, CaseUse, Class, Classes},
    consultation::{Answer, DeclineReason},
    ids::{ConsultationId, PersonId},
    refusal::Refusal,
};

use super::{meeting::Meeting, reach, store};
use crate::{
    error::{Error, Result},
    store::{
        Read, Tx,
        audit::{Deed, Line},
    },
};

/// What somebody says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Given {
    /// Whether they come.
    pub answer: Answer,
    /// Why not; kept with a no alone.
    pub reason: Option<DeclineReason>,
}

impl Given {
    /// An answer without a reason.
    pub fn plain(answer: Answer) -> Self {
        Self { answer, reason: None }
    }

    fn reason(self) -> Option<DeclineReason> {
        self.reason.filter(|_| self.answer == Answer::Declined)
    }
}

/// What came of an answer.
#[derive(Debug, Clone)]
pub struct Answered {
    /// The meeting with it.
    pub meeting: Meeting,
    /// It is not what they had answered before, or something else was proposed. A first answer is no
    /// change.
    pub changed: bool,
}

/// Whether a meeting can be answered, as far as its case goes.
///
/// # Errors
/// `CONSULTATION_NOT_FOUND` when its case is archived.
pub async fn is_asked(read: &Read, meeting: &Meeting) -> Result<bool> {
    match standing(read, meeting).await {
        Ok(()) => Ok(true),
        Err(Error::Refused(..)) => Ok(false),
        Err(error) => Err(error),
    }
}

/// Refuses what is not done with the case of `meeting` now.
pub(super) async fn standing(read: &Read, meeting: &Meeting) -> Result<()> {
    for around in reach::around(read, std::slice::from_ref(meeting)).await? {
        if around.state() == CaseState::Archived {
            return Err(Error::NotFound("CONSULTATION"));
        }
        around.state().allows(CaseUse::Write)?;
    }
    Ok(())
}

/// Keeps the answer of `person`; the same answer again changes nothing.
///
/// # Errors
/// `PARTICIPANT_UNKNOWN`, `CONSULTATION_CANCELLED`, `CONSULTATION_PAST`, `CASE_CLOSED`, `CASE_RESTRICTED`.
pub async fn answer(tx: &Tx, id: ConsultationId, person: PersonId, given: Given) -> Result<Answered> {
    let mut meeting = store::get_to_change(tx, id).await?;
    let seat = meeting.seat(person).ok_or(Refusal::ParticipantUnknown)?;
    let (private, before) = (seat.role.is_private(), seat.answer);
    let same = before == given.answer && seat.reason == given.reason();
    meeting.life().takes_answers(tx.now())?;
    standing(tx, &meeting).await?;
    if same {
        return Ok(Answered { meeting, changed: false });
    }
    for seat in meeting.table.iter_mut().filter(|seat| seat.person == person) {
        (seat.answer, seat.answered, seat.reason) = (given.answer, Some(tx.now()), given.reason());
    }
    store::update(tx, &mut meeting).await?;
    tx.audit(Line {
        deed: Deed::U,
        object: "consultation",
        id: Some(id.0),
        subject: private.then_some(person.0),
        classes: Classes::of(&[Class::K1]),
    })
    .await?;
    Ok(Answered { meeting, changed: before != Answer::NeedsAction && before != given.answer })
}

/// The answer of the caller itself, at a meeting that it can see.
///
/// # Errors
/// As [`answer`], and `CONSULTATION_NOT_FOUND`.
pub async fn own(tx: &Tx, id: ConsultationId, given: Given) -> Result<Meeting> {
    let person = PersonId(tx.grant().actor().unwrap_or_default());
    match reach::load(tx, id).await {
        Ok(_) => answer(tx, id, person, given).await.map(|answered| answered.meeting),
        // Whoever can read it is told that it does not sit there.
        Err(Error::Denied(_)) => Err(Refusal::ParticipantUnknown.into()),
        Err(error) => Err(error),
    }
}
