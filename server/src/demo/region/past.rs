//! The children who were at home in the year before the first day, and what was done for each of them.

use std::collections::BTreeMap;

use chrono::{NaiveDate, TimeDelta};
use schakel_client::v1::Moment;
use schakel_domain::access::Role;

use super::{
    Region,
    archetypes::{Archetype, GEZAG, Home, NO_EMAIL, NO_GEZAG, ParentShape},
    calendar::offset,
    cases::{Author, CaseSeed, NoteSeed, Track},
    courses::{COURSES, Course, Deed},
    names::Words,
    people::Person,
    random::Random,
    schools::{School, SchoolSoort},
};

/// How long before the first day it begins. Who watches over the cases is in service by then.
pub const YEAR: TimeDelta = TimeDelta::days(364);
/// The first case is opened two weeks after that, the last one two weeks before the first day.
const FIRST_OPENED: i64 = 350;
const LAST_OPENED: i64 = 14;
/// So many schools had children at home: few enough that a wijk has more than one.
const PLACES: usize = 24;
/// An intern begeleider has so many half hours for parents on a day, and each case its own.
const TURNS: i32 = 14;

/// Who brings up the child, in turn.
const FAMILIES: [&[ParentShape]; 4] = [&[GEZAG, GEZAG], &[GEZAG], &[GEZAG, NO_GEZAG], &[GEZAG, NO_EMAIL]];

/// A case of the year before.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PastCase {
    /// The case as it was opened.
    pub seed: CaseSeed,
    /// Who meets the parents for the school: a person's code.
    pub iber: String,
    /// In which half hour of the day they meet, 0 to 13.
    pub turn: i32,
    /// Where a place was found for the child, where one was: a vestigingscode.
    pub next: Option<String>,
    /// What was done on which day, in order. All of it lies before the first day.
    pub deeds: Vec<(NaiveDate, Deed)>,
}

impl Region {
    /// The cases of the year before, at schools other than that of the story; one seed always gives the
    /// same. They are no part of the region: most tests start on its first day.
    pub fn past(&self, seed: u64) -> Vec<PastCase> {
        let mut random = Random::stream(seed, "past");
        let mut places = self.places_of_the_past();
        random.shuffle(&mut places);
        places.truncate(PLACES);
        let elsewhere = self.public_text() + &self.tokens().join(" ");
        let mut author = Author {
            words: Words::avoiding(Random::stream(seed, "words of the past"), &elsewhere),
            random,
            first_day: self.first_day,
            gemeenten: &self.gemeenten,
        };
        let mut turns: BTreeMap<&str, i32> = BTreeMap::new();
        let all = self.size.past();
        let mut past = Vec::with_capacity(usize::from(all));
        for (n, &(school, ref iber)) in (0..all).zip(places.iter().cycle()) {
            let ago = FIRST_OPENED - (FIRST_OPENED - LAST_OPENED) * i64::from(n) / i64::from(all);
            let opened = offset(self.first_day, -ago);
            let course = &COURSES[usize::from(n) * 5 % COURSES.len()];
            let archetype = Archetype {
                number: 0,
                age: u8::try_from(5 + n % 7).expect("a small number"),
                school: Some(school.soort),
                absence: course.absence,
                days: (self.first_day - opened).num_days() + i64::from(course.days),
                track: Track::Stage(0),
                escalation: 0,
                parents: FAMILIES[usize::from(n) % FAMILIES.len()],
                home: Home::SameGemeente,
                notes: &[],
            };
            let mut case = author.write(&archetype, Some(school));
            let text = course.question.replace("{kind}", &case.child.given_name);
            case.notes.push(NoteSeed { on: opened, text });
            let turn = turns.entry(iber).or_default();
            let deeds = deeds(course, opened, self.first_day);
            let moves = deeds.iter().any(|(_, deed)| *deed == Deed::Moves);
            let next = if moves { self.place_for(school, usize::from(n)) } else { None };
            past.push(PastCase { seed: case, iber: iber.clone(), turn: *turn % TURNS, next, deeds });
            *turn += 1;
        }
        past
    }

    /// A regular school of another wijk, in the same gemeente where it has one: another for each case, never that of
    /// the story.
    fn place_for(&self, left: &School, nth: usize) -> Option<String> {
        let story = self.people_of_the_story().school;
        let fits = |school: &&School| {
            school.soort == SchoolSoort::Bao && school.wijk != left.wijk && school.code != story
        };
        let all: Vec<&School> = self.schools.iter().filter(fits).collect();
        let near: Vec<&School> = all.iter().copied().filter(|one| one.gemeente == left.gemeente).collect();
        let among = if near.is_empty() { all } else { near };
        among.get(nth.checked_rem(among.len())?).map(|school| school.code.clone())
    }

    /// Schools whose intern begeleider was there all year, each with that person's code.
    fn places_of_the_past(&self) -> Vec<(&School, String)> {
        let began = self.first_day - YEAR;
        let story = self.people_of_the_story();
        let there = |school: &School| {
            let has = |person: &&Person| {
                person.code != story.iber
                    && person.affiliations.iter().any(|at| {
                        at.role == Role::Iber && at.organisation == school.code && at.since <= began
                    })
            };
            self.people.iter().find(has).map(|person| person.code.clone())
        };
        let others = self.schools.iter().filter(|school| school.code != story.school);
        others.filter_map(|school| Some((school, there(school)?))).collect()
    }
}

