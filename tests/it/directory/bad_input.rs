//! What the register refuses, and that its pages walk every row once.

use std::collections::BTreeSet;

use schakel_proto::v1 as pb;
use schakel_tests::{TestServer, reason, violations};
use tonic::Code;

use super::{Directory, create, new_team, organisation, page, school, team};

#[tokio::test]
async fn every_bad_field_of_a_thing_is_named_at_once() {
    let server = TestServer::start().await;
    let bad = pb::School {
        vestigingscode: "90aa00".into(),
        display_name: "a\0b".into(),
        street: "a\u{202e}b".into(),
        city: "e".to_owned() + &"\u{301}".repeat(100_000),
        website: "a\rb".into(),
        denomination: "zie 111222333".into(),
        holiday_region: 9999,
        valid_from: "2026-13-01".into(),
        ..pb::School::default()
    };
    let refused = create!(server, create_school CreateSchoolRequest { school: bad }).unwrap_err();
    let found: BTreeSet<String> = violations(&refused).into_iter().collect();
    let expected = [
        "school.city: TEXT_TOO_LONG",
        "school.denomination: BSN_REFUSED",
        "school.display_name: TEXT_CONTROL_CHARS",
        "school.gemeente_code: FIELD_REQUIRED",
        "school.holiday_region: FIELD_INVALID",
        "school.street: TEXT_CONTROL_CHARS",
        "school.valid_from: FIELD_INVALID",
        "school.vestigingscode: FIELD_INVALID",
        "school.website: TEXT_CONTROL_CHARS",
    ];
    assert_eq!(found.iter().map(String::as_str).collect::<Vec<_>>(), expected);
    let none = pb::CreateTeamRequest { team: None, request_id: "0".repeat(32) };
    let none = server.directory().create_team(none).await.unwrap_err();
    assert_eq!(violations(&none), ["request_id: REQUEST_ID_REQUIRED", "team: FIELD_REQUIRED"]);
    let unspecified = create!(server, create_team CreateTeamRequest {
        team: team("T1", pb::team::Kind::Unspecified)
    });
    assert_eq!(violations(&unspecified.unwrap_err()), ["team.kind: FIELD_REQUIRED"]);
}

#[tokio::test]
async fn names_that_are_none_are_refused_before_anything_is_sought() {
    let server = TestServer::start().await;
    let mut directory = server.directory();
    let team = new_team(&server, "WT1").await.name;
    for (name, expected) in [
        (String::new(), "name: FIELD_REQUIRED"),
        ("schools/7".into(), "name: FIELD_INVALID"),
        (team.clone(), "name: FIELD_INVALID"),
        (format!("schools/{}", "x".repeat(10_240)), "name: FIELD_INVALID"),
    ] {
        let refused = directory.get_school(pb::GetSchoolRequest { name }).await.unwrap_err();
        assert_eq!(violations(&refused), [expected]);
    }
    let name = team.replace("teams", "schools");
    let unknown = directory.get_school(pb::GetSchoolRequest { name }).await.unwrap_err();
    assert_eq!((unknown.code(), reason(&unknown).as_str()), (Code::NotFound, "SCHOOL_NOT_FOUND"));
}

#[tokio::test]
async fn a_request_id_has_one_effect() {
    let server = TestServer::start().await;
    let mut directory = server.directory();
    let ask = pb::CreateSchoolRequest { school: Some(school("90AA00")), request_id: server.request_id() };
    let first = directory.create_school(ask.clone()).await.unwrap().into_inner();
    assert_eq!(directory.create_school(ask.clone()).await.unwrap().into_inner(), first);
    let other = pb::CreateSchoolRequest { school: Some(school("90AB00")), ..ask };
    assert_eq!(reason(&directory.create_school(other).await.unwrap_err()), "REQUEST_ID_REUSED");
}

#[tokio::test]
async fn pages_walk_every_row_once_and_belong_to_one_list_of_one_caller() {
    let server = TestServer::start().await;
    let mut names = Vec::new();
    for n in 0..7 {
        let mut same = school(&format!("90AA0{n}"));
        same.display_name = if n < 4 { "Gelijk".into() } else { format!("School {n}") };
        names.push(create!(server, create_school CreateSchoolRequest { school: same }).unwrap().name);
    }
    let mut directory = server.directory();
    let (mut walked, mut token) = page(&mut directory, 2, "").await.unwrap();
    let second = token.clone();
    while !token.is_empty() {
        let (more, next) = page(&mut directory, 2, &token).await.unwrap();
        walked.extend(more);
        token = next;
    }
    assert_eq!(walked, names);
    assert_eq!(page(&mut directory, 1_000_000, "").await.unwrap().0.len(), 7);
    let refused = page(&mut directory, -1, "").await.unwrap_err();
    assert_eq!(violations(&refused), ["page_size: PAGE_SIZE_INVALID"]);
    let tampered = page(&mut directory, 2, &format!("A{}", &second[1..])).await.unwrap_err();
    assert_eq!(violations(&tampered), ["page_token: PAGE_TOKEN_INVALID"]);
    let list = pb::ListSchoolsRequest {
        gemeente_code: "GM9901".into(),
        page_token: second.clone(),
        ..pb::ListSchoolsRequest::default()
    };
    let other = directory.list_schools(list).await.unwrap_err();
    assert_eq!(violations(&other), ["page_token: PAGE_TOKEN_INVALID"]);
    let ib = server.member(pb::Role::Iber, &organisation(&names[0])).await;
    let foreign = page(&mut Directory::new(ib), 2, &second).await.unwrap_err();
    assert_eq!(violations(&foreign), ["page_token: PAGE_TOKEN_INVALID"]);
}
