//! A stretch of time: half-open, never empty.

use chrono::{DateTime, TimeDelta, Utc};

use super::instant::cut;
use crate::refusal::Refusal;

/// `[start, end)` in whole microseconds: meetings back to back do not overlap.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Period {
    start: DateTime<Utc>,
    end: DateTime<Utc>,
}

impl Period {
    /// Refuses `TIME_RANGE_INVALID` when nothing is left between the cut ends.
    pub fn new(start: DateTime<Utc>, end: DateTime<Utc>) -> Result<Self, Refusal> {
        let (start, end) = (cut(start), cut(end));
        if end <= start { Err(Refusal::TimeRangeInvalid) } else { Ok(Self { start, end }) }
    }

    /// The first instant inside.
    pub fn start(self) -> DateTime<Utc> {
        self.start
    }

    /// The first instant after it.
    pub fn end(self) -> DateTime<Utc> {
        self.end
    }

    /// Elapsed time, always more than zero: on a day that the clock changes not what the wall clock says.
    pub fn duration(self) -> TimeDelta {
        self.end - self.start
    }

    /// Whether some instant lies in both.
    pub fn overlaps(self, other: Self) -> bool {
        self.start < other.end && other.start < self.end
    }

    /// Whether the instant lies inside; the end does not.
    pub fn contains(self, instant: DateTime<Utc>) -> bool {
        self.start <= instant && instant < self.end
    }

    /// Whether all of `other` lies inside.
    pub fn covers(self, other: Self) -> bool {
        self.start <= other.start && other.end <= self.end
    }

    /// What lies in both; nothing if they only touch.
    pub fn intersect(self, other: Self) -> Option<Self> {
        Self::new(self.start.max(other.start), self.end.min(other.end)).ok()
    }
}

/// The same instants as sorted periods that neither overlap nor touch.
#[must_use]
pub fn union(mut periods: Vec<Period>) -> Vec<Period> {
    periods.sort_unstable();
    let mut merged: Vec<Period> = Vec::with_capacity(periods.len());
    for next in periods {
        match merged.last_mut() {
            Some(last) if next.start <= last.end => last.end = last.end.max(next.end),
            _ => merged.push(next),
        }
    }
    merged
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn period(start: i64, end: i64) -> Result<Period, Refusal> {
        let at = |micros| DateTime::from_timestamp_micros(micros).unwrap();
        Period::new(at(start), at(end))
    }

    #[test]
    fn a_period_without_length_is_refused() {
        assert_eq!(period(5, 5), Err(Refusal::TimeRangeInvalid));
        assert_eq!(period(6, 5), Err(Refusal::TimeRangeInvalid));
        let start = DateTime::from_timestamp_nanos(1_000);
        assert_eq!(Period::new(start, start + TimeDelta::nanoseconds(999)), Err(Refusal::TimeRangeInvalid));
    }

    #[test]
    fn meetings_back_to_back_do_not_overlap() {
        let (first, second) = (period(0, 10).unwrap(), period(10, 20).unwrap());
        assert!(!first.overlaps(second) && first.intersect(second).is_none());
        assert!(first.contains(first.start()) && !first.contains(first.end()));
    }

    #[test]
    fn touching_periods_become_one() {
        let of = |pairs: &[(i64, i64)]| -> Vec<Period> {
            pairs.iter().map(|(start, end)| period(*start, *end).unwrap()).collect()
        };
        assert_eq!(union(of(&[(60, 90), (0, 30), (20, 60), (100, 110)])), of(&[(0, 90), (100, 110)]));
    }

    proptest! {
        #[test]
        fn an_intersection_is_what_both_contain(
            a in 0i64..50, b in 1i64..50, c in 0i64..50, d in 1i64..50, micros in 0i64..110,
        ) {
            let (one, other) = (period(a, a + b).unwrap(), period(c, c + d).unwrap());
            let both = one.intersect(other);
            let at = DateTime::from_timestamp_micros(micros).unwrap();
            prop_assert_eq!(both, other.intersect(one));
            prop_assert_eq!(both.is_some(), one.overlaps(other));
            prop_assert_eq!(both.is_some_and(|p| p.contains(at)), one.contains(at) && other.contains(at));
            prop_assert!(both.is_none_or(|p| one.covers(p) && other.covers(p)));
        }
    }
}
