//! PLANNED → CANCELLED: everybody is free again and told.

use schakel_domain::consultation::{Event, State};

use super::{
    meeting::Meeting,
    reach::{self, Known},
    seats, shared, store, tell,
};
use crate::{
    access::circle,
    error::Result,
    hulpvraag::plan,
    store::{Tx, audit::Deed},
};

/// Calls a meeting off. One that was called off before stays so.
pub async fn cancel(tx: &Tx, known: Known) -> Result<Meeting> {
    let loaded = reach::load(tx, known.id).await?;
    if loaded.meeting.state == State::Cancelled {
        return Ok(loaded.meeting);
    }
    let mut meeting = loaded.is(known.etag)?.meeting;
    meeting.live_on(meeting.life().after(Event::Cancel, tx.now())?);
    seats::change(tx, Some(&meeting), None).await?;
    store::update(tx, &mut meeting).await?;
    if let Some(case) = meeting.case {
        circle::invite(tx, case, meeting.id, &[]).await?;
    }
    if let Some(hulpvraag) = meeting.hulpvraag {
        plan::unplan(tx, hulpvraag, meeting.id).await?;
    }
    tell::audit(tx, &meeting, Deed::U).await?;
    shared::tell(tx, meeting.id).await?;
    tell::invite(tx, &meeting, tx.now()).await?;
    tell::case(tx, &meeting, "CONSULTATION_CANCELLED").await?;
    Ok(meeting)
}
