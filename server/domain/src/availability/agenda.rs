//! One calendar: what somebody or a room is taken for, in order, with the way to each meeting.

use chrono::{DateTime, NaiveDate, TimeDelta, Utc};
use chrono_tz::Tz;
use uuid::Uuid;

use super::{local, travel::Travel};
use crate::{
    ids::{OrganisationId, PersonId, RoomId},
    refusal::Refusal,
    time::Period,
};

/// The longest that may have to stay free before a meeting. Whoever has longer than this is
/// held to come from anywhere.
pub const LONGEST_LEAD: TimeDelta = TimeDelta::hours(4);

/// Whose calendar: a natural person's, in every region at once, or a room's.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct CalendarId(pub Uuid);

impl From<PersonId> for CalendarId {
    fn from(person: PersonId) -> Self {
        Self(person.0)
    }
}

impl From<RoomId> for CalendarId {
    fn from(room: RoomId) -> Self {
        Self(room.0)
    }
}

/// Where somebody is during a meeting.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Site {
    /// At a screen or a telephone, wherever that is. Also of whoever is not held to any
    /// travel: parents, children, rooms.
    Remote,
    /// At a school or another organisation.
    At(OrganisationId),
    /// Somewhere that the register does not know, as a family's home.
    Unknown,
}

/// A stretch for which a calendar is taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Span {
    /// The meeting or hold that takes it.
    pub booking: Uuid,
    /// From when until when.
    pub time: Period,
    /// What must stay free before it, to come from the one before.
    pub lead: TimeDelta,
    /// Where.
    pub site: Site,
    /// From when on it does not count any more; a meeting has none.
    pub expires: Option<DateTime<Utc>>,
}

impl Span {
    /// A meeting that has not found its place in a calendar yet.
    pub fn new(booking: Uuid, time: Period, site: Site) -> Self {
        Self { booking, time, lead: TimeDelta::zero(), site, expires: None }
    }

    /// Whether it still counts.
    pub fn counts(&self, now: DateTime<Utc>) -> bool {
        self.expires.is_none_or(|expires| now < expires)
    }
}

/// What must stay free between two meetings of one calendar.
#[derive(Debug, Clone, Copy)]
pub struct Rule<'a> {
    /// The ways between places.
    pub travel: &'a Travel,
    /// What its owner keeps free in any case.
    pub buffer: TimeDelta,
    /// Where a day begins and ends: nobody is held to come from yesterday's meeting.
    pub zone: Tz,
}

impl Rule<'_> {
    /// What must stay free between the end of `before` and the start of `after`: the way or
    /// the buffer, whichever is longer; nothing across midnight, or with more than
    /// [`LONGEST_LEAD`] between them.
    pub fn gap(&self, before: &Span, after: &Span) -> TimeDelta {
        let (end, start) = (before.time.end(), after.time.start());
        let wanted = self.wanted(before.site, after.site);
        let near = wanted > TimeDelta::zero() && start - end <= LONGEST_LEAD;
        if near && self.last_day(end) == local::date_of(self.zone, start) {
            wanted
        } else {
            TimeDelta::zero()
        }
    }

    /// The stretch around `taken` that a meeting at `site` may not touch: what [`Agenda::take`]
    /// would refuse for `taken`, and no more.
    pub fn around(&self, taken: &Span, site: Site) -> Period {
        let (start, end) = (taken.time.start(), taken.time.end());
        let (to, from) = (self.wanted(site, taken.site), self.wanted(taken.site, site));
        let midnight_before = || local::day(self.zone, local::date_of(self.zone, start)).map(Period::start);
        let midnight_after = || local::day(self.zone, self.last_day(end)).map(Period::end);
        let mut first = start - to;
        if to > TimeDelta::zero() {
            first = midnight_before().map_or(first, |midnight| first.max(midnight));
        }
        let mut last = end + from;
        if from > TimeDelta::zero() {
            last = midnight_after().map_or(last, |midnight| last.min(midnight));
        }
        Period::new(first, last).unwrap_or(taken.time)
    }

    /// The day of the last instant before `end`: what ends at midnight was yesterday.
    fn last_day(&self, end: DateTime<Utc>) -> NaiveDate {
        local::date_of(self.zone, end - TimeDelta::microseconds(1))
    }

    fn wanted(&self, from: Site, to: Site) -> TimeDelta {
        let way = TimeDelta::minutes(self.travel.minutes(from, to).into());
        way.max(self.buffer).min(LONGEST_LEAD)
    }
}

/// The calendar is taken then, or there is no time to get there or from there.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Conflict;

impl From<Conflict> for Refusal {
    fn from(_: Conflict) -> Self {
        Self::TimeConflict
    }
}

/// A calendar's spans by start; none overlaps another or another's lead.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Agenda {
    spans: Vec<Span>,
}

impl Agenda {
    /// A calendar as it was kept.
    pub fn of(mut spans: Vec<Span>) -> Self {
        spans.sort_unstable_by_key(|span| span.time);
        Self { spans }
    }

    /// All of it, by start.
    pub fn spans(&self) -> &[Span] {
        &self.spans
    }

    /// Whether `span` could be taken.
    ///
    /// # Errors
    /// [`Conflict`].
    pub fn fits(&self, span: &Span, rule: &Rule<'_>) -> Result<(), Conflict> {
        self.place(span, rule).map(|_| ())
    }

    /// Takes the time of `span`, whose lead follows from the one before it; so does the lead
    /// of the one after.
    ///
    /// # Errors
    /// [`Conflict`], and nothing has changed.
    pub fn take(&mut self, span: Span, rule: &Rule<'_>) -> Result<(), Conflict> {
        let (at, lead, next) = self.place(&span, rule)?;
        if let Some(after) = self.spans.get_mut(at) {
            after.lead = next;
        }
        self.spans.insert(at, Span { lead, ..span });
        Ok(())
    }

    /// Frees what `booking` had taken. The one after it then follows another: what must stay
    /// free before it changes, but never to more than is free.
    pub fn release(&mut self, booking: Uuid, rule: &Rule<'_>) -> Option<Span> {
        let at = self.spans.iter().position(|span| span.booking == booking)?;
        let gone = self.spans.remove(at);
        let before = at.checked_sub(1).and_then(|before| self.spans.get(before)).copied();
        if let Some(after) = self.spans.get_mut(at) {
            after.lead = before.map_or(TimeDelta::zero(), |before| {
                rule.gap(&before, after).min(after.time.start() - before.time.end())
            });
        }
        Some(gone)
    }

    /// Where `span` would stand, its lead, and that of the one after it.
    fn place(&self, span: &Span, rule: &Rule<'_>) -> Result<(usize, TimeDelta, TimeDelta), Conflict> {
        let at = self.spans.partition_point(|known| known.time.start() < span.time.start());
        let before = at.checked_sub(1).and_then(|before| self.spans.get(before));
        let lead = fitted(before, Some(span), rule)?;
        let next = fitted(Some(span), self.spans.get(at), rule)?;
        Ok((at, lead, next))
    }
}

/// What must stay free between two neighbours, if it is free.
fn fitted(before: Option<&Span>, after: Option<&Span>, rule: &Rule<'_>) -> Result<TimeDelta, Conflict> {
    let Some((before, after)) = before.zip(after) else { return Ok(TimeDelta::zero()) };
    let gap = rule.gap(before, after);
    if before.time.end() + gap <= after.time.start() { Ok(gap) } else { Err(Conflict) }
}
