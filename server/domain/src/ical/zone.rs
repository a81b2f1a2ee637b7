//! Europe/Amsterdam, the only zone we write: its VTIMEZONE and its wall clock.

use chrono::{DateTime, TimeZone, Utc};
use chrono_tz::Europe::Amsterdam;

use super::{
    line::{Line, Value},
    values,
};

/// The name in `TZID`, and of the zone in the IANA database.
pub const TZID: &str = "Europe/Amsterdam";

/// The VTIMEZONE that goes with every `TZID` (RFC 5545 §3.6.5), as finished lines.
///
/// Every meeting of the house is on Dutch clocks, so no other zone is ever written
/// and this is a text, not a generator. Outlook wants the RRULE form with both halves
/// and an onset in 1970; the rule holds as written since 1996 (Directive 94/21/EC),
/// earlier years end summer in September and no meeting lies there.
#[must_use]
pub const fn vtimezone() -> &'static str {
    "BEGIN:VTIMEZONE\r\n\
     TZID:Europe/Amsterdam\r\n\
     BEGIN:DAYLIGHT\r\n\
     DTSTART:19700329T020000\r\n\
     RRULE:FREQ=YEARLY;BYMONTH=3;BYDAY=-1SU\r\n\
     TZOFFSETFROM:+0100\r\n\
     TZOFFSETTO:+0200\r\n\
     TZNAME:CEST\r\n\
     END:DAYLIGHT\r\n\
     BEGIN:STANDARD\r\n\
     DTSTART:19701025T030000\r\n\
     RRULE:FREQ=YEARLY;BYMONTH=10;BYDAY=-1SU\r\n\
     TZOFFSETFROM:+0200\r\n\
     TZOFFSETTO:+0100\r\n\
     TZNAME:CET\r\n\
     END:STANDARD\r\n\
     END:VTIMEZONE\r\n"
}

/// `DTSTART` or `DTEND` on the Dutch clock, to the second.
///
/// A wall clock that comes twice means the first time (RFC 5545 §3.3.5). An instant
/// in the second pass of that hour is therefore written in UTC.
pub(super) fn clock_line(name: &'static str, instant: DateTime<Utc>) -> Line {
    let local = instant.with_timezone(&Amsterdam).naive_local();
    let first = Amsterdam.from_local_datetime(&local).earliest();
    if first.is_some_and(|first| first == instant) {
        Line::new(name, Value::raw(values::stamp(local))).param("TZID", TZID)
    } else {
        Line::new(name, utc(instant))
    }
}

/// Form 2 of RFC 5545 §3.3.5, to the second.
pub(super) fn utc(instant: DateTime<Utc>) -> Value {
    let mut stamp = values::stamp(instant.naive_utc());
    stamp.push('Z');
    Value::raw(stamp)
}

#[cfg(test)]
mod tests {
    use chrono::{Datelike, Days, NaiveDate, Offset, Weekday};

    use super::*;

    fn at(text: &str) -> DateTime<Utc> {
        text.parse().unwrap()
    }

    fn written(instant: &str) -> String {
        let mut out = String::new();
        clock_line("DTSTART", at(instant)).write(&mut out);
        out
    }

    fn last_sunday(year: i32, month: u32) -> NaiveDate {
        let last = NaiveDate::from_ymd_opt(year, month, 31).unwrap();
        last - Days::new(u64::from(last.weekday().days_since(Weekday::Sun)))
    }

    #[test]
    fn the_rule_agrees_with_the_iana_database() {
        for year in 1996..2038 {
            for (month, before, after) in [(3, 3600, 7200), (10, 7200, 3600)] {
                let turn = last_sunday(year, month).and_hms_opt(1, 0, 0).unwrap().and_utc();
                let offset =
                    |at: DateTime<Utc>| at.with_timezone(&Amsterdam).offset().fix().local_minus_utc();
                assert_eq!(offset(turn - chrono::TimeDelta::seconds(1)), before, "{year}");
                assert_eq!(offset(turn), after, "{year}");
            }
        }
    }

    #[test]
    fn winter_and_summer_are_one_and_two_hours_ahead() {
        assert_eq!(written("2026-11-24T09:00:00Z"), "DTSTART;TZID=Europe/Amsterdam:20261124T100000\r\n");
        assert_eq!(written("2026-07-01T08:00:00Z"), "DTSTART;TZID=Europe/Amsterdam:20260701T100000\r\n");
    }

    #[test]
    fn the_hour_that_comes_twice_is_told_apart() {
        assert_eq!(written("2026-10-25T00:30:00Z"), "DTSTART;TZID=Europe/Amsterdam:20261025T023000\r\n");
        assert_eq!(written("2026-10-25T01:30:00Z"), "DTSTART:20261025T013000Z\r\n");
    }

    #[test]
    fn every_line_of_the_zone_is_ended_and_short() {
        assert_eq!(vtimezone().matches("\r\n").count(), 17);
        assert!(vtimezone().ends_with("END:VTIMEZONE\r\n"));
        assert!(vtimezone().lines().all(|line| line.len() <= super::super::line::LINE_OCTETS));
    }
}
