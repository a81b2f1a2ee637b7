//! PLANNED → PLANNED at another time or place; everybody is asked and told again.

use chrono::{DateTime, TimeDelta, Utc};
use schakel_domain::{
    consultation::{AloneBecause, Event, Place, ShortNotice, check},
    ids::{ConsultationId, RoomId},
    refusal::Refusal,
    time::Period,
};

use super::{
    kind,
    meeting::Meeting,
    parts,
    reach::{self, Known},
    seats, shared, store,
    table::{self, Around},
    tell,
};
use crate::{
    availability::freed,
    error::{Error, Result},
    store::{Tx, audit::Deed},
};

/// Where and when to.
#[derive(Debug, Clone)]
pub struct Wish {
    /// Which meeting.
    pub known: Known,
    /// When it starts.
    pub start: DateTime<Utc>,
    /// How long it lasts; absent keeps it.
    pub length: Option<TimeDelta>,
    /// Where; absent keeps it.
    pub place: Option<Place>,
    /// Why it comes nearer than the notice of its kind.
    pub short_notice: Option<ShortNotice>,
    /// The rooms that it takes; none keeps them, and at another place takes none.
    pub rooms: Vec<RoomId>,
    /// Why one professional goes alone; absent keeps what was said.
    pub alone_because: Option<AloneBecause>,
}

/// Moves a meeting with its parts. To where it is already changes nothing.
pub async fn move_to(tx: &Tx, wish: &Wish) -> Result<Meeting> {
    let loaded = reach::load(tx, wish.known.id).await?.is(wish.known.etag)?;
    let (mut meeting, circle) = (loaded.meeting, loaded.circle);
    if meeting.within.is_some() {
        return Err(Refusal::PartOfMeeting.into());
    }
    let before: Vec<Meeting> = loaded.parts.iter().chain([&meeting]).cloned().collect();
    let place = wish.place.unwrap_or(meeting.place);
    let length = wish.length.unwrap_or_else(|| meeting.time.duration());
    let time = Period::new(wish.start, wish.start + length)?;
    let elsewhere = place != meeting.place;
    let another_time = time != meeting.time;
    // Later than it was is no shorter notice.
    let (by, keeps_notice) = (time.start() - meeting.time.start(), time.start() < meeting.time.start());
    // One change to a calendar, though time and place both change.
    let kept = if elsewhere { &[][..] } else { &meeting.rooms };
    let rooms = if wish.rooms.is_empty() { kept } else { &wish.rooms }.to_vec();
    let another_room = rooms != meeting.rooms;
    let only_place = !another_time && (elsewhere || another_room);
    let event = if only_place { Event::ChangePlace } else { Event::Move(time) };
    meeting.live_on(meeting.life().after(event, tx.now())?);
    meeting.place = place;
    meeting.rooms = rooms;
    meeting.alone_because = wish.alone_because.or(meeting.alone_because);
    meeting.short_notice = if keeps_notice { wish.short_notice } else { meeting.short_notice };
    let rules = kind::rules(tx, meeting.kind, meeting.day()).await?;
    let has_parts = !loaded.parts.is_empty();
    let around = Around { circle: circle.as_ref(), has_parts, rules: &rules, keeps_notice };
    let mut found = check(&table::wish(&meeting, around), tx.now());
    if another_room || another_time {
        found.extend(seats::rooms(tx, &meeting).await?);
    }
    parts::allowed(tx, &loaded.parts).await?;
    let (mut parts, faults) = parts::moved(tx, loaded.parts, (by, place), meeting.time)?;
    found.extend(faults);
    if !found.is_empty() {
        return Err(Error::Invalid(found));
    }
    if !elsewhere && !another_time && !another_room {
        return Ok(meeting);
    }
    if by == TimeDelta::zero() && !elsewhere {
        // It only becomes longer or shorter: its parts stand as they were.
        parts.clear();
    }
    let changes = |old: &&Meeting| old.id == meeting.id || parts.iter().any(|part| part.id == old.id);
    let freed: Vec<&Meeting> = before.iter().filter(changes).collect();
    let taken: Vec<&Meeting> = [&meeting].into_iter().chain(&parts).collect();
    seats::change_all(tx, &freed, &taken).await?;
    if another_time {
        let all: Vec<ConsultationId> = before.iter().map(|one| one.id).collect();
        seats::wanted(tx, &rules, &taken, &all).await?;
    }
    if another_room {
        store::put_rooms(tx, &meeting).await?;
    }
    let delay = TimeDelta::seconds(tx.app().settings.mail.update_delay_seconds.into());
    keep(tx, (&mut meeting, &mut parts), tx.now() + delay).await?;
    Ok(meeting)
}

/// Keeps a meeting and its parts as they have become, and has everybody told at `due`. Of a series
/// it is an exception from then on, whoever or whatever moved it.
pub(super) async fn keep(
    tx: &Tx,
    (meeting, parts): (&mut Meeting, &mut [Meeting]),
    due: DateTime<Utc>,
) -> Result<()> {
    meeting.set_apart();
    for one in parts.iter_mut().chain([&mut *meeting]) {
        store::update(tx, one).await?;
    }
    freed::tell(tx, meeting.id.0, meeting.version).await?;
    let all: Vec<&Meeting> = parts.iter().chain([&*meeting]).collect();
    tell::audit(tx, &all, Deed::U).await?;
    shared::tell(tx, &all).await?;
    tell::invite(tx, &all, due).await?;
    tell::cases(tx, &all, "CONSULTATION_MOVED").await
}
