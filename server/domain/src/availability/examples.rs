//! The search on a table that people would recognise: who comes, why, and why not.

use chrono::{DateTime, NaiveDate, TimeDelta, Utc, Weekday};
use chrono_tz::Europe::Amsterdam;
use uuid::Uuid;

use super::*;
use crate::{
    access::Role,
    ids::{AffiliationId, OrganisationId, PersonId},
    refusal::Refusal,
    time::{DayTime, Period, Validity},
};

const SCHOOL: OrganisationId = OrganisationId(Uuid::from_u128(70));

fn person(number: u128) -> PersonId {
    PersonId(Uuid::from_u128(number))
}

fn at(text: &str) -> DateTime<Utc> {
    text.parse().unwrap()
}

fn from(start: &str, end: &str) -> Period {
    Period::new(at(start), at(end)).unwrap()
}

fn block(weekday: Weekday, from: u16, until: u16) -> WeeklyHours {
    let validity = Validity::since(NaiveDate::MIN);
    let affiliation = AffiliationId(Uuid::from_u128(1));
    let hours = Hours { from: DayTime::new(from).unwrap(), until: DayTime::new(until).unwrap() };
    WeeklyHours::new(affiliation, (weekday, hours), Amsterdam, validity).unwrap()
}

fn candidate(number: u128, preference: Preference, hours: Option<Vec<WeeklyHours>>) -> Candidate {
    Candidate {
        person: person(number),
        role: Role::Smw,
        calendar: Calendar { hours, ..Calendar::default() },
        preference,
    }
}

fn seat(candidates: Vec<Candidate>) -> Seat {
    Seat { key: "smw".into(), required: true, candidates }
}

/// Monday 23 to Friday 27 November 2026, an hour, on the quarter, 8 to 18.
fn week(seats: Vec<Seat>) -> Search {
    Search {
        window: from("2026-11-22T23:00:00Z", "2026-11-27T23:00:00Z"),
        duration: 60,
        grid: 15,
        zone: Amsterdam,
        day_window: DayWindow { earliest: 480, latest: 1080, days: Days::Weekdays },
        not_before: at("2026-11-22T23:00:00Z"),
        closed: Vec::new(),
        place: Some(SCHOOL),
        seats,
        limit: 6,
    }
}

fn causes(search: &Search) -> Vec<Cause> {
    match find(search).unwrap().none.unwrap() {
        Impossible::Single(causes) => causes,
        other @ (Impossible::Pairs(_) | Impossible::Several) => panic!("{other:?}"),
    }
}

#[test]
fn the_link_person_comes_before_an_earlier_deputy() {
    let linked = candidate(1, Preference::Linked, Some(vec![block(Weekday::Wed, 540, 720)]));
    let deputy = candidate(2, Preference::Deputy, Some(vec![block(Weekday::Mon, 540, 720)]));
    let found = find(&week(vec![seat(vec![linked, deputy])])).unwrap();
    assert_eq!(found.slots[0].chosen, [Some(person(1))]);
    assert!(found.slots[0].parts.iter().any(|part| part.reason == Reason::LinkedPersonFree { seat: 0 }));
    let deputies = found.slots.iter().filter(|slot| slot.chosen == [Some(person(2))]).count();
    assert_eq!(deputies, 2, "two of each day, then the answer is filled by rank");
    assert!(found.slots.is_sorted_by_key(|slot| -slot.total));
}

#[test]
fn an_answer_offers_several_days() {
    let parent = candidate(1, Preference::Named, None);
    let found = find(&week(vec![seat(vec![parent])])).unwrap();
    let days: std::collections::BTreeSet<NaiveDate> =
        found.slots.iter().map(|slot| slot.start.date_naive()).collect();
    assert_eq!((found.slots.len(), days.len()), (6, 3));
}

#[test]
fn an_absent_link_person_is_named_with_the_times_that_leave_takes() {
    let mut linked = candidate(1, Preference::Linked, Some(vec![block(Weekday::Wed, 540, 720)]));
    let days = Validity::since("2026-11-25".parse().unwrap());
    linked.calendar.absences = vec![Absence::Days { days, zone: Amsterdam }];
    let parent = candidate(2, Preference::Named, None);
    let causes = causes(&week(vec![seat(vec![linked]), seat(vec![parent])]));
    let absent =
        causes.iter().find(|cause| cause.blockers == [Blocker::Absent { seat: 0, person: person(1) }]);
    let absent = absent.expect("the absence is a cause");
    assert_eq!(absent.slots, 9);
    assert_eq!(absent.nearest[0], at("2026-11-25T08:00:00Z"));
    assert!(causes.iter().all(|cause| !cause.blockers.contains(&Blocker::DayWindow)));
}

#[test]
fn rules_are_named_as_causes_too() {
    let early = candidate(1, Preference::Named, Some(vec![block(Weekday::Tue, 420, 480)]));
    let blockers = |search: &Search| -> Vec<Blocker> {
        causes(search).into_iter().flat_map(|cause| cause.blockers).collect()
    };
    assert!(blockers(&week(vec![seat(vec![early.clone()])])).contains(&Blocker::DayWindow));
    let tuesday = candidate(1, Preference::Named, Some(vec![block(Weekday::Tue, 540, 600)]));
    let closed = ClosedDay { date: "2026-11-24".parse().unwrap(), reason: ClosedReason::StudyDay };
    let study_day = Search { closed: vec![closed], ..week(vec![seat(vec![tuesday.clone()])]) };
    assert!(blockers(&study_day).contains(&Blocker::ClosedDays { reasons: vec![ClosedReason::StudyDay] }));
    let late = Search { not_before: at("2026-11-24T12:00:00Z"), ..week(vec![seat(vec![tuesday])]) };
    assert!(blockers(&late).contains(&Blocker::Notice));
    let odd = candidate(1, Preference::Named, Some(vec![block(Weekday::Tue, 545, 605)]));
    assert_eq!(
        blockers(&week(vec![seat(vec![odd])]))[0],
        Blocker::OutsideHours { seat: 0, person: person(1) }
    );
    let elsewhere = block(Weekday::Tue, 540, 660).at(Some(OrganisationId(Uuid::from_u128(71))));
    let elsewhere = week(vec![seat(vec![candidate(1, Preference::Named, Some(vec![elsewhere]))])]);
    assert!(blockers(&elsewhere).contains(&Blocker::FixedElsewhere { seat: 0, person: person(1) }));
    assert!(find(&Search { place: None, ..elsewhere }).unwrap().none.is_none(), "by video it works");
}

