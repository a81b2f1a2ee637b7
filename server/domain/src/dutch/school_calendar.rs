//! On which days a school teaches: yes, no, or not known yet.

use std::{
    collections::{BTreeMap, BTreeSet},
    ops::RangeInclusive,
};

use chrono::{Datelike, Days, NaiveDate, Weekday};
use strum::IntoEnumIterator;

use super::{
    public_holidays,
    school_holidays::{Holiday, HolidayKind, HolidayRegion, SchoolHolidays},
    school_year::{Counted, SchoolYear, Warning},
};

/// Whether a school teaches on a day or in a week.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum TeachingDay {
    /// It teaches.
    Yes,
    /// It does not.
    No,
    /// The holidays of that school year are not known.
    Unknown,
}

/// A school's own dates for one of the region's holidays, in as many parts as it likes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Replacement {
    /// The year whose holiday is replaced.
    pub school_year: SchoolYear,
    /// Which one.
    pub kind: HolidayKind,
    /// First and last day off.
    pub days: Holiday,
}

/// Where one school deviates from its region.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct SchoolOverrides {
    /// Study days and other days without lessons.
    pub closed: BTreeSet<NaiveDate>,
    /// Days with lessons in a holiday of the region.
    pub opened: BTreeSet<NaiveDate>,
    /// Holidays on other dates than the region's, which then do not count.
    pub replaced: Vec<Replacement>,
}

/// The calendar of one school: its region's holidays, its own deviations, the public
/// holidays that are days off, Saturdays and Sundays.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SchoolCalendar {
    region: HolidayRegion,
    holidays: Vec<Holiday>,
    closed: BTreeSet<NaiveDate>,
    opened: BTreeSet<NaiveDate>,
    complete: BTreeSet<SchoolYear>,
}

impl SchoolCalendar {
    /// A school year counts as known when all five holidays are, and the summer before it,
    /// whose last weeks lie in it.
    #[must_use]
    pub fn new(region: HolidayRegion, published: &SchoolHolidays, overrides: &SchoolOverrides) -> Self {
        let mut own: BTreeMap<_, Vec<Holiday>> = BTreeMap::new();
        for year in published.years() {
            for kind in HolidayKind::iter() {
                if let Some(days) = published.of(year, region, kind) {
                    own.insert((year, kind), vec![days.clone()]);
                }
            }
        }
        let mut replaced: BTreeMap<_, Vec<Holiday>> = BTreeMap::new();
        for replacement in &overrides.replaced {
            let key = (replacement.school_year, replacement.kind);
            replaced.entry(key).or_default().push(replacement.days.clone());
        }
        own.extend(replaced);
        let complete = own.keys().map(|&(year, _)| year).filter(|&year| {
            HolidayKind::iter().all(|kind| own.contains_key(&(year, kind)))
                && own.contains_key(&(year.before(), HolidayKind::Zomer))
        });
        let complete = complete.collect();
        Self {
            region,
            holidays: own.into_values().flatten().collect(),
            closed: overrides.closed.clone(),
            opened: overrides.opened.clone(),
            complete,
        }
    }

    /// The shipped holidays of a region, without deviations.
    #[must_use]
    pub fn shipped(region: HolidayRegion) -> Self {
        Self::new(region, &SchoolHolidays::shipped(), &SchoolOverrides::default())
    }

    /// The region whose holidays it starts from.
    pub fn region(&self) -> HolidayRegion {
        self.region
    }

    /// Weekends, days off, holidays that are known and the school's closed days are `No`
    /// in any year, but in a holiday the school may open; any other weekday is `Unknown` unless the whole school year is known.
    pub fn is_teaching_day(&self, date: NaiveDate) -> TeachingDay {
        let free = matches!(date.weekday(), Weekday::Sat | Weekday::Sun)
            || self.closed.contains(&date)
            || (!self.opened.contains(&date) && self.holidays.iter().any(|days| days.contains(&date)))
            || public_holidays::is_day_off(date);
        if free {
            TeachingDay::No
        } else if self.complete.contains(&SchoolYear::of(date)) {
            TeachingDay::Yes
        } else {
            TeachingDay::Unknown
        }
    }

    /// The ISO week of that day: `Yes` with at least one teaching day, `No` when none can be.
    pub fn is_teaching_week(&self, date: NaiveDate) -> TeachingDay {
        let mut answer = TeachingDay::No;
        for day in monday(date).iter_days().take(5) {
            match self.is_teaching_day(day) {
                TeachingDay::Yes => return TeachingDay::Yes,
                TeachingDay::Unknown => answer = TeachingDay::Unknown,
                TeachingDay::No => {}
            }
        }
        answer
    }

