//! The outside world of a running program: its clock and its randomness.

use std::{
    path::PathBuf,
    sync::{
        Mutex,
        atomic::{AtomicI64, Ordering},
    },
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

    fn advance(&self, _: TimeDelta) {}

    fn is_movable(&self) -> bool {
        false
    }
}

/// A clock that runs at the machine's pace, shifted; the demo's. The shift is kept in a
/// file, so that a second start does not fall back behind what has happened.
pub struct ShiftedClock {
    shift: AtomicI64,
    file: PathBuf,
}

impl ShiftedClock {
    /// Goes on with the shift that `file` holds, or with none.
    pub fn kept_in(file: PathBuf) -> Self {
        let kept = std::fs::read_to_string(&file).ok().and_then(|text| text.trim().parse().ok());
        Self { shift: AtomicI64::new(kept.unwrap_or_default()), file }
    }

    /// Makes it `instant` now.
    pub fn set(&self, instant: DateTime<Utc>) {
        self.keep((instant - machine_now()).num_microseconds().unwrap_or_default());
    }

    fn keep(&self, shift: i64) {
        self.shift.store(shift, Ordering::SeqCst);
        if let Err(error) = std::fs::write(&self.file, shift.to_string()) {
            tracing::warn!(%error, "the demo's clock could not be kept");
        }
    }
}

impl Clock for ShiftedClock {
    fn now(&self) -> DateTime<Utc> {
        machine_now() + TimeDelta::microseconds(self.shift.load(Ordering::SeqCst))
    }

    fn advance(&self, by: TimeDelta) {
        self.keep(self.shift.load(Ordering::SeqCst) + by.num_microseconds().unwrap_or_default());
    }

    fn is_movable(&self) -> bool {
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
