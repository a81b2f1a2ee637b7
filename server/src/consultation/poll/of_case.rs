//! Proposals about a case that closes, is put aside or loses a parent.

use schakel_domain::{
    consultation::poll::Event,
    ids::{CaseId, PersonId},
};
use uuid::Uuid;

use super::{TimePoll, create::look, hold, link, store};
use crate::{
    consultation::{meeting::Meeting, tell},
    error::Result,
    store::{Tx, audit::Deed},
};

/// OPEN or EXPIRED → CANCELLED: whoever was asked hears that there is nothing to answer.
pub async fn cancel(tx: &Tx, case: CaseId) -> Result<()> {
    let polls = store::undecided(tx, case).await?;
    audit(tx, &polls).await?;
    call_off(tx, polls).await
}

/// `persons` are asked nothing about `case` any more, and their links lead nowhere. A proposal
/// that asks nobody else is off.
pub async fn parents_leave(tx: &Tx, case: CaseId, persons: &[PersonId]) -> Result<()> {
    link::forget_of(tx, case, persons).await?;
    let asks = |poll: &TimePoll| persons.iter().any(|person| poll.voter(*person).is_some());
    let mut polls = store::undecided(tx, case).await?;
    polls.retain(asks);
    if polls.is_empty() {
        return Ok(());
    }
    audit(tx, &polls).await?;
    let ids: Vec<Uuid> = polls.iter().map(|poll| poll.id.0).collect();
    let leaving: Vec<Uuid> = persons.iter().map(|person| person.0).collect();
    store::ask_no_more(tx, &ids, &leaving).await?;
    for poll in &mut polls {
        // A mail that still waits carries a link.
        tx.supersede(&[(poll.id.0, leaving.clone())]).await?;
        poll.voters.retain(|voter| !persons.contains(&voter.person));
    }
    polls.retain(|poll| poll.voters.is_empty());
    call_off(tx, polls).await
}

async fn call_off(tx: &Tx, mut polls: Vec<TimePoll>) -> Result<()> {
    if polls.is_empty() {
        return Ok(());
    }
    for poll in &mut polls {
        poll.state = poll.state.after(Event::Cancel)?;
    }
    hold::release_all(tx, &polls).await?;
    let ids: Vec<Uuid> = polls.iter().map(|poll| poll.id.0).collect();
    store::cancelled(tx, &ids).await?;
    tx.enqueue_all(polls.iter().map(|poll| look(poll, "release", tx.now())).collect()).await
}

async fn audit(tx: &Tx, polls: &[TimePoll]) -> Result<()> {
    let sketches: Vec<Meeting> = polls.iter().map(TimePoll::sketch).collect::<Result<_>>()?;
    tell::audit(tx, &sketches.iter().collect::<Vec<_>>(), Deed::U).await
}
