//! The search as one would do it by hand: every minute is looked up on the wall clock.

use std::collections::BTreeSet;

use chrono::{DateTime, Datelike, NaiveDateTime, TimeDelta, Timelike, Utc, Weekday};
use chrono_tz::Tz;

use super::{worlds::ZONES, *};
use crate::time::Period;

/// What forbids a start.
#[derive(Debug)]
pub(super) struct Forbidden {
    pub(super) start: DateTime<Utc>,
    /// Broken rules, by name.
    pub(super) rules: BTreeSet<&'static str>,
    /// Required seats that stay empty although as many as possible are filled.
    pub(super) empty: usize,
    /// Per person every reason.
    pub(super) people: Vec<BTreeSet<Why>>,
}

impl Forbidden {
    pub(super) fn size(&self) -> usize {
        self.rules.len() + self.empty
    }
}

/// Every start in the window, on every five minutes.
pub(super) fn starts(search: &Search) -> Vec<Forbidden> {
    let first = search.window.start().timestamp();
    let length = TimeDelta::minutes(search.duration.into());
    let minutes = usize::try_from(search.window.duration().num_minutes()).unwrap() + 10;
    let origin = DateTime::from_timestamp(first.div_euclid(60) * 60, 0).unwrap();
    let minute = |at: usize| origin + TimeDelta::minutes(i64::try_from(at).unwrap());
    let clocks: Vec<Clocks> = (0..minutes).map(|at| Clocks::at(minute(at))).collect();
    let people: Vec<Vec<BTreeSet<Why>>> = search
        .people
        .iter()
        .map(|person| clocks.iter().map(|clocks| at_minute(search, &person.calendar, clocks)).collect())
        .collect();
    let rules: Vec<BTreeSet<&str>> = (0..minutes).map(|at| rules_at(search, minute(at))).collect();
    (0..minutes)
        .filter(|at| minute(*at).timestamp() % 300 == 0)
        .filter(|at| search.window.start() <= minute(*at) && minute(*at) + length <= search.window.end())
        .map(|at| {
            let meeting = at..at + usize::from(search.duration);
            let start = minute(at);
            let people = search.people.iter().zip(&people).map(|(person, minutes)| {
                let mut whys: BTreeSet<Why> = minutes[meeting.clone()].iter().flatten().copied().collect();
                whys.extend(at_start(search, &person.calendar, start));
                whys
            });
            let people: Vec<BTreeSet<Why>> = people.collect();
            let mut broken: BTreeSet<&str> = rules[meeting.clone()].iter().flatten().copied().collect();
            let wall = start.with_timezone(&search.zone);
            if (wall.hour() * 60 + wall.minute()) % u32::from(search.grid) != 0 || wall.second() != 0 {
                broken.insert("grid");
            }
            if start < search.not_before {
                broken.insert("notice");
            }
            let seats = |wanted: &dyn Fn(&Seat) -> bool| -> Vec<&Seat> {
                search.seats.iter().filter(|seat| wanted(seat)).collect()
            };
            let required = seats(&|seat| seat.required);
            let counted = seats(&|seat| seat.required || seat.kind == SeatKind::Professional);
            let filled = most(search, &people, &required, &mut Vec::new());
            let more = most(search, &people, &counted, &mut Vec::new()) - filled;
            let sure = required.iter().filter(|seat| seat.kind == SeatKind::Professional).count();
            if search.quorum.is_some_and(|quorum| sure + more < quorum) {
                broken.insert("quorum");
            }
            Forbidden { start, rules: broken, empty: required.len() - filled, people }
        })
        .collect()
}

/// The most of these seats that can be filled by people without a reason, one seat each.
fn most(search: &Search, people: &[BTreeSet<Why>], seats: &[&Seat], used: &mut Vec<usize>) -> usize {
    let Some((seat, rest)) = seats.split_first() else { return 0 };
    let mut best = most(search, people, rest, used);
    for candidate in &seat.candidates {
        let excluded = search.excluded.contains(&search.people[candidate.person].id);
        if excluded || !people[candidate.person].is_empty() || used.contains(&candidate.person) {
            continue;
        }
        used.push(candidate.person);
        best = best.max(1 + most(search, people, rest, used));
        used.pop();
    }
    best
}

fn rules_at(search: &Search, at: DateTime<Utc>) -> BTreeSet<&'static str> {
    let wall = at.with_timezone(&search.zone);
    let minute = u16::try_from(wall.hour() * 60 + wall.minute()).unwrap();
    let DayWindow { earliest, latest, days } = search.day_window;
    let weekend = matches!(wall.weekday(), Weekday::Sat | Weekday::Sun);
    let mut broken = BTreeSet::new();
    if !(earliest..latest).contains(&minute) || (weekend && days == Days::Weekdays) {
        broken.insert("day");
    }
    if search.closed.iter().any(|closed| closed.date == wall.date_naive()) {
        broken.insert("closed");
    }
    broken
}

