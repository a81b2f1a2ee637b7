//! How far outside the wijk of the school that they left children are placed. It is measured from the middle of that
//! wijk, never from a home: none of these distances says where a child lives.

use super::figure::Figure;
use crate::monitor::{STEP, SmallNumber};

/// Whole kilometres as the crow flies.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Distance {
    /// Half of the placements are no farther.
    pub median: u32,
    /// Nine in ten are no farther; none where that would tell of too few.
    pub ninetieth: Option<u32>,
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
        Some(Self { median: within(50)?, ninetieth: within(90) })
    }

    /// What is told of it across organisations, where as many placements as it is of are told to be `told`.
    /// Half of twice the threshold must be no farther than the median, and as many as the threshold at least as
    /// far as the ninetieth percentile: else it would be the distance of one child among too few.
    #[must_use]
    pub fn published(self, told: u32, small: SmallNumber) -> Option<Self> {
        // By the fewest that the told number may stand for: decided by how many there are, that a distance is told
        // would narrow that number down.
        let fewest = told.saturating_sub(STEP / 2);
        let at_ninetieth_or_beyond = fewest / 10 + 1;
        let ninetieth = self.ninetieth.filter(|_| at_ninetieth_or_beyond >= small.threshold());
        (fewest >= 2 * small.threshold())
            .then(|| Self { median: no_farther(self.median), ninetieth: ninetieth.map(no_farther) })
    }
}

/// Up to the next multiple of [`STEP`], and at least one: that so many placements are no farther stays true.
fn no_farther(kilometres: u32) -> u32 {
    kilometres.max(1).next_multiple_of(STEP)
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
    use crate::monitor::{report::placed, rounded};

    #[test]
    fn half_of_the_placements_are_no_farther_than_the_median_and_nine_in_ten_than_the_ninetieth() {
        let of = |all: &[u32]| Distance::of(all.to_vec()).map(|far| (far.median, far.ninetieth));
        assert_eq!(of(&[]), None);
        assert_eq!(of(&[4]), Some((4, Some(4))));
        assert_eq!(of(&[9, 1]), Some((1, Some(9))));
        assert_eq!(of(&[7, 3, 5]), Some((5, Some(7))));
        assert_eq!(of(&[10, 9, 8, 7, 6, 5, 4, 3, 2, 1]), Some((5, Some(9))));
    }

    /// Of placements 1, 2, 3 … kilometres away. Of 23 the twelfth is the median, of 92 the 46th, of 93 the 47th;
    /// the ninetieth percentile of 93 is the 84th, and ten are that far or farther.
    #[test]
    fn across_organisations_no_distance_is_told_of_fewer_children_than_the_threshold() {
        let of = |count: u32, threshold: u16| {
            let far = Distance::of((1..=count).collect()).unwrap();
            far.published(rounded(count), SmallNumber::of(Some(threshold)))
                .map(|far| (far.median, far.ninetieth))
        };
        // 22 are told as 20, which may be 18; 23 as 25, which is at least 23.
        assert_eq!([of(10, 10), of(22, 10)], [None, None]);
        assert_eq!(of(23, 10), Some((15, None)));
        assert_eq!(of(92, 10), Some((50, None)));
        assert_eq!(of(93, 10), Some((50, Some(85))));
        // Of 13 the seventh; of 43 the 22nd, and five from the 39th on.
        assert_eq!([of(9, 5), of(12, 5)], [None, None]);
        assert_eq!(of(13, 5), Some((10, None)));
        assert_eq!(of(42, 5), Some((25, None)));
        assert_eq!(of(43, 5), Some((25, Some(40))));
    }

    #[test]
    fn half_of_the_placements_are_no_farther_than_what_is_told() {
        for (median, told) in [(0, 5), (2, 5), (5, 5), (12, 15)] {
            let far = Distance { median, ninetieth: None }.published(100, SmallNumber::USUAL);
            assert_eq!(far.map(|far| far.median), Some(told), "{median}");
        }
    }

    #[test]
    fn whether_a_distance_is_told_says_no_more_of_how_many_there_are_than_their_told_number() {
        for count in 1..200_u32 {
            let told_with = |count: u32| {
                let far = Distance::of(vec![12; usize::try_from(count).unwrap()]).unwrap();
                far.published(rounded(count), SmallNumber::USUAL)
            };
            let alike = (count.max(3) - 2..count + 3).filter(|other| rounded(*other) == rounded(count));
            for other in alike {
                assert_eq!(told_with(count), told_with(other), "{count} {other}");
            }
        }
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
