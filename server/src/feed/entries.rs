//! What a feed shows, and when it last changed.

use chrono::{DateTime, TimeDelta, Utc};
use schakel_domain::{
    consultation::{Answer, State},
    ical::{Busy, Entry, Event, FeedHead, Status, feed},
    ids::PersonId,
    refusal::Refusal,
    time::Period,
};

use crate::{
    access::region,
    consultation::{self, meeting::Meeting},
    entity::feed::Model,
    error::Result,
    invitation,
    store::{Read, instant::from_column},
};

const BACK: TimeDelta = TimeDelta::days(30);
const AHEAD: TimeDelta = TimeDelta::days(180);
/// How long a meeting that is off stays visible, so that every subscriber lets go of it.
const OFF: TimeDelta = TimeDelta::days(30);

/// A rendered feed.
pub(super) struct Rendered {
    /// The calendar.
    pub(super) bytes: String,
    /// The newest change of what it shows or no longer shows.
    pub(super) changed: DateTime<Utc>,
    /// How many meetings it shows.
    pub(super) count: usize,
}

/// Renders the meetings of the feed's owner, thirty days back and half a year ahead.
pub(super) async fn render(read: &Read, owned: &Model) -> Result<Rendered> {
    let (now, person) = (read.now(), PersonId(owned.person_id));
    let window = Period::new(now - BACK, now + AHEAD).map_err(|_: Refusal| window_fault())?;
    let mut meetings = consultation::store::of_person(read, person, window).await?;
    meetings.extend(consultation::shared::of_person(read, person, window).await?);
    let told = invitation::store::last_told(read, person).await?;
    let shown: Vec<&Meeting> = meetings
        .iter()
        .filter(|meeting| meeting.state != State::Cancelled || meeting.updated > now - OFF)
        .collect();
    let name = region::sender_name(read).await?;
    let entries: Vec<Entry> = shown.iter().map(|meeting| entry(meeting, person)).collect();
    // A meeting that comes within reach changes the feed too.
    let reached = shown.iter().map(|meeting| meeting.time.start() - AHEAD).filter(|at| *at <= now);
    let changes = shown.iter().map(|meeting| meeting.updated).chain(reached).chain(told);
    let made = from_column(owned.created_at)?;
    Ok(Rendered {
        bytes: feed(&FeedHead { name: name.as_str().to_owned() }, &entries),
        changed: changes.fold(made, DateTime::max),
        count: entries.len(),
    })
}

fn window_fault() -> crate::error::Error {
    crate::error::Error::Corrupt { table: "feed", column: "window" }
}

fn entry(meeting: &Meeting, person: PersonId) -> Entry {
    let declined = meeting.table.iter().any(|seat| seat.person == person && seat.answer == Answer::Declined);
    let status = match meeting.state {
        State::Planned | State::Held => Status::Confirmed,
        State::Cancelled => Status::Cancelled,
    };
    let event = Event {
        uid: meeting.uid.clone(),
        sequence: meeting.sequence,
        start: meeting.time.start(),
        end: meeting.time.end(),
        summary: format!("Overleg {}", meeting.reference),
        description: String::new(),
        location: meeting.place.dutch().to_owned(),
        url: None,
        created: meeting.created,
        last_modified: meeting.updated,
        busy: if declined { Busy::Free } else { Busy::Busy },
    };
    Entry { event, status }
}
