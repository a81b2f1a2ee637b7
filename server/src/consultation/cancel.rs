//! PLANNED → CANCELLED, with all parts: everybody is free again and told.

use schakel_domain::consultation::{Event, State};

use super::{
    meeting::Meeting,
    parts,
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
    let loaded = loaded.is(known.etag)?;
    let mut meeting = loaded.meeting;
    meeting.live_on(meeting.life().after(Event::Cancel, tx.now())?);
    parts::allowed(tx, &loaded.parts).await?;
    let parts = parts::cancelled(tx, loaded.parts).await?;
    let all: Vec<&Meeting> = parts.iter().chain([&meeting]).collect();
    seats::change_all(tx, &all, &[]).await?;
    store::update(tx, &mut meeting).await?;
    if let Some(case) = meeting.case {
        circle::invite(tx, case, meeting.id, &[]).await?;
    }
    if let Some(hulpvraag) = meeting.hulpvraag {
        plan::unplan(tx, hulpvraag, meeting.id).await?;
    }
    let all: Vec<&Meeting> = parts.iter().chain([&meeting]).collect();
    tell::audit(tx, &all, Deed::U).await?;
    shared::tell(tx, &all).await?;
    tell::invite(tx, &all, tx.now()).await?;
    tell::cases(tx, &all, "CONSULTATION_CANCELLED").await?;
    Ok(meeting)
}
