//! What a `TZID` means: an IANA zone, a zone of Windows, a city in a displayed name, or the
//! rules that the calendar brings along. Never silently UTC.

use std::collections::{BTreeMap, HashMap};

use chrono::{DateTime, NaiveDateTime, Offset, TimeDelta, TimeZone, Utc};
use chrono_tz::{TZ_VARIANTS, Tz};

use super::{
    component::Component,
    expand::{Budget, expand},
    recurrence::Recurrence,
    values::{self, Wall},
};
use crate::time::{repeated, wall_clock};

/// Onsets that a calendar's own zone may have in the window.
const MOST_ONSETS: usize = 400;
/// Zones that one calendar may name.
const MOST_ZONES: usize = 100;

/// A clock on a wall somewhere.
#[derive(Debug, Clone)]
pub(super) enum Clock {
    /// Of the IANA database.
    Iana(Tz),
    /// Of a VTIMEZONE: when its offset changed, from which to which, in seconds.
    Own(Vec<(DateTime<Utc>, i32, i32)>),
}

impl Clock {
    /// The instant of a wall clock: past a gap, and the first of two.
    pub(super) fn instant(&self, wall: NaiveDateTime) -> DateTime<Utc> {
        match self {
            Self::Iana(zone) => repeated(*zone, wall),
            Self::Own(onsets) => {
                let read = |offset: i32| wall.and_utc() - TimeDelta::seconds(offset.into());
                let day = TimeDelta::days(1);
                let before = offset_at(onsets, wall.and_utc() - day);
                let after = offset_at(onsets, wall.and_utc() + day);
                let holds = |offset| offset_at(onsets, read(offset)) == offset;
                if !holds(before) && holds(after) { read(after) } else { read(before) }
            }
        }
    }

    /// What it shows at an instant.
    pub(super) fn wall(&self, at: DateTime<Utc>) -> NaiveDateTime {
        match self {
            Self::Iana(zone) => wall_clock(*zone, at),
            Self::Own(onsets) => (at + TimeDelta::seconds(offset_at(onsets, at).into())).naive_utc(),
        }
    }
}

fn offset_at(onsets: &[(DateTime<Utc>, i32, i32)], at: DateTime<Utc>) -> i32 {
    let next = onsets.partition_point(|(onset, ..)| *onset <= at);
    match next.checked_sub(1).and_then(|last| onsets.get(last)) {
        Some((_, _, offset)) => *offset,
        None => onsets.first().map_or(0, |(_, offset, _)| *offset),
    }
}

/// The clocks of one calendar, each worked out once.
pub(super) struct Clocks<'a> {
    own: HashMap<&'a str, &'a Component>,
    known: HashMap<&'a str, Option<Clock>>,
    window: (DateTime<Utc>, DateTime<Utc>),
}

impl<'a> Clocks<'a> {
    /// Of `calendar`; its own zones are worked out around `window`.
    pub(super) fn of(calendar: &'a Component, window: (DateTime<Utc>, DateTime<Utc>)) -> Self {
        let zones = calendar.components.iter().filter(|component| component.name == "VTIMEZONE");
        let named = zones.filter_map(|zone| Some((zone.property("TZID")?.value().as_raw(), zone)));
        Self { own: named.collect(), known: HashMap::new(), window }
    }

    /// The clock of that name, if it can be known.
    pub(super) fn named(&mut self, tzid: &'a str, budget: &mut Budget) -> Option<Clock> {
        if let Some(known) = self.known.get(tzid) {
            return known.clone();
        }
        if self.known.len() >= MOST_ZONES {
            return None;
        }
        let own = self.own.get(tzid).copied();
        let found = iana(tzid)
            .or_else(|| windows(tzid))
            .or_else(|| displayed(tzid))
            .map(Clock::Iana)
            .or_else(|| own.and_then(|zone| observed(zone, self.window, budget)));
        self.known.insert(tzid, found.clone());
        found
    }
}

