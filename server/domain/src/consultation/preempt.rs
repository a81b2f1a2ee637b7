//! What gives way to a crisis: the free time that comes first, or else the fewest of the least
//! important meetings.

use std::collections::BTreeSet;

use chrono::{DateTime, TimeDelta, Utc};

use super::kinds::Priority;
use crate::{
    ids::{ConsultationId, PersonId},
    time::Period,
};

/// The most who are considered for one seat.
pub const MAX_PER_SEAT: usize = 8;

/// A meeting in somebody's calendar.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct InTheWay {
    /// Which.
    pub meeting: ConsultationId,
    /// How much it matters.
    pub priority: Priority,
}

/// Time of a person that is taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Taken {
    /// When.
    pub time: Period,
    /// By what, a meeting with all its parts; none for what cannot give way: another region's, begun,
    /// or about a child in crisis.
    pub by: Option<InTheWay>,
}

/// Somebody who could come.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Candidate {
    /// Who.
    pub person: PersonId,
    /// Within which stretches, each apart; none at all means at any time.
    pub within: Option<Vec<Period>>,
    /// Not within these.
    pub away: Vec<Period>,
    /// What is taken.
    pub taken: Vec<Taken>,
}

/// A time, who comes, and what gives way.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Choice {
    /// When it starts.
    pub start: DateTime<Utc>,
    /// Per seat who comes.
    pub chosen: Vec<PersonId>,
    /// What gives way; empty when everybody is free.
    pub displaced: BTreeSet<ConsultationId>,
}

/// What a choice costs, least first: first nothing displaced, then by the most important
/// meeting that gives way, then by how many, then by time, then by the order of the candidates.
type Cost = (Option<Priority>, usize, DateTime<Utc>, usize);

/// The best of all `starts` for the first `length`; none when no seat can be filled without
/// what cannot give way. Seats hold their candidates in the order in which they are wanted;
/// only the first [`MAX_PER_SEAT`] are considered.
#[must_use]
pub fn choose(
    seats: &[Vec<Candidate>],
    starts: impl IntoIterator<Item = DateTime<Utc>>,
    length: TimeDelta,
) -> Option<Choice> {
    let mut best: Option<(Cost, Choice)> = None;
    for start in starts {
        let Ok(time) = Period::new(start, start + length) else { continue };
        let able: Vec<Vec<Able>> = seats.iter().map(|seat| able(seat, time)).collect();
        if able.iter().any(Vec::is_empty) {
            continue;
        }
        let mut table = Table { able: &able, start, chosen: Vec::new(), best: &mut best };
        table.seat(&BTreeSet::new(), None, 0);
    }
    best.map(|(_, choice)| choice)
}

/// Somebody who can come at one time, and what gives way then.
struct Able {
    person: PersonId,
    order: usize,
    displaces: Vec<InTheWay>,
}

fn able(seat: &[Candidate], time: Period) -> Vec<Able> {
    let considered = seat.iter().take(MAX_PER_SEAT).enumerate();
    considered
        .filter_map(|(order, candidate)| {
            let there = candidate.within.as_ref().is_none_or(|within| within.iter().any(|s| s.covers(time)));
            if !there || candidate.away.iter().any(|away| away.overlaps(time)) {
                return None;
            }
            let in_the_way = candidate.taken.iter().filter(|taken| taken.time.overlaps(time));
            let displaces: Option<Vec<InTheWay>> = in_the_way.map(|taken| taken.by).collect();
            let displaces = displaces?;
            let gives_way = displaces.iter().all(|way| way.priority < Priority::Crisis);
            gives_way.then_some(Able { person: candidate.person, order, displaces })
        })
        .collect()
}

struct Table<'a> {
    able: &'a [Vec<Able>],
    start: DateTime<Utc>,
    chosen: Vec<PersonId>,
    best: &'a mut Option<(Cost, Choice)>,
}

