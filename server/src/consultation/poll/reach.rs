//! How a proposal stands to its caller: as the meeting stands that it may become.

use schakel_domain::ids::TimePollId;

use super::{
    TimePoll,
    store::{self, MISSING},
};
use crate::{
    access::circle::{self, Circle},
    consultation::reach,
    error::{Error, Result},
    store::Tx,
};

/// `CONSULTATION_NOT_FOUND` of the sketch is `TIME_POLL_NOT_FOUND` of the proposal.
pub(super) fn as_poll<T>(done: Result<T>) -> Result<T> {
    match done {
        Err(Error::NotFound("CONSULTATION")) => Err(MISSING),
        done => done,
    }
}

/// Loads what the grant lets the caller change.
///
/// # Errors
/// `TIME_POLL_NOT_FOUND`, not allowed, `CASE_CLOSED`, `CASE_RESTRICTED`.
pub(super) async fn load(tx: &Tx, id: TimePollId) -> Result<TimePoll> {
    let poll = store::get_to_change(tx, id).await?;
    let around = match poll.case {
        Some(case) => circle::find(tx, case).await?.as_ref().map(Circle::standing),
        None => None,
    };
    as_poll(reach::classes(tx, &poll.sketch()?, around.as_ref()))?;
    if let Some(around) = around {
        tx.grant().allows(around.state())?;
    }
    Ok(poll)
}
