//! What a figure counts beside the cases behind it: of these it has one thing each, and meetings and questions may be
//! several of one case or of none.

use std::collections::BTreeSet;

/// What a figure counts more than the cases that are listed for it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Beside {
    /// Of no case.
    pub without_case: u32,
    /// More of a case that is listed.
    pub of_listed: u32,
    /// Of a case that is not.
    pub of_unseen: u32,
}

impl Beside {
    /// By the case of each thing that was counted, none of what has none, and the cases that are listed. The figure is
    /// as many as are listed of these, and the three numbers.
    pub fn of<C: Ord>(counted: impl IntoIterator<Item = Option<C>>, listed: &BTreeSet<C>) -> Self {
        let (mut beside, mut met) = (Self::default(), BTreeSet::new());
        for case in counted {
            match case {
                None => beside.without_case += 1,
                Some(case) if !listed.contains(&case) => beside.of_unseen += 1,
                Some(case) if met.contains(&case) => beside.of_listed += 1,
                Some(case) => {
                    met.insert(case);
                }
            }
        }
        beside
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn what_is_of_no_case_and_what_is_of_one_twice_is_told_apart() {
        let listed = BTreeSet::from([1, 2]);
        let counted = [None, Some(1), Some(2), Some(1), None, Some(1), Some(7)];
        let meant = Beside { without_case: 2, of_listed: 2, of_unseen: 1 };
        assert_eq!(Beside::of(counted, &listed), meant);
        assert_eq!(Beside::of([Some(1), Some(2)], &listed), Beside::default(), "a figure of cases");
        assert_eq!(Beside::of([None::<u8>], &BTreeSet::new()).without_case, 1);
    }

    proptest! {
        #[test]
        fn a_figure_is_as_many_as_its_cases_and_what_is_beside_them(
            counted in prop::collection::vec(prop::option::of(0u8..6), 0..40),
            seen in prop::collection::btree_set(0u8..6, 0..6),
        ) {
            let listed: BTreeSet<u8> =
                counted.iter().flatten().copied().filter(|case| seen.contains(case)).collect();
            let all = counted.len();
            let beside = Beside::of(counted, &listed);
            let more = beside.without_case + beside.of_listed + beside.of_unseen;
            prop_assert_eq!(all, listed.len() + usize::try_from(more).unwrap());
        }
    }
}
