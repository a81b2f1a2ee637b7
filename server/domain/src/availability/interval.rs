//! A stretch of time between two instants.

use chrono::{DateTime, TimeDelta, Utc};

use crate::refusal::Refusal;

/// From `start` up to, not including, `end`; never empty.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Interval {
    start: DateTime<Utc>,
    end: DateTime<Utc>,
}

impl Interval {
    /// Refused with `TIME_RANGE_INVALID` unless the end comes after the start.
    pub fn new(start: DateTime<Utc>, end: DateTime<Utc>) -> Result<Self, Refusal> {
        if start < end { Ok(Self { start, end }) } else { Err(Refusal::TimeRangeInvalid) }
    }

    /// The first instant.
    pub fn start(self) -> DateTime<Utc> {
        self.start
    }

    /// The first instant after it.
    pub fn end(self) -> DateTime<Utc> {
        self.end
    }

    /// Elapsed time, not wall-clock time.
    pub fn length(self) -> TimeDelta {
        self.end - self.start
    }

    /// Whether they share an instant; touching ends do not.
    pub fn overlaps(self, other: Self) -> bool {
        self.start < other.end && other.start < self.end
    }

    /// Whether the whole of `other` lies inside.
    pub fn covers(self, other: Self) -> bool {
        self.start <= other.start && other.end <= self.end
    }
}

/// The same instants as sorted stretches that neither overlap nor touch.
pub fn union(mut intervals: Vec<Interval>) -> Vec<Interval> {
    intervals.sort_unstable();
    let mut merged: Vec<Interval> = Vec::with_capacity(intervals.len());
    for next in intervals {
        match merged.last_mut() {
            Some(last) if next.start <= last.end => last.end = last.end.max(next.end),
            _ => merged.push(next),
        }
    }
    merged
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(minute: i64) -> DateTime<Utc> {
        DateTime::UNIX_EPOCH + TimeDelta::minutes(minute)
    }

    fn from(start: i64, end: i64) -> Interval {
        Interval::new(at(start), at(end)).unwrap()
    }

    #[test]
    fn meetings_back_to_back_do_not_overlap() {
        assert!(!from(0, 60).overlaps(from(60, 120)));
        assert!(from(0, 61).overlaps(from(60, 120)));
        assert_eq!(Interval::new(at(1), at(1)), Err(Refusal::TimeRangeInvalid));
    }

    #[test]
    fn touching_blocks_become_one() {
        assert_eq!(
            union(vec![from(60, 90), from(0, 30), from(20, 60), from(100, 110)]),
            [from(0, 90), from(100, 110)]
        );
    }
}
