//! Leerplicht and kwalificatieplicht: from when, until when.

use chrono::{Datelike, NaiveDate};

use super::{
    school_calendar::SchoolCalendar,
    school_year::{Counted, SchoolYear},
};

/// What the Leerplichtwet 1969 asks of somebody on a day, exemptions aside.
#[derive(
    Debug,
    Clone,
    Copy,
    PartialEq,
    Eq,
    Hash,
    strum::Display,
    strum::EnumString,
    strum::EnumIter,
    strum::IntoStaticStr,
)]
#[strum(serialize_all = "SCREAMING_SNAKE_CASE")]
pub enum LeerplichtStatus {
    /// Too young, though perhaps enrolled: no thuiszitter in law.
    NogNiet,
    /// LPW art. 3.
    Leerplichtig,
    /// LPW art. 4a and 4b.
    Kwalificatieplichtig,
    /// Eighteen, or qualified after leerplicht.
    Voorbij,
}

/// What the ages are counted from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Youth {
    /// Day of birth.
    pub birth: NaiveDate,
    /// The first school year attended in full, if known: twelve full years end leerplicht.
    pub first_full_year: Option<SchoolYear>,
    /// When a startkwalificatie was had, or a diploma praktijkonderwijs or a vso profile
    /// arbeidsmarkt or dagbesteding (LPW art. 4a(1), 4b).
    pub qualified_on: Option<NaiveDate>,
}

/// The day an age is reached; who was born on 29 February reaches it on 1 March in other years.
#[must_use]
pub fn birthday(birth: NaiveDate, age: u8) -> NaiveDate {
    let year = birth.year() + i32::from(age);
    NaiveDate::from_ymd_opt(year, birth.month(), birth.day())
        .or_else(|| NaiveDate::from_ymd_opt(year, 3, 1))
        .unwrap_or(NaiveDate::MAX)
}

/// Completed years of age on that day; 0 before birth.
#[must_use]
pub fn age_on(birth: NaiveDate, date: NaiveDate) -> u8 {
    (0..=u8::MAX).take_while(|&age| birthday(birth, age) <= date).last().unwrap_or_default()
}

/// Whether a youth of that age can be sent to Halt: from twelve until eighteen (Sr art. 77a, 77e).
#[must_use]
pub fn halt_takes(birth: NaiveDate, date: NaiveDate) -> bool {
    (12..18).contains(&age_on(birth, date))
}

/// LPW art. 3(1): the first of the month after the one in which the child turns five.
/// By law it is the first *school day* of that month: see [`first_school_day`].
#[must_use]
pub fn starts_in_month(birth: NaiveDate) -> NaiveDate {
    let fifth = birthday(birth, 5);
    let (year, month) =
        if fifth.month() == 12 { (fifth.year() + 1, 1) } else { (fifth.year(), fifth.month() + 1) };
    NaiveDate::from_ymd_opt(year, month, 1).unwrap_or(NaiveDate::MAX)
}

/// LPW art. 3(1): the first school day of that month, or after it if the whole month is
/// holiday; none with a warning if the school's holidays are not known.
#[must_use]
pub fn first_school_day(birth: NaiveDate, school: &SchoolCalendar) -> Counted<Option<NaiveDate>> {
    let first = starts_in_month(birth);
    school.add_teaching_days(first.pred_opt().unwrap_or(first), 1)
}

impl Youth {
    /// Somebody of whom only the birth date is known.
    #[must_use]
    pub fn born(birth: NaiveDate) -> Self {
        Self { birth, first_full_year: None, qualified_on: None }
    }

    /// The last day of leerplicht. LPW art. 3(1): the end of the school year in which the
    /// youth turns sixteen, or of the twelfth full school year if that is earlier.
    pub fn leerplicht_until(self) -> NaiveDate {
        let sixteen = SchoolYear::of(birthday(self.birth, 16));
        self.first_full_year.map_or(sixteen, |first| first.later(11).min(sixteen)).last_day()
    }

    /// The last day of kwalificatieplicht: the day before the eighteenth birthday or
    /// before the qualification (LPW art. 4a(1)); none if leerplicht lasts as long.
    pub fn kwalificatieplicht_until(self) -> Option<NaiveDate> {
        let eighteen = birthday(self.birth, 18);
        let until = self.qualified_on.map_or(eighteen, |day| day.min(eighteen)).pred_opt()?;
        (until > self.leerplicht_until()).then_some(until)
    }