#[test]
fn two_who_share_no_time_with_the_third_are_told_as_a_pair() {
    let on = |number, weekday| {
        seat(vec![candidate(number, Preference::Named, Some(vec![block(weekday, 540, 720)]))])
    };
    let search = week(vec![on(1, Weekday::Mon), on(2, Weekday::Tue), on(3, Weekday::Wed)]);
    let Some(Impossible::Pairs(pairs)) = find(&search).unwrap().none else { panic!("no pairs") };
    assert_eq!(pairs.len(), 3);
    assert!(pairs.iter().all(|pair| pair.blockers.len() == 2 && pair.slots == 9));
    let search = week(
        (1..=4)
            .zip([Weekday::Mon, Weekday::Tue, Weekday::Wed, Weekday::Thu])
            .map(|(n, d)| on(n, d))
            .collect(),
    );
    assert_eq!(find(&search).unwrap().none, Some(Impossible::Several));
}

#[test]
fn the_only_candidate_of_two_seats_cannot_take_both() {
    let only = || seat(vec![candidate(1, Preference::Named, None)]);
    let causes = causes(&week(vec![only(), only()]));
    let blockers: Vec<Blocker> = causes.into_iter().flat_map(|cause| cause.blockers).collect();
    assert_eq!(blockers, [Blocker::Seat { seat: 0 }, Blocker::Seat { seat: 1 }]);
}

#[test]
fn an_hour_at_the_school_is_preferred_and_its_neighbour_kept_whole() {
    let hours = vec![block(Weekday::Tue, 540, 660).at(Some(SCHOOL)), block(Weekday::Mon, 540, 660)];
    let found = find(&week(vec![seat(vec![candidate(1, Preference::Linked, Some(hours))])])).unwrap();
    assert_eq!(found.slots[0].start, at("2026-11-24T08:00:00Z"));
    let reasons: Vec<Reason> = found.slots[0].parts.iter().map(|part| part.reason).collect();
    assert_eq!(
        reasons,
        [Reason::Soon { days: 1 }, Reason::LinkedPersonFree { seat: 0 }, Reason::SchoolHour { seat: 0 }]
    );
    assert_eq!(found.slots[0].total, 13);
}

#[test]
fn after_a_conflict_the_next_times_come_in_order() {
    let search =
        week(vec![seat(vec![candidate(1, Preference::Named, Some(vec![block(Weekday::Tue, 540, 720)]))])]);
    let next = next_free(&search, at("2026-11-24T09:10:00Z"), 3).unwrap();
    let starts: Vec<DateTime<Utc>> = next.iter().map(|slot| slot.start).collect();
    assert_eq!(starts, ["2026-11-24T09:15:00Z", "2026-11-24T09:30:00Z", "2026-11-24T09:45:00Z"].map(at));
    assert!(next_free(&search, search.window.end() + TimeDelta::days(9), 3).unwrap().is_empty());
}

#[test]
fn everything_wrong_with_a_search_is_told_at_once() {
    let wrong = Search { duration: 7, grid: 0, limit: 0, ..week(Vec::new()) };
    let fields: Vec<(String, Refusal)> =
        wrong.check().into_iter().map(|violation| (violation.field, violation.refusal)).collect();
    assert_eq!(
        fields,
        [
            ("duration".to_owned(), Refusal::DurationInvalid),
            ("grid".to_owned(), Refusal::FieldInvalid),
            ("seats".to_owned(), Refusal::FieldRequired),
            ("limit".to_owned(), Refusal::FieldInvalid),
        ]
    );
}

/// Twenty people, thirteen weeks: prints how long it takes; the bound is generous for a
/// busy machine without optimisation.
#[test]
fn a_large_table_over_a_quarter_is_found_at_once() {
    let weekdays = [Weekday::Mon, Weekday::Tue, Weekday::Wed, Weekday::Thu, Weekday::Fri];
    let seats = (0..20_u128).map(|number| {
        let hours = weekdays.map(|weekday| block(weekday, 510, 1020)).to_vec();
        let mut who = candidate(number, Preference::Named, Some(hours));
        who.calendar.busy = (0..90)
            .map(|day| {
                let start = at("2026-11-22T23:00:00Z") + TimeDelta::days(day) + TimeDelta::minutes(540);
                let start = start + TimeDelta::minutes(i64::try_from(number).unwrap() % 4 * 90);
                Period::new(start, start + TimeDelta::minutes(45)).unwrap()
            })
            .collect();
        seat(vec![who])
    });
    let search =
        Search { window: from("2026-11-22T23:00:00Z", "2027-02-21T23:00:00Z"), ..week(seats.collect()) };
    let begun = std::time::Instant::now();
    let found = find(&search).unwrap();
    println!("20 people, 13 weeks: {:?}, {} slots", begun.elapsed(), found.slots.len());
    assert_eq!(found.slots.len(), 6);
    assert!(begun.elapsed() < std::time::Duration::from_secs(2));
}
