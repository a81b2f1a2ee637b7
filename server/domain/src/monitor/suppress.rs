//! Which counts are withheld, so that no small one can be worked out from the others.
//!
//! The method, in the order in which it is applied (Hundepool et al., *Statistical Disclosure
//! Control*, 2012, ch. 4, in its simplest form):
//!
//! 1. Every count from 1 up to the threshold is withheld.
//! 2. Where a term of a sum is that small, the zeros among its parts are withheld as well, and then those
//!    of the sums that they are terms of: so that what is withheld may be none, and nobody sees in which of
//!    many places the few are. A zero that follows from a whole that is told as 0 is told.
//! 3. No sum may have exactly one term that a reader does not know: zeros of it are withheld too, or its
//!    smallest other part, or the whole where no part is left. This goes on until nothing more is to be
//!    withheld.
//! 4. What is told is rounded to a multiple of [`STEP`], each by itself. A reader who takes every told
//!    number for the interval that it was rounded from, knows of everything withheld whether it is below the
//!    threshold or not, and adds and subtracts along all sums, must find at least three values for every small
//!    count; where not, one more term is withheld: of the nearest sums, the finest detail first, so that
//!    totals are the last to go; and the rules before apply again. It ends where a reader finds nothing, at
//!    the latest where nothing of what hangs together is told.
//!
//! Below the threshold a reader takes a withheld count for 0 up to it where the same sum has another one
//! that small, and else for 1 up to it: a zero alone would have been told.
//!
//! All counts that one reader may ever ask for about the same cases must be in one system: the
//! region, its gemeenten and their wijken are (see [`super::Published`]), so that a region less a
//! gemeente is a sum whose terms are told here or nowhere.

use std::{
    cmp::Reverse,
    collections::{BTreeMap, BTreeSet},
};

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

/// The bounds of a small count are at least so far apart: three values, so that two are left to who also
/// weighs sums against each other, which takes one value away now and then.
const ROOM: i64 = 2;

/// What is told of each count: none where it is withheld. Of what is `settled` it was decided elsewhere
/// whether it is withheld, and stays so, unless a small count would follow from it that nothing else keeps.
#[must_use]
pub fn suppress(sums: &Sums, small: SmallNumber, settled: &BTreeMap<usize, bool>) -> Vec<Option<u32>> {
    let system = System::of(sums, small);
    let is_hidden = |at: usize| small.hides(sums.counts[at]) || settled.get(&at) == Some(&true);
    let mut hidden: Vec<bool> = (0..sums.counts.len()).map(is_hidden).collect();
    let free = |at: usize| !settled.contains_key(&at);
    system.spread(&mut hidden, free);
    loop {
        let bounds = system.seen(&hidden);
        if system.complement(&mut hidden, &bounds, free) {
            continue;
        }
        let known = system.known(&bounds).into_iter();
        let more: Vec<usize> = known.filter_map(|at| system.companion(&hidden, at, free)).collect();
        if more.is_empty() {
            break;
        }
        for at in more {
            hidden[at] = true;
        }
        system.spread(&mut hidden, free);
    }
    system.give_back(&mut hidden, free);
    let told = sums.counts.iter().zip(hidden);
    told.map(|(count, hidden)| (!hidden).then(|| rounded(*count))).collect()
}

/// The sums, and where each count stands in them.
struct System<'a> {
    sums: &'a Sums,
    small: SmallNumber,
    /// The sums that each count is the whole or a part of.
    of: Vec<Vec<usize>>,
    /// How many sums lie under each count: the finest detail has none.
    height: Vec<usize>,
    /// By how much the bounds of each small count must be apart.
    room: Vec<i64>,
}

impl<'a> System<'a> {
    fn of(sums: &'a Sums, small: SmallNumber) -> Self {
        let mut of = vec![Vec::new(); sums.counts.len()];
        for (nth, line) in sums.lines.iter().enumerate() {
            for at in line.terms() {
                of[at].push(nth);
            }
        }
        let mut height = vec![0; sums.counts.len()];
        // No sum lies under itself, so that none is higher than there are sums.
        for _ in 0..sums.lines.len() {
            let mut moved = false;
            for line in &sums.lines {
                let least = line.parts.iter().map(|at| height[*at] + 1).max().unwrap_or_default();
                if height[line.whole] < least {
                    height[line.whole] = least;
                    moved = true;
                }
            }
            if !moved {
                break;
            }
        }
        let mut system = Self { sums, small, of, height, room: Vec::new() };
        // What is narrower where nothing at all is told, is so by what is known of it, not by what is told.
        let nothing = system.seen(&vec![true; sums.counts.len()]);
        system.room = nothing.into_iter().map(|(low, high)| (high - low).clamp(1, ROOM)).collect();
        system
    }

