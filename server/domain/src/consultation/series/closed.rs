//! On which dates a series of one school, or of all schools of a cluster, is not held.

use std::collections::BTreeSet;

use chrono::{Datelike, NaiveDate, Weekday};

use crate::{
    availability::{ClosedDay, ClosedReason},
    dutch::{SchoolCalendar, SchoolHolidays, SchoolOverrides, SchoolYear, TeachingDay, public_holidays},
};

/// The days off of some schools together: one that does not teach is enough, because its people
/// are not there. Without a school only public holidays are.
#[derive(Debug, Clone, Default)]
pub struct Closed {
    /// Each school's own, and its region's.
    schools: Vec<(SchoolCalendar, SchoolCalendar)>,
}

impl Closed {
    /// Of these schools, where these holidays are known.
    pub fn of(schools: Vec<SchoolCalendar>, published: &SchoolHolidays) -> Self {
        let none = SchoolOverrides::default();
        let region = |own: &SchoolCalendar| SchoolCalendar::new(own.region(), published, &none);
        Self { schools: schools.into_iter().map(|own| (own.clone(), region(&own))).collect() }
    }

    /// Why nobody meets on that date. A day of a year whose holidays are not known is open.
    pub fn on(&self, date: NaiveDate) -> Option<ClosedReason> {
        if public_holidays::is_day_off(date) {
            return Some(ClosedReason::PublicHoliday);
        }
        if is_weekend(date) {
            return None;
        }
        let off = |(own, _): &&(SchoolCalendar, SchoolCalendar)| own.is_teaching_day(date) == TeachingDay::No;
        let (_, region) = self.schools.iter().find(off)?;
        Some(match region.is_teaching_day(date) {
            TeachingDay::No => ClosedReason::SchoolHoliday,
            TeachingDay::Yes | TeachingDay::Unknown => ClosedReason::StudyDay,
        })
    }

    /// Whether a meeting that was moved can be on that date: a weekday on which all are open.
    pub fn is_open_weekday(&self, date: NaiveDate) -> bool {
        !is_weekend(date) && self.on(date).is_none()
    }

    /// The weekdays from `first` to `last` on which all are open.
    pub fn open_weekdays(&self, first: NaiveDate, last: NaiveDate) -> Vec<NaiveDate> {
        let dates = first.iter_days().take_while(|date| *date <= last);
        dates.filter(|date| self.is_open_weekday(*date)).collect()
    }

    /// The closed dates from `first` to `last`.
    pub fn days(&self, first: NaiveDate, last: NaiveDate) -> Vec<ClosedDay> {
        let dates = first.iter_days().take_while(|date| *date <= last);
        dates.filter_map(|date| self.on(date).map(|reason| ClosedDay { date, reason })).collect()
    }

    /// The school years among `dates` whose holidays are not known.
    pub fn unknown(&self, dates: impl Iterator<Item = NaiveDate>) -> BTreeSet<SchoolYear> {
        let unknown = |date: &NaiveDate| {
            self.schools.iter().any(|(own, _)| own.is_teaching_day(*date) == TeachingDay::Unknown)
        };
        dates.filter(unknown).map(SchoolYear::of).collect()
    }
}

fn is_weekend(date: NaiveDate) -> bool {
    matches!(date.weekday(), Weekday::Sat | Weekday::Sun)
}
