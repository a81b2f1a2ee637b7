//! When a system is told, and when it has failed for so long that it is told nothing any more.

use chrono::{DateTime, TimeDelta, Utc};

/// For how long an address may fail without one success.
pub const GIVE_UP: TimeDelta = TimeDelta::days(3);

/// Whether a subscription is told anything.
#[derive(Debug, Clone, Copy, PartialEq, Eq, strum::Display, strum::EnumString, strum::EnumIter)]
#[strum(serialize_all = "SCREAMING_SNAKE_CASE")]
pub enum State {
    /// It is.
    Active,
    /// Its address failed for days, or said that it is gone. A ping that arrives ends it.
    PausedAfterFailures,
}

/// What came of a try.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Heard {
    /// It was taken.
    Taken,
    /// The address said that it will never take anything again (410).
    Gone,
    /// Anything else.
    Failed,
}

/// How the tries of an address went.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Tries {
    /// Whether it is told anything.
    pub state: State,
    /// Failed tries since the last success.
    pub failures: u32,
    /// When the first of them was.
    pub failing_since: Option<DateTime<Utc>>,
}

impl Tries {
    /// After one more try at `now`.
    #[must_use]
    pub fn after(self, heard: Heard, now: DateTime<Utc>) -> Self {
        if heard == Heard::Taken {
            return Self { state: State::Active, failures: 0, failing_since: None };
        }
        let since = self.failing_since.unwrap_or(now);
        let over = heard == Heard::Gone || now - since >= GIVE_UP;
        Self {
            state: if over { State::PausedAfterFailures } else { self.state },
            failures: self.failures.saturating_add(1),
            failing_since: Some(since),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(hours: i64) -> DateTime<Utc> {
        DateTime::from_timestamp(1_795_420_800, 0).unwrap() + TimeDelta::hours(hours)
    }

    const FRESH: Tries = Tries { state: State::Active, failures: 0, failing_since: None };

    #[test]
    fn three_days_of_failures_pause_and_a_success_in_between_begins_anew() {
        let first = FRESH.after(Heard::Failed, at(0));
        assert_eq!((first.state, first.failures), (State::Active, 1));
        let later = first.after(Heard::Failed, at(71));
        assert_eq!((later.state, later.failing_since), (State::Active, Some(at(0))));
        assert_eq!(later.after(Heard::Failed, at(72)).state, State::PausedAfterFailures);
        let mended = later.after(Heard::Taken, at(71));
        assert_eq!(mended, FRESH);
        assert_eq!(mended.after(Heard::Failed, at(72)).state, State::Active);
    }

    #[test]
    fn an_address_that_is_gone_pauses_at_once_and_one_that_takes_again_goes_on() {
        let gone = FRESH.after(Heard::Gone, at(0));
        assert_eq!((gone.state, gone.failures), (State::PausedAfterFailures, 1));
        assert_eq!(gone.after(Heard::Failed, at(1)).state, State::PausedAfterFailures);
        assert_eq!(gone.after(Heard::Taken, at(1)), FRESH);
    }
}
