//! A code of six digits that goes to a mailbox: it works once, for some minutes, and can be guessed
//! a few times.

use chrono::TimeDelta;

use crate::store::{Tx, instant::to_column, keys::Use};

/// How long a code works.
pub const MINUTES: i64 = 15;
/// Wrong codes after which a code works no more.
const MOST_TRIES: i32 = 5;
/// Codes that can be asked for in one place.
const MOST_CODES: i32 = 10;
const MAC: usize = 16;

/// What a row keeps of its code.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Code {
    /// How many were asked for.
    pub asked: i32,
    /// Of the one that works, bound to its row.
    pub hash: Option<Vec<u8>>,
    /// Until when, in microseconds.
    pub until: Option<i64>,
    /// Wrong ones so far.
    pub tries: i32,
}

impl Code {
    /// A new code in place of an earlier one; none once too many were asked for. `bound` is what a
    /// code is hashed as in this row.
    pub(super) fn renew(&mut self, tx: &Tx, bound: impl Fn(&str) -> Vec<u8>) -> Option<String> {
        if self.asked >= MOST_CODES {
            return None;
        }
        let mut random = [0; 8];
        tx.app().ids.fill(&mut random);
        let code = format!("{:06}", u64::from_be_bytes(random) % 1_000_000);
        let mac = tx.app().keys.mac(Use::AnswerLink, &bound(&code));
        *self = Self {
            asked: self.asked + 1,
            hash: Some(mac[..MAC].to_vec()),
            until: Some(to_column(tx.now() + TimeDelta::minutes(MINUTES))),
            tries: 0,
        };
        Some(code)
    }

    /// Whether `given` is the code that works: that one is spent, a wrong one counted.
    pub(super) fn spend(&mut self, tx: &Tx, given: &str, bound: impl Fn(&str) -> Vec<u8>) -> bool {
        let in_time = self.until.is_some_and(|until| to_column(tx.now()) < until);
        let Some(tag) = self.hash.as_deref().filter(|_| in_time && self.tries < MOST_TRIES) else {
            return false;
        };
        if !tx.app().keys.verify(Use::AnswerLink, &bound(given), tag) {
            self.tries += 1;
            return false;
        }
        self.hash = None;
        true
    }
}