    fn lines(&self, at: usize) -> impl Iterator<Item = &'a Line> {
        self.of[at].iter().map(|nth| &self.sums.lines[*nth])
    }

    fn count(&self, at: usize) -> u32 {
        self.sums.counts[at]
    }

    /// Whether it is withheld, and none or few.
    fn is_dim(&self, hidden: &[bool], at: usize) -> bool {
        hidden[at] && self.count(at) < self.small.threshold()
    }

    fn is_told_as_none(&self, hidden: &[bool], at: usize) -> bool {
        !hidden[at] && self.count(at) == 0
    }

    /// Whether it is a zero because a whole that is told is.
    fn follows(&self, hidden: &[bool], at: usize) -> bool {
        self.lines(at).any(|line| line.whole != at && self.is_told_as_none(hidden, line.whole))
    }

    /// Withholds the zeros beside what is small, and beside those zeros. Whether there were any.
    fn spread(&self, hidden: &mut [bool], free: impl Fn(usize) -> bool) -> bool {
        let mut any = false;
        loop {
            let mut more = false;
            for line in &self.sums.lines {
                // Told zeros alone would tell that the whole is none; and below a whole that is told as none,
                // none is withheld.
                if !line.terms().any(|at| self.is_dim(hidden, at)) || self.is_told_as_none(hidden, line.whole)
                {
                    continue;
                }
                for at in line.parts.iter().copied() {
                    if self.is_told_as_none(hidden, at) && free(at) && !self.follows(hidden, at) {
                        hidden[at] = true;
                        more = true;
                    }
                }
            }
            any |= more;
            if !more {
                return any;
            }
        }
    }

    /// Withholds until no sum has exactly one term that a reader who finds these `bounds` does not know;
    /// a zero that is the one is no harm. Whether there was anything to withhold.
    fn complement(&self, hidden: &mut [bool], bounds: &Bounds, free: impl Fn(usize) -> bool) -> bool {
        let was: Vec<bool> = hidden.to_vec();
        let mut any = false;
        loop {
            let mut more = false;
            for line in &self.sums.lines {
                let is_open = |at: usize| !was[at] || bounds[at].0 < bounds[at].1;
                let Some(alone) = alone(hidden, line, is_open) else { continue };
                if self.count(alone) == 0 {
                    continue;
                }
                let told = |at: &usize| !hidden[*at] && free(*at);
                let parts = line.parts.iter().copied().filter(told);
                let parts = parts.filter(|at| self.count(*at) > 0 || !self.follows(hidden, *at));
                let whole = Some(line.whole).filter(told);
                if let Some(at) = parts.min_by_key(|at| self.count(*at)).or(whole) {
                    hidden[at] = true;
                    more = true;
                }
            }
            more |= self.spread(hidden, &free);
            any |= more;
            if !more {
                return any;
            }
        }
    }

    /// Tells what was withheld beside others and need not be, totals first.
    fn give_back(&self, hidden: &mut [bool], free: impl Fn(usize) -> bool) {
        let large = |at: &usize| hidden[*at] && free(*at) && self.count(*at) >= self.small.threshold();
        let mut large: Vec<usize> = (0..hidden.len()).filter(large).collect();
        large.sort_by_key(|at| (Reverse(self.height[*at]), Reverse(self.count(*at)), *at));
        let mut bounds = self.seen(hidden);
        for at in large {
            let mut then = bounds.clone();
            let (low, high) = self.around(at);
            then[at] = (then[at].0.max(low), then[at].1.min(high));
            hidden[at] = false;
            self.follow(hidden, &mut then, self.of[at].iter().copied().collect());
            let is_alone = |line: &Line| {
                alone(hidden, line, |at| then[at].0 < then[at].1).is_some_and(|one| self.count(one) > 0)
            };
            if self.known(&then).is_empty() && !self.sums.lines.iter().any(is_alone) {
                bounds = then;
            } else {
                hidden[at] = true;
            }
        }
    }

    /// The small counts for which the bounds of a reader leave too few values.
    fn known(&self, bounds: &Bounds) -> Vec<usize> {
        let is_known =
            |at: &usize| self.small.hides(self.count(*at)) && bounds[*at].1 - bounds[*at].0 < self.room[*at];
        (0..self.sums.counts.len()).filter(is_known).collect()
    }

    /// One more count to withhold for the one at `at`: of the sums next to it, or next to those, the finest
    /// detail, and of that the smallest; one that is settled where nothing else is left.
    fn companion(&self, hidden: &[bool], at: usize, free: impl Fn(usize) -> bool) -> Option<usize> {
        let (mut near, mut reached) = (vec![at], BTreeSet::from([at]));
        let mut settled = None;
        while !near.is_empty() {
            let terms = near.iter().flat_map(|at| self.lines(*at)).flat_map(Line::terms);
            let next: BTreeSet<usize> = terms.filter(|at| !reached.contains(at)).collect();
            let least = |is: &dyn Fn(usize) -> bool| {
                let told = next.iter().copied().filter(|at| !hidden[*at] && is(*at));
                told.min_by_key(|at| (self.height[*at], self.count(*at)))
            };
            if let Some(found) = least(&|at| self.count(at) > 0 && free(at)) {
                return Some(found);
            }
            settled = settled.or_else(|| least(&|_| true));
            reached.extend(&next);
            near = next.into_iter().collect();
        }
        settled
    }

    /// The numbers that a told one may have been rounded from.
    fn around(&self, at: usize) -> (i64, i64) {
        let (told, spread) = (i64::from(rounded(self.count(at))), i64::from(STEP / 2));
        if told == 0 { (0, 0) } else { ((told - spread).max(self.small.threshold().into()), told + spread) }
    }

    /// The bounds that follow for a reader from what is told, along all sums.
    fn seen(&self, hidden: &[bool]) -> Bounds {
        let threshold = i64::from(self.small.threshold());
        let told = |at: usize| match (hidden[at], self.count(at)) {
            (true, count) if count < self.small.threshold() => {
                let least = count > 0 && self.beside(hidden, at).next().is_none();
                (i64::from(least), threshold - 1)
            }
            (true, _) => (threshold, MANY),
            (false, _) => self.around(at),
        };
        let mut bounds: Bounds = (0..hidden.len()).map(told).collect();
        self.follow(hidden, &mut bounds, (0..self.sums.lines.len()).collect());
        bounds
    }

    /// Narrows the bounds by all sums, from those sums on.
    fn follow(&self, hidden: &[bool], bounds: &mut Bounds, mut waiting: BTreeSet<usize>) {
        loop {
            while let Some(nth) = waiting.pop_first() {
                for at in narrow(bounds, &self.sums.lines[nth]) {
                    waiting.extend(&self.of[at]);
                }
            }
            // Who sees that all beside it are zeros, knows that it is none.
            for at in 0..hidden.len() {
                let alone = bounds[at].0 == 0
                    && self.is_dim(hidden, at)
                    && self.count(at) > 0
                    && self.beside(hidden, at).all(|other| bounds[other].1 == 0);
                if alone {
                    bounds[at].0 = 1;
                    waiting.extend(&self.of[at]);
                }
            }
            if waiting.is_empty() {
                return;
            }
        }
    }

    /// The parts beside it that are withheld, and none or few.
    fn beside(&self, hidden: &[bool], at: usize) -> impl Iterator<Item = usize> {
        let lines = self.lines(at).filter(move |line| line.whole != at);
        let parts = lines.flat_map(|line| line.parts.iter().copied());
        parts.filter(move |other| *other != at && self.is_dim(hidden, *other))
    }
}

