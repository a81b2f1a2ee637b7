//! From when on a kind of meeting is not too soon, when every day may ask its own notice.

use chrono::{DateTime, NaiveDate, TimeDelta, Utc};
use chrono_tz::Tz;

use super::local;

/// So long may pass between the answer of a search and the booking.
const TO_CHOOSE: TimeDelta = TimeDelta::minutes(15);

/// The instant after which every time keeps to its notice. `days` are the dates to come, each with
/// the hours that a meeting on it asks between booking and start; a date that asks none forbids
/// nothing. Where a date asks more than those before it, times on these are left out with it.
pub fn first_start(
    now: DateTime<Utc>,
    zone: Tz,
    days: impl IntoIterator<Item = (NaiveDate, u16)>,
) -> DateTime<Utc> {
    let too_soon_until = |(date, hours): (NaiveDate, u16)| {
        let told = now + TimeDelta::hours(hours.into()) + TO_CHOOSE;
        let day = local::day(zone, date).filter(|day| hours > 0 && told > day.start())?;
        Some(told.min(day.end()))
    };
    days.into_iter().filter_map(too_soon_until).fold(now, Ord::max)
}

#[cfg(test)]
mod tests {
    use chrono::Days;
    use chrono_tz::Europe::Amsterdam;

    use super::*;

    fn at(text: &str) -> DateTime<Utc> {
        text.parse().unwrap()
    }

    fn first(hours: impl Fn(u64) -> u16) -> DateTime<Utc> {
        let monday: NaiveDate = "2026-11-23".parse().unwrap();
        let days = (0..29).map(|later| (monday + Days::new(later), hours(later)));
        first_start(at("2026-11-23T09:00:00Z"), Amsterdam, days)
    }

    #[test]
    fn a_kind_that_asks_no_notice_begins_now() {
        assert_eq!(first(|_| 0), at("2026-11-23T09:00:00Z"));
    }

    #[test]
    fn the_hours_count_from_now_with_a_quarter_of_an_hour_to_choose() {
        assert_eq!(first(|_| 12), at("2026-11-23T21:15:00Z"));
        assert_eq!(first(|_| 48), at("2026-11-25T09:15:00Z"));
        assert_eq!(first(|_| 672), at("2026-12-21T09:15:00Z"));
    }

    #[test]
    fn what_a_day_asks_counts_for_the_times_of_that_day() {
        // From Wednesday on three days are asked: Wednesday has no time at all.
        let stricter = |later| if later >= 2 { 72 } else { 12 };
        assert_eq!(first(stricter), at("2026-11-26T09:15:00Z"));
        // From Wednesday on twelve hours: two days are asked of today and tomorrow, which end first.
        let milder = |later| if later >= 2 { 12 } else { 48 };
        assert_eq!(first(milder), at("2026-11-24T23:00:00Z"));
    }
}
