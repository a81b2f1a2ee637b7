//! The register: seven kinds of things, read by everyone, kept by the beheerder.

mod bad_input;

use schakel_proto::v1::{self as pb, directory_service_client::DirectoryServiceClient};
use schakel_tests::{As, TestServer, reason, violations};
use tonic::Code;

type Directory = DirectoryServiceClient<As>;

/// Creates one thing, and gives it back as the register has it.
macro_rules! create {
    ($server:expr, $call:ident $request:ident { $field:ident: $thing:expr }) => {{
        let request = pb::$request { $field: Some($thing), request_id: $server.request_id() };
        $server.directory().$call(request).await.map(tonic::Response::into_inner)
    }};
}

use create;

fn school(code: &str) -> pb::School {
    pb::School {
        vestigingscode: code.into(),
        display_name: format!("Basisschool {code}"),
        board_code: "41234".into(),
        postcode: "1234 ab".into(),
        city: "Ravelmonde".into(),
        gemeente_code: "GM9901".into(),
        phone: "077 000 00 01".into(),
        ..pb::School::default()
    }
}

async fn new_school(server: &TestServer, code: &str) -> pb::School {
    create!(server, create_school CreateSchoolRequest { school: school(code) }).unwrap()
}

fn team(code: &str, kind: pb::team::Kind) -> pb::Team {
    pb::Team {
        code: code.into(),
        kind: kind.into(),
        display_name: format!("Team {code}"),
        gemeente_code: "GM9901".into(),
        ..pb::Team::default()
    }
}

async fn new_team(server: &TestServer, code: &str) -> pb::Team {
    create!(server, create_team CreateTeamRequest { team: team(code, pb::team::Kind::Wijkteam) }).unwrap()
}

async fn new_person(server: &TestServer, code: &str) -> pb::Person {
    let person = pb::Person {
        code: code.into(),
        display_name: format!("Mevrouw {code}"),
        email: "team@wijkteam.example".into(),
        phone: "077 000 00 02".into(),
        ..pb::Person::default()
    };
    create!(server, create_person CreatePersonRequest { person: person }).unwrap()
}

/// The organisation under the same id.
fn organisation(name: &str) -> String {
    format!("organisations/{}", name.split_once('/').unwrap().1)
}

fn days(from: &str, until: &str) -> (String, String) {
    (from.to_owned(), until.to_owned())
}

#[tokio::test]
async fn a01_a_wijk_may_have_letters_in_its_code_and_lies_in_its_gemeente() {
    let server = TestServer::start().await;
    let area = |kind: pb::area::Kind, code: &str, name: &str| pb::Area {
        kind: kind.into(),
        code: code.into(),
        display_name: name.into(),
        ..pb::Area::default()
    };
    let gemeente = area(pb::area::Kind::Gemeente, "GM9901", "Ravelmonde");
    let gemeente = create!(server, create_area CreateAreaRequest { area: gemeente }).unwrap();
    let wijk = area(pb::area::Kind::Wijk, "WK9901AD", "Oud-Ravelmonde");
    let wijk = create!(server, create_area CreateAreaRequest { area: wijk }).unwrap();
    assert_eq!((wijk.gemeente_code.as_str(), wijk.valid_from.as_str()), ("GM9901", "2026-11-23"));
    let list = pb::ListAreasRequest { gemeente_code: "GM9901".into(), ..pb::ListAreasRequest::default() };
    let listed = server.directory().list_areas(list).await.unwrap().into_inner().areas;
    assert_eq!(listed, [wijk]);
    let kind = pb::organisation::Kind::Gemeente.into();
    let list = pb::ListOrganisationsRequest { kind, ..pb::ListOrganisationsRequest::default() };
    let found = server.directory().list_organisations(list).await.unwrap().into_inner().organisations;
    assert_eq!((found.len(), found[0].code.as_str()), (1, gemeente.code.as_str()));
    let twice = create!(server, create_area CreateAreaRequest { area: gemeente }).unwrap_err();
    assert_eq!((twice.code(), reason(&twice).as_str()), (Code::FailedPrecondition, "ALREADY_EXISTS"));
}

