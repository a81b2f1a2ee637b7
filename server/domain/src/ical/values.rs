//! Dates, clocks, durations and offsets as RFC 5545 §3.3 writes them.

use chrono::{Datelike, NaiveDate, NaiveDateTime, NaiveTime, TimeDelta, Timelike};

/// A DATE or a DATE-TIME in one of its two written forms.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Wall {
    /// A date, of no zone.
    Date(NaiveDate),
    /// A clock, of the zone beside it or of none.
    Clock(NaiveDateTime),
    /// A clock of UTC.
    Utc(NaiveDateTime),
}

/// Years that a calendar may speak of: nobody's meeting lies outside, and no date overflows.
const YEARS: std::ops::RangeInclusive<i32> = 1600..=2400;

fn digits(text: &str, count: usize) -> Option<u32> {
    let plain = text.len() == count && text.bytes().all(|b| b.is_ascii_digit());
    if plain { text.parse().ok() } else { None }
}

fn date(text: &str) -> Option<NaiveDate> {
    if text.len() != 8 || !text.is_ascii() {
        return None;
    }
    let year = i32::try_from(digits(&text[..4], 4)?).ok().filter(|year| YEARS.contains(year))?;
    NaiveDate::from_ymd_opt(year, digits(&text[4..6], 2)?, digits(&text[6..], 2)?)
}

/// `19970714`, `19970714T133000` or `19970714T133000Z` (RFC 5545 §3.3.4, §3.3.5). The leap
/// second 60 is second 59.
pub(super) fn wall(text: &str) -> Option<Wall> {
    let text = text.trim();
    if !text.is_ascii() {
        return None;
    }
    let Some((day, clock)) = text.split_once(['T', 't']) else { return date(text).map(Wall::Date) };
    let (clock, is_utc) = match clock.strip_suffix(['Z', 'z']) {
        Some(clock) => (clock, true),
        None => (clock, false),
    };
    if clock.len() != 6 {
        return None;
    }
    let second = digits(&clock[4..], 2)?;
    let second = if second == 60 { 59 } else { second };
    let time = NaiveTime::from_hms_opt(digits(&clock[..2], 2)?, digits(&clock[2..4], 2)?, second)?;
    let at = date(day)?.and_time(time);
    Some(if is_utc { Wall::Utc(at) } else { Wall::Clock(at) })
}

/// A duration: whole days by the calendar, the rest by the clock.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Length {
    pub(super) days: u32,
    pub(super) rest: TimeDelta,
}

/// `P15DT5H0M20S`, `P7W`, `PT1H` (RFC 5545 §3.3.6); a negative one is none here.
pub(super) fn length(text: &str) -> Option<Length> {
    let text = text.trim().to_ascii_uppercase();
    let text = text.strip_prefix('+').unwrap_or(&text).strip_prefix('P')?;
    let (days, clock) = text.split_once('T').map_or((text, None), |(days, clock)| (days, Some(clock)));
    let mut found = Length { days: 0, rest: TimeDelta::zero() };
    let mut any = false;
    for (number, unit) in parts(days)? {
        any = true;
        found.days = found.days.checked_add(match unit {
            'W' => number.checked_mul(7)?,
            'D' => number,
            _ => return None,
        })?;
    }
    for (number, unit) in parts(clock.unwrap_or_default())? {
        any = true;
        let seconds = match unit {
            'H' => i64::from(number) * 3600,
            'M' => i64::from(number) * 60,
            'S' => number.into(),
            _ => return None,
        };
        found.rest = found.rest.checked_add(&TimeDelta::try_seconds(seconds)?)?;
    }
    // A hundred years of anything is a mistake.
    let sane = found.days <= 36_525 && found.rest <= TimeDelta::days(36_525);
    (any && sane).then_some(found)
}

/// A DATE-TIME without its zone, to the second.
pub(super) fn stamp(wall: NaiveDateTime) -> String {
    let (day, clock) = (wall.date(), wall.time());
    let date = day.year() * 10_000 + (day.month() * 100 + day.day()).cast_signed();
    let time = clock.hour() * 10_000 + clock.minute() * 100 + clock.second();
    format!("{date:08}T{time:06}")
}

