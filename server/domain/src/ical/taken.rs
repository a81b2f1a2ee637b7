//! When somebody is taken, by calendars that others keep: periods of a window and nothing else.

use std::collections::{BTreeMap, BTreeSet};

use chrono::{DateTime, NaiveDateTime, TimeDelta, Utc};
use chrono_tz::Tz;

use super::{
    clocks::{Clock, Clocks},
    component::Component,
    expand::Budget,
    read::{self, ReadError},
    series::{self, Frame, Reading, Unread, on},
};
use crate::time::{Period, union};

/// Components in one file.
pub const MOST_COMPONENTS: usize = 5000;
/// Properties in one component.
pub const MOST_PROPERTIES: usize = 500;
/// Periods that are kept of one calendar.
pub const MOST_PERIODS: usize = 20_000;
/// VAVAILABILITY components, of which each may say anew what the others said.
const MOST_AVAILABILITIES: usize = 50;

/// What a calendar is read for.
#[derive(Debug, Clone, Copy)]
pub struct Asked<'a> {
    /// Nothing outside it is told.
    pub window: Period,
    /// What dates and clocks without a zone mean.
    pub floating: Tz,
    /// The domain in the `UID` of our own meetings, which we know better: they are left out.
    pub own_domain: &'a str,
}

/// What was read.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Taken {
    /// Sorted; they neither overlap nor touch.
    pub periods: Vec<Period>,
    /// Components that could not be understood, and are not among them.
    pub unread: usize,
    /// Why the first of them was not.
    pub why: Option<Unread>,
}

/// Why a file is not read at all.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Refused {
    /// It is no calendar.
    #[error(transparent)]
    Unreadable(#[from] ReadError),
    /// More than [`MOST_COMPONENTS`], [`MOST_PROPERTIES`] or [`MOST_PERIODS`].
    #[error("the calendar holds too much")]
    TooMuch,
}

/// Reads bytes of any number of VCALENDARs.
pub fn taken(bytes: &[u8], asked: &Asked) -> Result<Taken, Refused> {
    let calendars = read::calendars(bytes)?;
    if calendars.is_empty() {
        return Err(ReadError::NotACalendar.into());
    }
    if !is_small(&calendars) {
        return Err(Refused::TooMuch);
    }
    let mut all = Taken::default();
    let mut budget = Budget::calendar();
    for calendar in &calendars {
        let clocks = Clocks::of(calendar, (asked.window.start(), asked.window.end()));
        let floating = Clock::Iana(asked.floating);
        let mut reading = Reading { clocks, floating, window: asked.window, budget };
        if let Some(zone) = calendar.property("X-WR-TIMEZONE") {
            // What the whole calendar names is what its clocks without a zone mean.
            let named = reading.clocks.named(zone.value().as_raw(), &mut reading.budget);
            reading.floating = named.unwrap_or(reading.floating);
        }
        all.read(&mut reading, calendar, asked.own_domain);
        budget = reading.budget;
        if all.periods.len() > MOST_PERIODS {
            return Err(Refused::TooMuch);
        }
    }
    all.periods = union(all.periods);
    Ok(all)
}

fn is_small(calendars: &[Component]) -> bool {
    let mut open: Vec<&Component> = calendars.iter().collect();
    let mut count = 0;
    while let Some(component) = open.pop() {
        count += 1;
        if count > MOST_COMPONENTS || component.properties.len() > MOST_PROPERTIES {
            return false;
        }
        open.extend(&component.components);
    }
    true
}

fn raw<'a>(component: &'a Component, name: &str) -> &'a str {
    component.property(name).map_or("", |line| line.value().as_raw().trim())
}

fn is(component: &Component, name: &str, value: &str) -> bool {
    raw(component, name).eq_ignore_ascii_case(value)
}