/// `Europe/Amsterdam`, also behind the name of who publishes it: `/citadel.org/2021/Europe/Amsterdam`.
fn iana(tzid: &str) -> Option<Tz> {
    let tzid = tzid.trim();
    let parts: Vec<&str> = tzid.trim_start_matches('/').split('/').collect();
    if let Ok(zone) = tzid.parse() {
        return Some(zone);
    }
    let is_path = tzid.starts_with('/') || tzid.contains("://");
    (1..=3)
        .rev()
        .filter(|_| is_path)
        .filter_map(|count| Some(parts[parts.len().checked_sub(count)?..].join("/")))
        .find_map(|name| name.parse().ok().or_else(|| name.eq_ignore_ascii_case("utc").then_some(Tz::UTC)))
}

/// `W. Europe Standard Time`.
fn windows(tzid: &str) -> Option<Tz> {
    let rows = include_str!("windows_zones.csv").lines().filter(|line| !line.starts_with('#'));
    let mut named = rows.filter_map(|line| line.split_once(','));
    named.find(|(name, _)| name.eq_ignore_ascii_case(tzid.trim())).and_then(|(_, zone)| zone.parse().ok())
}

/// `(UTC+01:00) Amsterdam, Berlin, Bern`: the first city that is a zone of that winter offset.
fn displayed(tzid: &str) -> Option<Tz> {
    let (offset, cities) = tzid.trim().strip_prefix('(')?.split_once(')')?;
    let offset = offset.strip_prefix("UTC").or_else(|| offset.strip_prefix("GMT"))?;
    let seconds = if offset.is_empty() { 0 } else { values::offset(&offset.replacen(':', "", 1))? };
    let winter = NaiveDateTime::parse_from_str("2025-01-15 12:00", "%Y-%m-%d %H:%M").ok()?;
    let summer = NaiveDateTime::parse_from_str("2025-07-15 12:00", "%Y-%m-%d %H:%M").ok()?;
    let standard = |zone: &Tz| {
        let offset = |at: &NaiveDateTime| zone.offset_from_utc_datetime(at).fix().local_minus_utc();
        offset(&winter).min(offset(&summer)) == seconds
    };
    cities.split(',').take(12).find_map(|city| {
        let city = city.trim().replace(' ', "_");
        let last = |zone: &&Tz| zone.name().rsplit('/').next().is_some_and(|own| own == city);
        TZ_VARIANTS.iter().filter(last).find(|zone| standard(zone)).copied()
    })
}

