//! Time in grains of five minutes, one bit each.

use std::ops::Range;

use chrono::{DateTime, Utc};

use crate::time::Period;

/// The length of a grain. Offsets of today's zones are multiples of it.
pub(super) const GRAIN_MINUTES: u16 = 5;
const GRAIN_SECONDS: i64 = GRAIN_MINUTES as i64 * 60;
const WORD: usize = 64;

/// Whether a second is the start of a grain.
pub(super) fn is_on(second: i64) -> bool {
    second % GRAIN_SECONDS == 0
}

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

    /// The grains wholly inside, of two seconds since 1970: how free time is rounded.
    pub(super) fn inward(self, start: i64, end: i64) -> Range<usize> {
        self.ceil(start)..self.floor(end)
    }

    /// The grains touched: how taken time is rounded.
    pub(super) fn outward(self, start: i64, end: i64) -> Range<usize> {
        self.floor(start)..self.ceil(end)
    }

    /// The grains that start between two seconds, the second one not included.
    pub(super) fn starting(self, from: i64, until: i64) -> Range<usize> {
        self.ceil(from)..self.ceil(until)
    }

    /// The grains that start at `at` or later.
    pub(super) fn from(self, at: DateTime<Utc>) -> Range<usize> {
        self.index(ceil(at))..self.len
    }

    /// When a grain starts, in seconds since 1970.
    pub(super) fn second_of(self, grain: usize) -> i64 {
        (self.origin + i64::try_from(grain).unwrap_or(i64::MAX / GRAIN_SECONDS)) * GRAIN_SECONDS
    }

    /// When a grain starts.
    pub(super) fn start_of(self, grain: usize) -> DateTime<Utc> {
        DateTime::from_timestamp(self.second_of(grain), 0).unwrap_or(DateTime::<Utc>::MAX_UTC)
    }

    /// The grain that a second lies in, within the line.
    fn floor(self, second: i64) -> usize {
        let since = u64::try_from(second - self.origin * GRAIN_SECONDS).unwrap_or(0);
        usize::try_from(since / GRAIN_SECONDS.unsigned_abs()).unwrap_or(usize::MAX).min(self.len)
    }

    /// The first grain that starts at a second or later, within the line.
    fn ceil(self, second: i64) -> usize {
        self.floor(second.saturating_add(GRAIN_SECONDS - 1))
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

/// First and last word of a range that is not empty, and their bits.
fn ends(range: &Range<usize>) -> (usize, u64, usize, u64) {
    let last = range.end - 1;
    (range.start / WORD, u64::MAX << (range.start % WORD), last / WORD, u64::MAX >> (WORD - 1 - last % WORD))
}

impl Grains {
    pub(super) fn set(&mut self, range: Range<usize>) {
        let range = range.start..range.end.min(self.len);
        if range.is_empty() {
            return;
        }
        let (first, head, last, tail) = ends(&range);
        if first == last {
            self.words[first] |= head & tail;
            return;
        }
        self.words[first] |= head;
        self.words[first + 1..last].fill(u64::MAX);
        self.words[last] |= tail;
    }

    /// The first of `range`, and every `step`th after it.
    pub(super) fn set_every(&mut self, range: Range<usize>, step: usize) {
        let range = range.start..range.end.min(self.len);
        if range.is_empty() {
            return;
        }
        let mut next = range.start;
        while next < range.end {
            let word = next / WORD;
            let mut bits = 0;
            let past = range.end.min((word + 1) * WORD);
            while next < past {
                bits |= 1 << (next % WORD);
                next += step;
            }
            self.words[word] |= bits;
        }
    }

    pub(super) fn clear(&mut self, range: Range<usize>) {
        let range = range.start..range.end.min(self.len);
        if range.is_empty() {
            return;
        }
        let (first, head, last, tail) = ends(&range);
        if first == last {
            self.words[first] &= !(head & tail);
            return;
        }
        self.words[first] &= !head;
        self.words[first + 1..last].fill(0);
        self.words[last] &= !tail;
    }

    pub(super) fn and(&mut self, other: &Self) {
        self.words.iter_mut().zip(&other.words).for_each(|(mine, theirs)| *mine &= theirs);
    }

    pub(super) fn or(&mut self, other: &Self) {
        self.words.iter_mut().zip(&other.words).for_each(|(mine, theirs)| *mine |= theirs);
    }

    pub(super) fn minus(&mut self, other: &Self) {
        self.words.iter_mut().zip(&other.words).for_each(|(mine, theirs)| *mine &= !theirs);
    }

    pub(super) fn has(&self, grain: usize) -> bool {
        grain < self.len && self.words[grain / WORD] >> (grain % WORD) & 1 == 1
    }

    /// The words, 64 grains each, the first grain in the lowest bit.
    pub(super) fn words(&self) -> &[u64] {
        &self.words
    }

    pub(super) fn words_mut(&mut self) -> &mut [u64] {
        &mut self.words
    }

    /// The grains from which `count` grains in a row are in the set, by doubling: log₂ shifts.
    #[must_use]
    pub(super) fn runs(mut self, count: usize) -> Self {
        let mut next = vec![0; self.words.len()];
        let mut have = 1;
        while have < count {
            let step = have.min(count - have);
            self.and_ahead(step, &mut next);
            have += step;
        }
        self
    }

    /// Keeps a grain only if the one `step` later is kept too.
    fn and_ahead(&mut self, step: usize, next: &mut Vec<u64>) {
        let (skip, bits) = ((step / WORD).min(self.words.len()), step % WORD);
        let low = &self.words[skip..];
        let whole = low.len().saturating_sub(1);
        if bits == 0 {
            for ((out, here), low) in next.iter_mut().zip(&self.words).zip(low) {
                *out = here & low;
            }
        } else {
            let pairs = low.iter().zip(low.get(1..).unwrap_or_default());
            for ((out, here), (low, high)) in next.iter_mut().zip(&self.words).zip(pairs) {
                *out = here & (low >> bits | high << (WORD - bits));
            }
            if let Some(last) = low.last() {
                next[whole] = self.words[whole] & last >> bits;
            }
        }
        next[low.len()..].fill(0);
        std::mem::swap(&mut self.words, next);
    }

    /// How many grains in a row, at most six, are in the set just before this one.
    pub(super) fn before(&self, grain: usize) -> usize {
        match grain.checked_sub(6) {
            Some(first) => (self.six(first) << (WORD - 6)).leading_ones() as usize,
            None => (1..=grain).take_while(|back| self.has(grain - back)).count(),
        }
    }

    /// How many grains in a row, at most six, are in the set from this one on.
    pub(super) fn after(&self, grain: usize) -> usize {
        self.six(grain).trailing_ones() as usize
    }

    /// Six grains in the lowest bits; past the end there are none.
    fn six(&self, grain: usize) -> u64 {
        let (word, bit) = (grain / WORD, grain % WORD);
        let low = self.words.get(word).map_or(0, |low| low >> bit);
        let high =
            if bit > WORD - 6 { self.words.get(word + 1).map_or(0, |high| high << (WORD - bit)) } else { 0 };
        (low | high) & 0b11_1111
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
        assert_eq!(line(9).inward(301, 1499), 2..4);
        assert_eq!(line(9).outward(301, 1499), 1..5);
        assert_eq!((line(9).inward(300, 1500), line(9).outward(300, 1500)), (1..5, 1..5));
        assert_eq!((line(9).starting(301, 1499), line(9).starting(300, 1500)), (2..5, 1..5));
        assert_eq!(line(9).outward(-900, 1), 0..1);
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
