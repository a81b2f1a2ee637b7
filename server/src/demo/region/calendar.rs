//! The days of the example region: offsets from its first day, and the school years around it.

use chrono::{Datelike, Days, NaiveDate, Weekday};

/// The day itself, or the Monday after it when it falls in a weekend.
pub(super) fn workday(day: NaiveDate) -> NaiveDate {
    match day.weekday() {
        Weekday::Sat => day + Days::new(2),
        Weekday::Sun => day + Days::new(1),
        Weekday::Mon | Weekday::Tue | Weekday::Wed | Weekday::Thu | Weekday::Fri => day,
    }
}

/// The working day on or after `days` calendar days from `day`; negative is before.
pub(super) fn offset(day: NaiveDate, days: i64) -> NaiveDate {
    workday(day + chrono::TimeDelta::days(days))
}

fn first_of(year: i32, month: u32) -> NaiveDate {
    NaiveDate::from_ymd_opt(year, month, 1).expect("the first of a month exists")
}

/// The school year (WPO art. 1: 1 August to 31 July) that the first day lies in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SchoolYear {
    /// First working day on or after 1 August.
    pub start: NaiveDate,
    /// Last working day of the school year *after* this one, so that a story begun in
    /// July can still plan into September.
    pub last: NaiveDate,
    /// The calendar year that the school year begins in.
    pub year: i32,
}

impl SchoolYear {
    pub(super) fn of(day: NaiveDate) -> Self {
        let year = if day.month() >= 8 { day.year() } else { day.year() - 1 };
        let end = first_of(year + 2, 8) - Days::new(1);
        let last = match end.weekday() {
            Weekday::Sat => end - Days::new(1),
            Weekday::Sun => end - Days::new(2),
            Weekday::Mon | Weekday::Tue | Weekday::Wed | Weekday::Thu | Weekday::Fri => end,
        };
        Self { start: workday(first_of(year, 8)), last, year }
    }

    /// Where the school year began that many years ago.
    pub(super) fn start_before(self, years: i32) -> NaiveDate {
        workday(first_of(self.year - years, 8))
    }

    /// The Monday of the week with the given day in the second half of the school year.
    pub(super) fn monday_in_spring(self, month: u32, day: u64) -> NaiveDate {
        let date = first_of(self.year + 1, month) + Days::new(day - 1);
        date - Days::new(u64::from(date.weekday().num_days_from_monday()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_school_year_starts_on_the_first_working_day_of_august() {
        let day = |y, m, d| NaiveDate::from_ymd_opt(y, m, d).unwrap();
        // 1 August 2026 is a Saturday, 31 July 2028 a Monday.
        let year = SchoolYear::of(day(2026, 11, 21));
        assert_eq!((year.start, year.last), (day(2026, 8, 3), day(2028, 7, 31)));
        assert_eq!(SchoolYear::of(day(2027, 7, 31)), year);
        assert_eq!(year.monday_in_spring(5, 5), day(2027, 5, 3));
        assert_eq!(offset(day(2026, 11, 21), 0), day(2026, 11, 23));
    }
}
