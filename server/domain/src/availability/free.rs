//! Calendars as bits: which grains a person's hours, absences and meetings leave free.

use chrono::{DateTime, NaiveDate, NaiveTime, TimeDelta, Timelike, Utc};
use chrono_tz::Tz;

use super::{
    agenda::{Site, Span},
    calendar::Calendar,
    dates::Dates,
    grain::{Grains, Line, is_on},
    hours::{Absence, WeeklyHours},
    overrides::Override,
    search::Search,
    travel::LONGEST_WAY,
};
use crate::{ids::OrganisationId, time::Period};

/// Somebody's time.
pub(super) struct Free {
    /// When they could sit at the place of the search.
    pub(super) time: Grains,
    /// Where a meeting of the asked length can start.
    pub(super) starts: Grains,
    /// Where it can start inside hours fixed at the place of the search.
    pub(super) fixed: Option<Grains>,
    /// Whether some meeting of theirs is a way from the place of the search.
    pub(super) is_far: bool,
}

/// A way in which a calendar forbids a start.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, strum::EnumIter)]
pub enum Why {
    /// The person does not work then.
    OutsideHours,
    /// The person works then, but sits at another place.
    FixedElsewhere,
    /// The person is away.
    Absent,
    /// The person is taken.
    Busy,
    /// The way from or to another meeting, or the pause that the person wants, does not fit.
    Travel,
    /// The person would have more meetings that day or week than they want.
    Limit,
    /// It is too soon for the person.
    Notice,
}

/// Seconds from the place of the search to another, and back from there.
#[derive(Clone, Copy, Default)]
struct Way {
    there: i64,
    back: i64,
}

/// What turns the calendars of one search into bits; dates and ways are found once for all.
pub(super) struct Expansion<'a> {
    search: &'a Search,
    pub(super) line: Line,
    /// The zone of the search first.
    zones: Vec<Dates>,
    /// The ways between the place of the search and each place met so far.
    ways: Vec<(Site, Way)>,
    blocks: Vec<(i64, i64)>,
    counts: Vec<u16>,
}

/// Seconds since 1970 of instants in order, of which many are of one date: counting its days is
/// what costs.
struct Seconds {
    date: NaiveDate,
    midnight: i64,
}

impl Seconds {
    fn new() -> Self {
        Self { date: NaiveDate::MIN, midnight: NaiveDate::MIN.and_time(NaiveTime::MIN).and_utc().timestamp() }
    }

    fn of(&mut self, at: DateTime<Utc>) -> i64 {
        let at = at.naive_utc();
        if at.date() != self.date {
            self.date = at.date();
            self.midnight = at.date().and_time(NaiveTime::MIN).and_utc().timestamp();
        }
        self.midnight + i64::from(at.num_seconds_from_midnight())
    }

    /// A period, rounded outward.
    fn around(&mut self, time: Period) -> (i64, i64) {
        let end = time.end();
        (self.of(time.start()), self.of(end) + i64::from(end.nanosecond() > 0))
    }
}

impl<'a> Expansion<'a> {
    pub(super) fn new(search: &'a Search) -> Self {
        let dates = Dates::new(search.zone, search.window);
        let counts = vec![0; dates.len()];
        Self {
            search,
            line: Line::new(search.window),
            zones: vec![dates],
            ways: Vec::new(),
            blocks: Vec::new(),
            counts,
        }
    }

    /// The dates of the search's own zone.
    pub(super) fn dates(&self) -> &Dates {
        &self.zones[0]
    }

    fn zone(&mut self, zone: Tz) -> usize {
        if let Some(at) = self.zones.iter().position(|dates| dates.zone == zone) {
            return at;
        }
        self.zones.push(Dates::new(zone, self.search.window));
        self.zones.len() - 1
    }

    fn way(&mut self, site: Site) -> Way {
        if let Some((_, way)) = self.ways.iter().find(|(known, _)| *known == site) {
            return *way;
        }
        let (travel, here) = (&self.search.travel, self.search.site);
        let seconds = |from, to| i64::from(travel.minutes(from, to).min(LONGEST_WAY)) * 60;
        let way = Way { there: seconds(here, site), back: seconds(site, here) };
        self.ways.push((site, way));
        way
    }

    /// Minutes from a place that was met in a calendar, and minutes to it.
    pub(super) fn minutes(&self, site: Site) -> (u16, u16) {
        let way = self.ways.iter().find(|(known, _)| *known == site).map_or(Way::default(), |(_, way)| *way);
        let minutes = |seconds: i64| u16::try_from(seconds / 60).unwrap_or(u16::MAX);
        (minutes(way.back), minutes(way.there))
    }

    /// All of a calendar.
    pub(super) fn of(&mut self, calendar: &Calendar) -> Free {
        let site = self.search.site;
        let mut free = self.hours(calendar, |place| is_here(site, place));
        self.absent(calendar, &mut free);
        let is_far = self.taken(calendar, &mut free, true);
        let length = self.search.grains();
        let mut starts = free.clone().runs(length);
        self.limits(calendar, &mut starts);
        self.notice(calendar, &mut starts);
        let fixed = match self.search.site {
            Site::At(here) if sits_at(calendar, here) => {
                Some(self.hours(calendar, |place| place == Some(here)).runs(length))
            }
            Site::At(_) | Site::Remote | Site::Unknown => None,
        };
        Free { time: free, starts, fixed, is_far }
    }

