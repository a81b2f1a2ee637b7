//! Answers an invitation.

use schakel_domain::{
    access::{Class, Classes},
    consultation::Answer,
    ids::{ConsultationId, PersonId},
    refusal::Refusal,
};

use super::{meeting::Meeting, store};
use crate::{
    access::Reached,
    error::Result,
    store::{
        Tx,
        audit::{Deed, Line},
    },
};

/// Notes what `person` answers.
///
/// # Errors
/// `CONSULTATION_NOT_FOUND`, `PARTICIPANT_UNKNOWN`, and once it is off or over, that.
pub async fn answer(tx: &Tx, id: ConsultationId, person: PersonId, answer: Answer) -> Result<Meeting> {
    tx.grant().to("CONSULTATION", |reached| *reached == Reached::Invited(person.0))?;
    let mut meeting = store::get(tx, id).await?;
    meeting.life().takes_answers(tx.now())?;
    let seat = meeting.table.iter_mut().find(|seat| seat.person == person);
    let seat = seat.ok_or(Refusal::ParticipantUnknown)?;
    (seat.answer, seat.answered) = (answer, Some(tx.now()));
    store::update(tx, &mut meeting).await?;
    let classes = Classes::of(&[Class::K1]);
    let subject = Some(meeting.subject);
    tx.audit(Line { deed: Deed::U, object: "consultation", id: Some(id.0), subject, classes }).await?;
    Ok(meeting)
}
