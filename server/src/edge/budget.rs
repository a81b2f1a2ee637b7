//! So many an hour or a minute, each with its own account: what is not used comes back evenly.

use std::{
    collections::HashMap,
    hash::Hash,
    sync::{Mutex, PoisonError},
    time::Duration,
};

use chrono::{DateTime, TimeDelta, Utc};

/// Accounts that are kept at once. Beyond it newcomers share one account, so that a flood of
/// new names neither fills the memory nor goes uncounted.
const MOST: usize = 50_000;

/// An amount per period for each `K`. A fresh account may spend all of it at once.
pub(crate) struct Budget<K> {
    period: i64,
    /// Microseconds in which one comes back.
    each: i64,
    /// When each account is whole again; whoever is not here has spent nothing.
    accounts: Mutex<HashMap<Option<K>, i64>>,
}

impl<K: Eq + Hash> Budget<K> {
    pub(crate) fn new(amount: u32, period: TimeDelta) -> Self {
        let period = period.num_microseconds().unwrap_or(i64::MAX);
        Self { period, each: (period / i64::from(amount.max(1))).max(1), accounts: Mutex::default() }
    }

    /// Takes one off the account.
    ///
    /// # Errors
    /// How long it takes until there is one again.
    pub(crate) fn take(&self, key: K, now: DateTime<Utc>) -> Result<(), Duration> {
        let now = now.timestamp_micros();
        let mut accounts = self.accounts.lock().unwrap_or_else(PoisonError::into_inner);
        let mut key = Some(key);
        if !accounts.contains_key(&key) && accounts.len() >= MOST {
            accounts.retain(|_, whole| *whole > now);
            if accounts.len() >= MOST {
                key = None;
            }
        }
        let account = accounts.entry(key).or_insert(now);
        // No account is ever further off than a period: this one is of before the clock was set back.
        let before = if *account > now.saturating_add(self.period) { now } else { now.max(*account) };
        let whole = before.saturating_add(self.each);
        let over = whole - now - self.period;
        if over > 0 {
            return Err(Duration::from_micros(over.unsigned_abs()));
        }
        *account = whole;
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(seconds: i64) -> DateTime<Utc> {
        DateTime::from_timestamp(1_795_420_800 + seconds, 0).unwrap()
    }

    #[test]
    fn all_at_once_and_then_evenly() {
        let budget = Budget::new(6, TimeDelta::minutes(1));
        for _ in 0..6 {
            assert_eq!(budget.take("a", at(0)), Ok(()));
        }
        assert_eq!(budget.take("a", at(0)), Err(Duration::from_secs(10)));
        assert_eq!(budget.take("b", at(0)), Ok(()), "another account is its own");
        assert_eq!(budget.take("a", at(9)), Err(Duration::from_secs(1)));
        assert_eq!(budget.take("a", at(10)), Ok(()));
        assert!(budget.take("a", at(10)).is_err());
        assert!((0..6).all(|_| budget.take("a", at(3_600)).is_ok()), "no more than a period is saved up");
        assert!(budget.take("a", at(3_600)).is_err());
    }

    #[test]
    fn a_clock_set_back_locks_nobody_out() {
        let budget = Budget::new(1, TimeDelta::minutes(1));
        assert_eq!(budget.take("a", at(86_400)), Ok(()));
        assert_eq!(budget.take("a", at(0)), Ok(()));
        assert_eq!(budget.take("a", at(0)), Err(Duration::from_mins(1)));
    }

    #[test]
    fn a_flood_of_names_is_counted_as_one_and_forgotten() {
        let budget = Budget::new(2, TimeDelta::minutes(1));
        for name in 0..MOST {
            assert_eq!(budget.take(name, at(0)), Ok(()));
        }
        assert!(budget.take(MOST, at(0)).is_ok() && budget.take(MOST + 1, at(0)).is_ok());
        assert!(budget.take(MOST + 2, at(0)).is_err(), "newcomers share one account");
        assert_eq!(budget.take(7, at(0)), Ok(()), "who was there keeps its own");
        assert_eq!(budget.take(MOST + 3, at(60)), Ok(()));
        assert!(budget.accounts.lock().unwrap().len() < 10, "what is whole again is forgotten");
    }
}
