//! Each id of each request, swapped for the same kind of another region's or another school's:
//! the answer is that of an id that nothing has, and nothing is written.

use std::collections::{BTreeMap, BTreeSet};

use prost::Message;
use schakel_domain::{access::Role, ids::OrganisationId};
use schakel_proto::v1::{
    self as pb, access_service_client::AccessServiceClient,
    availability_service_client::AvailabilityServiceClient, consent_service_client::ConsentServiceClient,
    consultation_service_client::ConsultationServiceClient, directory_service_client::DirectoryServiceClient,
    feed_service_client::FeedServiceClient, hulpvraag_service_client::HulpvraagServiceClient,
    thuiszitter_service_client::ThuiszitterServiceClient,
};
use schakel_tests::{
    raw::{Method, call, methods},
    reason,
    seed_meetings::{seat, stamp},
};
use sea_orm::{ConnectionTrait, Statement};
use strum::IntoEnumIterator;
use tonic::Code;

use super::{
    requests::rows,
    rights::{Programs, Rights, calendar_elsewhere, is_undone},
    world::{Places, Relation, State, World},
};
use crate::thuiszitter::{absent, named};

/// Names of somebody else's things, by their kind; of persons the child.
type Foreign = BTreeMap<String, String>;

fn kind(name: &str) -> String {
    name.split('/').next().unwrap().to_owned()
}

fn by_kind(names: impl IntoIterator<Item = String>) -> Foreign {
    names.into_iter().map(|name| (kind(&name), name)).collect()
}

/// What another school or another region has, made by its own people.
async fn foreign(world: &World, places: &Places, school: usize, relation: Relation) -> Foreign {
    let server = &world.server;
    let own = |role| world.people[&(role, relation)].clone();
    let (iber, client) = own(Role::Iber);
    let team_relation = if relation == Relation::OtherSchool { Relation::OtherWijk } else { relation };
    let smw = world.people[&(Role::Smw, team_relation)].0;
    let case = named("Kind elders", absent(places.schools[school]));
    let case = pb::Case { next_action_date: String::new(), ..case };
    let opening =
        pb::OpenCaseRequest { case: Some(case), request_id: server.request_id(), ..Default::default() };
    let case = ThuiszitterServiceClient::new(client.clone()).open_case(opening).await.unwrap().into_inner();
    let hours = chrono::TimeDelta::hours(if relation == Relation::OtherSchool { 90 } else { 94 });
    let booking = pb::BookConsultationRequest {
        consultation: Some(pb::Consultation {
            kind: pb::consultation::Kind::Mdo.into(),
            case: case.name.clone(),
            start_time: Some(stamp(server.app.now() + hours)),
            duration: Some(prost_types::Duration { seconds: 3600, nanos: 0 }),
            place: pb::consultation::Place::School.into(),
            participants: vec![
                seat(iber, pb::Role::Iber),
                seat(smw, pb::Role::Smw),
                seat(case.parents[0].person.parse().unwrap(), pb::Role::Ouder),
            ],
            ..Default::default()
        }),
        request_id: server.request_id(),
        ..Default::default()
    };
    let meeting = ConsultationServiceClient::new(client.clone()).book_consultation(booking).await.unwrap();
    let meeting = meeting.into_inner();
    let series = super::series::booked(server, client.clone(), &meeting).await;
    let table = [
        seat(iber, pb::Role::Iber),
        seat(smw, pb::Role::Smw),
        seat(case.parents[0].person.parse().unwrap(), pb::Role::Ouder),
    ];
    let poll = super::polls::propose(server, &client, &case, &table).await;
    let proposal = super::polls::outdated(server, &meeting).await;
    let parent = case.parents[0].person.parse().unwrap();
    let inbound_mail = server.put_aside(meeting.name.parse().unwrap(), parent).await.to_string();
    let asking = pb::CreateHulpvraagRequest {
        hulpvraag: Some(pb::Hulpvraag {
            school: places.schools[school].to_string(),
            role: pb::Role::Smw.into(),
            target_date: "2026-12-10".into(),
            case: case.name.clone(),
            question: "Wie?".into(),
            ..Default::default()
        }),
        request_id: server.request_id(),
    };
    let asked = HulpvraagServiceClient::new(client.clone()).create_hulpvraag(asking).await.unwrap();
    let party = pb::consent::Party { role: pb::Role::Smw.into(), ..Default::default() };
    let agreed = pb::RecordConsentRequest {
        consent: Some(pb::Consent {
            case: case.name.clone(),
            purpose: "zorgtoeleiding".into(),
            gives: vec![party.clone()],
            receives: vec![party],
            classes: vec![pb::DataClass::K2.into()],
            expire_date: "2027-01-31".into(),
            signatures: vec![pb::consent::Signature {
                person: case.parents[0].person.clone(),
                date: "2026-11-23".into(),
            }],
            ..Default::default()
        }),
        request_id: server.request_id(),
    };
    let consent = ConsentServiceClient::new(client.clone()).record_consent(agreed).await.unwrap();
    let token = pb::CreateTokenRequest {
        display_name: "elders".into(),
        request_id: server.request_id(),
        ..Default::default()
    };
    let token = AccessServiceClient::new(client.clone()).create_token(token).await.unwrap().into_inner();
    let feed = pb::CreateFeedRequest { request_id: server.request_id(), ..Default::default() };
    let feed = FeedServiceClient::new(client.clone()).create_feed(feed).await.unwrap().into_inner();
    let power = (own(Role::Doorzettingsmacht).0, own(Role::Thuiszitterscoordinator).1);
    let inside = (case.name.as_str(), places.schools[school]);
    let inside = super::inside::everything(server, client.clone(), inside, power).await;
    let rights = Rights::of(server, (client, own(Role::Thuiszitterscoordinator).1), &case.name).await;
    // Proposals of one region are one list.
    let proposed = Some(rights.destruction).filter(|_| relation == Relation::OtherRegion);
    by_kind(proposed.into_iter().chain(inside).chain([
        rights.lifted,
        case.child.unwrap().person,
        case.name,
        meeting.name,
        series.name,
        poll.name,
        proposal,
        inbound_mail,
        asked.into_inner().name,
        consent.into_inner().name,
        token.token.unwrap().name,
        feed.feed.unwrap().name,
    ]))
}

