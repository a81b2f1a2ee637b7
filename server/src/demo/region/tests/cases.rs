//! That the children are told as intended, and nowhere else.

use std::collections::BTreeSet;

use chrono::Months;
use schakel_domain::{
    access::Role,
    dutch::bsn,
    text::{EmailAddress, FreeText, Name},
};

use super::{Region, Size, region, regions};
use crate::demo::region::{CaseSeed, Track};

fn contains(bytes: &[u8], token: &str) -> bool {
    let (bytes, token) = (bytes.to_ascii_lowercase(), token.to_ascii_lowercase());
    bytes.windows(token.len()).any(|window| window == token.as_bytes())
}

#[test]
fn no_word_of_a_child_stands_in_a_file() {
    for region in [region(Size::Full), region(Size::Small)] {
        let files = region.files();
        for token in region.tokens() {
            assert!(files.iter().all(|(_, bytes)| !contains(bytes, &token)), "{token}");
        }
    }
}

#[test]
fn every_word_occurs_in_exactly_its_own_case() {
    for region in regions() {
        let tokens = region.tokens();
        let lower: BTreeSet<String> = tokens.iter().map(|token| token.to_lowercase()).collect();
        assert_eq!(lower.len(), tokens.len());
        assert!(
            tokens.iter().all(|token| token.len() >= 8 && token.bytes().all(|b| b.is_ascii_alphabetic()))
        );
        let texts: Vec<String> = region.cases.iter().map(CaseSeed::text).collect();
        for (i, case) in region.cases.iter().enumerate() {
            for token in &case.tokens {
                assert!(texts[i].contains(token.as_str()));
                let here = |(j, text): (usize, &String)| j != i && contains(text.as_bytes(), token);
                assert!(!texts.iter().enumerate().any(here), "{token}");
            }
            assert!(
                case.notes
                    .iter()
                    .all(|note| case.tokens.iter().any(|token| note.text.contains(token.as_str())))
            );
        }
    }
}

#[test]
fn every_personal_text_can_be_stored() {
    for case in regions().flat_map(|region| region.cases) {
        assert!(!bsn::found_in(&case.text()));
        case.child.given_name.parse::<Name>().unwrap();
        case.child.family_name.parse::<Name>().unwrap();
        for parent in &case.parents {
            parent.name.parse::<Name>().unwrap();
            let addresses = parent.email.iter().map(|email| email.parse::<EmailAddress>());
            assert!(addresses.into_iter().all(|address| address.unwrap().as_str().ends_with(".example")));
        }
        for note in &case.notes {
            note.text.parse::<FreeText>().unwrap();
        }
    }
}

#[test]
fn the_fourteen_archetypes_have_their_age_stage_and_school() {
    for region in regions().filter(|region| region.size == Size::Full) {
        let ages: Vec<u32> = region
            .cases
            .iter()
            .map(|case| region.first_day.years_since(case.child.birth_date).unwrap())
            .collect();
        // The eighth turns twelve within a fortnight.
        assert_eq!(ages, [7, 9, 11, 5, 6, 8, 10, 11, 4, 9, 7, 11, 10, 8]);
        let twelve = region.cases[7].child.birth_date + Months::new(144);
        assert!((1..=14).contains(&(twelve - region.first_day).num_days()));
        let steps: Vec<_> = region.cases.iter().map(|case| (case.track, case.escalation)).collect();
        assert_eq!(steps[2], (Track::Stage(6), 3));
        assert_eq!((steps[9].0, steps[13].0), (Track::Exemption, Track::HandOver));
        let days = region.cases.iter().map(|case| (region.first_day - case.first_absence_day).num_days());
        for (days, told) in days.zip([31, 47, 88, 24, 140, 12, 62, 39, 15, 75, 29, 101, 54, 20]) {
            assert!((told - 2..=told).contains(&days), "{days} for {told}");
        }
        let schools: BTreeSet<_> = region.cases.iter().filter_map(|case| case.school.as_ref()).collect();
        assert_eq!(schools.len(), 13);
    }
}

fn elsewhere(region: &Region, case: &CaseSeed) -> bool {
    let school =
        case.school.as_ref().and_then(|code| region.schools.iter().find(|school| school.code == *code));
    school.is_some_and(|school| school.gemeente != case.residence)
}

#[test]
fn each_special_family_occurs_once() {
    for region in regions() {
        let count = |what: fn(&CaseSeed) -> bool| region.cases.iter().filter(|case| what(case)).count();
        assert_eq!(count(|case| case.parents.iter().any(|parent| parent.secret_address)), 1);
        assert_eq!(count(|case| case.parents.iter().any(|parent| parent.email.is_none())), 1);
        assert_eq!(count(|case| case.parents.iter().any(|parent| parent.interpreter)), 1);
        assert!(region.cases.iter().all(|case| case.parents_with_gezag() >= 1));
        let other: Vec<u8> =
            region.cases.iter().filter(|case| elsewhere(&region, case)).map(|case| case.number).collect();
        assert_eq!(other, if region.size == Size::Full { vec![1, 14] } else { vec![1] });
    }
}

#[test]
fn the_people_of_the_story_stand_ready() {
    for region in regions() {
        let (story, case) = (region.people_of_the_story(), region.case_of_the_story());
        assert_eq!((case.number, case.parents_with_gezag()), (1, 2));
        assert!(elsewhere(&region, case));
        assert!(case.parents.iter().all(|parent| parent.email.is_some() && !parent.secret_address));
        let person = |code: &String| region.people.iter().find(|person| person.code == *code).unwrap();
        let iber = person(&story.iber);
        assert_eq!(iber.affiliations.len(), 1);
        assert!(iber.is(Role::Iber, &story.school) && case.school.as_ref() == Some(&story.school));
        assert!(
            person(&story.smw).is(Role::Smw, &story.team) && person(&story.deputy).is(Role::Smw, &story.team)
        );
        assert!(person(&story.coordinator).is(Role::WijkteamCoordinator, &story.team));
        assert!(person(&story.leerplichtambtenaar).is(Role::Leerplichtambtenaar, &case.residence));
        assert!(person(&story.beleidsmedewerker).is(Role::Beleidsmedewerker, &case.residence));
        for (code, role) in [
            (&story.beheerder, Role::Beheerder),
            (&story.fg, Role::Fg),
            (&story.thuiszitterscoordinator, Role::Thuiszitterscoordinator),
        ] {
            assert!(person(code).is(role, "PO9901"));
        }
        assert_ne!(region.defects.on_leave.as_ref(), Some(&story.smw));
        assert!(!region.deviations.iter().any(|deviation| deviation.school == story.school));
    }
}