impl Taken {
    fn read<'a>(&mut self, reading: &mut Reading<'a>, calendar: &'a Component, own_domain: &str) {
        let mut events: BTreeMap<&str, Vec<&'a Component>> = BTreeMap::new();
        let mut nameless = Vec::new();
        for component in &calendar.components {
            match (component.name.as_str(), raw(component, "UID")) {
                ("VEVENT", uid) if is_own(uid, own_domain) => {}
                ("VEVENT", "") => nameless.push(vec![component]),
                ("VEVENT", uid) => events.entry(uid).or_default().push(component),
                ("VFREEBUSY", _) => {
                    let told = free_busy(reading, component);
                    self.add(told);
                }
                _ => {}
            }
        }
        for group in events.into_values().chain(nameless) {
            self.event(reading, &group);
        }
        let told = unavailable(reading, calendar);
        self.add(told);
    }

    fn add(&mut self, told: Result<Vec<Period>, Unread>) {
        match told {
            Ok(periods) => self.periods.extend(periods),
            Err(why) => {
                self.unread += 1;
                self.why.get_or_insert(why);
            }
        }
    }

    /// One `UID`: the event and the instances that stand for themselves.
    fn event<'a>(&mut self, reading: &mut Reading<'a>, group: &[&'a Component]) {
        let (overrides, masters): (Vec<&Component>, Vec<&Component>) =
            group.iter().copied().partition(|event| event.property("RECURRENCE-ID").is_some());
        // Of several that call themselves the same, the newest counts (RFC 5545 §3.8.7.4).
        let sequence = |event: &&Component| raw(event, "SEQUENCE").parse().unwrap_or(0_u32);
        let master = masters.into_iter().max_by_key(sequence);
        let mut changes = Vec::new();
        for own in overrides {
            match Change::read(reading, own) {
                Ok(change) => changes.push(change),
                Err(why) => self.add(Err(why)),
            }
        }
        for change in &changes {
            self.periods.extend(change.period.and_then(|period| period.intersect(reading.window)));
        }
        if let Some(master) = master {
            let told = repeated_event(reading, master, &changes);
            self.add(told);
        }
    }
}

/// An instance of a repetition that is not as the others.
struct Change {
    instead_of: series::Moment,
    /// Nothing when that instance takes no time, was cancelled, or does not make busy.
    period: Option<Period>,
    /// What it does to all later ones: the shift on the wall, how long they last, whether they take time.
    and_future: Option<(TimeDelta, Frame, bool)>,
}

impl Change {
    fn read<'a>(reading: &mut Reading<'a>, event: &'a Component) -> Result<Self, Unread> {
        let instead_of = reading.moment(event, "RECURRENCE-ID")?.ok_or(Unread::TimeInvalid)?;
        let frame = Frame::read(reading, event)?;
        let takes_time = takes_time(event);
        let period = frame.at(frame.start.wall).filter(|_| takes_time);
        let range = event.property("RECURRENCE-ID").and_then(|line| line.param_value("RANGE"));
        let and_future = range
            .is_some_and(|range| range.eq_ignore_ascii_case("THISANDFUTURE"))
            .then(|| (frame.start.wall - on(&frame.start.clock, &instead_of), frame, takes_time));
        Ok(Self { instead_of, period, and_future })
    }
}

/// Whether an event makes busy (RFC 5545 §3.8.1.11, §3.8.2.7).
fn takes_time(event: &Component) -> bool {
    !is(event, "TRANSP", "TRANSPARENT") && !is(event, "STATUS", "CANCELLED")
}

fn is_own(uid: &str, own_domain: &str) -> bool {
    uid.rsplit_once('@')
        .is_some_and(|(_, domain)| !own_domain.is_empty() && domain.eq_ignore_ascii_case(own_domain))
}

fn repeated_event<'a>(
    reading: &mut Reading<'a>,
    master: &'a Component,
    changes: &[Change],
) -> Result<Vec<Period>, Unread> {
    let frame = Frame::read(reading, master)?;
    if !takes_time(master) && changes.iter().all(|change| change.and_future.is_none()) {
        return Ok(Vec::new());
    }
    let (walls, periods) = series::instances(reading, master, &frame)?;
    let clock = &frame.start.clock;
    let replaced: BTreeSet<NaiveDateTime> =
        changes.iter().map(|change| on(clock, &change.instead_of)).collect();
    let mut futures: Vec<(NaiveDateTime, &(TimeDelta, Frame, bool))> = changes
        .iter()
        .filter_map(|change| Some((on(clock, &change.instead_of), change.and_future.as_ref()?)))
        .collect();
    futures.sort_unstable_by_key(|(from, _)| *from);
    let shown = walls.into_iter().filter(|wall| !replaced.contains(wall)).filter_map(|wall| {
        let later = futures.partition_point(|(from, _)| *from <= wall);
        match later.checked_sub(1).map(|last| futures[last]) {
            Some((_, (shift, later, takes_time))) => later.at(wall + *shift).filter(|_| *takes_time),
            None => frame.at(wall).filter(|_| takes_time(master)),
        }
    });
    let periods = periods.into_iter().filter(|_| takes_time(master));
    Ok(shown.chain(periods).filter_map(|period| period.intersect(reading.window)).collect())
}

