//! Time in grains of five minutes, one bit each.

use std::ops::Range;

use chrono::{DateTime, Utc};

use crate::time::Period;

/// The length of a grain. Offsets of today's zones are multiples of it.
pub(super) const GRAIN_MINUTES: u16 = 5;
const GRAIN_SECONDS: i64 = GRAIN_MINUTES as i64 * 60;
const WORD: usize = 64;

/// The grains that lie wholly inside a window, counted from its first.
#[derive(Debug, Clone, Copy)]
pub(super) struct Line {
    origin: i64,
    len: usize,
}

fn floor(at: DateTime<Utc>) -> i64 {
    at.timestamp().div_euclid(GRAIN_SECONDS)
}

fn ceil(at: DateTime<Utc>) -> i64 {
    let whole = at.timestamp().rem_euclid(GRAIN_SECONDS) == 0 && at.timestamp_subsec_nanos() == 0;
    floor(at) + i64::from(!whole)
}

impl Line {
    pub(super) fn new(window: Period) -> Self {
        let origin = ceil(window.start());
        Self { origin, len: usize::try_from(floor(window.end()) - origin).unwrap_or(0) }
    }

    pub(super) fn none(self) -> Grains {
        Grains { words: vec![0; self.len.div_ceil(WORD)], len: self.len }
    }

    pub(super) fn all(self) -> Grains {
        let mut grains = self.none();
        grains.set(0..self.len);
        grains
    }

    /// The grains wholly inside: how free time is rounded.
    pub(super) fn inward(self, period: Period) -> Range<usize> {
        self.index(ceil(period.start()))..self.index(floor(period.end()))
    }

    /// The grains touched: how taken time is rounded.
    pub(super) fn outward(self, period: Period) -> Range<usize> {
        self.index(floor(period.start()))..self.index(ceil(period.end()))
    }

    /// The grains that start at `at` or later.
    pub(super) fn from(self, at: DateTime<Utc>) -> Range<usize> {
        self.index(ceil(at))..self.len
    }

    /// When a grain starts.
    pub(super) fn start_of(self, grain: usize) -> DateTime<Utc> {
        let grain = self.origin + i64::try_from(grain).unwrap_or(i64::MAX);
        DateTime::from_timestamp(grain * GRAIN_SECONDS, 0).unwrap_or(DateTime::<Utc>::MAX_UTC)
    }

    fn index(self, grain: i64) -> usize {
        usize::try_from(grain - self.origin).unwrap_or(0).min(self.len)
    }
}

/// A set of grains of one [`Line`].
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Grains {
    words: Vec<u64>,
    len: usize,
}

impl Grains {
    fn bits(&self, range: Range<usize>) -> impl Iterator<Item = (usize, u64)> + use<> {
        let until = range.end.min(self.len);
        let words = if range.start < until { range.start / WORD..until.div_ceil(WORD) } else { 0..0 };
        words.map(move |word| {
            let first = range.start.saturating_sub(word * WORD);
            let past = (until - word * WORD).min(WORD);
            (word, (u64::MAX << first) & (u64::MAX >> (WORD - past)))
        })
    }

    pub(super) fn set(&mut self, range: Range<usize>) {
        for (word, bits) in self.bits(range) {
            self.words[word] |= bits;
        }
    }

    pub(super) fn clear(&mut self, range: Range<usize>) {
        for (word, bits) in self.bits(range) {
            self.words[word] &= !bits;
        }
    }

    #[must_use]
    pub(super) fn and(mut self, other: &Self) -> Self {
        self.words.iter_mut().zip(&other.words).for_each(|(mine, theirs)| *mine &= theirs);
        self
    }

    #[must_use]
    pub(super) fn or(mut self, other: &Self) -> Self {
        self.words.iter_mut().zip(&other.words).for_each(|(mine, theirs)| *mine |= theirs);
        self
    }

    #[must_use]
    pub(super) fn minus(mut self, other: &Self) -> Self {
        self.words.iter_mut().zip(&other.words).for_each(|(mine, theirs)| *mine &= !theirs);
        self
    }

    pub(super) fn has(&self, grain: usize) -> bool {
        grain < self.len && self.words[grain / WORD] >> (grain % WORD) & 1 == 1
    }

    /// The grains from which `count` grains in a row are in the set, by doubling: log₂ shifts.
    #[must_use]
    pub(super) fn runs(mut self, count: usize) -> Self {
        let mut have = 1;
        while have < count {
            let step = have.min(count - have);
            self.and_ahead(step);
            have += step;
        }
        self
    }

    /// Keeps a grain only if the one `step` later is kept too.
    fn and_ahead(&mut self, step: usize) {
        let (words, bits) = (step / WORD, step % WORD);
        for at in 0..self.words.len() {
            let low = self.words.get(at + words).copied().unwrap_or(0) >> bits;
            let high = self.words.get(at + words + 1).copied().unwrap_or(0);
            self.words[at] &= low | if bits == 0 { 0 } else { high << (WORD - bits) };
        }
    }

    /// The grains in the set, first to last.
    pub(super) fn ones(&self) -> impl Iterator<Item = usize> {
        self.words.iter().enumerate().flat_map(|(at, word)| {
            let mut left = *word;
            std::iter::from_fn(move || {
                let bit = left.trailing_zeros() as usize;
                left &= left.wrapping_sub(1);
                (bit < WORD).then_some(at * WORD + bit)
            })
        })
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn line(len: usize) -> Line {
        Line { origin: 0, len }
    }

    fn of(bits: &[bool]) -> Grains {
        let mut grains = line(bits.len()).none();
        bits.iter().enumerate().filter(|(_, bit)| **bit).for_each(|(at, _)| grains.set(at..at + 1));
        grains
    }

    #[test]
    fn taken_time_is_rounded_outward_and_free_time_inward() {
        let at = |second| DateTime::from_timestamp(second, 0).unwrap();
        let odd = Period::new(at(301), at(1499)).unwrap();
        assert_eq!(line(9).inward(odd), 2..4);
        assert_eq!(line(9).outward(odd), 1..5);
        let even = Period::new(at(300), at(1500)).unwrap();
        assert_eq!((line(9).inward(even), line(9).outward(even)), (1..5, 1..5));
    }

    proptest! {
        #[test]
        fn runs_are_what_counting_finds(bits in prop::collection::vec(prop::bool::weighted(0.9), 0..300), count in 1_usize..130) {
            let found: Vec<usize> = of(&bits).runs(count).ones().collect();
            let counted: Vec<usize> = (0..bits.len())
                .filter(|from| bits.get(*from..from + count).is_some_and(|run| run.iter().all(|bit| *bit)))
                .collect();
            prop_assert_eq!(found, counted);
        }

        #[test]
        fn set_and_clear_touch_their_range_only(len in 0_usize..300, from in 0_usize..310, until in 0_usize..310) {
            let mut set = line(len).none();
            set.set(from..until);
            let mut cleared = line(len).all();
            cleared.clear(from..until);
            for grain in 0..len {
                prop_assert_eq!(set.has(grain), (from..until).contains(&grain));
                prop_assert_eq!(cleared.has(grain), !(from..until).contains(&grain));
            }
        }
    }
}