#[tokio::test]
async fn a02_a_cluster_is_whatever_schools_meet_and_a_school_may_be_in_two() {
    let server = TestServer::start().await;
    let (one, two) = (new_school(&server, "90AA00").await, new_school(&server, "90AB00").await);
    let member = |school: &pb::School| pb::cluster::Member {
        school: school.name.clone(),
        valid_from: "2026-08-01".into(),
        valid_until: String::new(),
    };
    let cluster = |code: &str, kind: pb::cluster::Kind, members| pb::Cluster {
        code: code.into(),
        kind: kind.into(),
        display_name: format!("Cluster {code}"),
        members,
        ..pb::Cluster::default()
    };
    let rok = cluster("ROK1", pb::cluster::Kind::Rok, vec![member(&one), member(&two)]);
    let rok = create!(server, create_cluster CreateClusterRequest { cluster: rok }).unwrap();
    let knooppunt = cluster("KP1", pb::cluster::Kind::Knooppunt, vec![member(&two)]);
    create!(server, create_cluster CreateClusterRequest { cluster: knooppunt }).unwrap();
    let of = async |school: &pb::School| {
        let list =
            pb::ListClustersRequest { school: school.name.clone(), ..pb::ListClustersRequest::default() };
        server.directory().list_clusters(list).await.unwrap().into_inner().clusters.len()
    };
    assert_eq!((of(&one).await, of(&two).await), (1, 2));
    let list = pb::ListSchoolsRequest { cluster: rok.name, ..pb::ListSchoolsRequest::default() };
    assert_eq!(server.directory().list_schools(list).await.unwrap().into_inner().schools, [one, two.clone()]);
    let mut unknown = member(&two);
    unknown.school.replace_range(8..12, "ffff");
    let unknown = cluster("KP2", pb::cluster::Kind::Knooppunt, vec![member(&two), unknown]);
    let refused = create!(server, create_cluster CreateClusterRequest { cluster: unknown }).unwrap_err();
    assert_eq!(violations(&refused), ["cluster.members[1].school: FIELD_INVALID"]);
}

#[tokio::test]
async fn a04_a_team_of_any_kind_works_for_wijken_postcodes_a_gemeente_or_schools() {
    use pb::team::work_area::Kind;
    let server = TestServer::start().await;
    let area = |kind: Kind, code: &str| pb::team::WorkArea {
        kind: kind.into(),
        code: code.into(),
        valid_from: "2026-08-01".into(),
        valid_until: String::new(),
    };
    for n in 1..=6 {
        let mut jot = team(&format!("T{n}"), pb::team::Kind::try_from(n).unwrap());
        jot.work_areas = vec![
            area(Kind::Wijk, "WK9901AD"),
            area(Kind::Postcode, "1234"),
            area(Kind::Postcode, "1234AB"),
            area(Kind::Gemeente, "GM9901"),
            area(Kind::School, "90AA00"),
        ];
        let kept = create!(server, create_team CreateTeamRequest { team: jot.clone() }).unwrap();
        assert_eq!((kept.kind, &kept.work_areas), (n, &jot.work_areas));
        let got = server.directory().get_team(pb::GetTeamRequest { name: kept.name.clone() }).await.unwrap();
        assert_eq!(got.into_inner(), kept);
        let name = organisation(&kept.name);
        let own = server.directory().get_organisation(pb::GetOrganisationRequest { name }).await.unwrap();
        assert_eq!(own.into_inner().kind, pb::organisation::Kind::Team as i32);
    }
    let mut wrong = team("T9", pb::team::Kind::Jot);
    wrong.work_areas = vec![area(Kind::Postcode, "12"), area(Kind::Wijk, "GM9901")];
    let refused = create!(server, create_team CreateTeamRequest { team: wrong }).unwrap_err();
    assert_eq!(
        violations(&refused),
        ["team.work_areas[0].code: FIELD_INVALID", "team.work_areas[1].code: FIELD_INVALID"]
    );
}

