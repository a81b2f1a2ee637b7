//! What a watcher was told lately, so that what comes again after a break is not told again.

use std::collections::HashMap;

use prost_types::Timestamp;

/// How many seconds back anything may come again: the server goes back five minutes.
const BACK: i64 = 600;

/// When something changed, and into what.
type State = (i64, i32, String);

#[derive(Debug, Default)]
pub(crate) struct Told {
    newest: i64,
    states: HashMap<String, State>,
}

impl Told {
    /// Notes it; says whether it is news.
    pub(crate) fn is_news(&mut self, name: &str, time: Option<Timestamp>, version: &str) -> bool {
        let Timestamp { seconds, nanos } = time.unwrap_or_default();
        self.newest = self.newest.max(seconds);
        let from = self.newest - BACK;
        self.states.retain(|_, (seconds, ..)| *seconds >= from);
        let state = (seconds, nanos, version.to_owned());
        self.states.insert(name.to_owned(), state.clone()) != Some(state)
    }

    /// The server's time of the newest change that was told; none when nothing was.
    pub(crate) fn newest(&self) -> Option<i64> {
        (self.newest > 0).then_some(self.newest)
    }

    /// From when on something may have changed without being told.
    pub(crate) fn from(&self) -> i64 {
        self.newest - BACK
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(seconds: i64) -> Timestamp {
        Timestamp { seconds, nanos: 0 }
    }

    #[test]
    fn the_same_state_is_news_once() {
        let mut told = Told::default();
        assert_eq!(told.newest(), None);
        assert!(told.is_news("a", Some(at(1000)), "1"));
        assert!(!told.is_news("a", Some(at(1000)), "1"));
        assert!(told.is_news("a", Some(at(1000)), "2"), "another version");
        assert!(told.is_news("b", Some(at(900)), "1"), "one that began earlier and came later");
        assert_eq!((told.newest(), told.from()), (Some(1000), 400));
    }

    #[test]
    fn what_cannot_come_again_is_forgotten() {
        let mut told = Told::default();
        for seconds in 0..10_000 {
            told.is_news(&seconds.to_string(), Some(at(seconds)), "");
        }
        assert!(told.states.len() <= 601, "{}", told.states.len());
    }
}
