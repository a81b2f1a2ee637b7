//! Counting in how many sets a grain is, for all grains at once: one bit of every count a plane.

use super::grain::{Grains, Line};

/// A count for every grain of a line.
pub(super) struct Tally {
    line: Line,
    /// The lowest bit first.
    planes: Vec<Vec<u64>>,
    carry: Vec<u64>,
}

impl Tally {
    pub(super) fn new(line: Line) -> Self {
        Self { line, planes: Vec::new(), carry: Vec::new() }
    }

    /// One more wherever the set has a grain.
    pub(super) fn add(&mut self, set: &Grains) {
        self.carry.clear();
        self.carry.extend_from_slice(set.words());
        for plane in &mut self.planes {
            let mut left = 0;
            for (bit, carry) in plane.iter_mut().zip(&mut self.carry) {
                (*bit, *carry) = (*bit ^ *carry, *bit & *carry);
                left |= *carry;
            }
            if left == 0 {
                return;
            }
        }
        self.planes.push(self.carry.clone());
    }

    /// Where the count is `least` or more.
    pub(super) fn at_least(&self, least: usize) -> Grains {
        let (mut more, mut same) = (self.line.none(), self.line.all());
        if self.planes.len() < usize::BITS as usize && least >> self.planes.len() != 0 {
            return more;
        }
        for (bit, plane) in self.planes.iter().enumerate().rev() {
            let wanted = least >> bit & 1 == 1;
            let words = more.words_mut().iter_mut().zip(same.words_mut()).zip(plane);
            for ((more, same), plane) in words {
                if wanted {
                    *same &= plane;
                } else {
                    *more |= *same & plane;
                    *same &= !plane;
                }
            }
        }
        more.or(&same);
        more
    }

    /// Those of `among` at which the count is `exactly` this.
    pub(super) fn equal(&self, exactly: usize, among: &Grains) -> Grains {
        if self.planes.len() < usize::BITS as usize && exactly >> self.planes.len() != 0 {
            return self.line.none();
        }
        let mut same = among.clone();
        for (bit, plane) in self.planes.iter().enumerate() {
            let wanted = if exactly >> bit & 1 == 1 { 0 } else { u64::MAX };
            same.words_mut().iter_mut().zip(plane).for_each(|(same, plane)| *same &= plane ^ wanted);
        }
        same
    }

    /// The most that a count can be.
    pub(super) fn most(&self) -> usize {
        (1 << self.planes.len()) - 1
    }
}

#[cfg(test)]
mod tests {
    use chrono::DateTime;
    use proptest::prelude::*;

    use super::*;
    use crate::time::Period;

    proptest! {
        #[test]
        fn planes_count_as_fingers_do(sets in prop::collection::vec(prop::collection::vec(any::<bool>(), 150), 0..20), asked in 0_usize..22) {
            let at = |grain: i64| DateTime::from_timestamp(grain * 300, 0).unwrap();
            let line = Line::new(Period::new(at(0), at(150)).unwrap());
            let mut tally = Tally::new(line);
            for set in &sets {
                let mut grains = line.none();
                set.iter().enumerate().filter(|(_, is)| **is).for_each(|(grain, _)| grains.set(grain..grain + 1));
                tally.add(&grains);
            }
            let (least, equal) = (tally.at_least(asked), tally.equal(asked, &line.all()));
            for grain in 0..150 {
                let count = sets.iter().filter(|set| set[grain]).count();
                prop_assert_eq!(least.has(grain), count >= asked);
                prop_assert_eq!(equal.has(grain), count == asked);
                prop_assert!(count <= tally.most());
            }
        }
    }
}