#[tokio::test]
async fn a14_the_contacts_of_a_school_are_found_by_role_and_organisation() {
    let server = TestServer::start().await;
    let at = new_school(&server, "90AA00").await;
    let person = new_person(&server, "P1").await;
    let role = pb::Role::Iber.into();
    let affiliation = pb::Affiliation {
        person: person.name.clone(),
        organisation: organisation(&at.name),
        role,
        ..pb::Affiliation::default()
    };
    create!(server, create_affiliation CreateAffiliationRequest { affiliation: affiliation }).unwrap();
    let list = pb::ListPersonsRequest {
        role,
        organisation: organisation(&at.name),
        ..pb::ListPersonsRequest::default()
    };
    let found = server.directory().list_persons(list.clone()).await.unwrap().into_inner().persons;
    assert_eq!(found, std::slice::from_ref(&person));
    assert_eq!(
        (found[0].phone.as_str(), found[0].email.as_str()),
        ("077 000 00 02", "team@wijkteam.example")
    );
    let none = pb::ListPersonsRequest { role: pb::Role::Smw.into(), ..list };
    assert!(server.directory().list_persons(none).await.unwrap().into_inner().persons.is_empty());
}

#[tokio::test]
async fn c01_a_link_names_a_person_and_a_deputy_for_a_role_and_has_dates() {
    let server = TestServer::start().await;
    let (at, team) = (new_school(&server, "90AA00").await, new_team(&server, "WT1").await);
    let (person, deputy) = (new_person(&server, "P1").await, new_person(&server, "P2").await);
    let link = pb::SchoolTeamLink {
        school: at.name.clone(),
        team: team.name,
        role: pb::Role::Smw.into(),
        person: person.name.clone(),
        deputy: deputy.name,
        valid_from: "2026-08-01".into(),
        valid_until: "2027-07-31".into(),
        ..pb::SchoolTeamLink::default()
    };
    let create = async |link: pb::SchoolTeamLink| create!(server, create_school_team_link CreateSchoolTeamLinkRequest { school_team_link: link });
    let kept = create(link.clone()).await.unwrap();
    assert_eq!(pb::SchoolTeamLink { name: String::new(), etag: String::new(), ..kept.clone() }, link);
    let overlaps = pb::SchoolTeamLink { valid_from: "2027-07-31".into(), valid_until: String::new(), ..link };
    assert_eq!(reason(&create(overlaps.clone()).await.unwrap_err()), "ALREADY_EXISTS");
    let next = pb::SchoolTeamLink { valid_from: "2027-08-01".into(), ..overlaps.clone() };
    create(next).await.unwrap();
    let own = pb::SchoolTeamLink { deputy: person.name, ..overlaps };
    assert_eq!(violations(&create(own).await.unwrap_err()), ["school_team_link.deputy: FIELD_INVALID"]);
    let on = async |day: &str| {
        let list = pb::ListSchoolTeamLinksRequest {
            school: at.name.clone(),
            valid_on: day.into(),
            ..pb::ListSchoolTeamLinksRequest::default()
        };
        server.directory().list_school_team_links(list).await.unwrap().into_inner().school_team_links.len()
    };
    assert_eq!([on("2026-07-31").await, on("").await, on("2027-07-31").await], [0, 1, 1]);
}

