//! Who takes which seat when several people could: nobody takes two at a time.

use std::collections::BTreeMap;

/// A seat at one moment: who could take it, and at what cost.
#[derive(Default)]
pub(super) struct Chair {
    pub(super) required: bool,
    pub(super) able: Vec<Able>,
}

/// A candidate who is free at that moment.
#[derive(Clone, Copy)]
pub(super) struct Able {
    /// The place in the people of the search.
    pub(super) person: usize,
    /// The lower, the more wanted.
    pub(super) cost: i64,
    /// The place in the choices of the seat.
    pub(super) choice: u16,
}

/// Who sits where, or nobody.
pub(super) type Seating = Vec<Option<usize>>;

/// Per chair the place in its list of able people; `None` if a required chair must stay
/// empty. Optional chairs are filled as far as the required ones leave people, in `order`,
/// and the total cost is the least possible.
pub(super) fn seat(chairs: &[Chair], order: &[usize]) -> Option<Seating> {
    let taken = seat_most(chairs, order);
    chairs.iter().zip(&taken).all(|(chair, at)| at.is_some() || !chair.required).then_some(taken)
}

/// The same, with as many required chairs filled as can be.
pub(super) fn seat_most(chairs: &[Chair], order: &[usize]) -> Seating {
    if let Some(taken) = each_their_first(chairs) {
        return taken;
    }
    let mut table = Table { chairs, taken: vec![None; chairs.len()] };
    for chair in order {
        table.admit(*chair);
    }
    table.taken
}

/// The cheapest for every chair, if these are different people: nothing can be cheaper.
fn each_their_first(chairs: &[Chair]) -> Option<Seating> {
    let mut seen: Vec<usize> = Vec::with_capacity(chairs.len());
    chairs
        .iter()
        .map(|chair| {
            let Some((at, able)) = chair.able.iter().enumerate().min_by_key(|(_, able)| able.cost) else {
                return Some(None);
            };
            let new = !seen.contains(&able.person);
            seen.push(able.person);
            new.then_some(Some(at))
        })
        .collect()
}

/// How a person is reached most cheaply: by which chair and which of its able people.
#[derive(Clone, Copy)]
struct Step {
    cost: i64,
    chair: usize,
    able: usize,
}

struct Table<'a> {
    chairs: &'a [Chair],
    taken: Vec<Option<usize>>,
}

impl Table<'_> {
    /// Fills one more chair, moving others if that is cheapest: the shortest augmenting
    /// path by Bellman–Ford, which keeps the matching cheapest for the chairs it fills.
    fn admit(&mut self, chair: usize) -> bool {
        let steps = self.steps_from(chair);
        let held: Vec<usize> = self.holders().into_keys().collect();
        let free = steps.iter().filter(|(person, _)| !held.contains(person));
        let Some((mut person, _)) =
            free.map(|(person, step)| (*person, step.cost)).min_by_key(|(_, cost)| *cost)
        else {
            return false;
        };
        loop {
            let step = steps[&person];
            let before = self.taken[step.chair].replace(step.able);
            match before {
                Some(before) if step.chair != chair => person = self.chairs[step.chair].able[before].person,
                _ => return true,
            }
        }
    }

    fn holders(&self) -> BTreeMap<usize, usize> {
        let held = self.taken.iter().enumerate();
        held.filter_map(|(chair, at)| at.map(|at| (self.chairs[chair].able[at].person, chair))).collect()
    }

    fn steps_from(&self, newcomer: usize) -> BTreeMap<usize, Step> {
        let holders = self.holders();
        let mut reach: Vec<Option<i64>> = vec![None; self.chairs.len()];
        reach[newcomer] = Some(0);
        let mut steps: BTreeMap<usize, Step> = BTreeMap::new();
        let mut changed = true;
        while changed {
            changed = false;
            for chair in 0..self.chairs.len() {
                let Some(base) = reach[chair] else { continue };
                for (able, choice) in self.chairs[chair].able.iter().enumerate() {
                    let cost = base + choice.cost;
                    let worse = steps.get(&choice.person).is_some_and(|known| known.cost <= cost);
                    if self.taken[chair] == Some(able) || worse {
                        continue;
                    }
                    steps.insert(choice.person, Step { cost, chair, able });
                    changed = true;
                    if let Some(&holder) = holders.get(&choice.person)
                        && let Some(at) = self.taken[holder]
                    {
                        reach[holder] = Some(cost - self.chairs[holder].able[at].cost);
                    }
                }
            }
        }
        steps
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::{Able, Chair, Seating};

    fn chair(required: bool, able: &[(usize, i64)]) -> Chair {
        let able = able.iter().enumerate().map(|(candidate, &(person, cost))| Able {
            person,
            cost,
            choice: u16::try_from(candidate).unwrap(),
        });
        Chair { required, able: able.collect() }
    }

    fn seat(chairs: &[Chair]) -> Option<Seating> {
        let mut order: Vec<usize> = (0..chairs.len()).collect();
        order.sort_by_key(|at| !chairs[*at].required);
        super::seat(chairs, &order)
    }

    #[test]
    fn the_link_person_of_two_seats_takes_the_one_that_has_no_other() {
        let chairs = [chair(true, &[(1, 0), (2, 10)]), chair(true, &[(1, 0)])];
        assert_eq!(seat(&chairs), Some(vec![Some(1), Some(0)]));
        assert_eq!(seat(&[chair(true, &[(1, 0)]), chair(true, &[(1, 0)])]), None);
        assert_eq!(seat(&[chair(false, &[(1, 0)]), chair(true, &[(1, 0)])]), Some(vec![None, Some(0)]));
    }

    /// Every way to seat people: (optional chairs filled, cost) of the best.
    fn best(chairs: &[Chair], used: &mut Vec<usize>) -> Option<(i64, i64)> {
        let Some((chair, rest)) = chairs.split_first() else { return Some((0, 0)) };
        let mut found =
            if chair.required { None } else { best(rest, used).map(|(gone, cost)| (gone + 1, cost)) };
        for able in &chair.able {
            if used.contains(&able.person) {
                continue;
            }
            used.push(able.person);
            let with = best(rest, used).map(|(gone, cost)| (gone, cost + able.cost));
            used.pop();
            found = [found, with].into_iter().flatten().min();
        }
        found
    }

    proptest! {
        #[test]
        fn nothing_that_trying_everything_finds_is_better(
            seats in prop::collection::vec((any::<bool>(), prop::collection::vec((0_usize..5, 0_i64..4), 0..4)), 0..5)
        ) {
            let chairs: Vec<Chair> = seats.iter().map(|(required, able)| chair(*required, able)).collect();
            let exhaustive = best(&chairs, &mut Vec::new());
            let seated = seat(&chairs);
            prop_assert_eq!(seated.is_some(), exhaustive.is_some());
            if let (Some(taken), Some((empty, _))) = (seated, exhaustive) {
                let chosen: Vec<Able> =
                    taken.iter().zip(&chairs).filter_map(|(at, chair)| at.map(|at| chair.able[at])).collect();
                let mut people: Vec<usize> = chosen.iter().map(|able| able.person).collect();
                people.sort_unstable();
                people.dedup();
                prop_assert_eq!(people.len(), chosen.len());
                prop_assert_eq!(i64::try_from(taken.len() - chosen.len()).unwrap(), empty);
                if seats.iter().all(|(required, _)| *required) {
                    let cost: i64 = chosen.iter().map(|able| able.cost).sum();
                    prop_assert_eq!(Some((0, cost)), exhaustive);
                }
            }
        }
    }
}