/// The rules of a VTIMEZONE (RFC 5545 §3.6.5) as the onsets from two years before the window to
/// a year after it. Nothing if any part of it cannot be read.
fn observed(
    zone: &Component,
    (from, to): (DateTime<Utc>, DateTime<Utc>),
    budget: &mut Budget,
) -> Option<Clock> {
    let year = TimeDelta::days(366);
    let (early, late) = ((from - year * 2).naive_utc(), (to + year).naive_utc());
    let mut onsets: BTreeMap<DateTime<Utc>, (i32, i32)> = BTreeMap::new();
    let halves = zone.components.iter().filter(|half| matches!(half.name.as_str(), "STANDARD" | "DAYLIGHT"));
    for half in halves {
        let raw = |name| half.property(name).map(|line| line.value().as_raw());
        let offsets = (values::offset(raw("TZOFFSETFROM")?)?, values::offset(raw("TZOFFSETTO")?)?);
        let at = |wall: NaiveDateTime| wall.and_utc() - TimeDelta::seconds(offsets.0.into());
        let Wall::Clock(start) = values::wall(raw("DTSTART")?)? else { return None };
        let mut walls = vec![start];
        if let Some(rule) = raw("RRULE") {
            let rule = Recurrence::parse(rule).ok()?;
            let found = expand(&rule, start, (early, late), budget).ok()?;
            walls.extend(found.into_iter().filter(|wall| rule.is_before_end(*wall, at(*wall))));
            // The rule may have ended long before the window: its last onset is what holds.
            if walls.len() == 1 {
                let all = expand(&rule, start, (start, late), budget).ok()?;
                walls.extend(all.into_iter().rfind(|wall| rule.is_before_end(*wall, at(*wall))));
            }
        }
        for line in half.properties.iter().filter(|line| line.name() == "RDATE") {
            for value in line.value().as_raw().split(',') {
                match values::wall(value)? {
                    Wall::Clock(wall) => walls.push(wall),
                    Wall::Utc(at) => walls.push(at + TimeDelta::seconds(offsets.0.into())),
                    Wall::Date(_) => return None,
                }
            }
        }
        onsets.extend(walls.into_iter().map(|wall| (at(wall), offsets)));
        if onsets.len() > MOST_ONSETS {
            return None;
        }
    }
    let onsets: Vec<_> = onsets.into_iter().map(|(at, (before, after))| (at, before, after)).collect();
    (!onsets.is_empty()).then_some(Clock::Own(onsets))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn zone_of(tzid: &str) -> Option<&'static str> {
        iana(tzid).or_else(|| windows(tzid)).or_else(|| displayed(tzid)).map(Tz::name)
    }

    #[test]
    fn names_that_programs_give_to_zones_are_understood() {
        for (tzid, expected) in [
            ("Europe/Amsterdam", "Europe/Amsterdam"),
            ("/citadel.org/20210210_1/Europe/Amsterdam", "Europe/Amsterdam"),
            ("/freeassociation.sourceforge.net/America/Argentina/Salta", "America/Argentina/Salta"),
            ("tzone://Microsoft/Utc", "UTC"),
            ("W. Europe Standard Time", "Europe/Berlin"),
            ("romance standard time", "Europe/Paris"),
            ("(UTC+01:00) Amsterdam, Berlin, Bern, Rome, Stockholm, Vienna", "Europe/Amsterdam"),
            ("(GMT+01:00) Brussels, Copenhagen, Madrid, Paris", "Europe/Brussels"),
            ("(UTC) Dublin, Edinburgh, Lisbon, London", "Europe/Dublin"),
            ("(UTC+05:30) Chennai, Kolkata, Mumbai, New Delhi", "Asia/Kolkata"),
        ] {
            assert_eq!(zone_of(tzid), Some(expected), "{tzid}");
        }
        for unknown in [
            "",
            "Customized Time Zone",
            "(UTC+01:00)",
            "(UTC+09:00) Amsterdam",
            "Mars/Phobos",
            "x/Amsterdam",
            "é",
        ] {
            assert_eq!(zone_of(unknown), None, "{unknown}");
        }
    }

    #[test]
    fn every_zone_of_the_table_exists() {
        let rows = include_str!("windows_zones.csv").lines().filter(|line| !line.starts_with('#'));
        let (known, all) = rows.fold((0, 0), |(known, all), line| {
            (known + usize::from(line.split_once(',').unwrap().1.parse::<Tz>().is_ok()), all + 1)
        });
        assert_eq!(known, all);
    }

    /// Our own VTIMEZONE says what the IANA database says, for every hour around both turns.
    #[test]
    fn rules_that_a_calendar_brings_along_are_followed() {
        let text = format!("BEGIN:VCALENDAR\r\n{}END:VCALENDAR\r\n", super::super::zone::vtimezone())
            .replace("Europe/Amsterdam", "Eigen tijd");
        let calendar = super::super::read::calendar(text.as_bytes()).unwrap();
        let at = |text: &str| text.parse::<DateTime<Utc>>().unwrap();
        let window = (at("2026-01-01T00:00:00Z"), at("2027-12-31T00:00:00Z"));
        let clock = Clocks::of(&calendar, window).named("Eigen tijd", &mut Budget::rule()).unwrap();
        for day in ["2026-03-28", "2026-10-24", "2027-03-27", "2027-10-30"] {
            for quarter in 0..200 {
                let wall = format!("{day}T12:00:00").parse::<NaiveDateTime>().unwrap()
                    + TimeDelta::minutes(15 * quarter);
                assert_eq!(clock.instant(wall), repeated(chrono_tz::Europe::Amsterdam, wall), "{wall}");
                let at = wall.and_utc();
                assert_eq!(clock.wall(at), wall_clock(chrono_tz::Europe::Amsterdam, at), "{at}");
            }
        }
    }
}
