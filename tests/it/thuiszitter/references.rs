//! By what a case is known in other systems: who says it, and who sees it.

use pb::case::ExternalReference;
use schakel_domain::access::Role;
use schakel_proto::v1 as pb;
use schakel_tests::{reason, violations};

use super::{Cases, Region, absent, get, list};

const FIELD: &[&str] = &["external_references"];

fn known(system: &str, id: &str) -> ExternalReference {
    ExternalReference { system: system.into(), id: id.into() }
}

#[tokio::test]
async fn b15_a_case_says_by_what_it_is_known_in_other_systems_to_who_knows_the_child() {
    let region = Region::start().await;
    let both = vec![known("Kindkans", "KK-2026-118"), known("groeidocument", "gd/4417")];
    let opened = region.open(absent(region.school)).await;
    assert!(opened.external_references.is_empty());
    let case = pb::Case { external_references: both.clone(), ..opened };
    let case = region.update(case, FIELD).await.unwrap();
    assert_eq!(case.external_references, both);
    let read = region.keeper.clone().get_case(get(&case.name)).await.unwrap().into_inner();
    assert_eq!(read.external_references, both, "in the order in which they were told");
    let listed = region.iber.clone().list_cases(list()).await.unwrap().into_inner().cases;
    assert!(listed[0].external_references.is_empty(), "a list tells none");
    let head = region.server.person(Role::Directeur, region.school).await.1;
    let seen = Cases::new(head).get_case(get(&case.name)).await.unwrap().into_inner();
    assert!(seen.stage != 0 && seen.external_references.is_empty(), "who may not see who the child is");

    // What else changes leaves them, and only who writes the case says them.
    let case = region.update(pb::Case { question: "En nu?".into(), ..case }, &["question"]).await.unwrap();
    assert_eq!(case.external_references, both);
    let gemeente = region.server.person(Role::Smw, region.gemeente).await.1;
    let refused = Cases::new(gemeente).update_case(region.changing(case.clone(), FIELD)).await.unwrap_err();
    assert_eq!(reason(&refused), "ACTION_NOT_ALLOWED");

    // In the database nobody reads them.
    let plain = "SELECT COUNT(*) FROM thuiszitter WHERE sealed_references IS NOT NULL";
    assert_eq!(region.server.number(plain).await, 1);
    let case = region.update(pb::Case { external_references: Vec::new(), ..case }, FIELD).await.unwrap();
    assert!(case.external_references.is_empty());
    assert_eq!(region.server.number(plain).await, 0, "none leaves nothing");
}

#[tokio::test]
async fn every_reference_has_a_system_and_an_id_and_none_stands_twice() {
    let region = Region::start().await;
    let case = region.open(absent(region.school)).await;
    let wrong = vec![known("Kindkans", ""), known("", "7"), known("Kindkans", "7"), known("Kindkans", "7")];
    let change = pb::Case { external_references: wrong, ..case.clone() };
    let refused = region.update(change, FIELD).await.unwrap_err();
    let at = |at: usize, what: &str| format!("case.external_references[{at}].{what}");
    assert_eq!(
        violations(&refused),
        [at(0, "id: FIELD_REQUIRED"), at(1, "system: FIELD_REQUIRED"), at(3, "id: FIELD_INVALID")]
    );
    let many = (0..11).map(|number| known("Kindkans", &format!("KK-{number}"))).collect();
    let change = pb::Case { external_references: many, ..case.clone() };
    let refused = region.update(change, FIELD).await.unwrap_err();
    assert_eq!(violations(&refused), ["case.external_references: FIELD_INVALID"]);
    let bsn = vec![known("Kindkans", "111222333")];
    let change = pb::Case { external_references: bsn, ..case };
    let refused = region.update(change, FIELD).await.unwrap_err();
    assert_eq!(violations(&refused), [at(0, "id: BSN_REFUSED")]);
}