    /// What holds on that day. Leerplicht is taken from the first of its month; who knows the
    /// school's calendar looks at [`first_school_day`] too.
    pub fn status_on(self, date: NaiveDate) -> LeerplichtStatus {
        if date < starts_in_month(self.birth) {
            LeerplichtStatus::NogNiet
        } else if date <= self.leerplicht_until() {
            LeerplichtStatus::Leerplichtig
        } else if self.kwalificatieplicht_until().is_some_and(|until| date <= until) {
            LeerplichtStatus::Kwalificatieplichtig
        } else {
            LeerplichtStatus::Voorbij
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
    fn halt_takes_a_youth_from_the_twelfth_birthday_until_the_eighteenth() {
        for (birth, takes) in [
            ("2017-05-14", false),
            ("2014-11-17", false),
            ("2014-11-16", true),
            ("2008-11-17", true),
            ("2008-11-16", false),
        ] {
            assert_eq!(halt_takes(day(birth), day("2026-11-16")), takes, "{birth}");
        }
    }

    #[test]
    fn leerplicht_starts_the_month_after_the_fifth_birthday() {
        // LPW art. 3(1).
        for (birth, month, school_day) in [
            ("2021-10-01", "2026-11-01", "2026-11-02"),
            ("2021-10-31", "2026-11-01", "2026-11-02"),
            ("2021-12-15", "2027-01-01", "2027-01-04"),
            ("2021-07-10", "2026-08-01", "2026-08-31"),
        ] {
            assert_eq!(starts_in_month(day(birth)), day(month));
            let school = SchoolCalendar::shipped(HolidayRegion::Midden);
            assert_eq!(first_school_day(day(birth), &school), Counted::sure(Some(day(school_day))));
        }
        let school = SchoolCalendar::shipped(HolidayRegion::Midden);
        let unknown = first_school_day(day("2022-09-01"), &school);
        assert!(unknown.value.is_none() && !unknown.warnings.is_empty());
    }

    #[test]
    fn leerplicht_ends_with_the_school_year_of_the_sixteenth_birthday() {
        // LPW art. 3(1), WPO art. 1.
        assert_eq!(Youth::born(day("2011-07-31")).leerplicht_until(), day("2027-07-31"));
        assert_eq!(Youth::born(day("2011-08-01")).leerplicht_until(), day("2028-07-31"));
        let early =
            Youth { first_full_year: Some("2015-2016".parse().unwrap()), ..Youth::born(day("2011-09-01")) };
        assert_eq!(early.leerplicht_until(), day("2027-07-31"), "twelve full school years");
    }

    #[test]
    fn kwalificatieplicht_follows_until_eighteen_or_a_diploma() {
        // LPW art. 4a, 4b.
        let youth = Youth::born(day("2010-11-21"));
        for (date, status) in [
            ("2015-11-30", LeerplichtStatus::NogNiet),
            ("2015-12-01", LeerplichtStatus::Leerplichtig),
            ("2027-07-31", LeerplichtStatus::Leerplichtig),
            ("2027-08-01", LeerplichtStatus::Kwalificatieplichtig),
            ("2028-11-20", LeerplichtStatus::Kwalificatieplichtig),
            ("2028-11-21", LeerplichtStatus::Voorbij),
        ] {
            assert_eq!(youth.status_on(day(date)), status, "{date}");
        }
        let qualified = Youth { qualified_on: Some(day("2027-06-20")), ..youth };
        assert_eq!(qualified.status_on(day("2027-07-31")), LeerplichtStatus::Leerplichtig);
        assert_eq!(qualified.status_on(day("2027-08-01")), LeerplichtStatus::Voorbij);
    }

    #[test]
    fn a_leap_day_child_ages_on_the_first_of_march() {
        assert_eq!(age_on(day("2016-02-29"), day("2027-02-28")), 10);
        assert_eq!(age_on(day("2016-02-29"), day("2027-03-01")), 11);
        assert_eq!(age_on(day("2016-02-29"), day("2028-02-29")), 12);
        assert_eq!(age_on(day("2026-11-22"), day("2026-11-21")), 0);
    }
}