impl Table<'_> {
    /// Fills the next seat in every way that could still be the best.
    fn seat(&mut self, displaced: &BTreeSet<ConsultationId>, highest: Option<Priority>, order: usize) {
        let cost = (highest, displaced.len(), self.start, order);
        if self.best.as_ref().is_some_and(|(known, _)| *known <= cost) {
            return;
        }
        let able = self.able;
        let Some(seat) = able.get(self.chosen.len()) else {
            let choice =
                Choice { start: self.start, chosen: self.chosen.clone(), displaced: displaced.clone() };
            *self.best = Some((cost, choice));
            return;
        };
        for one in seat {
            if self.chosen.contains(&one.person) {
                continue;
            }
            let mut displaced = displaced.clone();
            displaced.extend(one.displaces.iter().map(|way| way.meeting));
            let highest = one.displaces.iter().map(|way| Some(way.priority)).fold(highest, Option::max);
            self.chosen.push(one.person);
            self.seat(&displaced, highest, order + one.order);
            self.chosen.pop();
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use uuid::Uuid;

    use super::*;

    fn at(quarter: i64) -> DateTime<Utc> {
        DateTime::UNIX_EPOCH + TimeDelta::minutes(15 * quarter)
    }

    fn from(quarter: i64, length: i64) -> Period {
        Period::new(at(quarter), at(quarter + length)).unwrap()
    }

    fn person(number: u128) -> PersonId {
        PersonId(Uuid::from_u128(number))
    }

    fn meeting(number: u128, priority: Priority) -> InTheWay {
        InTheWay { meeting: ConsultationId(Uuid::from_u128(number)), priority }
    }

    fn candidate(number: u128, taken: Vec<(Period, InTheWay)>) -> Candidate {
        Candidate {
            person: person(number),
            within: None,
            away: Vec::new(),
            taken: taken.into_iter().map(|(time, by)| Taken { time, by: Some(by) }).collect(),
        }
    }

    fn hour(seats: &[Vec<Candidate>], until: i64) -> Option<Choice> {
        choose(seats, (0..until).map(at), TimeDelta::hours(1))
    }

    #[test]
    fn a_crisis_gives_way_to_nothing() {
        let busy = candidate(1, vec![(from(0, 20), meeting(1, Priority::Crisis))]);
        assert_eq!(hour(&[vec![busy.clone()]], 16), None);
        assert_eq!(hour(&[vec![busy]], 24).unwrap().start, at(20));
    }

    #[test]
    fn a_free_hour_later_is_better_than_an_earlier_one_that_displaces() {
        let busy = candidate(1, vec![(from(0, 20), meeting(1, Priority::Policy))]);
        let found = hour(&[vec![busy]], 24).unwrap();
        assert_eq!((found.start, found.displaced.len()), (at(20), 0));
    }

    #[test]
    fn one_meeting_about_policy_gives_way_before_one_about_a_child_and_one_before_two() {
        let policy = (from(8, 8), meeting(1, Priority::Policy));
        let child = (from(0, 8), meeting(2, Priority::Child));
        let found = hour(&[vec![candidate(1, vec![child, policy])]], 12).unwrap();
        assert_eq!((found.start, found.displaced.len()), (at(8), 1));
        let two =
            vec![(from(8, 2), meeting(1, Priority::Policy)), (from(10, 6), meeting(3, Priority::Policy))];
        let found = hour(&[vec![candidate(1, [vec![child], two].concat())]], 12).unwrap();
        assert_eq!((found.start, found.displaced.len()), (at(10), 1));
    }

    #[test]
    fn one_meeting_of_both_counts_once() {
        let shared = (from(0, 40), meeting(1, Priority::Policy));
        let (one, other) = (candidate(1, vec![shared]), candidate(2, vec![shared]));
        let found = hour(&[vec![one], vec![other]], 8).unwrap();
        assert_eq!(found.displaced.len(), 1);
    }

    #[test]
    fn the_roster_and_absence_bound_when_somebody_comes() {
        let mut called = candidate(1, Vec::new());
        called.within = Some(vec![from(4, 8)]);
        called.away = vec![from(0, 6)];
        assert_eq!(hour(&[vec![called.clone()]], 20).unwrap().start, at(6));
        called.away = vec![from(0, 9)];
        assert_eq!(hour(&[vec![called]], 20), None);
    }

    fn world() -> impl Strategy<Value = Vec<Vec<Candidate>>> {
        let taken = (0_i64..16, 1_i64..8, prop::option::weighted(0.8, (1_u128..5, 0_usize..4)));
        let by = |(number, _): (u128, usize)| {
            // A meeting has one priority, whoever's calendar it stands in.
            let all = [Priority::Policy, Priority::Child, Priority::Crisis];
            meeting(number, all[usize::try_from(number).unwrap() % 3])
        };
        let taken = taken
            .prop_map(move |(start, length, what)| Taken { time: from(start, length), by: what.map(by) });
        let one = (1_u128..6, prop::collection::vec(taken, 0..4))
            .prop_map(|(who, taken)| Candidate { taken, ..candidate(who, Vec::new()) });
        prop::collection::vec(prop::collection::vec(one, 1..4), 1..3)
    }

    /// Every way to seat, one after the other.
    fn ways(seats: &[Vec<Candidate>]) -> Vec<Vec<(usize, &Candidate)>> {
        seats.iter().fold(vec![Vec::new()], |ways, seat| {
            let longer = ways.iter().flat_map(|way| {
                seat.iter().enumerate().map(move |one| way.iter().copied().chain([one]).collect())
            });
            longer.collect()
        })
    }

    fn slow(seats: &[Vec<Candidate>], until: i64) -> Option<Cost> {
        let mut best: Option<Cost> = None;
        for start in (0..until).map(at) {
            let time = Period::new(start, start + TimeDelta::hours(1)).unwrap();
            for way in ways(seats) {
                let people: BTreeSet<_> = way.iter().map(|(_, one)| one.person).collect();
                let hit: Vec<_> = way
                    .iter()
                    .flat_map(|(_, one)| one.taken.iter().filter(|taken| taken.time.overlaps(time)))
                    .collect();
                let stays = |taken: &&&Taken| taken.by.is_none_or(|by| by.priority == Priority::Crisis);
                if people.len() < way.len() || hit.iter().any(|taken| stays(&taken)) {
                    continue;
                }
                let gone: BTreeSet<_> =
                    hit.iter().filter_map(|taken| taken.by).map(|by| by.meeting).collect();
                let highest = hit.iter().filter_map(|taken| taken.by).map(|by| by.priority).max();
                let cost = (highest, gone.len(), start, way.iter().map(|(order, _)| order).sum());
                best = Some(best.map_or(cost, |known| known.min(cost)));
            }
        }
        best
    }

    proptest! {
        #[test]
        fn the_choice_is_the_cheapest_of_all_ways(seats in world()) {
            let found = hour(&seats, 16);
            let slow = slow(&seats, 16);
            prop_assert_eq!(found.is_some(), slow.is_some());
            if let (Some(found), Some((_, count, start, _))) = (found, slow) {
                prop_assert_eq!((found.displaced.len(), found.start), (count, start));
            }
        }
    }
}
