//! The Algemene termijnenwet: where a term ends that would end on a day off.

use chrono::{Datelike, NaiveDate, Weekday};

use super::public_holidays;
use crate::time::DeadlineClock;

/// Not a Saturday, Sunday or generally recognised holiday (art. 1 and 3(1), (2)). Days
/// that are equated by royal decree for a year (art. 3(3), such as the Friday after
/// Hemelvaart) still count as working days here: a term then ends too early, never too late.
#[must_use]
pub fn is_working_day(date: NaiveDate) -> bool {
    !matches!(date.weekday(), Weekday::Sat | Weekday::Sun)
        && !public_holidays::on(date).any(public_holidays::PublicHoliday::stops_terms)
}

/// That day, or the first working day after it (art. 1(1)). None past the calendar's end.
#[must_use]
pub fn working_day_from(date: NaiveDate) -> Option<NaiveDate> {
    date.iter_days().find(|&day| is_working_day(day))
}

/// The working day that many after `date`; `date` itself for none. None past the
/// calendar's end.
#[must_use]
pub fn add_working_days(date: NaiveDate, days: u16) -> Option<NaiveDate> {
    match days.checked_sub(1) {
        None => Some(date),
        Some(before) => date.iter_days().skip(1).filter(|&day| is_working_day(day)).nth(usize::from(before)),
    }
}

/// The working day that many before `date`, or before the last working day up to it;
/// `date` itself for none. None before the calendar's beginning.
#[must_use]
pub fn back_working_days(date: NaiveDate, days: u16) -> Option<NaiveDate> {
    let mut left = days;
    let mut day = date;
    let mut counting = is_working_day(date);
    while left > 0 {
        day = day.pred_opt()?;
        left -= u16::from(counting && is_working_day(day));
        counting |= is_working_day(day);
    }
    Some(day)
}

/// Where a statutory term from `start` to `end` really ends. Art. 1(1): not on a day
/// off; art. 2: a term of at least three days holds at least two working days; art. 4:
/// neither for terms of more than 90 days, 12 weeks or 3 months.
#[must_use]
pub fn term_end(
    start: NaiveDate,
    (length, clock): (u16, DeadlineClock),
    end: NaiveDate,
) -> Option<NaiveDate> {
    let (in_scope, three_days) = match clock {
        DeadlineClock::CalendarDays => (length <= 90, length >= 3),
        DeadlineClock::CalendarWeeks => (length <= 12, length >= 1),
        DeadlineClock::Months => (length <= 3, length >= 1),
        // These never end on a day off by themselves, and no statute of this law's kind uses them.
        DeadlineClock::WorkingDays | DeadlineClock::TeachingDays | DeadlineClock::TeachingWeeks => {
            (false, false)
        }
    };
    if !in_scope {
        return Some(end);
    }
    let two_working_days = if three_days { add_working_days(start, 2)? } else { end };
    working_day_from(end.max(two_working_days))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn day(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    #[test]
    fn a_term_that_ends_on_a_day_off_runs_to_the_next_working_day() {
        // Algemene termijnenwet art. 1(1), 3(1), 3(2).
        for (start, weeks, end) in [
            ("2026-11-07", 2, "2026-11-23"), // Saturday
            ("2026-12-11", 2, "2026-12-28"), // Eerste Kerstdag on a Friday
            ("2027-02-12", 6, "2027-03-30"), // Goede Vrijdag, then the Easter weekend
            ("2027-03-24", 6, "2027-05-07"), // 5 May, then Hemelvaart
            ("2026-11-04", 2, "2026-11-18"), // an ordinary Wednesday
        ] {
            let term = (weeks, DeadlineClock::CalendarWeeks);
            let end_by_count = day(start) + chrono::Days::new(u64::from(weeks) * 7);
            assert_eq!(term_end(day(start), term, end_by_count), Some(day(end)), "{start}");
        }
    }

    #[test]
    fn a_short_term_holds_two_working_days() {
        // Art. 2: three days from Thursday 24 December 2026 hold only the 25th to the 27th.
        let term = (3, DeadlineClock::CalendarDays);
        assert_eq!(term_end(day("2026-12-24"), term, day("2026-12-27")), Some(day("2026-12-29")));
    }

    #[test]
    fn long_terms_end_where_they_end() {
        // Art. 4(a): more than 90 days, 12 weeks, 3 months.
        let sunday = day("2026-11-22");
        for (length, clock, moved) in [
            (90, DeadlineClock::CalendarDays, true),
            (91, DeadlineClock::CalendarDays, false),
            (12, DeadlineClock::CalendarWeeks, true),
            (13, DeadlineClock::CalendarWeeks, false),
            (3, DeadlineClock::Months, true),
            (4, DeadlineClock::Months, false),
        ] {
            let end = term_end(day("2026-06-01"), (length, clock), sunday);
            assert_eq!(end, Some(if moved { day("2026-11-23") } else { sunday }), "{length} {clock}");
        }
    }

    proptest! {
        #[test]
        fn a_term_moves_only_forward_and_only_to_a_working_day(days in 0u64..20_000, length in 1u16..12) {
            let start = day("2020-01-01") + chrono::Days::new(days);
            let end = start + chrono::Days::new(u64::from(length) * 7);
            let moved = term_end(start, (length, DeadlineClock::CalendarWeeks), end).unwrap();
            prop_assert!(moved >= end && is_working_day(moved));
            prop_assert!((moved - end).num_days() <= 5);
        }

        #[test]
        fn working_days_are_added_one_by_one(days in 0u64..20_000, length in 0u16..40) {
            let start = day("2020-01-01") + chrono::Days::new(days);
            let next = add_working_days(add_working_days(start, length).unwrap(), 1);
            prop_assert_eq!(add_working_days(start, length + 1), next);
        }
    }
}