    /// Whether a calendar can forbid anything for this reason.
    pub(super) fn can_forbid(&self, calendar: &Calendar, why: Why) -> bool {
        let limits = calendar.limits;
        match why {
            Why::OutsideHours => calendar.hours.is_some(),
            Why::FixedElsewhere => {
                let weekly = calendar.hours.iter().flatten().map(|block| block.place);
                let mut places = weekly.chain(calendar.overrides.iter().map(|other| other.place));
                self.search.site != Site::Remote && places.any(|place| place.is_some())
            }
            Why::Absent => !calendar.absences.is_empty(),
            Why::Busy => !calendar.busy.is_empty() || !calendar.elsewhere.is_empty(),
            Why::Travel => !calendar.busy.is_empty() && (calendar.travels || limits.buffer > 0),
            Why::Limit => limits.per_day.is_some() || limits.per_week.is_some(),
            Why::Notice => limits.notice > 0,
        }
    }

    /// Where one reason by itself forbids a start.
    pub(super) fn forbidden(&mut self, calendar: &Calendar, why: Why) -> Grains {
        let line = self.line;
        let mut allowed = line.all();
        match why {
            Why::OutsideHours => allowed = self.hours(calendar, |_| true),
            Why::FixedElsewhere => {
                let site = self.search.site;
                let mut elsewhere = self.hours(calendar, |_| true);
                elsewhere.minus(&self.hours(calendar, |place| is_here(site, place)));
                allowed.minus(&elsewhere);
            }
            Why::Absent => self.absent(calendar, &mut allowed),
            Why::Busy => {
                self.taken(calendar, &mut allowed, false);
            }
            Why::Travel => {
                let (mut with, mut without) = (line.all(), line.all());
                self.taken(calendar, &mut with, true);
                self.taken(calendar, &mut without, false);
                without.minus(&with);
                allowed.minus(&without);
            }
            Why::Limit => self.limits(calendar, &mut allowed),
            Why::Notice => self.notice(calendar, &mut allowed),
        }
        let starts = match why {
            Why::Limit | Why::Notice => allowed,
            Why::OutsideHours | Why::FixedElsewhere | Why::Absent | Why::Busy | Why::Travel => {
                allowed.runs(self.search.grains())
            }
        };
        let mut forbidden = line.all();
        forbidden.minus(&starts);
        forbidden
    }

    fn hours(&mut self, calendar: &Calendar, wanted: impl Fn(Option<OrganisationId>) -> bool) -> Grains {
        let Some(hours) = &calendar.hours else { return self.line.all() };
        let mut blocks = std::mem::take(&mut self.blocks);
        blocks.clear();
        for block in hours.iter().filter(|block| wanted(block.place)) {
            let zone = self.zone(block.zone);
            self.zones[zone].weekly(block, &calendar.overrides, &mut blocks);
        }
        for other in calendar.overrides.iter().filter(|other| wanted(other.place)) {
            let zone = self.zone(other.zone);
            self.zones[zone].on_date(other, &mut blocks);
        }
        let free = self.joined(&mut blocks);
        self.blocks = blocks;
        free
    }

    /// Blocks are joined before they are rounded inward, so that two that meet off the
    /// grain lose nothing.
    pub(super) fn joined(&self, blocks: &mut [(i64, i64)]) -> Grains {
        let mut grains = self.line.none();
        if blocks.iter().all(|(start, end)| is_on(*start) && is_on(*end)) {
            for (start, end) in blocks.iter() {
                grains.set(self.line.inward(*start, *end));
            }
            return grains;
        }
        blocks.sort_unstable();
        let mut open: Option<(i64, i64)> = None;
        for &mut (start, end) in blocks {
            match &mut open {
                Some((_, until)) if start <= *until => *until = end.max(*until),
                _ => {
                    if let Some((start, end)) = open.replace((start, end)) {
                        grains.set(self.line.inward(start, end));
                    }
                }
            }
        }
        if let Some((start, end)) = open {
            grains.set(self.line.inward(start, end));
        }
        grains
    }

    fn absent(&mut self, calendar: &Calendar, free: &mut Grains) {
        for absence in &calendar.absences {
            let (start, end) = match *absence {
                Absence::Time(time) => Seconds::new().around(time),
                Absence::Days { days, zone } => {
                    let zone = self.zone(zone);
                    let dates = &self.zones[zone];
                    let end = days.until().map_or(i64::MAX / 2, |last| dates.begin(dates.index(last) + 1));
                    (dates.begin(dates.index(days.from())), end)
                }
            };
            free.clear(self.line.outward(start, end));
        }
    }

