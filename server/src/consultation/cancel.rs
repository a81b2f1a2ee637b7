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
    availability::freed,
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
    parts::allowed(tx, &loaded.parts).await?;
    call_off(tx, loaded.meeting, loaded.parts).await
}

/// Calls off a meeting, with its parts, that the caller, or a rule, may call off.
pub(super) async fn call_off(tx: &Tx, mut meeting: Meeting, parts: Vec<Meeting>) -> Result<Meeting> {
    meeting.live_on(meeting.life().after(Event::Cancel, tx.now())?);
    let parts = parts::cancelled(tx, parts).await?;
    let all: Vec<&Meeting> = parts.iter().chain([&meeting]).collect();
    seats::change_all(tx, &all, &[]).await?;
    store::update(tx, &mut meeting).await?;
    freed::tell(tx, meeting.id.0, meeting.version).await?;
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
    if let Some(whole) = meeting.within {
        // It may have been the last that was open.
        parts::close(tx, whole).await?;
    }
    Ok(meeting)
}
