//! Which counts are withheld, so that no small one can be worked out from the others.
//!
//! The method, in the order in which it is applied (Hundepool et al., *Statistical Disclosure
//! Control*, 2012, ch. 4, in its simplest form):
//!
//! 1. Every count from 1 up to the threshold is withheld; 0 is told.
//! 2. No sum may have exactly one withheld term: its smallest other part is withheld too, or the
//!    whole where no part is left. This goes on until nothing more is to be withheld.
//! 3. What is told is rounded to a multiple of [`STEP`], each by itself. A reader who takes every told
//!    number for the interval that it was rounded from, every small one for 1 up to the threshold, and
//!    adds and subtracts along all sums, must find at least two values for every small count;
//!    where not, one more term of its sums is withheld, and the second rule applies again.
//!
//! All counts that one reader may ever ask for about the same cases must be in one system: the
//! region, its gemeenten and their wijken are (see [`super::Published`]), so that a region less a
//! gemeente is a sum whose terms are told here or nowhere.

use std::collections::BTreeMap;

/// Told numbers are multiples of this.
pub const STEP: u32 = 5;

/// Counts below this are small.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SmallNumber(u32);

impl SmallNumber {
    /// What holds where the region says nothing.
    pub const USUAL: Self = Self(10);
    const LEAST: u32 = 5;

    /// What the region says; never below 5.
    #[must_use]
    pub fn of(region: Option<u16>) -> Self {
        region.map_or(Self::USUAL, |number| Self(u32::from(number).max(Self::LEAST)))
    }

    /// Whether that many are too few to be told.
    #[must_use]
    pub fn hides(self, count: u32) -> bool {
        0 < count && count < self.0
    }

    /// The first count that is told.
    #[must_use]
    pub fn threshold(self) -> u32 {
        self.0
    }
}

/// To the nearest multiple of [`STEP`].
#[must_use]
pub fn rounded(count: u32) -> u32 {
    (count + STEP / 2) / STEP * STEP
}

/// A sum: the whole is as many as its parts together. By their places among the counts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Line {
    /// The whole.
    pub whole: usize,
    /// Its parts; all of them.
    pub parts: Vec<usize>,
}

impl Line {
    fn terms(&self) -> impl Iterator<Item = usize> {
        self.parts.iter().copied().chain([self.whole])
    }
}

/// Counts, and every sum among them that a reader knows of.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Sums {
    /// The counts.
    pub counts: Vec<u32>,
    /// The sums.
    pub lines: Vec<Line>,
}

/// What each count may be, as far as a reader can tell.
type Bounds = Vec<(i64, i64)>;

/// More than any count.
const MANY: i64 = 1 << 40;

/// What is told of each count: none where it is withheld. Of what is `settled` it was decided elsewhere
/// whether it is withheld, and stays so, unless a small count would follow from it that nothing else keeps.
#[must_use]
pub fn suppress(sums: &Sums, small: SmallNumber, settled: &BTreeMap<usize, bool>) -> Vec<Option<u32>> {
    let small_ones = sums.counts.iter().map(|count| small.hides(*count));
    let mut hidden: Vec<bool> =
        (0..).zip(small_ones).map(|(at, is)| settled.get(&at).copied().unwrap_or(is)).collect();
    let free = |at: &usize| !settled.contains_key(at);
    loop {
        complement(sums, &mut hidden, free);
        let bounds = seen(sums, &hidden, small);
        let known = |at: &usize| small.hides(sums.counts[*at]) && bounds[*at].0 >= bounds[*at].1;
        let known: Vec<usize> = (0..sums.counts.len()).filter(known).collect();
        if known.is_empty() {
            break;
        }
        let mut more: Vec<usize> =
            known.iter().filter_map(|at| companion(sums, &hidden, *at, free)).collect();
        if more.is_empty() {
            more = known.iter().filter_map(|at| companion(sums, &hidden, *at, |_| true)).collect();
        }
        if more.is_empty() {
            break;
        }
        for at in more {
            hidden[at] = true;
        }
    }
    let told = sums.counts.iter().zip(hidden);
    told.map(|(count, hidden)| (!hidden).then(|| rounded(*count))).collect()
}

/// Withholds until no sum has exactly one withheld term.
fn complement(sums: &Sums, hidden: &mut [bool], free: impl Fn(&usize) -> bool) {
    loop {
        let mut more = false;
        for line in &sums.lines {
            if line.terms().filter(|at| hidden[*at]).count() != 1 {
                continue;
            }
            let told = line.parts.iter().copied().filter(|at| !hidden[*at] && sums.counts[*at] > 0);
            let told = told.filter(|at| free(at));
            let whole = Some(line.whole).filter(|at| !hidden[*at] && free(at));
            if let Some(at) = told.min_by_key(|at| sums.counts[*at]).or(whole) {
                hidden[at] = true;
                more = true;
            }
        }
        if !more {
            return;
        }
    }
}

/// One more count to withhold beside the one at `at`: the smallest that shares a sum with it, or
/// else with anything that is withheld.
fn companion(sums: &Sums, hidden: &[bool], at: usize, free: impl Fn(&usize) -> bool) -> Option<usize> {
    let among = |near: &dyn Fn(&Line) -> bool| {
        let terms = sums.lines.iter().filter(|line| near(line)).flat_map(Line::terms);
        terms.filter(|at| !hidden[*at] && sums.counts[*at] > 0 && free(at)).min_by_key(|at| sums.counts[*at])
    };
    among(&|line| line.terms().any(|term| term == at))
        .or_else(|| among(&|line| line.terms().any(|term| hidden[term])))
}

/// The bounds that follow for a reader from what is told, along all sums.
fn seen(sums: &Sums, hidden: &[bool], small: SmallNumber) -> Bounds {
    let (threshold, spread) = (i64::from(small.threshold()), i64::from(STEP / 2));
    let told = |(count, hidden): (&u32, &bool)| match (hidden, small.hides(*count)) {
        (true, true) => (1, threshold - 1),
        // Withheld elsewhere.
        (true, false) if *count == 0 => (0, MANY),
        (true, false) => (threshold, MANY),
        (false, _) if *count == 0 => (0, 0),
        (false, _) => {
            let told = i64::from(rounded(*count));
            (threshold.max(told - spread), told + spread)
        }
    };
    let mut bounds: Bounds = sums.counts.iter().zip(hidden).map(told).collect();
    loop {
        let mut moved = false;
        for line in &sums.lines {
            moved |= narrow(&mut bounds, line);
        }
        if !moved {
            return bounds;
        }
    }
}

/// Narrows the terms of one sum by each other.
fn narrow(bounds: &mut Bounds, line: &Line) -> bool {
    let sum = |bounds: &Bounds| {
        line.parts.iter().fold((0, 0), |(low, high), at| (low + bounds[*at].0, high + bounds[*at].1))
    };
    let mut moved = false;
    let mut set = |bounds: &mut Bounds, at: usize, (low, high): (i64, i64)| {
        let old = bounds[at];
        bounds[at] = (old.0.max(low), old.1.min(high));
        moved |= bounds[at] != old;
    };
    let parts = sum(bounds);
    set(bounds, line.whole, parts);
    let whole = bounds[line.whole];
    for at in line.parts.iter().copied() {
        let parts = sum(bounds);
        let others = (parts.0 - bounds[at].0, parts.1 - bounds[at].1);
        set(bounds, at, (whole.0 - others.1, whole.1 - others.0));
    }
    moved
}

#[cfg(test)]
#[path = "suppress_tests.rs"]
pub(super) mod tests;