/// What was done by the day before `first_day`, in order; a meeting is booked some days ahead.
fn deeds(course: &Course, opened: NaiveDate, first_day: NaiveDate) -> Vec<(NaiveDate, Deed)> {
    // Whoever opens it is the coordinator: the samenwerkingsverband is involved from then on.
    let mut deeds = vec![(opened, Deed::Opens), (opened, Deed::Happens(Moment::SwvInvolved))];
    for (days, deed) in course.deeds {
        let day = offset(opened, i64::from(*days));
        if day >= first_day {
            break;
        }
        if *deed == Deed::Meets {
            deeds.push((offset(day, -5), Deed::Books(day)));
        }
        deeds.push((day, *deed));
    }
    // What happens on one day stays in the order of the course.
    deeds.sort_by_key(|(day, _)| *day);
    deeds
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;
    use crate::demo::region::Size;

    /// A Saturday, and the days around which a school year turns.
    const DAYS: [(i32, u32, u32); 4] = [(2026, 11, 21), (2026, 11, 23), (2027, 7, 30), (2027, 8, 3)];

    fn region(size: Size, (year, month, day): (i32, u32, u32)) -> Region {
        Region::generate(size, 9901, NaiveDate::from_ymd_opt(year, month, day).unwrap())
    }

    fn regions() -> impl Iterator<Item = Region> {
        let sizes = [Size::Full, Size::Small].into_iter();
        sizes.flat_map(|size| DAYS.into_iter().map(move |day| region(size, day)))
    }

    #[test]
    fn one_seed_gives_one_past_and_changes_nothing_of_the_region() {
        for region in regions() {
            let before = region.clone();
            let past = region.past(9901);
            assert_eq!(past, region.past(9901));
            assert_eq!(past.len(), usize::from(region.size.past()));
            assert_eq!(before, region);
        }
    }

    #[test]
    fn everything_is_done_on_a_working_day_of_the_year_before_and_in_order() {
        for region in regions() {
            for case in region.past(9901) {
                let days: Vec<NaiveDate> = case.deeds.iter().map(|(day, _)| *day).collect();
                assert!(days.is_sorted() && days.iter().all(|day| *day < region.first_day), "{days:?}");
                assert!(days[0] > region.first_day - YEAR && offset(days[0], 0) == days[0]);
                assert_eq!(case.deeds[0].1, Deed::Opens);
                assert!(case.seed.first_absence_day < days[0]);
                for (day, deed) in &case.deeds {
                    if let Deed::Books(held) = deed {
                        assert!(day < held && case.deeds.contains(&(*held, Deed::Meets)));
                    }
                }
            }
        }
    }

    #[test]
    fn no_child_of_the_past_is_at_the_school_of_the_story_or_has_a_name_of_another() {
        for region in regions() {
            let past = region.past(9901);
            let story = region.case_of_the_story().school.clone();
            assert!(past.iter().all(|case| case.seed.school.is_some() && case.seed.school != story));
            let own: BTreeSet<&String> = past.iter().flat_map(|case| &case.seed.tokens).collect();
            assert!(region.tokens().iter().all(|token| !own.contains(token)));
            let wijken = past.iter().filter_map(|case| {
                region.schools.iter().find(|school| Some(&school.code) == case.seed.school.as_ref())
            });
            assert!(wijken.map(|school| &school.wijk).collect::<BTreeSet<_>>().len() >= 3);
        }
    }

    #[test]
    fn who_moves_goes_to_another_wijk_on_the_day_on_which_the_case_is_closed() {
        for region in regions() {
            let story = region.case_of_the_story().school.clone();
            let past = region.past(9901);
            assert!(past.iter().any(|case| case.next.is_some()));
            for case in past {
                let moved = case.deeds.iter().find(|(_, deed)| *deed == Deed::Moves);
                assert_eq!(moved.is_some(), case.next.is_some());
                let Some(((day, _), next)) = moved.zip(case.next.as_ref()) else { continue };
                assert!(case.deeds.iter().any(|(ended, deed)| ended == day && matches!(deed, Deed::Ends(_))));
                let wijk =
                    |code: &String| region.schools.iter().find(|one| one.code == *code).unwrap().wijk.clone();
                assert_ne!(wijk(next), wijk(case.seed.school.as_ref().unwrap()));
                assert_ne!(Some(next), story.as_ref());
            }
        }
    }

    #[test]
    fn nobody_meets_two_families_at_once() {
        for region in regions() {
            let mut taken = BTreeSet::new();
            for case in region.past(9901) {
                let met = case.deeds.iter().filter(|(_, deed)| *deed == Deed::Meets);
                for (day, _) in met {
                    assert!(taken.insert((case.iber.clone(), *day, case.turn)), "{} on {day}", case.iber);
                }
            }
        }
    }
}
