//! What suits somebody, whichever way it is said; it can be said anew until the deadline.

use schakel_domain::{
    access::{CaseState, CaseUse, Class, Classes},
    consultation::poll::Vote,
    ids::{PersonId, TimePollId},
    refusal::{Refusal, Violation},
};
use uuid::Uuid;

use super::{
    TimePoll, reach,
    store::{self, MISSING},
};
use crate::{
    access::circle,
    error::{Error, Result},
    store::{
        Read, Tx,
        audit::{Deed, Line},
    },
};

/// Whether `person` may say behind a link of their own what suits: how the case stands, of which a
/// link tells nothing.
///
/// # Errors
/// `TIME_POLL_NOT_FOUND` for who is a parent of the child no longer, and of a case that is archived
/// or gone.
pub async fn is_asked(read: &Read, poll: &TimePoll, person: PersonId) -> Result<bool> {
    let asked = poll.voter(person).ok_or(MISSING)?;
    let Some(case) = poll.case else { return Ok(true) };
    let circle = circle::find(read, case).await?.ok_or(MISSING)?;
    let state = circle.standing().state();
    if state == CaseState::Archived || (asked.role.is_private() && !circle.has(person)) {
        return Err(MISSING);
    }
    Ok(state.allows(CaseUse::Write).is_ok())
}

/// Keeps what `person` said behind a link of their own. Says whether it is not what they had
/// said before.
///
/// # Errors
/// `TIME_POLL_NOT_FOUND`, `POLL_CLOSED`.
pub async fn answer(tx: &Tx, id: TimePollId, person: PersonId, votes: &[Vote]) -> Result<bool> {
    let poll = store::get_to_change(tx, id).await?;
    if !is_asked(tx, &poll, person).await? {
        return Err(Refusal::PollClosed.into());
    }
    let before = poll.voter(person).and_then(|voter| voter.votes.as_deref());
    let changes = before.is_some_and(|before| before != votes);
    keep(tx, &poll, person, votes).await?;
    Ok(changes)
}

/// Keeps what somebody said by telephone to whoever may change the proposal.
pub(super) async fn write_down(
    tx: &Tx,
    id: TimePollId,
    person: PersonId,
    votes: &[Vote],
) -> Result<TimePoll> {
    let poll = reach::load(tx, id).await?;
    keep(tx, &poll, person, votes).await?;
    store::get(tx, id).await
}

async fn keep(tx: &Tx, poll: &TimePoll, person: PersonId, votes: &[Vote]) -> Result<()> {
    let asked = poll.voter(person).ok_or(Refusal::ParticipantUnknown)?;
    poll.state.takes_votes(poll.deadline, tx.now())?;
    if votes.len() != poll.options.len() {
        return Err(Error::Invalid(vec![Violation::new("votes", Refusal::FieldInvalid)]));
    }
    if asked.votes.as_deref() == Some(votes) {
        return Ok(());
    }
    store::vote(tx, poll.id, person, votes).await?;
    let line = |subject| Line {
        deed: Deed::U,
        object: "consultation",
        id: Some(poll.id.0),
        subject,
        classes: Classes::of(&[Class::K1]),
    };
    let mut subjects: Vec<Uuid> = poll.case.map(|_| poll.subject).into_iter().collect();
    subjects.extend(asked.role.is_private().then_some(person.0));
    subjects.dedup();
    let mut lines: Vec<Line> = subjects.into_iter().map(|subject| line(Some(subject))).collect();
    if lines.is_empty() {
        lines.push(line(None));
    }
    tx.audit_all(&lines).await
}