/// The shortest spelling in clock units, because a day of 24 hours is no day of the calendar.
pub(super) fn duration(length: TimeDelta) -> String {
    let all = length.num_seconds();
    let mut text = String::from(if all < 0 { "-PT" } else { "PT" });
    let all = all.unsigned_abs();
    for (number, unit) in [(all / 3600, 'H'), (all / 60 % 60, 'M'), (all % 60, 'S')] {
        if number > 0 || (all == 0 && unit == 'S') {
            text.push_str(&number.to_string());
            text.push(unit);
        }
    }
    text
}

/// `15D5W` as numbers with their letters.
fn parts(text: &str) -> Option<Vec<(u32, char)>> {
    let mut found = Vec::new();
    let mut rest = text;
    while !rest.is_empty() {
        let at = rest.find(|c: char| !c.is_ascii_digit())?;
        let (number, after) = rest.split_at(at);
        let unit = after.chars().next()?;
        found.push((number.parse().ok()?, unit));
        rest = &after[unit.len_utf8()..];
    }
    Some(found)
}

/// `+0100`, `-053015`: seconds ahead of UTC (RFC 5545 §3.3.14), less than a day.
pub(super) fn offset(text: &str) -> Option<i32> {
    let text = text.trim();
    let (sign, clock) = match text.split_at_checked(1)? {
        ("+", clock) => (1, clock),
        ("-", clock) => (-1, clock),
        _ => return None,
    };
    if !clock.is_ascii() || !matches!(clock.len(), 4 | 6) {
        return None;
    }
    let (hours, minutes) = (digits(&clock[..2], 2)?, digits(&clock[2..4], 2)?);
    let seconds = if clock.len() == 6 { digits(&clock[4..], 2)? } else { 0 };
    let all = i32::try_from(hours * 3600 + minutes * 60 + seconds).ok()?;
    (hours < 24 && minutes < 60 && seconds < 60).then_some(sign * all)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dates_and_clocks_are_read_in_three_forms() {
        let day = NaiveDate::from_ymd_opt(2026, 3, 29).unwrap();
        let clock = day.and_hms_opt(2, 30, 59).unwrap();
        assert_eq!(wall("20260329"), Some(Wall::Date(day)));
        assert_eq!(wall(" 20260329t023060 "), Some(Wall::Clock(clock)));
        assert_eq!(wall("20260329T023059Z"), Some(Wall::Utc(clock)));
        for wrong in
            ["", "2026", "20260230", "20260329T", "20260329T2460", "é0260329", "20260329T0230é", "15000101"]
        {
            assert_eq!(wall(wrong), None, "{wrong}");
        }
    }

    #[test]
    fn durations_keep_days_and_clock_apart() {
        let of = |days, seconds| Some(Length { days, rest: TimeDelta::seconds(seconds) });
        assert_eq!(length("P15DT5H0M20S"), of(15, 18_020));
        assert_eq!(length("+P7W"), of(49, 0));
        assert_eq!(length("PT90M"), of(0, 5400));
        for wrong in ["", "P", "PT", "-PT1H", "P1Y", "PT1", "P99999999D", "P4294967295W", "1D", "PT1é"] {
            assert_eq!(length(wrong), None, "{wrong}");
        }
    }

    #[test]
    fn clocks_are_written_as_they_are_read() {
        for text in ["20260329T023059", "16000101T000000", "24001231T235959"] {
            let Some(Wall::Clock(clock)) = wall(text) else { panic!("{text}") };
            assert_eq!(stamp(clock), text);
        }
    }

    #[test]
    fn durations_are_written_as_they_are_read() {
        for (seconds, text) in
            [(0, "PT0S"), (3600, "PT1H"), (86_400, "PT24H"), (5430, "PT1H30M30S"), (3601, "PT1H1S")]
        {
            assert_eq!(duration(TimeDelta::seconds(seconds)), text);
            assert_eq!(length(text), Some(Length { days: 0, rest: TimeDelta::seconds(seconds) }));
        }
        assert_eq!(duration(TimeDelta::minutes(-90)), "-PT1H30M");
    }

    #[test]
    fn offsets_have_a_sign() {
        assert_eq!(
            [offset("+0100"), offset("-0500"), offset("+053015")],
            [Some(3600), Some(-18_000), Some(19_815)]
        );
        for wrong in ["", "0100", "+01", "+2400", "+0160", "é100", "+01é0"] {
            assert_eq!(offset(wrong), None, "{wrong}");
        }
    }
}
