//! How the date of a norm follows from the day it starts.

use chrono::{Datelike, NaiveDate};
use serde::Deserialize;

use crate::{
    dutch::{Counted, SchoolCalendar, SchoolYear},
    time::DeadlineClock,
};

/// A length of time and the clock that counts it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Term {
    /// How many units of the clock.
    pub length: u16,
    /// What is counted.
    pub clock: DeadlineClock,
}

/// A day of every year; 29 February is the 28th in other years.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct YearDay {
    /// 1 to 12.
    pub month: u32,
    /// 1 to 31.
    pub day: u32,
}

impl YearDay {
    /// Whether some year has it.
    pub(super) fn exists(self) -> bool {
        NaiveDate::from_ymd_opt(2000, self.month, self.day).is_some()
    }

    fn in_year(self, year: i32) -> Option<NaiveDate> {
        NaiveDate::from_ymd_opt(year, self.month, self.day)
            .or_else(|| NaiveDate::from_ymd_opt(year, self.month, self.day - 1))
    }

    /// The first such day on or after `date`.
    pub fn from(self, date: NaiveDate) -> Option<NaiveDate> {
        self.in_year(date.year()).filter(|day| *day >= date).or_else(|| self.in_year(date.year() + 1))
    }

    /// The last such day on or before `date`.
    pub fn until(self, date: NaiveDate) -> Option<NaiveDate> {
        self.in_year(date.year()).filter(|day| *day <= date).or_else(|| self.in_year(date.year() - 1))
    }
}

/// How the date follows from the start. In JSON it is the norm's `term`, its form given by
/// the fields.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum Rule {
    /// `{"length", "clock"}`: within the term; the day of the start is not counted.
    After(Term),
    /// … `"first_day_counts": true`: the day of the start is the first that is counted.
    Counting(Term),
    /// … `"day_after": true`: on the day after the term at the latest.
    DayAfter(Term),
    /// … `"before": true`: at least the term before the planned day that `starts_at` names.
    Before(Term),
    /// `{"every": "SCHOOL_YEAR"}`: once in each school year, by 31 July.
    EachSchoolYear,
    /// `{"until": "FULL_SCHOOL_YEAR"}`: the end of the first school year that lies whole
    /// after the start.
    FullSchoolYear,
    /// `{"date": {"month", "day"}}`: the first such day on or after the start, perhaps not
    /// before it `opens`.
    On {
        /// The last day.
        date: YearDay,
        /// The first day, if there is one.
        opens: Option<YearDay>,
    },
    /// … `"before": true`: the last such day on or before the planned day.
    OnBefore {
        /// The last day.
        date: YearDay,
        /// The first day, if there is one.
        opens: Option<YearDay>,
    },
    /// `{"order": "FIRST"}`: `ends_when` must have come by the day of `starts_at`.
    First,
}

impl Rule {
    /// What it counts, for readers: the clock of a term, else a word for its form.
    #[must_use]
    pub fn clock(self) -> &'static str {
        match self {
            Self::After(term) | Self::Counting(term) | Self::DayAfter(term) | Self::Before(term) => {
                term.clock.into()
            }
            Self::EachSchoolYear | Self::FullSchoolYear => "SCHOOL_YEAR",
            Self::On { .. } | Self::OnBefore { .. } => "DATE",
            Self::First => "ORDER",
        }
    }

    /// Whether it is counted back from a planned day.
    pub(in crate::thuiszitter) fn is_backward(self) -> bool {
        match self {
            Self::Before(_) | Self::OnBefore { .. } => true,
            Self::After(_)
            | Self::Counting(_)
            | Self::DayAfter(_)
            | Self::EachSchoolYear
            | Self::FullSchoolYear
            | Self::On { .. }
            | Self::First => false,
        }
    }

    /// The term that it counts, if any.
    #[must_use]
    pub fn term(self) -> Option<Term> {
        match self {
            Self::After(term) | Self::Counting(term) | Self::DayAfter(term) | Self::Before(term) => {
                Some(term)
            }
            Self::EachSchoolYear
            | Self::FullSchoolYear
            | Self::On { .. }
            | Self::OnBefore { .. }
            | Self::First => None,
        }
    }

    /// The date that follows from `start`, before extension, pauses and days off.
    pub(in crate::thuiszitter) fn date(
        self,
        start: NaiveDate,
        school: &SchoolCalendar,
    ) -> Counted<Option<NaiveDate>> {
        match self {
            Self::After(term) => term.clock.due(start, term.length, school),
            Self::Counting(term) => match start.pred_opt() {
                Some(before) => term.clock.due(before, term.length, school),
                None => Counted::sure(None),
            },
            Self::DayAfter(term) => {
                term.clock.due(start, term.length, school).map(|last| last.and_then(|last| last.succ_opt()))
            }
            Self::Before(term) => term.clock.back(start, term.length, school),
            Self::EachSchoolYear => Counted::sure(Some(SchoolYear::of(start).last_day())),
            Self::FullSchoolYear => {
                let year = SchoolYear::of(start);
                let full = if start == year.first_day() { year } else { year.later(1) };
                Counted::sure(Some(full.last_day()))
            }
            Self::On { date, .. } => Counted::sure(date.from(start)),
            Self::OnBefore { date, .. } => Counted::sure(date.until(start)),
            Self::First => Counted::sure(Some(start)),
        }
    }

    /// The first day on which it can be met, if that is given.
    pub(in crate::thuiszitter) fn opens(self, due: NaiveDate) -> Option<NaiveDate> {
        match self {
            Self::On { opens, .. } | Self::OnBefore { opens, .. } => opens?.until(due),
            Self::After(_)
            | Self::Counting(_)
            | Self::DayAfter(_)
            | Self::Before(_)
            | Self::EachSchoolYear
            | Self::FullSchoolYear
            | Self::First => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::dutch::HolidayRegion;

    fn day(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    #[test]
    fn a_day_of_the_year_is_the_next_or_the_last() {
        let october = YearDay { month: 9, day: 30 };
        for (date, next, last) in [
            ("2026-09-30", "2026-09-30", "2026-09-30"),
            ("2026-10-01", "2027-09-30", "2026-09-30"),
            ("2026-09-29", "2026-09-30", "2025-09-30"),
        ] {
            assert_eq!(
                (october.from(day(date)), october.until(day(date))),
                (Some(day(next)), Some(day(last)))
            );
        }
        let leap = YearDay { month: 2, day: 29 };
        assert_eq!(leap.from(day("2027-01-01")), Some(day("2027-02-28")));
        assert_eq!(leap.from(day("2028-01-01")), Some(day("2028-02-29")));
        assert!(leap.exists() && !YearDay { month: 2, day: 30 }.exists());
    }

    #[test]
    fn a_full_school_year_lies_whole_after_the_start() {
        let school = SchoolCalendar::shipped(HolidayRegion::Zuid);
        for (start, end) in
            [("2026-07-31", "2027-07-31"), ("2026-08-01", "2027-07-31"), ("2026-08-02", "2028-07-31")]
        {
            let date = Rule::FullSchoolYear.date(day(start), &school);
            assert_eq!(date, Counted::sure(Some(day(end))), "{start}");
        }
    }
}
