//! That the people of the region can meet, and are nowhere twice.

use std::collections::BTreeSet;

use chrono::{Datelike, Days, NaiveTime, Weekday};
use schakel_domain::access::Role;

use super::{Region, Size, first_day, region, regions};
use crate::demo::region::{Hours, Person};

fn hours_at<'a>(
    region: &'a Region,
    person: &'a str,
    organisation: &'a str,
) -> impl Iterator<Item = &'a Hours> {
    region.hours.iter().filter(move |h| h.person == person && h.organisation == organisation)
}

fn with(region: &Region, role: Role, organisation: &str) -> Vec<String> {
    let there = region.people.iter().filter(|person| person.is(role, organisation));
    there.map(|person| person.code.clone()).collect()
}

/// The longest stretch of an ordinary week that the three share, in minutes.
fn shared(region: &Region, at: [(&str, &str); 3]) -> i64 {
    let hours = at.map(|(person, organisation)| hours_at(region, person, organisation).collect::<Vec<_>>());
    let mut longest = 0;
    for a in &hours[0] {
        for b in hours[1].iter().filter(|b| b.day == a.day) {
            for c in hours[2].iter().filter(|c| c.day == a.day) {
                let (from, to) = (a.from.max(b.from).max(c.from), a.to.min(b.to).min(c.to));
                longest = longest.max((to - from).num_minutes());
            }
        }
    }
    longest
}

#[test]
fn iber_smw_and_leerplicht_share_hours_every_week_at_every_school() {
    for region in regions() {
        for school in &region.schools {
            let iber = &with(&region, Role::Iber, &school.code)[0];
            let away = region.defects.on_leave.as_ref();
            let smw =
                with(&region, Role::Smw, &school.team).into_iter().find(|code| Some(code) != away).unwrap();
            for gemeente in &region.gemeenten {
                let lpa = &with(&region, Role::Leerplichtambtenaar, &gemeente.code)[0];
                let minutes =
                    shared(&region, [(iber, &school.code), (&smw, &school.team), (lpa, &gemeente.code)]);
                assert!(minutes >= 180, "{} {} {minutes}", school.code, gemeente.code);
            }
        }
    }
}

#[test]
fn nobody_works_at_two_places_at_once_or_where_they_have_no_post() {
    for region in regions() {
        for person in &region.people {
            let hours: Vec<&Hours> = region.hours.iter().filter(|h| h.person == person.code).collect();
            assert!(!hours.is_empty(), "{} has no hours", person.code);
            for (i, a) in hours.iter().enumerate() {
                assert!(a.from < a.to && a.from >= NaiveTime::from_hms_opt(8, 15, 0).unwrap());
                assert!(person.affiliations.iter().any(|at| at.organisation == a.organisation));
                assert!(hours[..i].iter().all(|b| a.day != b.day || a.to <= b.from || b.to <= a.from));
            }
        }
    }
}

#[test]
fn teams_meet_on_monday_and_schools_are_empty_on_wednesday_afternoon() {
    let region = region(Size::Full);
    let eleven = NaiveTime::from_hms_opt(11, 0, 0).unwrap();
    let one = NaiveTime::from_hms_opt(13, 0, 0).unwrap();
    let team = |code: &str| region.teams.iter().any(|team| team.code == code);
    let school = |code: &str| region.schools.iter().any(|school| school.code == code);
    for hours in &region.hours {
        assert!(!(hours.day == Weekday::Mon && team(&hours.organisation) && hours.from < eleven));
        assert!(!(hours.day == Weekday::Wed && school(&hours.organisation) && hours.to > one));
    }
}

#[test]
fn three_in_five_work_part_time() {
    for region in regions().filter(|region| region.size == Size::Full) {
        let week = |person: &&Person| {
            region.hours.iter().filter(|h| h.person == person.code).map(Hours::minutes).sum::<u32>()
        };
        let part_time = region.people.iter().filter(|p| (15 * 60..=28 * 60).contains(&week(p))).count();
        let percent = part_time * 100 / region.people.len();
        assert!((55..=65).contains(&percent), "{percent} %");
    }
}

#[test]
fn an_smw_sits_at_each_linked_school_within_the_own_hours_mostly_on_tuesday_and_thursday() {
    for region in regions() {
        let blocks = region.school_blocks();
        let linked = region.links.iter().filter(|link| link.role == Role::Smw).count();
        assert_eq!(blocks.len(), linked);
        let main = blocks.iter().filter(|b| matches!(b.day, Weekday::Tue | Weekday::Thu)).count();
        assert!(main * 2 > blocks.len(), "{main} of {}", blocks.len());
        for (i, a) in blocks.iter().enumerate() {
            let mut own = region.hours.iter().filter(|h| h.person == a.person && h.day == a.day);
            assert!(own.any(|h| h.from <= a.from && a.to <= h.to));
            let mut others = blocks[..i].iter().filter(|b| b.person == a.person && b.day == a.day);
            assert!(others.all(|b| a.to <= b.from || b.to <= a.from), "{a:?}");
        }
    }
}

#[test]
fn every_date_is_a_working_day_and_every_code_refers_to_somebody() {
    for region in regions() {
        let people: BTreeSet<&String> = region.people.iter().map(|person| &person.code).collect();
        let schools: BTreeSet<&String> = region.schools.iter().map(|school| &school.code).collect();
        assert!(
            region.links.iter().all(|link| schools.contains(&link.school) && people.contains(&link.person))
        );
        for link in &region.links {
            let person = region.people.iter().find(|person| person.code == link.person).unwrap();
            assert!(person.is(link.role, &link.team));
            assert!(person.affiliations.iter().all(|at| at.since <= link.since));
        }
        let absences = region.absences.iter().flat_map(|absence| [absence.from, absence.until]);
        let deviations = region.deviations.iter().flat_map(|deviation| [deviation.from, deviation.until]);
        let cases = region.cases.iter().map(|case| case.first_absence_day);
        let notes = region.cases.iter().flat_map(|case| case.notes.iter().map(|note| note.on));
        let posts = region.people.iter().flat_map(|person| person.affiliations.iter().map(|at| at.since));
        let year = [region.year.start, region.year.last];
        for date in absences.chain(deviations).chain(cases).chain(notes).chain(posts).chain(year) {
            assert!(!matches!(date.weekday(), Weekday::Sat | Weekday::Sun), "{date}");
        }
    }
}

#[test]
fn a_region_can_begin_on_any_day() {
    for n in 0..60 {
        let day = first_day() + Days::new(n * 13);
        let region = Region::generate(Size::Small, n, day);
        assert!(region.year.start <= day + Days::new(2) && day < region.year.last);
        for case in &region.cases {
            assert!(case.notes.iter().all(|note| case.first_absence_day <= note.on && note.on <= day));
        }
    }
}
