//! When somebody is told that something they have to do is due: so many days before, on a working day.

use chrono::NaiveDate;

use crate::dutch::termijnenwet::is_working_day;

/// The most moments before one day.
pub const MOST_MOMENTS: usize = 5;
/// The longest before it, in days: four weeks.
pub const MAX_DAYS: u16 = 28;

/// The day on which it is told `days` before `due`: a day off gives way to the working day before it, so
/// that nobody hears of it later than was wished. None before the calendar's beginning.
#[must_use]
pub fn told_on(due: NaiveDate, days: u16) -> Option<NaiveDate> {
    let wished = due.checked_sub_days(chrono::Days::new(days.into()))?;
    std::iter::successors(Some(wished), NaiveDate::pred_opt).find(|day| is_working_day(*day))
}

/// Whether one of the moments before `due` came after the day `since` and no later than `today`. What
/// was due by then needs no telling ahead.
#[must_use]
pub fn is_told(due: NaiveDate, moments: &[u16], since: NaiveDate, today: NaiveDate) -> bool {
    let came = |days: &u16| told_on(due, *days).is_some_and(|day| since < day && day <= today);
    due >= today && moments.iter().any(came)
}

#[cfg(test)]
mod tests {
    use chrono::Days;
    use proptest::prelude::*;

    use super::*;

    fn day(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    #[test]
    fn a_day_off_gives_way_to_the_working_day_before_it() {
        // Thursday 3 December 2026: a week before is a Thursday.
        assert_eq!(told_on(day("2026-12-03"), 7), Some(day("2026-11-26")));
        // A Monday: the day before is a Sunday, told on Friday.
        assert_eq!(told_on(day("2026-11-30"), 1), Some(day("2026-11-27")));
        // A Saturday: a week before is a Saturday, told on Friday the 20th.
        assert_eq!(told_on(day("2026-11-28"), 7), Some(day("2026-11-20")));
        // 2 January 2027, a Saturday: New Year's Day is a holiday, told on Thursday 31 December.
        assert_eq!(told_on(day("2027-01-02"), 1), Some(day("2026-12-31")));
    }

    #[test]
    fn what_came_while_nobody_told_is_told_and_what_was_told_is_not() {
        let due = day("2026-12-03");
        let told = |since: &str, today: &str| is_told(due, &[7, 1], day(since), day(today));
        assert!(told("2026-11-25", "2026-11-26"));
        assert!(told("2026-11-24", "2026-11-27"), "a day was missed");
        assert!(!told("2026-11-26", "2026-11-27"));
        assert!(told("2026-12-01", "2026-12-02"));
        assert!(told("2026-12-01", "2026-12-03"), "it is due today");
        assert!(!told("2026-12-01", "2026-12-04"), "too late to tell ahead");
        assert!(!is_told(due, &[], day("2026-11-01"), day("2026-12-03")));
    }

    proptest! {
        #[test]
        fn each_moment_is_told_once_however_often_it_is_looked(
            ahead in 0_u64..60,
            looks in prop::collection::vec(1_u64..9, 0..40),
        ) {
            let first = day("2026-11-23");
            let due = first + Days::new(ahead);
            let (mut since, mut count) = (first - Days::new(1), 0);
            for gap in looks {
                let today = since + Days::new(gap);
                count += usize::from(is_told(due, &[7, 1], since, today));
                since = today;
            }
            prop_assert!(count <= 2);
        }
    }
}
