//! How many streams of events one person has open at once.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, PoisonError},
};

use uuid::Uuid;

/// More than anybody looks at. Each stream reads once a second for as long as its page is open,
/// and the share of an address does not hold behind a proxy.
const EACH: usize = 8;

/// The streams that are open, by login.
#[derive(Debug, Default)]
pub(super) struct Streams(Mutex<HashMap<Uuid, usize>>);

/// One that is open, given back when it is dropped.
#[derive(Debug)]
pub(crate) struct Open {
    streams: Arc<Streams>,
    login: Uuid,
}

impl Streams {
    /// One more of `login`; none when it has its share.
    pub(super) fn open(self: &Arc<Self>, login: Uuid) -> Option<Open> {
        let mut all = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let own = all.get(&login).copied().unwrap_or_default();
        if own >= EACH {
            return None;
        }
        all.insert(login, own + 1);
        Some(Open { streams: Arc::clone(self), login })
    }
}

impl Drop for Open {
    fn drop(&mut self) {
        let mut all = self.streams.0.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(count) = all.get_mut(&self.login) {
            *count -= 1;
            if *count == 0 {
                all.remove(&self.login);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_login_has_its_share_and_gives_it_back() {
        let streams = Arc::new(Streams::default());
        let (one, other) = (Uuid::from_u128(1), Uuid::from_u128(2));
        let mut held: Vec<_> = (0..EACH).map(|_| streams.open(one).unwrap()).collect();
        assert!(streams.open(one).is_none(), "the share is taken");
        assert!(streams.open(other).is_some(), "another has its own");
        held.pop();
        assert!(streams.open(one).is_some());
        drop(held);
        assert!(streams.0.lock().unwrap().is_empty());
    }
}