#[tokio::test]
async fn d11_a_person_works_for_several_organisations_and_ends_everywhere_at_once() {
    let server = TestServer::start().await;
    let (at, team) = (new_school(&server, "90AA00").await, new_team(&server, "WT1").await);
    let person = new_person(&server, "P1").await;
    let affiliate = async |organisation: String, role: pb::Role, (from, until): (String, String)| {
        let affiliation = pb::Affiliation {
            person: person.name.clone(),
            organisation,
            role: role.into(),
            valid_from: from,
            valid_until: until,
            ..pb::Affiliation::default()
        };
        create!(server, create_affiliation CreateAffiliationRequest { affiliation: affiliation })
    };
    affiliate(organisation(&at.name), pb::Role::Iber, days("2026-08-01", "")).await.unwrap();
    affiliate(organisation(&team.name), pb::Role::Smw, days("2026-08-01", "2026-12-31")).await.unwrap();
    affiliate(organisation(&team.name), pb::Role::Smw, days("2027-01-01", "")).await.unwrap();
    let again = affiliate(organisation(&at.name), pb::Role::Iber, days("", "")).await.unwrap_err();
    assert_eq!(reason(&again), "ALREADY_EXISTS");
    let parent = affiliate(organisation(&at.name), pb::Role::Ouder, days("", "")).await.unwrap_err();
    assert_eq!(violations(&parent), ["affiliation.role: FIELD_INVALID"]);

    let end = pb::EndPersonRequest {
        name: person.name.clone(),
        valid_until: "2026-11-30".into(),
        etag: person.etag.clone(),
        request_id: server.request_id(),
    };
    let ended = server.directory().end_person(end.clone()).await.unwrap().into_inner();
    assert_eq!(ended.valid_until, "2026-11-30");
    let held = async |day: &str| {
        let list = pb::ListAffiliationsRequest {
            person: person.name.clone(),
            valid_on: day.into(),
            ..pb::ListAffiliationsRequest::default()
        };
        server.directory().list_affiliations(list).await.unwrap().into_inner().affiliations.len()
    };
    assert_eq!([held("2026-11-30").await, held("2026-12-01").await, held("2027-01-01").await], [2, 0, 0]);
    let later = pb::EndPersonRequest {
        valid_until: "2026-12-31".into(),
        etag: ended.etag,
        request_id: server.request_id(),
        ..end
    };
    assert_eq!(reason(&server.directory().end_person(later).await.unwrap_err()), "ALREADY_ENDED");
}

#[tokio::test]
async fn a_change_touches_what_the_mask_names_and_nothing_else() {
    let server = TestServer::start().await;
    let kept = new_school(&server, "90AA00").await;
    assert_eq!((kept.postcode.as_str(), kept.holiday_region), ("1234AB", pb::HolidayRegion::Midden as i32));
    let update = async |school: pb::School, paths: &[&str]| {
        let mask = prost_types::FieldMask { paths: paths.iter().map(|path| (*path).to_owned()).collect() };
        let request = pb::UpdateSchoolRequest {
            school: Some(school),
            update_mask: Some(mask),
            request_id: server.request_id(),
        };
        server.directory().update_school(request).await.map(tonic::Response::into_inner)
    };
    let closure = pb::school::Closure {
        display_name: "Studiedag".into(),
        from: "2026-12-01".into(),
        until: "2026-12-01".into(),
        opened: false,
    };
    let wish = pb::School {
        name: kept.name.clone(),
        etag: kept.etag.clone(),
        display_name: "O'Brien-van 't Hof '; DROP TABLE school;-- %_\\ 👩‍👧".into(),
        closures: vec![closure],
        ..pb::School::default()
    };
    let changed = update(wish.clone(), &["display_name", "closures"]).await.unwrap();
    let expected = pb::School {
        display_name: wish.display_name.clone(),
        closures: wish.closures.clone(),
        etag: changed.etag.clone(),
        ..kept.clone()
    };
    assert_eq!(changed, expected);
    let got = server.directory().get_school(pb::GetSchoolRequest { name: kept.name.clone() }).await.unwrap();
    assert_eq!(got.into_inner(), expected);

    let stale = update(wish.clone(), &["display_name"]).await.unwrap_err();
    assert_eq!((stale.code(), reason(&stale).as_str()), (Code::Aborted, "ETAG_MISMATCH"));
    let bare = pb::School { etag: String::new(), ..wish.clone() };
    assert_eq!(violations(&update(bare, &["city"]).await.unwrap_err()), ["school.etag: ETAG_REQUIRED"]);
    let fixed = update(changed.clone(), &["vestigingscode"]).await.unwrap_err();
    assert_eq!(violations(&fixed), ["update_mask: MASK_INVALID"]);
    let other = pb::School { vestigingscode: "90AB00".into(), ..changed.clone() };
    let other = update(other, &["*"]).await.unwrap_err();
    assert_eq!(violations(&other), ["school.vestigingscode: FIELD_INVALID"]);
    let whole = update(pb::School { city: "Elders".into(), ..changed }, &[]).await.unwrap();
    assert_eq!((whole.city.as_str(), whole.closures.len()), ("Elders", 1));
}

