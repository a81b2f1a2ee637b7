//! How many there are of everything, and that the seed decides the rest.

use std::collections::BTreeSet;

use schakel_domain::access::Role;

use super::{Region, Size, first_day, region, regions};
use crate::demo::region::{Area, ClusterKind, SchoolSoort, TeamKind};

fn with(region: &Region, role: Role) -> usize {
    region.people.iter().filter(|person| person.affiliations.iter().any(|a| a.role == role)).count()
}

#[test]
fn the_full_region_has_the_size_of_a_real_one() {
    let region = region(Size::Full);
    assert_eq!((region.schools.len(), region.boards.len(), region.clusters.len()), (114, 9, 13));
    assert_eq!((region.gemeenten.len(), region.wijken.len(), region.teams.len()), (7, 46, 24));
    let soort = |soort| region.schools.iter().filter(|school| school.soort == soort).count();
    assert_eq!([SchoolSoort::Bao, SchoolSoort::Sbo, SchoolSoort::So].map(soort), [104, 4, 6]);
    let kind = |kind| region.teams.iter().filter(|team| team.kind == kind).count();
    assert_eq!(
        [TeamKind::Wijkteam, TeamKind::Gebiedsteam, TeamKind::Jgt, TeamKind::Jot].map(kind),
        [11, 8, 3, 2]
    );
    let pupils: u32 = region.schools.iter().map(|school| school.pupils).sum();
    assert!((21_500..=23_300).contains(&pupils), "{pupils}");
    let mut promised: Vec<u32> = region.schools.iter().map(|school| school.smw_minutes_per_week).collect();
    promised.sort_unstable();
    assert!(promised[0] >= 120 && promised[57] == 240 && promised[113] <= 480, "{promised:?}");
    let lettered = region.wijken.iter().filter(|wijk| wijk.code.ends_with(|c: char| c.is_ascii_alphabetic()));
    assert_eq!(
        lettered.map(|wijk| wijk.code.as_str()).collect::<Vec<_>>(),
        ["WK9903AA", "WK9903AB", "WK9903AC"]
    );
}

#[test]
fn the_full_region_has_the_staff_of_a_real_one() {
    let region = region(Size::Full);
    for (role, count) in [
        (Role::Smw, 31),
        (Role::Jeugdverpleegkundige, 14),
        (Role::Jeugdarts, 5),
        (Role::Indicatiesteller, 16),
        (Role::WijkteamCoordinator, 24),
        (Role::Gezinswerker, 50),
        (Role::Iber, 92),
        (Role::Leerplichtambtenaar, 9),
        (Role::Doorstroomcoach, 1),
        (Role::Bocer, 6),
        (Role::Trajectbegeleider, 13),
        (Role::Gedragswetenschapper, 4),
        (Role::Thuiszitterscoordinator, 1),
        (Role::TlvCommissie, 5),
        (Role::Beheerder, 1),
        (Role::Fg, 1),
    ] {
        assert_eq!(with(&region, role), count, "{role}");
    }
    for team in &region.teams {
        let members = region
            .people
            .iter()
            .filter(|p| p.affiliations.iter().any(|a| a.organisation == team.code))
            .count();
        assert!((4..=9).contains(&members), "{} has {members}", team.code);
    }
}

#[test]
fn clusters_are_tables_of_neighbours() {
    let region = region(Size::Full);
    assert!(region.clusters.iter().all(|cluster| (5..=12).contains(&cluster.members.len())));
    let crossing = region.clusters.iter().filter(|cluster| cluster.kind == ClusterKind::Knooppunt).count();
    let merged = region
        .clusters
        .iter()
        .filter(|cluster| cluster.members.iter().map(|(_, since)| since).collect::<BTreeSet<_>>().len() > 1);
    assert_eq!((crossing, merged.count()), (1, 1));
    let guides: Vec<usize> = region.clusters.iter().map(|cluster| cluster.trajectbegeleiders.len()).collect();
    assert_eq!((guides[0], guides[12], guides.iter().sum::<usize>()), (2, 0, 13));
    let members: BTreeSet<_> = region.clusters.iter().flat_map(|cluster| &cluster.members).collect();
    assert_eq!(members.len(), 114);
}

