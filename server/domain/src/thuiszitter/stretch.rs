//! A stretch of absence: the days of it on which there was a school to miss.

use chrono::NaiveDate;

use crate::{
    bound::Bound,
    dutch::{SchoolCalendar, TeachingDay},
};

/// The days from `first` up to and including `last` on which a school taught, `most` of them at most. Of a day of
/// which the holidays are not known nothing is guessed.
///
/// # Errors
/// What would have been right, where it taught on none of them or on more, or nobody knows.
pub fn school_days(
    calendar: &SchoolCalendar,
    (first, last): (NaiveDate, NaiveDate),
    most: usize,
) -> Result<Vec<NaiveDate>, Bound> {
    let mut taught = Vec::new();
    for day in first.iter_days().take_while(|day| *day <= last) {
        match calendar.is_teaching_day(day) {
            TeachingDay::Yes if taught.len() == most => return Err(Bound::SchoolDays),
            TeachingDay::Yes => taught.push(day),
            TeachingDay::No => {}
            TeachingDay::Unknown => return Err(Bound::HolidaysKnown),
        }
    }
    if taught.is_empty() { Err(Bound::NoSchool) } else { Ok(taught) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{dutch::HolidayRegion, thuiszitter::facts::example::day};

    #[test]
    fn weekends_and_holidays_are_no_absence_and_what_is_not_known_is_not_guessed() {
        let calendar = SchoolCalendar::shipped(HolidayRegion::Midden);
        let of = |first, last, most| school_days(&calendar, (day(first), day(last)), most);
        let around = ["2026-10-15", "2026-10-16", "2026-10-26", "2026-10-27"].map(day);
        assert_eq!(of("2026-10-15", "2026-10-27", 4), Ok(around.to_vec()));
        assert_eq!(of("2026-10-15", "2026-10-27", 3), Err(Bound::SchoolDays));
        assert_eq!(of("2026-11-20", "2026-11-20", 1), Ok(vec![day("2026-11-20")]));
        assert_eq!(of("2026-10-17", "2026-10-25", 100), Err(Bound::NoSchool));
        assert_eq!(of("2026-11-20", "2026-11-19", 100), Err(Bound::NoSchool));
        assert_eq!(of("2025-05-12", "2025-05-23", 100), Err(Bound::HolidaysKnown));
    }
}
