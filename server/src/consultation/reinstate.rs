//! CANCELLED → PLANNED at the same time: the same event goes on after all, and everybody is asked again.

use chrono::TimeDelta;
use schakel_domain::{
    consultation::{Event, ShortNotice, State, check},
    refusal::Refusal,
};

use super::{
    kind,
    meeting::Meeting,
    reach::{self, Known},
    seats, shared, store,
    table::{self, Around, Guest},
    tell,
};
use crate::{
    access::circle,
    error::{Error, Result},
    hulpvraag::plan,
    store::{Tx, audit::Deed},
};

/// Which meeting, and why it is at shorter notice than its kind asks.
#[derive(Debug, Clone, Copy)]
pub struct Wish {
    /// Which meeting.
    pub known: Known,
    /// Absent keeps what was said when it was booked.
    pub short_notice: Option<ShortNotice>,
}

/// Takes everybody for the meeting again. One that was not called off stays as it is; the parts of
/// one stay off.
pub async fn reinstate(tx: &Tx, wish: &Wish) -> Result<Meeting> {
    let loaded = reach::load(tx, wish.known.id).await?;
    if loaded.meeting.state == State::Planned {
        return Ok(loaded.meeting);
    }
    let loaded = loaded.is(wish.known.etag)?;
    let (mut meeting, circle) = (loaded.meeting, loaded.circle);
    if meeting.within.is_some() {
        return Err(Refusal::PartOfMeeting.into());
    }
    meeting.live_on(meeting.life().after(Event::Reinstate, tx.now())?);
    meeting.short_notice = wish.short_notice.or(meeting.short_notice);
    let rules = kind::rules(tx, meeting.kind, meeting.day()).await?;
    let has_parts = !loaded.parts.is_empty();
    let around = Around { circle: circle.as_ref(), has_parts, rules: &rules, keeps_notice: true };
    let mut found = check(&table::wish(&meeting, around), tx.now());
    let seats = meeting.table.iter();
    let guests: Vec<Guest> =
        seats.map(|seat| Guest { person: seat.person, role: seat.role, optional: seat.optional }).collect();
    found.extend(table::strangers(tx, &guests, circle.as_ref()).await?);
    found.extend(seats::rooms(tx, &meeting).await?);
    if !found.is_empty() {
        return Err(Error::Invalid(found));
    }
    seats::take_all(tx, None, &[&meeting]).await?;
    seats::wanted(tx, &rules, &[&meeting], &[]).await?;
    meeting.set_apart();
    store::update(tx, &mut meeting).await?;
    if let Some(case) = meeting.case {
        circle::invite(tx, case, meeting.id, &meeting.professionals()).await?;
    }
    if let Some(hulpvraag) = meeting.hulpvraag {
        plan::plan(tx, hulpvraag, meeting.case, meeting.id).await?;
    }
    tell::audit(tx, &[&meeting], Deed::U).await?;
    shared::tell(tx, &[&meeting]).await?;
    let delay = TimeDelta::seconds(tx.app().settings.mail.update_delay_seconds.into());
    tell::invite(tx, &[&meeting], tx.now() + delay).await?;
    tell::case(tx, &meeting, "CONSULTATION_REINSTATED").await?;
    Ok(meeting)
}
