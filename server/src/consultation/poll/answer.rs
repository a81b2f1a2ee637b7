//! What suits somebody, whichever way it is said; it can be said anew until the deadline.

use schakel_domain::{
    access::{CaseState, CaseUse, Class, Classes},
    consultation::poll::Vote,
    ids::{PersonId, TimePollId},
    refusal::{Refusal, Violation},
};

use super::{
    TimePoll, reach,
    store::{self, MISSING},
};
use crate::{
    consultation::reach::around,
    error::{Error, Result},
    store::{
        Tx,
        audit::{Deed, Line},
    },
};

/// Keeps what `person` said behind a link of their own.
///
/// # Errors
/// `TIME_POLL_NOT_FOUND`, `POLL_CLOSED`, `CASE_CLOSED`, `CASE_RESTRICTED`.
pub async fn answer(tx: &Tx, id: TimePollId, person: PersonId, votes: &[Vote]) -> Result<()> {
    let poll = store::get_to_change(tx, id).await?;
    for around in around(tx, &[poll.sketch()?]).await? {
        if around.state() == CaseState::Archived {
            return Err(MISSING);
        }
        around.state().allows(CaseUse::Write)?;
    }
    keep(tx, &poll, person, votes).await
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
    tx.audit(Line {
        deed: Deed::U,
        object: "consultation",
        id: Some(poll.id.0),
        subject: asked.role.is_private().then_some(person.0),
        classes: Classes::of(&[Class::K1]),
    })
    .await
}
