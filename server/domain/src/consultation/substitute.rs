//! Who stands in for somebody who cannot come: the order of the candidates, and one first
//! choice for each meeting so that nobody is first at two tables at once.

use crate::{ids::PersonId, time::Period};

/// Somebody who could come to one meeting.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Candidate {
    /// Who.
    pub person: PersonId,
    /// The link person of the school or its deputy.
    pub linked: bool,
    /// Minutes of meetings in that week.
    pub minutes: i64,
}

/// A meeting and who could come.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Vacancy {
    /// When.
    pub time: Period,
    /// Who is free then.
    pub candidates: Vec<Candidate>,
}

/// Orders the candidates of each meeting, best first: who is linked, then who has the least to
/// do. Meetings come by time; who is first at one is passed over at those that overlap it, and
/// what a meeting adds counts for the next.
pub fn rank(vacancies: &mut [Vacancy]) {
    let mut first: Vec<(PersonId, Period)> = Vec::new();
    for vacancy in vacancies {
        let given = |person: PersonId| first.iter().filter(move |(who, _)| *who == person);
        let time = vacancy.time;
        vacancy.candidates.sort_by_key(|candidate| {
            let clash = given(candidate.person).any(|(_, other)| other.overlaps(time));
            let added: i64 = given(candidate.person).map(|(_, other)| other.duration().num_minutes()).sum();
            (clash, !candidate.linked, candidate.minutes + added, candidate.person)
        });
        let free = |candidate: &&Candidate| given(candidate.person).all(|(_, other)| !other.overlaps(time));
        if let Some(best) = vacancy.candidates.first().filter(free) {
            let best = best.person;
            first.push((best, time));
        }
    }
}

#[cfg(test)]
mod tests {
    use chrono::{DateTime, TimeDelta};
    use proptest::prelude::*;
    use uuid::Uuid;

    use super::*;

    fn hours(from: i64, until: i64) -> Period {
        let at = |hour| DateTime::UNIX_EPOCH + TimeDelta::hours(hour);
        Period::new(at(from), at(until)).unwrap()
    }

    fn somebody(number: u128, linked: bool, minutes: i64) -> Candidate {
        Candidate { person: PersonId(Uuid::from_u128(number)), linked, minutes }
    }

    fn firsts(vacancies: &[Vacancy]) -> Vec<u128> {
        vacancies.iter().map(|vacancy| vacancy.candidates[0].person.0.as_u128()).collect()
    }

    #[test]
    fn the_deputy_comes_first_and_at_the_same_time_the_next() {
        let candidates = vec![somebody(1, false, 0), somebody(2, true, 600), somebody(3, false, 30)];
        let vacancy = |time| Vacancy { time, candidates: candidates.clone() };
        let mut vacancies = [vacancy(hours(0, 1)), vacancy(hours(0, 2)), vacancy(hours(2, 3))];
        rank(&mut vacancies);
        assert_eq!(firsts(&vacancies), [2, 1, 2]);
    }

    #[test]
    fn work_is_spread_over_those_who_can() {
        let candidates = vec![somebody(1, false, 0), somebody(2, false, 0)];
        let mut vacancies: Vec<Vacancy> =
            (0..4).map(|at| Vacancy { time: hours(at, at + 1), candidates: candidates.clone() }).collect();
        rank(&mut vacancies);
        assert_eq!(firsts(&vacancies), [1, 2, 1, 2]);
    }

    proptest! {
        #[test]
        fn nobody_is_lost_and_nobody_is_first_at_two_tables_when_another_could(
            meetings in prop::collection::vec((0_i64..12, 1_i64..4, prop::collection::btree_set(1_u128..5, 0..4)), 0..8),
        ) {
            let mut vacancies: Vec<Vacancy> = meetings
                .iter()
                .map(|(from, length, who)| Vacancy {
                    time: hours(*from, from + length),
                    candidates: who.iter().map(|number| somebody(*number, false, 0)).collect(),
                })
                .collect();
            rank(&mut vacancies);
            for ((_, _, who), vacancy) in meetings.iter().zip(&vacancies) {
                let mut kept: Vec<u128> = vacancy.candidates.iter().map(|one| one.person.0.as_u128()).collect();
                kept.sort_unstable();
                prop_assert!(kept.iter().eq(who.iter()));
            }
            // Who is first without a clash is given to that meeting.
            let mut given: Vec<(PersonId, Period)> = Vec::new();
            for vacancy in &vacancies {
                let clash = |who: PersonId| given.iter().any(|(other, time)| *other == who && time.overlaps(vacancy.time));
                let Some(first) = vacancy.candidates.first() else { continue };
                if clash(first.person) {
                    prop_assert!(vacancy.candidates.iter().all(|one| clash(one.person)), "{first:?}");
                } else {
                    given.push((first.person, vacancy.time));
                }
            }
        }
    }
}
