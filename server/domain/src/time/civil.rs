//! From a wall clock in a time zone to an instant, and back.

use chrono::{DateTime, MappedLocalTime, NaiveDateTime, TimeDelta, TimeZone, Utc};
use chrono_tz::Tz;

use crate::refusal::Refusal;

/// The zone of that IANA name, else `TIMEZONE_UNKNOWN`.
pub fn zone(name: &str) -> Result<Tz, Refusal> {
    name.parse().map_err(|_| Refusal::TimezoneUnknown)
}

/// What somebody typed. A time in the gap is refused (`NONEXISTENT_LOCAL_TIME`), since
/// it can only be a mistake; a time that comes twice is the first (RFC 5545 §3.3.5).
pub fn typed(zone: Tz, wall: NaiveDateTime) -> Result<DateTime<Utc>, Refusal> {
    zone.from_local_datetime(&wall).earliest().map(|at| at.to_utc()).ok_or(Refusal::NonexistentLocalTime)
}

/// What a rule repeats. A time in the gap is read with the offset before the gap, so
/// that it moves forward by the gap's length; a time that comes twice is the first
/// (RFC 5545 §3.3.5).
#[must_use]
pub fn repeated(zone: Tz, wall: NaiveDateTime) -> DateTime<Utc> {
    if let Ok(at) = typed(zone, wall) {
        return at;
    }
    (1..=QUARTERS_IN_A_GAP)
        .find_map(|quarters| {
            let back = TimeDelta::minutes(15 * quarters);
            let before = match zone.from_local_datetime(&wall.checked_sub_signed(back)?) {
                MappedLocalTime::None => return None,
                MappedLocalTime::Single(at) | MappedLocalTime::Ambiguous(_, at) => at,
            };
            Some(before.to_utc() + back)
        })
        .unwrap_or_else(|| wall.and_utc())
}

/// No gap is longer than the day that Samoa left out (2011-12-30).
const QUARTERS_IN_A_GAP: i64 = 25 * 4;

/// What the clock on the wall shows there at that instant.
#[must_use]
pub fn wall_clock(zone: Tz, instant: DateTime<Utc>) -> NaiveDateTime {
    instant.with_timezone(&zone).naive_local()
}

#[cfg(test)]
mod tests {
    use chrono::{Datelike, Days, NaiveDate, NaiveTime};
    use chrono_tz::{Australia::Lord_Howe, Europe::Amsterdam, Pacific::Apia};
    use proptest::prelude::*;

    use super::*;

    fn wall(text: &str) -> NaiveDateTime {
        text.parse().unwrap()
    }

    fn at(text: &str) -> DateTime<Utc> {
        text.parse().unwrap()
    }

    #[test]
    fn a_zone_outside_the_iana_database_is_refused() {
        assert_eq!(zone("Europe/Amsterdam"), Ok(Amsterdam));
        for wrong in ["Mars/Phobos", "", "CEST ", "W. Europe Standard Time"] {
            assert_eq!(zone(wrong), Err(Refusal::TimezoneUnknown), "{wrong}");
        }
    }

    #[test]
    fn a_typed_time_in_the_gap_is_refused_and_a_repeated_one_moves_forward() {
        let gap = wall("2026-03-29T02:30:00");
        assert_eq!(typed(Amsterdam, gap), Err(Refusal::NonexistentLocalTime));
        assert_eq!(repeated(Amsterdam, gap), at("2026-03-29T01:30:00Z"));
        assert_eq!(wall_clock(Amsterdam, repeated(Amsterdam, gap)), wall("2026-03-29T03:30:00"));
    }

    #[test]
    fn a_time_that_comes_twice_is_the_first() {
        let fold = wall("2026-10-25T02:30:00");
        assert_eq!(typed(Amsterdam, fold), Ok(at("2026-10-25T00:30:00Z")));
        assert_eq!(repeated(Amsterdam, fold), at("2026-10-25T00:30:00Z"));
    }

    #[test]
    fn odd_gaps_move_forward_by_their_own_length() {
        assert_eq!(
            wall_clock(Lord_Howe, repeated(Lord_Howe, wall("2026-10-04T02:15:00"))),
            wall("2026-10-04T02:45:00")
        );
        assert_eq!(
            wall_clock(Apia, repeated(Apia, wall("2011-12-30T09:00:00"))),
            wall("2011-12-31T09:00:00")
        );
    }

    /// Richtlijn 2000/84/EG: summer time from 01:00 UTC on the last Sunday of March
    /// to 01:00 UTC on the last Sunday of October.
    fn by_the_directive(wall: NaiveDateTime) -> (bool, DateTime<Utc>) {
        let last_sunday = |month| {
            let last = NaiveDate::from_ymd_opt(wall.year(), month, 31).unwrap();
            last - Days::new(u64::from(last.weekday().num_days_from_sunday()))
        };
        let (march, october) =
            (last_sunday(3).and_time(NaiveTime::MIN), last_sunday(10).and_time(NaiveTime::MIN));
        let hour = TimeDelta::hours(1);
        let in_gap = march + hour * 2 <= wall && wall < march + hour * 3;
        let summer = march + hour * 3 <= wall && wall < october + hour * 3;
        (in_gap, (wall - if summer { hour * 2 } else { hour }).and_utc())
    }

    #[test]
    fn twenty_years_of_changes_agree_with_the_directive() {
        for year in 2020..=2040 {
            for month in [3, 10] {
                let last = NaiveDate::from_ymd_opt(year, month, 31).unwrap();
                let sunday = last - Days::new(u64::from(last.weekday().num_days_from_sunday()));
                for half_hours in 0..48 {
                    let wall = sunday.and_time(NaiveTime::MIN) + TimeDelta::minutes(30 * half_hours);
                    let (in_gap, expected) = by_the_directive(wall);
                    assert_eq!(repeated(Amsterdam, wall), expected, "{wall}");
                    assert_eq!(typed(Amsterdam, wall).is_err(), in_gap, "{wall}");
                }
            }
        }
    }

    proptest! {
        #[test]
        fn what_is_typed_is_what_the_wall_shows(minutes in 0i64..52_000_000) {
            let wall = wall("2000-01-01T00:00:00") + TimeDelta::minutes(minutes);
            if let Ok(at) = typed(Amsterdam, wall) {
                prop_assert_eq!(wall_clock(Amsterdam, at), wall);
            }
            prop_assert!(wall_clock(Amsterdam, repeated(Amsterdam, wall)) >= wall);
        }
    }
}