/// What the clocks on the wall show at a minute.
struct Clocks {
    at: DateTime<Utc>,
    walls: [(Tz, NaiveDateTime); ZONES.len()],
}

impl Clocks {
    fn at(at: DateTime<Utc>) -> Self {
        Self { at, walls: ZONES.map(|zone| (zone, at.with_timezone(&zone).naive_local())) }
    }

    fn wall(&self, zone: Tz) -> NaiveDateTime {
        self.walls.iter().find(|(own, _)| *own == zone).unwrap().1
    }
}

fn at_minute(search: &Search, calendar: &Calendar, clocks: &Clocks) -> BTreeSet<Why> {
    let at = clocks.at;
    let mut whys = BTreeSet::new();
    let places = places_at(calendar, clocks);
    if places.as_ref().is_some_and(Vec::is_empty) {
        whys.insert(Why::OutsideHours);
    } else if places.is_some_and(|places| {
        places.iter().all(|place| match (place, search.site) {
            (None, _) | (_, Site::Remote) => false,
            (Some(place), Site::At(here)) => *place != here,
            (Some(_), Site::Unknown) => true,
        })
    }) {
        whys.insert(Why::FixedElsewhere);
    }
    if calendar.absences.iter().any(|absence| is_away(*absence, clocks)) {
        whys.insert(Why::Absent);
    }
    let minute = Period::new(at, at + TimeDelta::minutes(1)).unwrap();
    if calendar.elsewhere.iter().any(|time| time.overlaps(minute)) {
        whys.insert(Why::Busy);
    }
    for span in calendar.busy.iter().filter(|span| Some(span.booking) != search.hold) {
        let way = |from, to| {
            let minutes = if calendar.travels { search.travel.minutes(from, to) } else { 0 };
            TimeDelta::minutes(minutes.into())
        };
        let (there, back) = (way(search.site, span.site), way(span.site, search.site));
        let (start, end) = (span.time.start(), span.time.end());
        let date = |at: DateTime<Utc>| at.with_timezone(&search.zone).date_naive();
        let before = start - there < minute.end() && at < start && date(at) == date(start);
        let last = end - TimeDelta::microseconds(1);
        let after = at < end + back && end < minute.end() && date(at) == date(last);
        let pause = TimeDelta::minutes(calendar.limits.buffer.into());
        let paused = Period::new(start - pause, end + pause).unwrap().overlaps(minute);
        if span.time.overlaps(minute) {
            whys.insert(Why::Busy);
        } else if before || after || paused {
            whys.insert(Why::Travel);
        }
    }
    whys
}

/// Whether an absence takes some of a minute.
fn is_away(absence: Absence, clocks: &Clocks) -> bool {
    match absence {
        Absence::Time(time) => {
            time.overlaps(Period::new(clocks.at, clocks.at + TimeDelta::minutes(1)).unwrap())
        }
        Absence::Days { days, zone } => days.holds_on(clocks.wall(zone).date()),
    }
}

/// Where somebody works at a minute: nowhere, at schools, or wherever they are wanted;
/// `None` for somebody without hours.
fn places_at(calendar: &Calendar, clocks: &Clocks) -> Option<Vec<Option<crate::ids::OrganisationId>>> {
    let on_clock = |hours: Hours, zone: Tz| {
        let wall = clocks.wall(zone);
        let minute = u16::try_from(wall.hour() * 60 + wall.minute()).unwrap();
        (hours.from.minutes()..hours.until.minutes()).contains(&minute)
    };
    let weekly = calendar.hours.as_ref()?.iter().filter(|block| {
        let date = clocks.wall(block.zone).date();
        date.weekday() == block.weekday
            && block.validity.holds_on(date)
            && on_clock(block.hours(), block.zone)
            && !calendar
                .overrides
                .iter()
                .any(|other| other.affiliation == block.affiliation && other.date == date)
    });
    let others = calendar.overrides.iter().filter(|other| {
        clocks.wall(other.zone).date() == other.date
            && other.hours().iter().any(|hours| on_clock(*hours, other.zone))
    });
    Some(weekly.map(|block| block.place).chain(others.map(|other| other.place)).collect())
}

fn at_start(search: &Search, calendar: &Calendar, start: DateTime<Utc>) -> Vec<Why> {
    let date = |at: DateTime<Utc>| at.with_timezone(&search.zone).date_naive();
    let booked = || {
        let spans = calendar.busy.iter().filter(|span| Some(span.booking) != search.hold);
        spans.map(|span| date(span.time.start()))
    };
    let today = booked().filter(|day| *day == date(start)).count();
    let this_week = booked().filter(|day| day.iso_week() == date(start).iso_week()).count();
    let limits = calendar.limits;
    let full = |most: Option<u16>, count: usize| most.is_some_and(|most| count >= usize::from(most));
    let mut whys = Vec::new();
    if full(limits.per_day, today) || full(limits.per_week, this_week) {
        whys.push(Why::Limit);
    }
    if limits.notice > 0 && start < search.now + TimeDelta::hours(limits.notice.into()) {
        whys.push(Why::Notice);
    }
    whys
}
