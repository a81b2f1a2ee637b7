//! The clocks that a deadline may be counted with.

use chrono::{Days, NaiveDate};

use super::months::{add_months, back_months};
use crate::dutch::{Counted, SchoolCalendar, termijnenwet};

/// What a term counts. The day it starts on is never counted itself.
#[derive(
    Debug,
    Clone,
    Copy,
    PartialEq,
    Eq,
    Hash,
    PartialOrd,
    Ord,
    strum::Display,
    strum::EnumString,
    strum::EnumIter,
    strum::IntoStaticStr,
    serde::Serialize,
    serde::Deserialize,
)]
#[strum(serialize_all = "SCREAMING_SNAKE_CASE")]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum DeadlineClock {
    /// Every day.
    CalendarDays,
    /// Seven days each, also in the holidays.
    CalendarWeeks,
    /// The same day of the month.
    Months,
    /// Monday to Friday, without the holidays of the Algemene termijnenwet.
    WorkingDays,
    /// Days on which that school teaches.
    TeachingDays,
    /// ISO weeks in which that school teaches on at least one day.
    TeachingWeeks,
}

impl DeadlineClock {
    /// The last day of a term of `length` that starts on `start`. None where the count
    /// needs school holidays that are not known (the warnings name the years) or leaves
    /// the calendar.
    #[must_use]
    pub fn due(self, start: NaiveDate, length: u16, school: &SchoolCalendar) -> Counted<Option<NaiveDate>> {
        let days = u64::from(length);
        match self {
            Self::CalendarDays => Counted::sure(start.checked_add_days(Days::new(days))),
            Self::CalendarWeeks => Counted::sure(start.checked_add_days(Days::new(7 * days))),
            Self::Months => Counted::sure(add_months(start, length)),
            Self::WorkingDays => Counted::sure(termijnenwet::add_working_days(start, length)),
            Self::TeachingDays => school.add_teaching_days(start, length),
            Self::TeachingWeeks => school.add_teaching_weeks(start, length),
        }
    }

    /// The last day that is at least `length` before `anchor`, which is not counted itself
    /// (a term counted back: Algemene termijnenwet art. 1(2) leaves it where it falls). None
    /// as with [`Self::due`].
    #[must_use]
    pub fn back(self, anchor: NaiveDate, length: u16, school: &SchoolCalendar) -> Counted<Option<NaiveDate>> {
        let days = u64::from(length);
        match self {
            Self::CalendarDays => Counted::sure(anchor.checked_sub_days(Days::new(days))),
            Self::CalendarWeeks => Counted::sure(anchor.checked_sub_days(Days::new(7 * days))),
            Self::Months => Counted::sure(back_months(anchor, length)),
            Self::WorkingDays => Counted::sure(termijnenwet::back_working_days(anchor, length)),
            Self::TeachingDays => school.back_teaching_days(anchor, length),
            Self::TeachingWeeks => school.back_teaching_weeks(anchor, length),
        }
    }

    /// Whether it counts past the holidays of a school, and so moves when they do.
    pub fn is_of_school(self) -> bool {
        match self {
            Self::TeachingDays | Self::TeachingWeeks => true,
            Self::CalendarDays | Self::CalendarWeeks | Self::Months | Self::WorkingDays => false,
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use strum::IntoEnumIterator;

    use super::*;
    use crate::dutch::HolidayRegion;

    fn day(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    #[test]
    fn each_clock_passes_the_christmas_holidays_in_its_own_way() {
        let school = SchoolCalendar::shipped(HolidayRegion::Midden);
        // Thursday 17 December 2026; holidays from the 19th to 3 January.
        for (clock, length, due) in [
            (DeadlineClock::CalendarDays, 10, "2026-12-27"),
            (DeadlineClock::CalendarWeeks, 6, "2027-01-28"),
            (DeadlineClock::Months, 3, "2027-03-17"),
            (DeadlineClock::WorkingDays, 10, "2027-01-04"),
            (DeadlineClock::TeachingDays, 10, "2027-01-14"),
            (DeadlineClock::TeachingWeeks, 4, "2027-01-28"),
        ] {
            let counted = clock.due(day("2026-12-17"), length, &school);
            assert_eq!(counted, Counted::sure(Some(day(due))), "{clock}");
        }
    }

    #[test]
    fn each_clock_counts_back_over_the_christmas_holidays() {
        let school = SchoolCalendar::shipped(HolidayRegion::Midden);
        // Thursday 14 January 2027; holidays from 19 December to 3 January, 25 and 1 January off.
        for (clock, length, due) in [
            (DeadlineClock::CalendarDays, 20, "2026-12-25"),
            (DeadlineClock::CalendarWeeks, 4, "2026-12-17"),
            (DeadlineClock::Months, 1, "2026-12-14"),
            (DeadlineClock::WorkingDays, 10, "2026-12-30"),
            (DeadlineClock::TeachingDays, 10, "2026-12-17"),
            (DeadlineClock::TeachingWeeks, 2, "2026-12-17"),
        ] {
            let counted = clock.back(day("2027-01-14"), length, &school);
            assert_eq!(counted, Counted::sure(Some(day(due))), "{clock}");
        }
    }

    proptest! {
        #[test]
        fn what_is_far_enough_before_is_in_time(days in 60u64..220, length in 0u16..12) {
            let school = SchoolCalendar::shipped(HolidayRegion::Zuid);
            let anchor = day("2026-09-01") + Days::new(days);
            for clock in DeadlineClock::iter() {
                let Some(last) = clock.back(anchor, length, &school).value else { continue };
                prop_assert!(last <= anchor);
                let due = clock.due(last, length, &school).value;
                prop_assert!(due.is_none_or(|due| due <= anchor), "{}", clock);
            }
        }

        #[test]
        fn counting_is_monotone(days in 0u64..200, more in 0u64..30, length in 0u16..12) {
            let school = SchoolCalendar::shipped(HolidayRegion::Zuid);
            let start = day("2026-09-01") + Days::new(days);
            for clock in DeadlineClock::iter() {
                let due = |start, length| clock.due(start, length, &school).value;
                let Some(first) = due(start, length) else { continue };
                prop_assert!(first >= start);
                prop_assert!(due(start, length + 1).is_none_or(|later| later > first), "{}", clock);
                prop_assert!(due(start + Days::new(more), length).is_none_or(|later| later >= first), "{}", clock);
            }
        }
    }
}
