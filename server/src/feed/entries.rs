//! What a feed shows, and when it last changed.

use std::collections::{BTreeSet, HashMap};

use chrono::{DateTime, NaiveDate, TimeDelta, TimeZone, Utc};
use chrono_tz::Europe::Amsterdam;
use schakel_domain::{
    consultation::{Answer, State},
    feed::{Detail, Scope},
    ical::{Busy, Entry, Event, FeedHead, FreeBusyHead, Party, Status, feed, free_busy},
    ids::{RoomId, SchoolId},
    refusal::Refusal,
    text::Name,
    time::Period,
};
use uuid::Uuid;

use super::{owned::Owned, reach};
use crate::{
    access::{authenticate::today, region},
    consultation::events::{self, Listed, Listing, Mark},
    directory::names,
    error::{Error, Result},
    invitation,
    store::Read,
};

const BACK: TimeDelta = TimeDelta::days(30);
const AHEAD: TimeDelta = TimeDelta::days(180);
/// After how long a subscriber should ask again.
const REFRESH: TimeDelta = TimeDelta::hours(1);

/// A rendered feed.
pub(super) struct Rendered {
    /// The calendar.
    pub(super) bytes: String,
    /// The newest change of what it shows or no longer shows.
    pub(super) changed: DateTime<Utc>,
    /// How many meetings it shows.
    pub(super) count: usize,
}

/// What a feed is rendered of; while it stays the same, so does what is rendered.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Marks {
    day: NaiveDate,
    name: Name,
    told: Option<DateTime<Utc>>,
    lists: Vec<(Uuid, Mark)>,
}

/// A feed as its owner may see it at one instant.
pub(super) struct View<'a> {
    feed: &'a Owned,
    listings: Vec<Listing>,
    window: Period,
    marks: Marks,
}

impl<'a> View<'a> {
    /// Looks what there is to be shown, without reading it. None when the owner may see nothing
    /// here any more.
    pub(super) async fn look(read: &Read, feed: &'a Owned) -> Result<Option<Self>> {
        let day = today(read.now());
        let Some(listings) = reach::listings(read, feed, day).await? else { return Ok(None) };
        let window = window(read.now(), day, feed.wish.detail)?;
        let mut lists = Vec::with_capacity(listings.len());
        for listing in &listings {
            lists.push((listing.read.region(), events::mark(listing, window).await?));
        }
        let told = match feed.wish.scope {
            Scope::Own => invitation::store::last_told(read, feed.person).await?,
            Scope::School(_) | Scope::Team(_) | Scope::Cluster(_) => None,
        };
        let name = region::sender_name(read).await?;
        Ok(Some(Self { feed, listings, window, marks: Marks { day, name, told, lists } }))
    }

    /// By which it is recognised. A feed with names of rooms and schools is not: those change by
    /// themselves.
    pub(super) fn marks(&self) -> Option<&Marks> {
        (self.feed.wish.detail != Detail::Full).then_some(&self.marks)
    }

    /// Reads the meetings and writes the calendar.
    pub(super) async fn render(&self, read: &Read) -> Result<Rendered> {
        let mut shown = Vec::new();
        let mut places = HashMap::new();
        for listing in &self.listings {
            let listed = events::list(listing, self.window, self.feed.person).await?;
            if self.feed.wish.detail == Detail::Full {
                places.extend(named(&listing.read, &listed).await?);
            }
            shown.extend(listed);
        }
        let newest = self.newest(read.now(), &shown);
        let bytes = match self.feed.wish.detail {
            Detail::FreeBusy => self.free_busy(read, newest, &shown),
            Detail::Busy | Detail::Title | Detail::Full => self.events(read, newest, &shown, &places),
        };
        Ok(Rendered { bytes, changed: newest, count: shown.len() })
    }

    /// A meeting that comes within reach changes the feed too.
    fn newest(&self, now: DateTime<Utc>, shown: &[Listed]) -> DateTime<Utc> {
        let reached = shown.iter().map(|meeting| meeting.time.start() - AHEAD).filter(|at| *at <= now);
        let changes = shown.iter().map(|meeting| meeting.updated).chain(reached).chain(self.marks.told);
        changes.fold(self.feed.created, DateTime::max)
    }

