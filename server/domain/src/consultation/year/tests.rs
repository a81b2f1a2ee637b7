//! Year plans by example and by property.

use std::collections::BTreeMap;

use chrono::{DateTime, Datelike, NaiveDate, Utc, Weekday};
use chrono_tz::Europe::Amsterdam;
use proptest::prelude::*;
use uuid::Uuid;

use super::{spread::open_days, *};
use crate::{
    access::Role,
    availability::{
        self, Calendar, Candidate, DayWindow, Hours, Person, Preference, Seat, SeatKind, Site, Travel,
        USUAL_WEIGHT, WeeklyHours, local,
    },
    consultation::series::Closed,
    dutch::{HolidayRegion, SchoolCalendar, SchoolHolidays},
    ids::{AffiliationId, OrganisationId, PersonId},
    time::{DayTime, Validity},
};

fn date(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

fn midden() -> Closed {
    Closed::of(vec![SchoolCalendar::shipped(HolidayRegion::Midden)], &SchoolHolidays::shipped())
}

fn usable(first: &str, last: &str) -> Vec<NaiveDate> {
    let closed = midden();
    open_days(date(first), date(last), |day| closed.is_open_weekday(day)).collect()
}

#[test]
fn six_meetings_share_the_teaching_days_of_the_year() {
    let days = usable("2026-08-31", "2027-07-09");
    let six = stretches(&days, Rhythm::Times(6));
    assert_eq!(six.len(), 6);
    let count =
        |stretch: &Stretch| days.iter().filter(|day| stretch.first <= **day && **day <= stretch.last).count();
    let counts: Vec<usize> = six.iter().map(count).collect();
    assert!(counts.iter().max().unwrap() - counts.iter().min().unwrap() <= 1, "{counts:?}");
    assert!(six.iter().all(|stretch| days.contains(&stretch.around)));
    assert!(six.windows(2).all(|pair| pair[0].last < pair[1].first));
    assert_eq!(stretches(&days[..2], Rhythm::Times(6)).len(), 2);
}

#[test]
fn every_six_weeks_a_holiday_without_a_day_of_use_has_none() {
    let weeks = stretches(&usable("2026-12-14", "2027-01-17"), Rhythm::EveryWeeks(1));
    let firsts: Vec<String> = weeks.iter().map(|week| week.first.to_string()).collect();
    // The Christmas holidays are two weeks.
    assert_eq!(firsts, ["2026-12-14", "2027-01-04", "2027-01-11"]);
}

#[test]
fn the_road_to_the_inspectie_runs_back_from_the_last_day_of_april() {
    let closed = midden();
    let all = milestones(2027, (2, 1), |day| closed.is_open_weekday(day));
    let told: Vec<(String, usize)> = all.iter().map(|one| (one.step.to_string(), one.round)).collect();
    let expected = [
        ("DRAFT", 1),
        ("OOGO_AMBTELIJK", 1),
        ("OOGO_AMBTELIJK", 2),
        ("OOGO_BESTUURLIJK", 1),
        ("OPR_CONSENT", 1),
        ("DECISION", 1),
        ("TO_INSPECTIE", 1),
    ];
    assert_eq!(told, expected.map(|(step, round)| (step.to_owned(), round)));
    assert!(all.windows(2).all(|pair| pair[0].due < pair[1].due), "{all:?}");
    assert!(all.iter().all(|one| closed.is_open_weekday(one.due) && one.due < date("2027-05-01")));
    let overleg = all.iter().filter_map(|one| one.stretch);
    assert!(overleg.clone().count() == 3 && overleg.clone().all(|days| days.first <= days.around));
}

fn full_time(number: u128, days: &[Weekday]) -> Person {
    let hours = Hours { from: DayTime::new(9 * 60).unwrap(), until: DayTime::new(12 * 60).unwrap() };
    let block = |day: &Weekday| {
        let affiliation = AffiliationId(Uuid::from_u128(number));
        WeeklyHours::new(affiliation, (*day, hours), Amsterdam, Validity::since(date("2026-08-01"))).unwrap()
    };
    let hours = Some(days.iter().map(block).collect());
    Person {
        id: PersonId(Uuid::from_u128(number)).into(),
        calendar: Calendar { hours, travels: true, ..Calendar::default() },
    }
}

/// A seat for one person.
struct Chair {
    required: bool,
    who: Person,
}

fn seat(who: Person) -> Chair {
    Chair { required: true, who }
}

fn frame() -> Frame {
    Frame {
        minutes: 60,
        grid: 15,
        zone: Amsterdam,
        day_window: DayWindow { earliest: 8 * 60, latest: 17 * 60, days: availability::Days::Weekdays },
        now: "2026-08-01T00:00:00Z".parse().unwrap(),
        not_before: "2026-08-01T00:00:00Z".parse().unwrap(),
        travel: Travel::default(),
    }
}

fn table(chairs: Vec<Chair>, stretches: Vec<Stretch>) -> Table {
    let closed = midden().days(date("2026-08-31"), date("2027-07-09"));
    let seats = chairs.iter().enumerate().map(|(at, chair)| Seat {
        key: String::new(),
        kind: SeatKind::Professional,
        required: chair.required,
        weight: USUAL_WEIGHT,
        candidates: vec![Candidate {
            person: at,
            role: Some(Role::Iber),
            preference: Preference::Named,
            acquainted: false,
        }],
    });
    let seats = seats.collect();
    let people = chairs.into_iter().map(|chair| chair.who).collect();
    Table { people, seats, site: Site::Remote, closed, stretches }
}

#[test]
fn who_sits_at_two_tables_is_at_one_of_them_at_a_time_and_the_tighter_goes_first() {
    let week = Stretch { first: date("2026-11-23"), last: date("2026-11-27"), around: date("2026-11-25") };
    let chair = || seat(full_time(1, &[Weekday::Wed]));
    // Three hours on Wednesday; each table has one person of its own.
    let tables: Vec<Table> = (0..4)
        .map(|at| table(vec![chair(), seat(full_time(10 + at, &[Weekday::Wed, Weekday::Thu]))], vec![week]))
        .collect();
    let found = plan(&frame(), tables);
    let starts: Vec<Option<String>> = found
        .iter()
        .map(|outcomes| match &outcomes[0] {
            Outcome::Planned(planned) => Some(planned.time.start().to_rfc3339()),
            Outcome::Impossible { .. } => None,
        })
        .collect();
    assert_eq!(starts.iter().flatten().count(), 3, "{starts:?}");
    let Outcome::Impossible { without } = &found.iter().find(|one| !is_planned(&one[0])).unwrap()[0] else {
        panic!("one of four has no room");
    };
    assert_eq!(without, &[0], "the chair is to blame");
}

#[test]
fn there_is_time_to_get_from_one_table_to_the_next() {
    let day = Stretch { first: date("2026-11-25"), last: date("2026-11-25"), around: date("2026-11-25") };
    let one = |at| {
        table(vec![seat(full_time(1, &[Weekday::Wed])), seat(full_time(at, &[Weekday::Wed]))], vec![day])
    };
    let at = |number| Site::At(OrganisationId(Uuid::from_u128(number)));
    let tables = [10, 11, 12].map(|number| Table { site: at(number), ..one(number) });
    // Three hours: two meetings of an hour with the way between them, and no third.
    let found = plan(&frame(), tables.to_vec());
    assert_eq!(found.iter().filter(|outcomes| is_planned(&outcomes[0])).count(), 2);
}

fn is_planned(outcome: &Outcome) -> bool {
    match outcome {
        Outcome::Planned(_) => true,
        Outcome::Impossible { .. } => false,
    }
}

#[test]
fn an_optional_person_is_waited_for_within_the_stretch() {
    let week = Stretch { first: date("2026-11-23"), last: date("2026-11-27"), around: date("2026-11-23") };
    let mut guest = seat(full_time(2, &[Weekday::Thu]));
    guest.required = false;
    let all = [Weekday::Mon, Weekday::Tue, Weekday::Wed, Weekday::Thu, Weekday::Fri];
    let found = plan(&frame(), vec![table(vec![seat(full_time(1, &all)), guest], vec![week])]);
    let Outcome::Planned(planned) = &found[0][0] else { panic!("there is time") };
    assert_eq!(planned.time.start(), "2026-11-26T08:00:00Z".parse::<DateTime<Utc>>().unwrap());
    assert_eq!(planned.days_off, 3);
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn nobody_is_at_two_tables_and_nobody_outside_hours(
        people in prop::collection::vec(prop::collection::btree_set(0_u8..5, 1..4), 2..5),
        tables in prop::collection::vec((prop::collection::btree_set(0_usize..5, 1..4), 1_usize..5), 1..5),
    ) {
        let days: Vec<Vec<Weekday>> = people
            .iter()
            .map(|days| days.iter().map(|day| Weekday::try_from(*day).unwrap()).collect())
            .collect();
        let usable = usable("2026-11-23", "2027-01-22");
        let asked: Vec<Table> = tables
            .iter()
            .map(|(who, times)| {
                let who = who.iter().filter(|person| **person < days.len());
                let seats: Vec<Chair> =
                    who.map(|person| seat(full_time(*person as u128 + 1, &days[*person]))).collect();
                let seats = if seats.is_empty() { vec![seat(full_time(1, &days[0]))] } else { seats };
                table(seats, stretches(&usable, Rhythm::Times(*times)))
            })
            .collect();
        let found = plan(&frame(), asked.clone());
        prop_assert_eq!(&found, &plan(&frame(), asked.clone()), "the same question has the same answer");
        let mut taken: BTreeMap<PersonId, Vec<crate::time::Period>> = BTreeMap::new();
        for (table, outcomes) in asked.iter().zip(&found) {
            prop_assert_eq!(table.stretches.len(), outcomes.len());
            for (stretch, outcome) in table.stretches.iter().zip(outcomes) {
                let Outcome::Planned(planned) = outcome else { continue };
                let day = local::date_of(Amsterdam, planned.time.start());
                prop_assert!(stretch.first <= day && day <= stretch.last);
                prop_assert!(usable.contains(&day));
                for person in planned.chosen.iter().flatten() {
                    let number = usize::try_from(person.0.as_u128()).unwrap() - 1;
                    prop_assert!(days[number].contains(&day.weekday()));
                    let own = taken.entry(*person).or_default();
                    prop_assert!(own.iter().all(|other| !other.overlaps(planned.time)));
                    own.push(planned.time);
                }
            }
        }
    }
}
