//! School years, and counts that admit what they could not know.

use std::{collections::BTreeSet, fmt, str::FromStr};

use chrono::{Datelike, NaiveDate};

use crate::refusal::Refusal;

/// 1 August to 31 July (WPO art. 1); named `2026-2027`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct SchoolYear(i32);

impl SchoolYear {
    /// The school year that the day lies in.
    #[must_use]
    pub fn of(date: NaiveDate) -> Self {
        Self(if date.month() >= 8 { date.year() } else { date.year() - 1 })
    }

    /// 1 August.
    pub fn first_day(self) -> NaiveDate {
        NaiveDate::from_ymd_opt(self.0, 8, 1).unwrap_or(NaiveDate::MIN)
    }

    /// 31 July.
    pub fn last_day(self) -> NaiveDate {
        NaiveDate::from_ymd_opt(self.0 + 1, 7, 31).unwrap_or(NaiveDate::MAX)
    }

    /// That many school years later.
    #[must_use]
    pub fn later(self, years: u8) -> Self {
        Self(self.0 + i32::from(years))
    }

    /// The school year before.
    #[must_use]
    pub fn before(self) -> Self {
        Self(self.0 - 1)
    }
}

impl fmt::Display for SchoolYear {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}-{}", self.0, self.0 + 1)
    }
}

impl FromStr for SchoolYear {
    type Err = Refusal;

    /// `2026-2027`; white space around it is ignored, as the open data has it.
    fn from_str(text: &str) -> Result<Self, Refusal> {
        let text = text.trim();
        let first =
            text.split_once('-').and_then(|(first, _)| first.parse().ok()).ok_or(Refusal::FieldInvalid)?;
        let year = Self(first);
        let sane = (2000..2100).contains(&first) && year.to_string() == text;
        if sane { Ok(year) } else { Err(Refusal::FieldInvalid) }
    }
}

/// Something that a reader of a computed value must be told beside it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Warning {
    /// The holidays of that school year have not been imported: days of it could be
    /// teaching days or not, and nothing was assumed about them.
    HolidaysUnknown {
        /// The year to import.
        school_year: SchoolYear,
    },
}

impl Warning {
    /// The refusal with the same meaning, for steps that cannot go on without the holidays.
    pub fn refusal(self) -> Refusal {
        match self {
            Self::HolidaysUnknown { .. } => Refusal::HolidaysUnknown,
        }
    }
}

impl fmt::Display for Warning {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::HolidaysUnknown { school_year } => write!(f, "HOLIDAYS_UNKNOWN({school_year})"),
        }
    }
}

/// A result that counts only what is known, with what was not known.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Counted<T> {
    /// What follows from the days that are known.
    pub value: T,
    /// Empty if everything was known.
    pub warnings: BTreeSet<Warning>,
}

impl<T> Counted<T> {
    /// A result without anything unknown.
    pub fn sure(value: T) -> Self {
        Self { value, warnings: BTreeSet::new() }
    }

    /// Something that follows from the result, with the same unknown.
    pub fn map<U>(self, of: impl FnOnce(T) -> U) -> Counted<U> {
        Counted { value: of(self.value), warnings: self.warnings }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_school_year_runs_from_august_to_july() {
        // WPO art. 1.
        for (date, year) in
            [("2026-07-31", "2025-2026"), ("2026-08-01", "2026-2027"), ("2027-01-01", "2026-2027")]
        {
            let date: NaiveDate = date.parse().unwrap();
            let school_year = SchoolYear::of(date);
            assert_eq!(school_year, year.parse().unwrap());
            assert!((school_year.first_day()..=school_year.last_day()).contains(&date));
        }
    }

    #[test]
    fn only_two_consecutive_years_name_one() {
        assert_eq!("\n 2026-2027 \n".parse(), Ok(SchoolYear(2026)));
        for wrong in ["", "2026", "2026-2028", "2026/2027", "26-27", "+2026-2027", "1998-1999"] {
            assert_eq!(wrong.parse::<SchoolYear>(), Err(Refusal::FieldInvalid), "{wrong}");
        }
    }
}