/// The one withheld term of a sum that is open to a reader, where there is exactly one.
fn alone(hidden: &[bool], line: &Line, is_open: impl Fn(usize) -> bool) -> Option<usize> {
    let mut open = line.terms().filter(|at| hidden[*at] && is_open(*at));
    let alone = open.next()?;
    open.next().is_none().then_some(alone)
}

/// Narrows the terms of one sum by each other; says which moved.
fn narrow(bounds: &mut Bounds, line: &Line) -> BTreeSet<usize> {
    let mut moved = BTreeSet::new();
    let mut set = |bounds: &mut Bounds, at: usize, (low, high): (i64, i64)| {
        let old = bounds[at];
        bounds[at] = (old.0.max(low), old.1.min(high));
        if bounds[at] != old {
            moved.insert(at);
        }
        (bounds[at].0 - old.0, bounds[at].1 - old.1)
    };
    let parts = line.parts.iter().map(|at| bounds[*at]);
    let (mut low, mut high) = parts.fold((0, 0), |sum, one| (sum.0 + one.0, sum.1 + one.1));
    set(bounds, line.whole, (low, high));
    let whole = bounds[line.whole];
    for at in line.parts.iter().copied() {
        let others = (low - bounds[at].0, high - bounds[at].1);
        let by = set(bounds, at, (whole.0 - others.1, whole.1 - others.0));
        (low, high) = (low + by.0, high + by.1);
    }
    moved
}

#[cfg(test)]
#[path = "suppress_tests.rs"]
pub(super) mod tests;
