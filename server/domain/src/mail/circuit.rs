//! Leaving in peace whoever does not take mail: after five failures in a row one try a minute.

use std::collections::HashMap;

use chrono::{DateTime, TimeDelta, Utc};

/// That many failures in a row open a circuit.
pub const TRIES: u32 = 5;

/// How long then lies between two tries.
const REST: TimeDelta = TimeDelta::minutes(1);

/// More than that are not remembered; the one that was heard of longest ago goes.
const MOST: usize = 1_000;

/// Per domain: how it went last, and how much was sent in this minute. The relay itself stands in it
/// as the empty domain.
#[derive(Debug, Default)]
pub struct Circuits {
    known: HashMap<String, Known>,
}

#[derive(Debug, Clone, Copy)]
struct Known {
    failures: u32,
    /// While the circuit is open: when the next try may be.
    probe: DateTime<Utc>,
    /// The minute that is counted.
    minute: i64,
    sent: u32,
    heard: DateTime<Utc>,
}

impl Circuits {
    /// Asks for one try at `domain`, of which at most `per_minute` are wanted. None means now; the try
    /// is then counted. Else when to ask again.
    pub fn may(
        &mut self,
        domain: &str,
        now: DateTime<Utc>,
        per_minute: Option<u32>,
    ) -> Option<DateTime<Utc>> {
        self.shrink(domain);
        let minute = now.timestamp().div_euclid(60);
        let new = Known { failures: 0, probe: now, minute, sent: 0, heard: now };
        let known = self.known.entry(domain.to_owned()).or_insert(new);
        if known.minute != minute {
            (known.minute, known.sent) = (minute, 0);
        }
        if known.failures >= TRIES && now < known.probe {
            return Some(known.probe);
        }
        if per_minute.is_some_and(|most| known.sent >= most) {
            let next = (minute + 1).checked_mul(60).and_then(|second| DateTime::from_timestamp(second, 0));
            return Some(next.unwrap_or(now + REST));
        }
        if known.failures >= TRIES {
            known.probe = now + REST;
        }
        known.sent += 1;
        None
    }

    /// When `domain` may be tried, without asking for a try.
    #[must_use]
    pub fn rests(&self, domain: &str, now: DateTime<Utc>) -> bool {
        self.known.get(domain).is_some_and(|known| known.failures >= TRIES && now < known.probe)
    }

    /// Whether `domain` is tried once a minute only.
    #[must_use]
    pub fn is_open(&self, domain: &str) -> bool {
        self.known.get(domain).is_some_and(|known| known.failures >= TRIES)
    }

    /// Notes how a try at `domain` ended.
    pub fn heard(&mut self, domain: &str, well: bool, now: DateTime<Utc>) {
        let Some(known) = self.known.get_mut(domain) else { return };
        known.heard = now;
        if well {
            known.failures = 0;
            return;
        }
        known.failures = known.failures.saturating_add(1);
        if known.failures >= TRIES {
            known.probe = now + REST;
        }
    }

    fn shrink(&mut self, domain: &str) {
        if self.known.len() < MOST || self.known.contains_key(domain) {
            return;
        }
        let oldest =
            self.known.iter().filter(|(name, _)| !name.is_empty()).min_by_key(|(_, known)| known.heard);
        if let Some(name) = oldest.map(|(name, _)| name.clone()) {
            self.known.remove(&name);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn now() -> DateTime<Utc> {
        DateTime::from_timestamp(1_795_420_800, 0).unwrap_or_default()
    }

    #[test]
    fn after_five_failures_there_is_one_try_a_minute_until_one_goes_well() {
        let mut circuits = Circuits::default();
        for _ in 0..TRIES {
            assert_eq!(circuits.may("a.example", now(), None), None);
            circuits.heard("a.example", false, now());
        }
        assert!(circuits.is_open("a.example") && circuits.rests("a.example", now()));
        assert_eq!(circuits.may("a.example", now(), None), Some(now() + REST));
        assert_eq!(circuits.may("b.example", now(), None), None, "others go on");
        let later = now() + REST;
        assert_eq!(circuits.may("a.example", later, None), None);
        assert_eq!(circuits.may("a.example", later, None), Some(later + REST), "one try, not two");
        circuits.heard("a.example", true, later);
        assert_eq!(circuits.may("a.example", later, None), None);
        assert!(!circuits.is_open("a.example"));
    }

    #[test]
    fn a_domain_gets_no_more_in_a_minute_than_it_is_to_get() {
        let mut circuits = Circuits::default();
        assert_eq!(circuits.may("a.example", now(), Some(2)), None);
        assert_eq!(circuits.may("a.example", now(), Some(2)), None);
        let next = now() + TimeDelta::minutes(1);
        assert_eq!(circuits.may("a.example", now() + TimeDelta::seconds(5), Some(2)), Some(next));
        assert_eq!(circuits.may("a.example", next, Some(2)), None);
    }

    #[test]
    fn what_is_remembered_does_not_grow_for_ever() {
        let mut circuits = Circuits::default();
        for nth in 0..3 * MOST {
            circuits.may(&format!("{nth}.example"), now(), None);
        }
        assert!(circuits.known.len() <= MOST);
    }
}
