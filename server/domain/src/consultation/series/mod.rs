//! Meetings that repeat: on which dates, what holidays do to them, and at which instant.
//!
//! A series is a rule on a wall clock, not a row of instants: nine o'clock stays nine o'clock
//! when the clock changes.

mod closed;
mod occurrences;
mod recurrence;

pub use closed::Closed;
pub use occurrences::{Decision, Occurrence, OnClosed, Skipped, occurrences};
pub use recurrence::{End, MAX_OCCURRENCES, Recurrence, Rule};

use chrono::{DateTime, NaiveDate, Utc};
use chrono_tz::Tz;

use crate::time::{DayTime, repeated, wall_clock};

/// Whether a booking of several meetings stands or falls as one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, strum::Display, strum::EnumString, strum::EnumIter)]
#[strum(serialize_all = "SCREAMING_SNAKE_CASE")]
pub enum Mode {
    /// All, or none.
    AllOrNothing,
    /// Each that can be booked is.
    Each,
}

/// The time of day at which a series begins, on a wall clock.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Wall {
    /// When on the day.
    pub time: DayTime,
    /// Whose clock.
    pub zone: Tz,
}

impl Wall {
    /// What the wall shows at an instant, to the minute.
    #[must_use]
    pub fn at(zone: Tz, instant: DateTime<Utc>) -> (NaiveDate, Self) {
        let wall = wall_clock(zone, instant);
        (wall.date(), Self { time: wall.time().into(), zone })
    }

    /// The instant on a date; in the gap of a clock that goes forward it moves with the gap.
    #[must_use]
    pub fn on(self, date: NaiveDate) -> DateTime<Utc> {
        repeated(self.zone, self.time.on(date))
    }
}

#[cfg(test)]
mod tests;
