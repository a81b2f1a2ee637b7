//! The days on which a tie, an area or a block of hours holds.

use chrono::NaiveDate;

use crate::refusal::Refusal;

/// Days from `from` up to, not including, `until`; without `until` it still runs.
/// Half-open like every other stretch of time, so that a successor starts on the
/// day its predecessor ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Validity {
    from: NaiveDate,
    until: Option<NaiveDate>,
}

impl Validity {
    /// Refused with `TIME_RANGE_INVALID` if it would hold on no day.
    pub fn new(from: NaiveDate, until: Option<NaiveDate>) -> Result<Self, Refusal> {
        match until {
            Some(until) if until <= from => Err(Refusal::TimeRangeInvalid),
            _ => Ok(Self { from, until }),
        }
    }

    /// From a day on, without a known end.
    pub fn since(from: NaiveDate) -> Self {
        Self { from, until: None }
    }

    /// The first day.
    pub fn from(self) -> NaiveDate {
        self.from
    }

    /// The first day on which it holds no more.
    pub fn until(self) -> Option<NaiveDate> {
        self.until
    }

    /// Whether it holds on this day.
    pub fn holds_on(self, day: NaiveDate) -> bool {
        self.from <= day && self.until.is_none_or(|until| day < until)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(day: u32) -> NaiveDate {
        NaiveDate::from_ymd_opt(2026, 11, day).unwrap()
    }

    #[test]
    fn the_last_day_named_is_the_first_that_no_longer_counts() {
        let validity = Validity::new(day(2), Some(day(4))).unwrap();
        assert_eq!([1, 2, 3, 4].map(|d| validity.holds_on(day(d))), [false, true, true, false]);
        assert!(Validity::since(day(2)).holds_on(NaiveDate::MAX));
        assert_eq!(Validity::new(day(2), Some(day(2))), Err(Refusal::TimeRangeInvalid));
    }
}
