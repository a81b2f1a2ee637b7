//! Wall time to instants, per local date.

use chrono::{DateTime, Days, MappedLocalTime, NaiveDate, NaiveDateTime, TimeDelta, TimeZone, Utc};
use chrono_tz::Tz;

use super::Interval;

/// Minutes of a wall-clock day; `MINUTES` itself is the next midnight.
pub const MINUTES: u16 = 24 * 60;

/// No zone has ever skipped more (Samoa left out 30 December 2011).
const LONGEST_GAP_HOURS: i64 = 25;

/// The instant at which the clock of `zone` shows `minute` minutes since midnight on
/// `date`. A time in the gap is read with the offset before the gap, so it moves
/// forward; a time in the fold is the first of the two (RFC 5545 §3.3.5).
/// `None` only beyond the calendar.
pub fn instant(zone: Tz, date: NaiveDate, minute: u16) -> Option<DateTime<Utc>> {
    let (days, minute) = (minute / MINUTES, minute % MINUTES);
    let date = date.checked_add_days(Days::new(days.into()))?;
    let wall = date.and_hms_opt(u32::from(minute) / 60, u32::from(minute) % 60, 0)?;
    resolve(zone, wall)
}

/// [`instant`] for any wall time.
pub fn resolve(zone: Tz, wall: NaiveDateTime) -> Option<DateTime<Utc>> {
    (0..=LONGEST_GAP_HOURS).find_map(|hours| {
        let before = wall.checked_sub_signed(TimeDelta::hours(hours))?;
        let instant = match zone.from_local_datetime(&before) {
            MappedLocalTime::Single(one) => one,
            MappedLocalTime::Ambiguous(first, _) => first,
            MappedLocalTime::None => return None,
        };
        instant.with_timezone(&Utc).checked_add_signed(TimeDelta::hours(hours))
    })
}

/// The local date: 23, 24 or 25 hours in Europe/Amsterdam.
pub fn day(zone: Tz, date: NaiveDate) -> Option<Interval> {
    Interval::new(instant(zone, date, 0)?, instant(zone, date, MINUTES)?).ok()
}

/// The local date that an instant falls on.
pub fn date_of(zone: Tz, at: DateTime<Utc>) -> NaiveDate {
    at.with_timezone(&zone).date_naive()
}

#[cfg(test)]
mod tests {
    use chrono_tz::Europe::Amsterdam;

    use super::*;

    fn date(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    // The clock goes back on 25 October 2026 and forward on 28 March 2027 (Directive 2000/84/EC).
    #[test]
    fn a_day_lasts_as_long_as_the_clock_says() {
        let hours = |text| day(Amsterdam, date(text)).unwrap().length().num_hours();
        assert_eq!(["2026-10-25", "2027-03-28", "2026-10-26"].map(hours), [25, 23, 24]);
    }

    // RFC 5545 §3.3.5.
    #[test]
    fn a_gap_moves_forward_and_a_fold_takes_the_first() {
        let show = |text, minute| instant(Amsterdam, date(text), minute).unwrap().to_rfc3339();
        assert_eq!(show("2027-03-28", 150), "2027-03-28T01:30:00+00:00", "03:30 summer time");
        assert_eq!(show("2026-10-25", 150), "2026-10-25T00:30:00+00:00", "02:30 summer time");
        assert_eq!(show("2026-10-25", MINUTES), "2026-10-25T23:00:00+00:00");
    }

    #[test]
    fn a_date_that_a_zone_left_out_is_still_answered() {
        let zone = chrono_tz::Pacific::Apia;
        assert!(instant(zone, date("2011-12-30"), 600).is_some());
        assert_eq!(day(zone, date("2011-12-30")), None, "it has no hours of its own");
    }
}