/// A VFREEBUSY: all but what it says is free (RFC 5545 §3.8.2.6, §3.2.9).
fn free_busy<'a>(reading: &mut Reading<'a>, component: &'a Component) -> Result<Vec<Period>, Unread> {
    let mut told = Vec::new();
    for line in component.properties.iter().filter(|line| line.name() == "FREEBUSY") {
        if line.param_value("FBTYPE").is_some_and(|kind| kind.eq_ignore_ascii_case("FREE")) {
            continue;
        }
        for text in line.value().as_raw().split(',') {
            let period = reading.period(line, text.trim())?;
            told.extend(period.and_then(|period| period.intersect(reading.window)));
        }
    }
    Ok(told)
}

/// VAVAILABILITY (RFC 7953 §4): within its range everything but what is AVAILABLE; one of
/// higher priority says anew what one of lower priority said.
fn unavailable<'a>(reading: &mut Reading<'a>, calendar: &'a Component) -> Result<Vec<Period>, Unread> {
    let mut all: Vec<&Component> = calendar.named("VAVAILABILITY").collect();
    // 1 is the highest, 9 the lowest, and 0 or none lower still (RFC 5545 §3.8.1.9).
    let rank = |component: &&Component| match raw(component, "PRIORITY").parse::<u8>() {
        Ok(priority @ 1..=9) => priority,
        Ok(_) | Err(_) => 10,
    };
    if all.len() > MOST_AVAILABILITIES {
        return Err(Unread::RuleTooCostly);
    }
    all.sort_by_key(|component| std::cmp::Reverse(rank(component)));
    let mut busy: Vec<Period> = Vec::new();
    for component in all {
        let start = reading.moment(component, "DTSTART")?.map(|moment| moment.instant());
        let end = match reading.moment(component, "DTEND")? {
            Some(end) => Some(end.instant()),
            None if component.property("DURATION").is_some() => {
                let frame = Frame::read(reading, component)?;
                Some(frame.at(frame.start.wall).map_or(frame.start.instant(), Period::end))
            }
            None => None,
        };
        let range =
            Period::new(start.unwrap_or(DateTime::<Utc>::MIN_UTC), end.unwrap_or(DateTime::<Utc>::MAX_UTC));
        let Some(range) = range.ok().and_then(|range| range.intersect(reading.window)) else { continue };
        let mut open = Vec::new();
        let mut own: BTreeMap<&str, Vec<&Component>> = BTreeMap::new();
        for available in component.named("AVAILABLE") {
            own.entry(raw(available, "UID")).or_default().push(available);
        }
        for (uid, group) in own {
            let groups =
                if uid.is_empty() { group.into_iter().map(|one| vec![one]).collect() } else { vec![group] };
            for group in groups {
                let mut one = Taken::default();
                one.event(reading, &group);
                match one.why {
                    Some(why) => return Err(why),
                    None => open.extend(one.periods),
                }
            }
        }
        busy = without(busy, &[range]);
        busy.extend(without(vec![range], &union(open)));
    }
    Ok(busy)
}

/// What is left of `periods` outside the sorted, separate `holes`.
fn without(periods: Vec<Period>, holes: &[Period]) -> Vec<Period> {
    let mut left = Vec::new();
    for period in periods {
        let mut from = period.start();
        let first = holes.partition_point(|hole| hole.end() <= from);
        for hole in holes[first..].iter().take_while(|hole| hole.start() < period.end()) {
            left.extend(Period::new(from, hole.start()).ok());
            from = hole.end();
        }
        left.extend(Period::new(from, period.end()).ok());
    }
    left
}

#[cfg(test)]
#[path = "taken_tests.rs"]
mod tests;
