//! The service terms of a request, in working days.

use chrono::{Datelike, NaiveDate, Weekday};

/// How fast a team answers and comes: an agreement of the region, not law.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Terms {
    /// Working days until the answer.
    pub answer_days: u32,
    /// Working days until the meeting is held.
    pub held_days: u32,
}

impl Default for Terms {
    /// Two and ten working days.
    fn default() -> Self {
        Self { answer_days: 2, held_days: 10 }
    }
}

/// Where a term stands on a day.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Standing {
    /// More than a working day is left.
    InTime,
    /// It ends today or on the next working day.
    DueSoon,
    /// It is over.
    Late,
}

/// A calendar of working days: Monday to Friday without these public holidays.
#[derive(Debug, Clone, Copy)]
pub struct Clock<'a> {
    /// Days off that fall on a weekday.
    pub holidays: &'a [NaiveDate],
}

impl Clock<'_> {
    fn works(self, day: NaiveDate) -> bool {
        !matches!(day.weekday(), Weekday::Sat | Weekday::Sun) && !self.holidays.contains(&day)
    }

    /// The last day of a term of so many working days; the day it starts does not count.
    pub fn due(self, start: NaiveDate, days: u32) -> NaiveDate {
        let after = start.iter_days().skip(1).filter(|day| self.works(*day));
        let last = usize::try_from(days).unwrap_or(usize::MAX).checked_sub(1);
        last.and_then(|last| after.into_iter().nth(last)).unwrap_or(start)
    }

    /// Where a term that ends on `due` stands on `today`.
    pub fn standing(self, due: NaiveDate, today: NaiveDate) -> Standing {
        if today > due {
            Standing::Late
        } else if self.due(today, 1) >= due {
            Standing::DueSoon
        } else {
            Standing::InTime
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    #[test]
    fn weekends_and_holidays_are_no_working_days() {
        let holidays = [day("2026-12-25")];
        let clock = Clock { holidays: &holidays };
        assert_eq!(clock.due(day("2026-11-20"), 2), day("2026-11-24"), "asked on a Friday");
        assert_eq!(clock.due(day("2026-12-24"), 2), day("2026-12-29"));
        assert_eq!(clock.due(day("2026-11-20"), 0), day("2026-11-20"));
        assert_eq!(clock.due(day("2026-11-21"), Terms::default().held_days), day("2026-12-04"));
    }

    #[test]
    fn a_term_is_due_soon_from_the_working_day_before_its_end() {
        let clock = Clock { holidays: &[] };
        let standing = |today| clock.standing(day("2026-11-23"), day(today));
        assert_eq!(
            ["2026-11-19", "2026-11-20", "2026-11-22", "2026-11-23", "2026-11-24"].map(standing),
            [Standing::InTime, Standing::DueSoon, Standing::DueSoon, Standing::DueSoon, Standing::Late]
        );
    }
}