    fn events(
        &self,
        read: &Read,
        changed: DateTime<Utc>,
        shown: &[Listed],
        places: &HashMap<Uuid, String>,
    ) -> String {
        let scope = self.feed.wish.scope;
        let head = FeedHead {
            name: format!("{}{}", self.marks.name.as_str(), scope.dutch()),
            color: Some(scope.color()),
            source: None,
            url: Some(format!("{}/", read.app().settings.public_url)),
            changed,
            refresh: REFRESH,
        };
        let entry = |meeting: &Listed| self.entry(meeting, places.get(&meeting.id).map(String::as_str));
        feed(&head, &shown.iter().map(entry).collect::<Vec<_>>())
    }

    fn entry(&self, meeting: &Listed, named: Option<&str>) -> Entry {
        let detail = self.feed.wish.detail;
        let status = match meeting.state {
            State::Planned | State::Held => Status::Confirmed,
            State::Cancelled => Status::Cancelled,
        };
        // What others do takes none of the reader's time, nor does what the reader declined.
        let busy = match meeting.answer {
            None | Some(Answer::Declined) => Busy::Free,
            Some(_) => Busy::Busy,
        };
        let event = Event {
            uid: meeting.uid.clone(),
            sequence: meeting.sequence,
            start: meeting.time.start(),
            end: meeting.time.end(),
            summary: detail.summary(&meeting.reference),
            description: String::new(),
            location: detail.location(meeting.place, named),
            url: None,
            created: meeting.created,
            last_modified: meeting.updated,
            busy,
            alarm: None,
        };
        Entry { event, status }
    }

    fn free_busy(&self, read: &Read, changed: DateTime<Utc>, shown: &[Listed]) -> String {
        let settings = &read.app().settings;
        let organizer = Party { name: self.marks.name.clone(), email: settings.mail.sender.clone() };
        let uid = self.feed.id.to_string();
        let head = FreeBusyHead { uid: &uid, organizer: &organizer, window: self.window, changed, url: None };
        let taken = shown
            .iter()
            .filter(|meeting| meeting.state != State::Cancelled && meeting.answer != Some(Answer::Declined));
        free_busy(&head, &taken.map(|meeting| meeting.time).collect::<Vec<_>>())
    }
}

/// Thirty days back and half a year ahead. Busy time is told of whole days from today on, so that
/// the same time gives the same bytes all day.
fn window(now: DateTime<Utc>, day: NaiveDate, detail: Detail) -> Result<Period> {
    let fault = || Error::Corrupt { table: "feed", column: "window" };
    let period = match detail {
        Detail::FreeBusy => {
            let midnight =
                day.and_hms_opt(0, 0, 0).and_then(|at| Amsterdam.from_local_datetime(&at).earliest());
            let start = midnight.ok_or_else(fault)?.with_timezone(&Utc);
            Period::new(start, start + AHEAD)
        }
        Detail::Busy | Detail::Title | Detail::Full => Period::new(now - BACK, now + AHEAD),
    };
    period.map_err(|_: Refusal| fault())
}

/// Room and school of each meeting as words, in three statements at most.
async fn named(read: &Read, meetings: &[Listed]) -> Result<HashMap<Uuid, String>> {
    let taken = events::rooms(read, meetings).await?;
    let rooms: BTreeSet<RoomId> = taken.values().flatten().copied().collect();
    let schools: BTreeSet<SchoolId> = meetings.iter().filter_map(|meeting| meeting.school).collect();
    let (rooms, schools) = (names::rooms(read, &rooms).await?, names::schools(read, &schools).await?);
    let mut named = HashMap::new();
    for meeting in meetings {
        let own = taken.get(&meeting.id).into_iter().flatten().filter_map(|room| rooms.get(room));
        let school = meeting.school.and_then(|school| schools.get(&school));
        let words: Vec<&str> = school.into_iter().chain(own).map(String::as_str).collect();
        if !words.is_empty() {
            named.insert(meeting.id, words.join(", "));
        }
    }
    Ok(named)
}
