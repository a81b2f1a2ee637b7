//! What holds from a day on, until something else is said to hold.

use std::collections::BTreeMap;

use chrono::NaiveDate;

use super::Validity;

/// Values by the first day on which each holds; a later one ends an earlier one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Since<T>(BTreeMap<NaiveDate, T>);

impl<T> Default for Since<T> {
    fn default() -> Self {
        Self(BTreeMap::new())
    }
}

impl<T> Since<T> {
    /// One value on every day.
    #[must_use]
    pub fn always(value: T) -> Self {
        Self(BTreeMap::from([(NaiveDate::MIN, value)]))
    }

    /// Says what holds from a day on, in place of what was said for the same day.
    pub fn say(&mut self, from: NaiveDate, value: T) {
        self.0.insert(from, value);
    }

    /// What holds on that day; none before anything was said.
    pub fn on(&self, date: NaiveDate) -> Option<&T> {
        self.0.range(..=date).next_back().map(|(_, value)| value)
    }

    /// The first day of the stretch around `date` in which what holds passes `test`; none
    /// if what holds on `date` does not.
    pub fn unbroken(&self, date: NaiveDate, test: impl Fn(&T) -> bool) -> Option<NaiveDate> {
        let passing = self.0.range(..=date).rev().take_while(|(_, value)| test(value));
        passing.last().map(|(from, _)| *from)
    }

    /// The stretches in which what holds passes `test`, one for each value said.
    pub fn stretches(&self, test: impl Fn(&T) -> bool) -> impl Iterator<Item = Validity> {
        let next = self.0.keys().skip(1).map(Some).chain([None]);
        self.0.iter().zip(next).filter(move |((_, value), _)| test(value)).filter_map(|((from, _), next)| {
            let until = next.and_then(NaiveDate::pred_opt);
            Validity::new(*from, until).ok()
        })
    }

    /// Every value with its first day, oldest first.
    pub fn all(&self) -> impl Iterator<Item = (NaiveDate, &T)> {
        self.0.iter().map(|(from, value)| (*from, value))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(d: u32) -> NaiveDate {
        NaiveDate::from_ymd_opt(2026, 11, d).unwrap()
    }

    #[test]
    fn the_last_word_before_a_day_holds_on_it() {
        let mut kinds = Since::default();
        assert_eq!(kinds.on(day(1)), None);
        kinds.say(day(10), 'b');
        kinds.say(day(5), 'a');
        assert_eq!(
            [4, 5, 9, 10, 30].map(|d| kinds.on(day(d)).copied()),
            [None, Some('a'), Some('a'), Some('b'), Some('b')]
        );
        assert_eq!(Since::always(1).on(NaiveDate::MIN), Some(&1));
    }

    #[test]
    fn a_stretch_reaches_back_over_words_that_pass() {
        let mut kinds = Since::default();
        for (d, value) in [(1, 3), (5, 8), (9, 9), (12, 1)] {
            kinds.say(day(d), value);
        }
        assert_eq!(kinds.unbroken(day(10), |value| *value > 5), Some(day(5)));
        assert_eq!(kinds.unbroken(day(12), |value| *value > 5), None);
        let high: Vec<_> = kinds.stretches(|value| *value != 8).collect();
        let of = |from, until: Option<u32>| Validity::new(day(from), until.map(day)).unwrap();
        assert_eq!(high, [of(1, Some(4)), of(9, Some(11)), of(12, None)]);
    }
}
