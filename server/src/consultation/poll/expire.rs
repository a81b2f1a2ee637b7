//! OPEN → EXPIRED: its deadline has passed; and the end of its links.

use schakel_domain::consultation::poll::{Event, LINK_OUTLIVES, State};

use super::{TimePoll, hold, link, store};
use crate::{
    consultation::tell,
    error::Result,
    store::{Tx, audit::Deed},
};

/// Ends `poll` when its deadline has passed.
pub async fn expire(tx: &Tx, poll: &mut TimePoll) -> Result<()> {
    if poll.state != State::Open || tx.now() < poll.deadline {
        return Ok(());
    }
    poll.state = poll.state.after(Event::Expire)?;
    store::update(tx, poll).await?;
    tell::audit(tx, &[&poll.sketch()?], Deed::U).await
}

/// Forgets the links of `poll` once they have expired, and what was held for it and never used.
pub async fn forget(tx: &Tx, poll: &TimePoll) -> Result<()> {
    if tx.now() < poll.deadline + LINK_OUTLIVES {
        return Ok(());
    }
    link::forget(tx, poll.id).await?;
    if poll.state == State::Expired { hold::release(tx, poll).await } else { Ok(()) }
}
