//! OPEN or EXPIRED → CANCELLED: whoever was asked hears that there is nothing to answer.

use schakel_domain::{
    consultation::poll::{Event, State},
    ids::TimePollId,
};

use super::{TimePoll, create::look, hold, reach, store};
use crate::{
    consultation::tell,
    error::{Error, Result},
    store::{Tx, audit::Deed},
};

/// Calls a proposal off. One that was called off before stays so.
pub(super) async fn cancel(tx: &Tx, id: TimePollId, etag: i32) -> Result<TimePoll> {
    let mut poll = reach::load(tx, id).await?;
    let state = poll.state.after(Event::Cancel)?;
    if poll.state == State::Cancelled {
        return Ok(poll);
    }
    if poll.version != etag {
        return Err(Error::Stale);
    }
    poll.state = state;
    hold::release(tx, &poll).await?;
    store::update(tx, &mut poll).await?;
    tell::audit(tx, &[&poll.sketch()?], Deed::U).await?;
    tx.enqueue(look(&poll, "release", tx.now())).await?;
    Ok(poll)
}