#[test]
fn every_kind_of_area_occurs_and_every_school_lies_in_its_teams_area() {
    let region = region(Size::Full);
    let mut kinds = BTreeSet::new();
    for school in &region.schools {
        let team = region.teams.iter().find(|team| team.code == school.team).unwrap();
        let (kind, holds) = team
            .areas
            .iter()
            .map(|area| match area {
                Area::Wijk(code) => ("wijk", *code == school.wijk),
                Area::Postcode(digits) => ("postcode", school.postcode.starts_with(digits.as_str())),
                Area::Gemeente(code) => ("gemeente", *code == school.gemeente),
                Area::School(code) => ("school", *code == school.code),
            })
            .find(|(_, holds)| *holds)
            .unwrap();
        assert!(holds);
        kinds.insert(kind);
    }
    assert_eq!(kinds.len(), 4);
}

#[test]
fn the_small_region_is_small_and_has_no_defects() {
    let region = region(Size::Small);
    assert_eq!((region.schools.len(), region.teams.len(), region.clusters.len()), (8, 3, 2));
    assert_eq!(region.defects, crate::demo::region::Defects::default());
    assert!(region.absences.is_empty() && region.deviations.is_empty());
}

#[test]
fn one_seed_gives_one_region_and_another_seed_other_names() {
    for size in super::SIZES {
        let (one, again) = (region(size), region(size));
        assert_eq!(one, again);
        assert_eq!(one.files(), again.files());
        let other = Region::generate(size, 8, first_day());
        let names = |region: &Region| -> Vec<String> {
            let people = region.people.iter().map(|person| person.name.clone());
            people
                .chain(region.schools.iter().map(|school| school.name.clone()))
                .chain(region.tokens())
                .collect()
        };
        let same = names(&one).iter().zip(names(&other)).filter(|(a, b)| *a == b).count();
        assert!(same < 3, "{same} names alike");
    }
}

#[test]
fn every_defect_is_planted_once() {
    for region in regions().filter(|region| region.size == Size::Full) {
        let unlinked: Vec<_> = (region.schools.iter())
            .filter(|school| region.links.iter().all(|link| link.school != school.code))
            .map(|school| school.code.clone())
            .collect();
        let mut planted = region.defects.unlinked_schools.clone();
        planted.sort_by_key(|code| region.schools.iter().position(|school| school.code == *code));
        assert_eq!((unlinked.len(), &unlinked), (3, &planted));
        let on_leave = region.defects.on_leave.clone().unwrap();
        let away = region.absences.iter().find(|absence| absence.person == on_leave).unwrap();
        assert!(away.from < region.first_day && region.first_day < away.until);
        assert!(region.links.iter().any(|link| link.person == on_leave && link.deputy.is_some()));
        let overloaded: Vec<_> =
            region.teams.iter().filter(|team| region.load_percent(&team.code) > 100).collect();
        assert_eq!(overloaded.len(), 1);
        assert_eq!(Some(&overloaded[0].code), region.defects.overloaded_team.as_ref());
        assert_eq!(region.load_percent(&overloaded[0].code), 130);
        assert_eq!(region.deviations.iter().map(|d| &d.school).collect::<BTreeSet<_>>().len(), 2);
        let shared: Vec<_> = region.people.iter().filter(|person| person.email.starts_with("ib@")).collect();
        assert_eq!(shared.len(), 1);
        assert_eq!(Some(&shared[0].code), region.defects.shared_mailbox.as_ref());
        let two_teams = region
            .people
            .iter()
            .filter(|p| p.affiliations.len() > 1 && p.affiliations[0].role == Role::Gezinswerker);
        assert_eq!(
            two_teams.map(|p| Some(p.code.clone())).collect::<Vec<_>>(),
            [region.defects.second_affiliation]
        );
    }
}