    /// The teaching day that many after `date`; `date` itself for none. Stops without an
    /// answer at the first day that is not known: to skip it or to count it would be a guess.
    pub fn add_teaching_days(&self, date: NaiveDate, days: u16) -> Counted<Option<NaiveDate>> {
        let mut left = days;
        let mut day = Some(date);
        while let Some(at) = day.filter(|_| left > 0) {
            day = at.succ_opt();
            match day.map(|day| self.is_teaching_day(day)) {
                Some(TeachingDay::Yes) => left -= 1,
                Some(TeachingDay::No) | None => {}
                Some(TeachingDay::Unknown) => return unknown(None, day),
            }
        }
        Counted::sure(day)
    }

    /// The same day of the week in the teaching week that many after the week of `date`;
    /// holiday weeks are passed over. From a holiday the weeks count in full, to their
    /// Sunday. Stops without an answer at a week that is not known.
    pub fn add_teaching_weeks(&self, date: NaiveDate, weeks: u16) -> Counted<Option<NaiveDate>> {
        if weeks == 0 {
            return Counted::sure(Some(date));
        }
        let mut left = weeks;
        let mut day = match self.is_teaching_week(date) {
            TeachingDay::Yes => Some(date),
            TeachingDay::No => monday(date).checked_add_days(Days::new(6)),
            TeachingDay::Unknown => return unknown(None, Some(date)),
        };
        while let Some(at) = day.filter(|_| left > 0) {
            day = at.checked_add_days(Days::new(7));
            match day.map(|day| self.is_teaching_week(day)) {
                Some(TeachingDay::Yes) => left -= 1,
                Some(TeachingDay::No) | None => {}
                Some(TeachingDay::Unknown) => return unknown(None, day),
            }
        }
        Counted::sure(day)
    }

    /// The teaching day that many before `date`, or before the last teaching day up to it;
    /// `date` itself for none. Stops without an answer at the first day that is not known.
    pub fn back_teaching_days(&self, date: NaiveDate, days: u16) -> Counted<Option<NaiveDate>> {
        if days == 0 {
            return Counted::sure(Some(date));
        }
        // The day to count from is the first that is found.
        let mut left = u32::from(days) + 1;
        let mut day = Some(date);
        while let Some(at) = day {
            match self.is_teaching_day(at) {
                TeachingDay::Yes => left -= 1,
                TeachingDay::No => {}
                TeachingDay::Unknown => return unknown(None, day),
            }
            if left == 0 {
                break;
            }
            day = at.pred_opt();
        }
        Counted::sure(day)
    }

    /// The same day of the week in the teaching week that many before the week of `date`;
    /// holiday weeks are passed over. From a holiday the weeks count from the Sunday of the
    /// last teaching week. Stops without an answer at a week that is not known.
    pub fn back_teaching_weeks(&self, date: NaiveDate, weeks: u16) -> Counted<Option<NaiveDate>> {
        if weeks == 0 {
            return Counted::sure(Some(date));
        }
        let mut left = u32::from(weeks) + 1;
        let mut day = match self.is_teaching_week(date) {
            TeachingDay::No => monday(date).pred_opt(),
            TeachingDay::Yes | TeachingDay::Unknown => Some(date),
        };
        while let Some(at) = day {
            match self.is_teaching_week(at) {
                TeachingDay::Yes => left -= 1,
                TeachingDay::No => {}
                TeachingDay::Unknown => return unknown(None, day),
            }
            if left == 0 {
                break;
            }
            day = at.checked_sub_days(Days::new(7));
        }
        Counted::sure(day)
    }

    /// How many of these days are known to be teaching days; the warnings name the years
    /// in which there may be more.
    pub fn count_teaching_days(&self, days: RangeInclusive<NaiveDate>) -> Counted<u32> {
        let mut counted = Counted::sure(0);
        for day in days.start().iter_days().take_while(|day| day <= days.end()) {
            match self.is_teaching_day(day) {
                TeachingDay::Yes => counted.value += 1,
                TeachingDay::No => {}
                TeachingDay::Unknown => {
                    counted.warnings.insert(Warning::HolidaysUnknown { school_year: SchoolYear::of(day) });
                }
            }
        }
        counted
    }
}

/// A count that met `day`, whose school year is not known.
fn unknown<T>(value: T, day: Option<NaiveDate>) -> Counted<T> {
    let warnings = day.map(|day| Warning::HolidaysUnknown { school_year: SchoolYear::of(day) });
    Counted { value, warnings: warnings.into_iter().collect() }
}

/// The Monday that starts the ISO week of that day.
pub(crate) fn monday(date: NaiveDate) -> NaiveDate {
    let back = Days::new(u64::from(date.weekday().num_days_from_monday()));
    date.checked_sub_days(back).unwrap_or(date)
}

#[cfg(test)]
#[path = "school_calendar_tests.rs"]
mod tests;
