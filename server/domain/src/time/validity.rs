//! The days on which a link, a role or a rule holds.

use chrono::NaiveDate;

use crate::refusal::Refusal;

/// From a first day, up to and including a last day if there is one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, serde::Serialize, serde::Deserialize)]
#[serde(try_from = "Written")]
pub struct Validity {
    from: NaiveDate,
    until: Option<NaiveDate>,
}

/// The same before it is known to be one.
#[derive(serde::Deserialize)]
struct Written {
    from: NaiveDate,
    until: Option<NaiveDate>,
}

impl TryFrom<Written> for Validity {
    type Error = Refusal;

    fn try_from(written: Written) -> Result<Self, Refusal> {
        Self::new(written.from, written.until)
    }
}

impl Validity {
    /// Refuses `TIME_RANGE_INVALID` when the last day comes before the first.
    pub fn new(from: NaiveDate, until: Option<NaiveDate>) -> Result<Self, Refusal> {
        if until.is_some_and(|until| until < from) {
            return Err(Refusal::TimeRangeInvalid);
        }
        Ok(Self { from, until })
    }

    /// From a day on, without a known end.
    #[must_use]
    pub fn since(from: NaiveDate) -> Self {
        Self { from, until: None }
    }

    /// The first day.
    pub fn from(self) -> NaiveDate {
        self.from
    }

    /// The last day, inclusive; none while open-ended.
    pub fn until(self) -> Option<NaiveDate> {
        self.until
    }

    /// Whether it holds on that day.
    pub fn holds_on(self, date: NaiveDate) -> bool {
        self.from <= date && self.until.is_none_or(|until| date <= until)
    }

    /// Whether some day lies in both.
    pub fn overlaps(self, other: Self) -> bool {
        self.holds_on(other.from) || other.holds_on(self.from)
    }

    /// The days that lie in both.
    #[must_use]
    pub fn within(self, other: Self) -> Option<Self> {
        let until = [self.until, other.until].into_iter().flatten().min();
        Self::new(self.from.max(other.from), until).ok()
    }

    /// Whether an end on `last` takes it back: on `today` it has yet to begin, and would end before it does.
    pub fn taken_back(self, last: NaiveDate, today: NaiveDate) -> bool {
        last < self.from && today < self.from
    }

    /// The same with a last day; refused if it has ended before that day already.
    pub fn ended_on(self, last: NaiveDate) -> Result<Self, Refusal> {
        if self.until.is_some_and(|until| until < last) {
            return Err(Refusal::AlreadyEnded);
        }
        Self::new(self.from, Some(last))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(d: u32) -> NaiveDate {
        NaiveDate::from_ymd_opt(2026, 11, d).unwrap()
    }

    #[test]
    fn the_last_day_still_counts() {
        let week = Validity::new(day(2), Some(day(8))).unwrap();
        assert_eq!([1, 2, 8, 9].map(|d| week.holds_on(day(d))), [false, true, true, false]);
        assert!(Validity::since(day(2)).holds_on(NaiveDate::MAX));
        assert!(Validity::new(day(2), Some(day(2))).is_ok());
        assert_eq!(Validity::new(day(2), Some(day(1))), Err(Refusal::TimeRangeInvalid));
    }

    #[test]
    fn two_overlap_when_one_day_is_shared() {
        let of = |from, until: Option<u32>| Validity::new(day(from), until.map(day)).unwrap();
        for (one, other, overlap) in [
            (of(1, Some(5)), of(5, None), true),
            (of(1, Some(4)), of(5, None), false),
            (of(1, None), of(20, Some(21)), true),
        ] {
            assert_eq!((one.overlaps(other), other.overlaps(one)), (overlap, overlap));
            assert_eq!((one.within(other), other.within(one).is_some()), (other.within(one), overlap));
        }
    }

    #[test]
    fn what_two_share_ends_when_the_first_of_them_ends() {
        let of = |from, until: Option<u32>| Validity::new(day(from), until.map(day)).unwrap();
        assert_eq!(of(1, Some(5)).within(of(3, None)), Some(of(3, Some(5))));
        assert_eq!(of(1, None).within(of(3, None)), Some(of(3, None)));
    }

    #[test]
    fn only_what_has_yet_to_begin_is_taken_back() {
        let later = Validity::new(day(9), Some(day(20))).unwrap();
        assert!(later.taken_back(day(8), day(8)) && later.taken_back(day(2), day(8)));
        assert!(!later.taken_back(day(9), day(8)), "one day is left");
        assert!(!later.taken_back(day(8), day(9)), "it has begun");
    }

    #[test]
    fn an_end_can_be_set_but_not_moved_later() {
        let open = Validity::new(day(2), None).unwrap();
        let ended = open.ended_on(day(9)).unwrap();
        assert_eq!(ended.until(), Some(day(9)));
        assert_eq!(ended.ended_on(day(10)), Err(Refusal::AlreadyEnded));
        assert_eq!(open.ended_on(day(1)), Err(Refusal::TimeRangeInvalid));
    }
}