async fn page(
    directory: &mut Directory,
    size: i32,
    token: &str,
) -> Result<(Vec<String>, String), tonic::Status> {
    let list = pb::ListSchoolsRequest {
        page_size: size,
        page_token: token.into(),
        ..pb::ListSchoolsRequest::default()
    };
    let page = directory.list_schools(list).await?.into_inner();
    Ok((page.schools.into_iter().map(|school| school.name).collect(), page.next_page_token))
}

#[tokio::test]
async fn an_iber_reads_the_register_and_does_not_write_it() {
    let server = TestServer::start().await;
    let at = new_school(&server, "90AA00").await;
    let mut ib = Directory::new(server.member(pb::Role::Iber, &organisation(&at.name)).await);
    assert_eq!(page(&mut ib, 0, "").await.unwrap().0, std::slice::from_ref(&at.name));
    let create = pb::CreateSchoolRequest { school: Some(school("90AB00")), request_id: server.request_id() };
    let end = pb::EndSchoolRequest {
        name: at.name.clone(),
        valid_until: "2026-12-01".into(),
        etag: at.etag.clone(),
        request_id: server.request_id(),
    };
    for refused in [ib.create_school(create).await.unwrap_err(), ib.end_school(end).await.unwrap_err()] {
        assert_eq!(
            (refused.code(), reason(&refused).as_str()),
            (Code::PermissionDenied, "ACTION_NOT_ALLOWED")
        );
    }
}

#[tokio::test]
async fn what_has_ended_is_shown_on_request_and_does_not_change() {
    let server = TestServer::start().await;
    let at = new_school(&server, "90AA00").await;
    let end = |last: &str, etag: &str| pb::EndSchoolRequest {
        name: at.name.clone(),
        valid_until: last.into(),
        etag: etag.into(),
        request_id: server.request_id(),
    };
    let mut directory = server.directory();
    let early = directory.end_school(end("2026-11-22", &at.etag)).await.unwrap_err();
    assert_eq!(violations(&early), ["valid_until: TIME_RANGE_INVALID"]);
    let ended = directory.end_school(end("2026-11-23", &at.etag)).await.unwrap().into_inner();
    assert_eq!(page(&mut directory, 0, "").await.unwrap().0.len(), 1, "the last day counts");
    server.clock.advance(chrono::TimeDelta::days(1));
    assert!(page(&mut directory, 0, "").await.unwrap().0.is_empty());
    let list = pb::ListSchoolsRequest { show_ended: true, ..pb::ListSchoolsRequest::default() };
    let shown = directory.list_schools(list).await.unwrap().into_inner().schools;
    assert_eq!(shown, std::slice::from_ref(&ended));
    let update =
        pb::UpdateSchoolRequest { school: Some(ended), update_mask: None, request_id: server.request_id() };
    assert_eq!(reason(&directory.update_school(update).await.unwrap_err()), "ALREADY_ENDED");
}
