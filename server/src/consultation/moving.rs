//! PLANNED → PLANNED at another time or place; everybody is asked and told again.

use chrono::{DateTime, TimeDelta, Utc};
use schakel_domain::{
    consultation::{Event, Place, check},
    time::Period,
};

use super::{
    meeting::Meeting,
    reach::{self, Known},
    seats, shared, store, table, tell,
};
use crate::{
    error::{Error, Result},
    store::{Tx, audit::Deed},
};

/// Where and when to.
#[derive(Debug, Clone, Copy)]
pub struct Wish {
    /// Which meeting.
    pub known: Known,
    /// When it starts.
    pub start: DateTime<Utc>,
    /// How long it lasts; absent keeps it.
    pub length: Option<TimeDelta>,
    /// Where; absent keeps it.
    pub place: Option<Place>,
}

/// Moves a meeting. To where it is already changes nothing.
pub async fn move_to(tx: &Tx, wish: &Wish) -> Result<Meeting> {
    let loaded = reach::load(tx, wish.known.id).await?.is(wish.known.etag)?;
    let (mut meeting, circle) = (loaded.meeting, loaded.circle);
    let before = meeting.clone();
    let place = wish.place.unwrap_or(meeting.place);
    let length = wish.length.unwrap_or_else(|| meeting.time.duration());
    let time = Period::new(wish.start, wish.start + length)?;
    let elsewhere = place != meeting.place;
    let another_time = time != meeting.time;
    // One change to a calendar, though time and place both change.
    let event = if elsewhere && !another_time { Event::ChangePlace } else { Event::Move(time) };
    meeting.live_on(meeting.life().after(event, tx.now())?);
    meeting.place = place;
    let found = check(&table::wish(&meeting, circle.as_ref()), tx.now());
    if !found.is_empty() {
        return Err(Error::Invalid(found));
    }
    if !elsewhere && !another_time {
        return Ok(meeting);
    }
    seats::change(tx, Some(&before), Some(&meeting)).await?;
    store::update(tx, &mut meeting).await?;
    tell::audit(tx, &meeting, Deed::U).await?;
    shared::tell(tx, meeting.id).await?;
    let delay = TimeDelta::seconds(tx.app().settings.mail.update_delay_seconds.into());
    tell::invite(tx, &meeting, tx.now() + delay).await?;
    tell::case(tx, &meeting, "CONSULTATION_MOVED").await?;
    Ok(meeting)
}
