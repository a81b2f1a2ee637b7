//! Months on the calendar.

use chrono::{Months, NaiveDate};

/// The same day of the month that many months later; the last day of that month if
/// it has no such day (the rule of Verordening 1182/71, art. 3(2)(c)).
/// None past the end of the calendar.
#[must_use]
pub fn add_months(date: NaiveDate, months: u16) -> Option<NaiveDate> {
    date.checked_add_months(Months::new(u32::from(months)))
}

/// The last day that is at least that many months before: the same day of the month that
/// many months back, or the last day of that month if it has no such day.
/// None before the beginning of the calendar.
#[must_use]
pub fn back_months(date: NaiveDate, months: u16) -> Option<NaiveDate> {
    date.checked_sub_months(Months::new(u32::from(months)))
}

#[cfg(test)]
mod tests {
    use chrono::Datelike;
    use proptest::prelude::*;

    use super::*;

    fn day(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    #[test]
    fn a_missing_day_becomes_the_last_of_the_month() {
        for (from, months, to) in [
            ("2026-08-25", 3, "2026-11-25"),
            ("2026-11-30", 3, "2027-02-28"),
            ("2027-11-29", 3, "2028-02-29"),
            ("2026-08-31", 1, "2026-09-30"),
            ("2028-02-29", 12, "2029-02-28"),
        ] {
            assert_eq!(add_months(day(from), months), Some(day(to)), "{from} + {months}");
        }
    }

    #[test]
    fn a_month_before_is_the_same_day_or_the_last_of_that_month() {
        for (from, months, to) in [
            ("2026-11-02", 1, "2026-10-02"),
            ("2027-03-31", 1, "2027-02-28"),
            ("2028-03-30", 1, "2028-02-29"),
            ("2027-01-15", 2, "2026-11-15"),
        ] {
            assert_eq!(back_months(day(from), months), Some(day(to)), "{from} - {months}");
        }
    }

    proptest! {
        #[test]
        fn going_back_and_forth_never_passes_the_day(days in 0i32..36_000, months in 0u16..120) {
            let from = NaiveDate::from_epoch_days(10_957 + days).unwrap();
            let back = back_months(from, months).unwrap();
            prop_assert!(back <= from && add_months(back, months).unwrap() <= from);
        }

        #[test]
        fn the_day_of_the_month_never_grows(days in 0i32..36_000, months in 0u16..120) {
            let from = NaiveDate::from_epoch_days(10_957 + days).unwrap();
            let to = add_months(from, months).unwrap();
            prop_assert!(to >= from && to.day() <= from.day());
        }
    }
}
