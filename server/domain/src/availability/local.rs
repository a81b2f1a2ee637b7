//! Local dates of a zone, as instants and back.

use chrono::{DateTime, NaiveDate, Utc};
use chrono_tz::Tz;

use crate::time::{DayTime, Period, repeated, wall_clock};

/// The local date: 23, 24 or 25 hours in Europe/Amsterdam. `None` for a date that the
/// zone left out.
pub fn day(zone: Tz, date: NaiveDate) -> Option<Period> {
    Period::new(repeated(zone, DayTime::START.on(date)), repeated(zone, DayTime::END.on(date))).ok()
}

/// The local date that an instant falls on.
pub fn date_of(zone: Tz, at: DateTime<Utc>) -> NaiveDate {
    wall_clock(zone, at).date()
}

#[cfg(test)]
mod tests {
    use chrono_tz::{Europe::Amsterdam, Pacific::Apia};

    use super::*;

    fn date(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    // The clock goes back on 25 October 2026 and forward on 28 March 2027 (Directive 2000/84/EC).
    #[test]
    fn a_day_lasts_as_long_as_the_clock_says() {
        let hours = |text| day(Amsterdam, date(text)).unwrap().duration().num_hours();
        assert_eq!(["2026-10-25", "2027-03-28", "2026-10-26"].map(hours), [25, 23, 24]);
    }

    #[test]
    fn a_date_that_a_zone_left_out_has_no_hours() {
        assert_eq!(day(Apia, date("2011-12-30")), None);
    }
}