/// What another region's register has; its person is a professional.
async fn register(world: &World, places: &Places) -> Foreign {
    let server = &world.server;
    let mut directory = DirectoryServiceClient::new(server.administrator());
    let smw = world.people[&(Role::Smw, Relation::OtherRegion)].0.to_string();
    let area = pb::Area {
        kind: pb::area::Kind::Gemeente.into(),
        code: "GM9901".into(),
        display_name: "Lisdonk".into(),
        ..Default::default()
    };
    let area = pb::CreateAreaRequest { area: Some(area), request_id: server.request_id() };
    let cluster = pb::Cluster {
        code: "ROK1".into(),
        kind: pb::cluster::Kind::Rok.into(),
        display_name: "ROK Zuid".into(),
        ..Default::default()
    };
    let cluster = pb::CreateClusterRequest { cluster: Some(cluster), request_id: server.request_id() };
    let posts = pb::ListAffiliationsRequest { person: smw.clone(), ..Default::default() };
    let post = directory.list_affiliations(posts).await.unwrap().into_inner().affiliations.remove(0).name;
    let links = directory.list_school_team_links(pb::ListSchoolTeamLinksRequest::default()).await.unwrap();
    let hours = pb::WeeklyHours {
        affiliation: post.clone(),
        weekday: 1,
        from: "09:00".into(),
        until: "12:00".into(),
        valid_from: "2026-11-26".into(),
        ..Default::default()
    };
    let hours = pb::CreateWeeklyHoursRequest { weekly_hours: Some(hours), request_id: server.request_id() };
    let absence = pb::Absence {
        person: smw.clone(),
        kind: pb::absence::Kind::Leave.into(),
        valid_from: "2027-02-01".into(),
        valid_until: "2027-02-05".into(),
        ..Default::default()
    };
    let absence = pb::CreateAbsenceRequest { absence: Some(absence), request_id: server.request_id() };
    let mut availability = AvailabilityServiceClient::new(server.administrator());
    let organisation = OrganisationId::from(places.schools[0]).to_string();
    let programs = Programs::of(server, &organisation, &smw).await;
    let elsewhere = calendar_elsewhere(server, &smw).await;
    by_kind([
        programs.login,
        programs.client,
        programs.token,
        smw,
        post,
        places.schools[0].to_string(),
        places.teams[0].to_string(),
        organisation,
        directory.create_area(area).await.unwrap().into_inner().name,
        directory.create_cluster(cluster).await.unwrap().into_inner().name,
        links.into_inner().school_team_links.remove(0).name,
        availability.create_weekly_hours(hours).await.unwrap().into_inner().name,
        availability.create_absence(absence).await.unwrap().into_inner().name,
        super::rooms::room(server, OrganisationId::from(places.schools[0])).await,
        elsewhere,
    ])
}

