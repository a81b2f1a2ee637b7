//! The outside world of a running program: its clock and its randomness.

use std::sync::{
    Mutex,
    atomic::{AtomicI64, Ordering},
};

use chrono::{DateTime, TimeDelta, Utc};
use ring::rand::{SecureRandom, SystemRandom};
use uuid::Uuid;

use crate::app::{Clock, Ids};

#[expect(clippy::disallowed_methods, reason = "the one place where the machine's clock is read")]
fn machine_now() -> DateTime<Utc> {
    Utc::now()
}

/// The machine's clock.
pub struct SystemClock;

impl Clock for SystemClock {
    fn now(&self) -> DateTime<Utc> {
        machine_now()
    }

    fn advance(&self, _: TimeDelta) -> bool {
        false
    }
}

/// A clock that runs at the machine's pace, shifted; the demo's.
pub struct ShiftedClock(AtomicI64);

impl ShiftedClock {
    /// Starts `shift` ahead of the machine.
    pub fn new(shift: TimeDelta) -> Self {
        Self(AtomicI64::new(shift.num_microseconds().unwrap_or_default()))
    }

    /// Starts at `instant`.
    pub fn starting_at(instant: DateTime<Utc>) -> Self {
        Self::new(instant - machine_now())
    }

    /// How far it is ahead of the machine.
    pub fn shift(&self) -> TimeDelta {
        TimeDelta::microseconds(self.0.load(Ordering::SeqCst))
    }
}

impl Clock for ShiftedClock {
    fn now(&self) -> DateTime<Utc> {
        machine_now() + self.shift()
    }

    fn advance(&self, by: TimeDelta) -> bool {
        self.0.fetch_add(by.num_microseconds().unwrap_or_default(), Ordering::SeqCst);
        true
    }
}

/// Random ids that sort by time, also within one millisecond (RFC 9562 §6.2, method 1).
pub struct SystemIds {
    random: SystemRandom,
    last: Mutex<(u64, u16)>,
}

impl Default for SystemIds {
    fn default() -> Self {
        Self { random: SystemRandom::new(), last: Mutex::new((0, 0)) }
    }
}

/// The counter stands in the twelve bits after the version.
const COUNTER_END: u16 = 0x0fff;

impl Ids for SystemIds {
    fn next(&self, now: DateTime<Utc>) -> Uuid {
        let mut tail = [0; 10];
        self.fill(&mut tail);
        let millisecond = u64::try_from(now.timestamp_millis()).unwrap_or_default();
        let mut last = self.last.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        *last = match *last {
            (at, _) if millisecond > at => (millisecond, 0),
            (at, COUNTER_END) => (at + 1, 0),
            (at, counter) => (at, counter + 1),
        };
        let (millisecond, counter) = *last;
        drop(last);
        tail[..2].copy_from_slice(&counter.to_be_bytes());
        uuid::Builder::from_unix_timestamp_millis(millisecond, &tail).into_uuid()
    }

    fn fill(&self, bytes: &mut [u8]) {
        self.random.fill(bytes).expect("the machine has randomness");
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_made_in_one_millisecond_sort_as_they_were_made() {
        let ids = SystemIds::default();
        let made: Vec<Uuid> =
            (0..10_000).map(|_| ids.next(DateTime::UNIX_EPOCH + TimeDelta::days(20_000))).collect();
        assert!(made.windows(2).all(|pair| pair[0] < pair[1]));
        assert!(made.iter().all(|id| id.get_version_num() == 7));
    }
}
