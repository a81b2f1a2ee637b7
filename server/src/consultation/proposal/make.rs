//! Nothing or OPEN → OPEN: somebody proposes something; what they proposed before makes way.

use chrono::{DateTime, Utc};
use schakel_domain::{
    access::{Class, Classes},
    consultation::proposal::{Kind, MOST, Source, State, leaning, other_time},
    ids::{ConsultationId, PersonId, ProposalId},
    refusal::Refusal,
};

use super::{Proposal, Substitute, place, store};
use crate::{
    consultation::{
        answer::{self, Answered, Given},
        store as meetings,
    },
    error::Result,
    store::{
        Tx,
        audit::{Deed, Line},
        outbox::{self, Work},
    },
};

/// What somebody proposes.
#[derive(Debug, Clone)]
pub enum What {
    /// The same meeting, to start then.
    OtherTime(DateTime<Utc>),
    /// Somebody else in their place.
    SomebodyElse(Substitute),
}

/// Keeps what `person` proposes; an answer of theirs that was a yes, or none, becomes a maybe. It
/// counts as changed whatever the answer was: what a forwarded link proposes has to be told to its owner.
///
/// # Errors
/// `PARTICIPANT_UNKNOWN`, `CONSULTATION_CANCELLED`, `CONSULTATION_PAST`, `PART_OF_MEETING` when a
/// part would move, `TIME_OUT_OF_BOUNDS`, `PROPOSAL_CLOSED` after too many, `CASE_CLOSED`, `CASE_RESTRICTED`.
pub async fn make(
    tx: &Tx,
    (id, person): (ConsultationId, PersonId),
    what: &What,
    source: Source,
) -> Result<Answered> {
    let meeting = meetings::get_to_change(tx, id).await?;
    let seat = meeting.seat(person).ok_or(Refusal::ParticipantUnknown)?;
    let (private, given) = (seat.role.is_private(), seat.answer);
    meeting.life().takes_answers(tx.now())?;
    if tx.now() >= meeting.time.start() {
        return Err(Refusal::ConsultationPast.into());
    }
    answer::standing(tx, &meeting).await?;
    let kind = match what {
        What::OtherTime(_) => Kind::OtherTime,
        What::SomebodyElse(_) => Kind::SomebodyElse,
    };
    if seat.fixed || (kind.moves() && meeting.within.is_some()) {
        return Err(Refusal::PartOfMeeting.into());
    }
    let mut before = store::of_person(tx, id, person).await?;
    if before.len() >= MOST {
        return Err(Refusal::ProposalClosed.into());
    }
    let open = before.iter().position(|one| one.kind == kind && one.state == State::Open);
    let open = open.map(|at| before.swap_remove(at));
    let new = open.as_ref().map_or_else(|| ProposalId(tx.new_id()), |open| open.id);
    let (time, sealed_substitute) = match what {
        What::OtherTime(start) => (Some(other_time(&meeting.life(), *start, tx.now())?), None),
        What::SomebodyElse(substitute) => {
            let keys = tx.subject_keys_or_new(&[meeting.subject]).await?;
            (None, Some(tx.seal(&keys, meeting.subject, place(new), &substitute.written()?)?))
        }
    };
    let mut proposal = Proposal {
        id: new,
        meeting: id,
        person,
        kind,
        state: State::Open,
        source,
        sequence: meeting.sequence,
        time,
        sealed_substitute,
        subject: meeting.subject,
        created: tx.now(),
        decided: None,
        decided_by: None,
        version: open.as_ref().map_or(1, |open| open.version),
    };
    match open {
        Some(_) => store::update(tx, &mut proposal).await?,
        None => store::insert(tx, &proposal).await?,
    }
    tx.audit(Line {
        deed: Deed::U,
        object: "consultation",
        id: Some(id.0),
        subject: private.then_some(person.0),
        classes: Classes::of(&[Class::K1]),
    })
    .await?;
    tx.enqueue(Work {
        kind: outbox::Kind::ProposalMade,
        // Whoever proposes again and again is one mail an hour.
        dedupe: format!("{}/{}", new.0, tx.now().timestamp() / 3600),
        subject: new.0,
        due: tx.now(),
        note: None,
        mail: None,
    })
    .await?;
    let becomes = leaning(given);
    if becomes == given {
        // What they said stays, and with a no why.
        return Ok(Answered { meeting, changed: true });
    }
    let answered = answer::answer(tx, id, person, Given::plain(becomes)).await?;
    Ok(Answered { changed: true, ..answered })
}