/// Where in `message` names stand, and what they are.
fn names(message: &[u8], kinds: &BTreeSet<String>) -> Vec<(usize, String)> {
    let mut found = Vec::new();
    for at in 0..message.len() {
        for kind in kinds {
            let length = kind.len() + 1 + 36;
            let Some(text) = message.get(at..at + length).and_then(|bytes| std::str::from_utf8(bytes).ok())
            else {
                continue;
            };
            let is_name = text.strip_prefix(kind.as_str()).and_then(|rest| rest.strip_prefix('/'));
            if is_name.is_some_and(|id| uuid::Uuid::try_parse(id).is_ok()) {
                found.push((at, text.to_owned()));
            }
        }
    }
    found
}

/// Every other request that names things, complete but for what is swapped.
fn complete(world: &World) -> Vec<(&'static str, Vec<u8>)> {
    let request_id = world.server.request_id();
    let register = &world.register;
    let affiliation = pb::Affiliation {
        person: register.person.clone(),
        organisation: register.organisation.clone(),
        role: pb::Role::Smw.into(),
        valid_from: "2027-03-01".into(),
        ..Default::default()
    };
    let link = pb::SchoolTeamLink {
        school: register.school.clone(),
        team: register.team.clone(),
        role: pb::Role::Smw.into(),
        person: register.person.clone(),
        valid_from: "2027-03-01".into(),
        ..Default::default()
    };
    let hours = pb::WeeklyHours {
        affiliation: register.affiliation.clone(),
        weekday: 2,
        from: "09:00".into(),
        until: "12:00".into(),
        valid_from: "2027-03-01".into(),
        ..Default::default()
    };
    let absence = pb::Absence {
        person: register.person.clone(),
        kind: pb::absence::Kind::Leave.into(),
        valid_from: "2027-03-01".into(),
        ..Default::default()
    };
    let room = pb::Room {
        organisation: register.organisation.clone(),
        display_name: "Kamer 2".into(),
        seats: 4,
        ..Default::default()
    };
    let point = pb::travel::Point { organisation: register.organisation.clone(), ..Default::default() };
    let way = pb::travel::Way {
        from: register.organisation.clone(),
        to: register.organisation.clone(),
        minutes: None,
    };
    let travel = pb::Travel { points: vec![point], ways: vec![way], usual_minutes: 0, etag: "7".into() };
    let program = pb::SystemClient {
        organisation: register.organisation.clone(),
        display_name: "Leerlingsysteem".into(),
        scopes: vec!["READ_DIRECTORY".into()],
        ..Default::default()
    };
    let token = pb::CreateSystemTokenRequest {
        system_client: register.programs.client.clone(),
        display_name: "Koppeling".into(),
        valid_days: 30,
        request_id: request_id.clone(),
    };
    let id = || request_id.clone();
    vec![
        (
            "AccessService.CreateSystemClient",
            pb::CreateSystemClientRequest { system_client: Some(program), request_id: id() }.encode_to_vec(),
        ),
        ("AccessService.CreateSystemToken", token.encode_to_vec()),
        (
            "DirectoryService.CreateAffiliation",
            pb::CreateAffiliationRequest { affiliation: Some(affiliation), request_id: id() }.encode_to_vec(),
        ),
        (
            "DirectoryService.CreateSchoolTeamLink",
            pb::CreateSchoolTeamLinkRequest { school_team_link: Some(link), request_id: id() }
                .encode_to_vec(),
        ),
        (
            "AvailabilityService.CreateWeeklyHours",
            pb::CreateWeeklyHoursRequest { weekly_hours: Some(hours), request_id: id() }.encode_to_vec(),
        ),
        (
            "DirectoryService.CreateRoom",
            pb::CreateRoomRequest { room: Some(room), request_id: id() }.encode_to_vec(),
        ),
        (
            "AgendaService.SetTravel",
            pb::SetTravelRequest { travel: Some(travel), request_id: id() }.encode_to_vec(),
        ),
        (
            "AvailabilityService.CreateAbsence",
            pb::CreateAbsenceRequest { absence: Some(absence), request_id: id() }.encode_to_vec(),
        ),
    ]
}

/// Rows and versions of every table but those that grow with each read.
async fn stored(world: &World) -> BTreeMap<String, (i64, i64)> {
    let rows = world.server.rows().await;
    let mut stored = BTreeMap::new();
    for table in schakel_migrations::TABLES {
        if ["audit", "request", "outbox", "subject_key"].contains(table) {
            continue;
        }
        let versions = [
            "thuiszitter",
            "plan_action",
            "information_request",
            "case_track",
            "consultation",
            "hulpvraag",
            "consent",
            "affiliation",
            "school",
            "team",
        ];
        let sum = if versions.contains(table) {
            "CAST(COALESCE(SUM(version), 0) AS bigint)"
        } else {
            "CAST(0 AS bigint)"
        };
        let sql = format!("SELECT COUNT(*), {sum} FROM {table}");
        let statement = Statement::from_string(rows.get_database_backend(), sql);
        let row = rows.query_one_raw(statement).await.unwrap().unwrap();
        let counted = (row.try_get_by_index(0).unwrap(), row.try_get_by_index(1).unwrap());
        stored.insert((*table).to_owned(), counted);
    }
    rows.close().await.unwrap();
    stored
}

