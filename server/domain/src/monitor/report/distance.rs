//! How far outside the wijk of the school that they left children are placed. It is measured from the middle of that
//! wijk, never from a home: none of these distances says where a child lives.

use super::figure::Figure;

/// Whole kilometres as the crow flies.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Distance {
    /// Half of the placements are no farther.
    pub median: u32,
    /// Nine in ten are no farther.
    pub ninetieth: u32,
}

impl Distance {
    /// Of placements each so many kilometres away; none of none.
    #[must_use]
    pub fn of(mut kilometres: Vec<u32>) -> Option<Self> {
        kilometres.sort_unstable();
        let within = |percent: usize| {
            let rank = (kilometres.len() * percent).div_ceil(100);
            kilometres.get(rank.checked_sub(1)?).copied()
        };
        Some(Self { median: within(50)?, ninetieth: within(90)? })
    }
}

/// Whether it is known how far a placement lies outside the wijk; nothing of one that does not.
#[must_use]
pub fn measured(placed: &[Figure], kilometres: Option<u32>) -> Option<Figure> {
    let is_outside = placed.contains(&Figure::PlacedOutsideWijk);
    let known = match kilometres {
        Some(_) => Figure::PlacedOutsideMeasured,
        None => Figure::PlacedOutsideUnmeasured,
    };
    is_outside.then_some(known)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::monitor::report::placed;

    #[test]
    fn half_of_the_placements_are_no_farther_than_the_median_and_nine_in_ten_than_the_ninetieth() {
        let of = |all: &[u32]| Distance::of(all.to_vec()).map(|far| (far.median, far.ninetieth));
        assert_eq!(of(&[]), None);
        assert_eq!(of(&[4]), Some((4, 4)));
        assert_eq!(of(&[9, 1]), Some((1, 9)));
        assert_eq!(of(&[7, 3, 5]), Some((5, 7)));
        assert_eq!(of(&[10, 9, 8, 7, 6, 5, 4, 3, 2, 1]), Some((5, 9)));
    }

    #[test]
    fn only_of_a_placement_outside_the_wijk_it_is_asked_how_far_it_is() {
        let outside = placed(Some("WK990101"), Some("WK990201"), None);
        assert_eq!(measured(&outside, Some(3)), Some(Figure::PlacedOutsideMeasured));
        assert_eq!(measured(&outside, None), Some(Figure::PlacedOutsideUnmeasured));
        let inside = placed(Some("WK990101"), Some("WK990101"), None);
        assert_eq!(measured(&inside, Some(3)), None);
        assert_eq!(measured(&placed(None, None, None), None), None);
    }
}