    /// Whether a span takes the person: what the meeting replaces does not.
    pub(super) fn counts(&self, span: &Span) -> bool {
        self.search.hold != Some(span.booking)
    }

    /// Clears what is taken, and says whether some of it is a way from the place.
    fn taken(&mut self, calendar: &Calendar, free: &mut Grains, with_gaps: bool) -> bool {
        let buffer = i64::from(calendar.limits.buffer) * 60;
        let mut last = (Site::Remote, Way::default());
        let mut is_far = false;
        let mut day = (0, 0);
        let mut seconds = Seconds::new();
        for span in &calendar.busy {
            if !self.counts(span) {
                continue;
            }
            if calendar.travels && last.0 != span.site {
                last = (span.site, self.way(span.site));
                is_far |= last.1.there + last.1.back > 0;
            }
            let (mut start, mut end) = seconds.around(span.time);
            if with_gaps {
                let way = last.1;
                // Nobody is held to come from yesterday's meeting.
                let (mut before, mut after) = (start - buffer, end + buffer);
                if way.there > buffer {
                    self.turn(&mut day, start);
                    before = before.min((start - way.there).max(day.0));
                }
                if way.back > buffer {
                    self.turn(&mut day, end - 1);
                    after = after.max((end + way.back).min(day.1));
                }
                (start, end) = (before, after);
            }
            free.clear(self.line.outward(start, end));
        }
        for time in &calendar.elsewhere {
            let (start, end) = seconds.around(*time);
            free.clear(self.line.outward(start, end));
        }
        is_far
    }

    /// Makes `day` the date of a second, which is mostly the one that it was.
    fn turn(&self, day: &mut (i64, i64), second: i64) {
        if !(day.0..day.1).contains(&second) {
            let dates = &self.zones[0];
            *day = dates.day(dates.date_at(second));
        }
    }

    fn limits(&mut self, calendar: &Calendar, starts: &mut Grains) {
        let limits = calendar.limits;
        if limits.per_day.is_none() && limits.per_week.is_none() {
            return;
        }
        self.counts.fill(0);
        let dates = &self.zones[0];
        let (first, last) = (dates.begin(0), dates.begin(i64::MAX));
        for span in calendar.busy.iter().filter(|span| self.search.hold != Some(span.booking)) {
            let second = span.time.start().timestamp();
            if (first..last).contains(&second) {
                self.counts[dates.date_at(second)] += 1;
            }
        }
        for (week, counts) in self.counts.chunks(7).enumerate() {
            let full = limits.per_week.is_some_and(|most| counts.iter().sum::<u16>() >= most);
            for (day, count) in counts.iter().enumerate() {
                if full || limits.per_day.is_some_and(|most| *count >= most) {
                    let (from, until) = dates.day(week * 7 + day);
                    starts.clear(self.line.starting(from, until));
                }
            }
        }
    }

    fn notice(&self, calendar: &Calendar, starts: &mut Grains) {
        if calendar.limits.notice > 0 {
            let first = self.search.now + TimeDelta::hours(calendar.limits.notice.into());
            let line = self.line;
            starts.clear(0..line.from(first).start);
        }
    }
}

/// Whether somebody in a block fixed at `place` can come to `site`.
fn is_here(site: Site, place: Option<OrganisationId>) -> bool {
    match (site, place) {
        (Site::Remote, _) | (_, None) => true,
        (Site::At(here), Some(place)) => here == place,
        (Site::Unknown, Some(_)) => false,
    }
}

fn sits_at(calendar: &Calendar, here: OrganisationId) -> bool {
    calendar.hours.as_ref().is_some_and(|hours| {
        let weekly = hours.iter().map(|block| block.place);
        weekly.chain(calendar.overrides.iter().map(|other| other.place)).any(|place| place == Some(here))
    })
}

impl Dates {
    /// Every occurrence of a weekly block that no override replaces.
    fn weekly(&self, block: &WeeklyHours, overrides: &[Override], into: &mut Vec<(i64, i64)>) {
        let from = self.index(block.validity.from());
        let until = block.validity.until().map_or(i64::MAX, |last| self.index(last));
        let hours = block.hours();
        for index in (block.weekday.num_days_from_monday() as usize..self.len()).step_by(7) {
            let date = i64::try_from(index).unwrap_or(i64::MAX);
            let replaced =
                |other: &Override| other.affiliation == block.affiliation && self.index(other.date) == date;
            if date < from || date > until || overrides.iter().any(replaced) {
                continue;
            }
            let (start, end) = (self.at(index, hours.from.minutes()), self.at(index, hours.until.minutes()));
            if start < end {
                into.push((start, end));
            }
        }
    }

    fn on_date(&self, other: &Override, into: &mut Vec<(i64, i64)>) {
        let Some(index) = usize::try_from(self.index(other.date)).ok().filter(|index| *index < self.len())
        else {
            return;
        };
        for hours in other.hours() {
            let (start, end) = (self.at(index, hours.from.minutes()), self.at(index, hours.until.minutes()));
            if start < end {
                into.push((start, end));
            }
        }
    }
}