/// What a caller can tell an answer from another by; of a request that is new each time.
async fn told(world: &World, role: Role, method: &Method, message: Vec<u8>) -> (Code, String, Vec<u8>) {
    match call(world.client(role, Relation::Own), method, message).await {
        Ok(answer) => (Code::Ok, String::new(), answer),
        Err(status) => schakel_tests::told(&status),
    }
}

/// The own role for which the policy lets `message` through, if any does.
async fn allowed(world: &World, method: &Method, message: &[u8]) -> Option<Role> {
    for role in Role::iter() {
        match call(world.client(role, Relation::Own), method, message.to_vec()).await {
            Ok(_) => return Some(role),
            Err(status) => {
                let why = reason(&status);
                if status.code() != Code::PermissionDenied && !why.ends_with("_NOT_FOUND") {
                    return Some(role);
                }
            }
        }
    }
    None
}

#[tokio::test]
async fn x11_an_id_swapped_for_somebody_elses_is_an_id_that_nothing_has() {
    let mut world = World::start().await;
    let elsewhere = foreign(&world, &world.places[0], 2, Relation::OtherSchool).await;
    let far = foreign(&world, &world.places[1], 0, Relation::OtherRegion).await;
    let register = register(&world, &world.places[1]).await;
    let kinds: BTreeSet<String> = elsewhere.keys().chain(register.keys()).cloned().collect();
    let methods: BTreeMap<String, Method> =
        methods().into_iter().map(|method| (method.name.clone(), method)).collect();

    // Who may call what is found with etags out of date, so that nothing changes.
    let mut calls: Vec<(&str, Role)> = Vec::new();
    for row in rows() {
        let message = (row.request)(&world, &world.things[&State::Open]);
        let role = allowed(&world, &methods[row.method], &message).await;
        if is_undone(row.method) {
            world.hold(State::Open).await;
        }
        // One's own account names only what somebody else has: everybody is told the same. No
        // retention is planned, and one that is no retention is nothing to who approves them.
        let nobody = if row.method.ends_with("ApproveRetention") { Role::Fg } else { Role::Iber };
        calls.push((row.method, role.unwrap_or(nobody)));
    }
    world.up_to_date = true;
    let before = stored(&world).await;
    let mut swaps: u128 = 0;
    let mut faults = Vec::new();
    for (method, role) in
        calls.into_iter().chain(complete(&world).into_iter().map(|(method, _)| (method, Role::Beheerder)))
    {
        let fresh = |world: &World| {
            let whole = complete(world).into_iter().find(|(name, _)| *name == method);
            if let Some((_, message)) = whole.filter(|_| role == Role::Beheerder) {
                return message;
            }
            let row = rows().find(|row| row.method == method).unwrap();
            (row.request)(world, &world.things[&State::Open])
        };
        let count = names(&fresh(&world), &kinds).len();
        for at in 0..count {
            // Three reach every school of their region: the keeper of the register, the privacy
            // officer, and who breaks the glass.
            let everywhere = [Role::Thuiszitterscoordinator, Role::Fg].contains(&role)
                || method.ends_with("StartEmergency");
            let others = [&far, &register].into_iter().chain(Some(&elsewhere).filter(|_| !everywhere));
            for others in others {
                let (_, name) = names(&fresh(&world), &kinds).remove(at);
                let Some(other) = others.get(&kind(&name)) else { continue };
                let nothing = format!(
                    "{}/{}",
                    kind(&name),
                    uuid::Uuid::from_u128(0x0190_0000_0000_7000_8000_0000_0000_0000 + swaps)
                );
                let mut answers = Vec::new();
                for swapped in [other, &nothing] {
                    let mut message = fresh(&world);
                    let (place, _) = names(&message, &kinds).remove(at);
                    message[place..place + swapped.len()].copy_from_slice(swapped.as_bytes());
                    answers.push(told(&world, role, &methods[method], message).await);
                }
                swaps += 1;
                if answers[0] != answers[1] {
                    faults.push(format!(
                        "{method} as {role}, {name} for {other}: {:?} is not {:?}",
                        answers[0], answers[1]
                    ));
                }
            }
        }
    }
    println!("{swaps} swaps, {} of them told apart", faults.len());
    assert!(faults.is_empty(), "{}", faults.join("\n"));
    assert!(swaps > 100);
    assert_eq!(stored(&world).await, before, "nothing is written for an id that is not one's own");
}
