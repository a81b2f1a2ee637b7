//! Programs of organisations, and for whom they act.

use chrono::TimeDelta;
use schakel_domain::{access::Role, ids::SystemClientId};
use schakel_proto::v1::{
    self as pb, access_service_client::AccessServiceClient, feed_service_client::FeedServiceClient,
    thuiszitter_service_client::ThuiszitterServiceClient,
};
use schakel_server::{
    access::{Grant, Worker, system_token},
    entity::audit,
};
use schakel_tests::{As, TestServer, reason, seed_meetings::Scene, violations};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter};
use tonic::{Code, Status};

use super::who_am_i;

const BEHALF: &str = "schakel-on-behalf-of";

fn told(status: &Status) -> (Code, String) {
    (status.code(), reason(status))
}

fn client(organisation: &str, scopes: &[&str]) -> pb::SystemClient {
    pb::SystemClient {
        organisation: organisation.to_owned(),
        display_name: "Leerlingsysteem".into(),
        scopes: scopes.iter().map(|&scope| scope.to_owned()).collect(),
        ..pb::SystemClient::default()
    }
}

pub(super) async fn create(
    server: &TestServer,
    client: pb::SystemClient,
) -> Result<pb::SystemClient, Status> {
    let request =
        pb::CreateSystemClientRequest { system_client: Some(client), request_id: server.request_id() };
    let mut access = AccessServiceClient::new(server.administrator());
    access.create_system_client(request).await.map(tonic::Response::into_inner)
}

/// A token that the operator issues: it opens all of the system's scopes.
async fn by_operator(server: &TestServer, system: &str) -> String {
    let system: SystemClientId = system.parse().unwrap();
    let name = "operator".parse().unwrap();
    let name = &name;
    let grant = Grant::worker(Worker::Setup, server.founded.region);
    let lasts = TimeDelta::days(90);
    let issued = server.app.write(&grant, None, |tx| async move {
        system_token::issue(&tx, system, name, lasts, system_token::Opening::Scopes).await
    });
    issued.await.unwrap().1
}

fn acting(server: &TestServer, secret: &str, person: &str) -> As {
    server.with_headers(&[("authorization", &format!("Bearer {secret}")), (BEHALF, person)])
}

async fn cases(channel: As) -> Result<usize, Status> {
    let listed = ThuiszitterServiceClient::new(channel).list_cases(pb::ListCasesRequest::default()).await?;
    Ok(listed.into_inner().cases.len())
}

#[tokio::test]
async fn x11_a_system_acts_for_a_person_of_its_organisation_within_its_scopes() {
    let scene = Scene::start().await;
    let server = &scene.server;
    let (school, iber) =
        (scene.school.to_string().replace("schools/", "organisations/"), scene.iber.0.to_string());
    let system =
        create(server, client(&school, &["OWN_ACCOUNT", "READ_DIRECTORY", "READ_CASE"])).await.unwrap();
    let secret = by_operator(server, &system.name).await;

    let alone = who_am_i(server.bearing(&secret)).await.unwrap();
    assert_eq!((alone.person.as_str(), alone.system_client.as_str()), ("", system.name.as_str()));
    assert_eq!(alone.display_name, "Leerlingsysteem");
    let me = who_am_i(acting(server, &secret, &iber)).await.unwrap();
    assert_eq!((me.person.as_str(), me.system_client.as_str()), (iber.as_str(), system.name.as_str()));

    let refused = cases(server.bearing(&secret)).await.unwrap_err();
    assert_eq!(told(&refused), (Code::InvalidArgument, "ON_BEHALF_OF_REQUIRED".into()));
    assert_eq!(violations(&refused), ["schakel-on-behalf-of: ON_BEHALF_OF_REQUIRED"]);
    cases(acting(server, &secret, &iber)).await.unwrap();

    // Not of its organisation, and nobody at all: one answer.
    let stranger = format!("persons/{}", server.app.ids.next(server.app.now()));
    let known = scene.smw.0.to_string();
    let mut answers = Vec::new();
    for person in [&stranger, &known] {
        let refused = cases(acting(server, &secret, person)).await.unwrap_err();
        assert_eq!(told(&refused), (Code::InvalidArgument, "PERSON_NOT_FOUND".into()));
        answers.push(schakel_tests::told(&refused));
    }
    assert_eq!(answers[0], answers[1]);
    let malformed = cases(acting(server, &secret, "iber")).await.unwrap_err();
    assert_eq!(violations(&malformed), ["schakel-on-behalf-of: FIELD_INVALID"]);
    let person = server
        .with_headers(&[("authorization", &format!("Bearer {}", server.founded.secret)), (BEHALF, &iber)]);
    let refused = cases(person).await.unwrap_err();
    assert_eq!(violations(&refused), ["schakel-on-behalf-of: FIELD_INVALID"]);
    let details = tonic_types::StatusExt::get_details_bad_request(&refused).unwrap();
    assert!(details.field_violations[0].description.contains("Alleen een systeem"), "{details:?}");

    let mut meetings =
        pb::consultation_service_client::ConsultationServiceClient::new(acting(server, &secret, &iber));
    let outside = meetings.book_consultation(scene.booking(scene.mdo(scene.later(48)))).await.unwrap_err();
    assert_eq!(told(&outside), (Code::PermissionDenied, "ACTION_NOT_ALLOWED".into()), "not a scope of it");
}

#[tokio::test]
async fn a_system_makes_no_secrets_for_the_person_it_acts_for() {
    let scene = Scene::start().await;
    let server = &scene.server;
    let school = scene.school.to_string().replace("schools/", "organisations/");
    let system = create(server, client(&school, &["OWN_ACCOUNT", "READ_CASE"])).await.unwrap();
    let secret = by_operator(server, &system.name).await;
    let channel = acting(server, &secret, &scene.iber.0.to_string());
    let denied = (Code::PermissionDenied, "ACTION_NOT_ALLOWED".to_owned());
    let ask =
        pb::CreateTokenRequest { display_name: "x".into(), valid_days: 1, request_id: server.request_id() };
    let refused = AccessServiceClient::new(channel.clone()).create_token(ask).await.unwrap_err();
    assert_eq!(told(&refused), denied);
    let ask = pb::CreateFeedRequest { request_id: server.request_id(), ..Default::default() };
    assert_eq!(told(&FeedServiceClient::new(channel).create_feed(ask).await.unwrap_err()), denied);
    for scope in ["OWN_CREDENTIALS", "MANAGE_ACCESS", "MOVE_CLOCK", "read_case", "", "EVERYTHING"] {
        let refused = create(server, client(&school, &["READ_CASE", scope])).await.unwrap_err();
        assert_eq!(violations(&refused), ["system_client.scopes[1]: FIELD_INVALID"], "{scope}");
    }
}

#[tokio::test]
async fn what_an_administrator_hands_a_system_opens_the_register_only() {
    let scene = Scene::start().await;
    let server = &scene.server;
    let school = scene.school.to_string().replace("schools/", "organisations/");
    let iber = scene.iber.0.to_string();
    let system =
        create(server, client(&school, &["OWN_ACCOUNT", "READ_DIRECTORY", "READ_CASE"])).await.unwrap();
    let mut access = AccessServiceClient::new(server.administrator());
    let ask = pb::CreateSystemTokenRequest {
        system_client: system.name.clone(),
        display_name: "koppeling".into(),
        valid_days: 2,
        request_id: server.request_id(),
    };
    let made = access.create_system_token(ask).await.unwrap().into_inner();
    assert!(made.secret.starts_with("ska_"));
    let refused = cases(acting(server, &made.secret, &iber)).await.unwrap_err();
    assert_eq!(told(&refused), (Code::PermissionDenied, "ACTION_NOT_ALLOWED".into()));
    let mut register =
        pb::directory_service_client::DirectoryServiceClient::new(server.bearing(&made.secret));
    register.list_schools(pb::ListSchoolsRequest::default()).await.unwrap();
    let person = pb::CreatePersonRequest { person: None, request_id: server.request_id() };
    let refused = register.create_person(person).await.unwrap_err();
    assert_eq!(
        told(&refused),
        (Code::PermissionDenied, "ACTION_NOT_ALLOWED".into()),
        "a school keeps no region"
    );

    let list = pb::ListSystemTokensRequest { system_client: system.name.clone(), ..Default::default() };
    let listed = access.list_system_tokens(list).await.unwrap().into_inner().tokens.remove(0);
    assert_eq!(listed.last_use_date, "2026-11-23");
    let name = listed.name;
    let revoke = pb::RevokeSystemTokenRequest { name, request_id: server.request_id() };
    assert!(access.revoke_system_token(revoke).await.unwrap().into_inner().revoke_time.is_some());
    let refused = who_am_i(server.bearing(&made.secret)).await.unwrap_err();
    assert_eq!(told(&refused), (Code::Unauthenticated, "TOKEN_INVALID".into()));
    let missing = pb::RevokeSystemTokenRequest {
        name: format!("systemTokens/{}", server.app.ids.next(server.app.now())),
        request_id: server.request_id(),
    };
    assert_eq!(told(&access.revoke_system_token(missing).await.unwrap_err()).1, "SYSTEM_TOKEN_NOT_FOUND");
}

#[tokio::test]
async fn the_samenwerkingsverbands_own_system_keeps_the_register() {
    let server = TestServer::start().await;
    let swv = server.founded.organisation.to_string();
    let system = create(&server, client(&swv, &["READ_DIRECTORY", "WRITE_DIRECTORY"])).await.unwrap();
    let secret = by_operator(&server, &system.name).await;
    let mut register = pb::directory_service_client::DirectoryServiceClient::new(server.bearing(&secret));
    let person = pb::Person { code: "P77".into(), display_name: "Pia Zeven".into(), ..pb::Person::default() };
    let request = pb::CreatePersonRequest { person: Some(person), request_id: server.request_id() };
    let made = register.create_person(request).await.unwrap().into_inner();
    assert_eq!(made.code, "P77");
    let rows = server.rows().await;
    let lines =
        audit::Entity::find().filter(audit::Column::ObjectType.eq("person")).all(&rows).await.unwrap();
    let system: SystemClientId = system.name.parse().unwrap();
    assert_eq!(lines.last().unwrap().actor_id, Some(system.0), "the audit log knows the system");
    rows.close().await.unwrap();
}

#[tokio::test]
async fn a_system_that_is_switched_off_or_out_of_its_days_is_refused_from_the_next_call_on() {
    let scene = Scene::start().await;
    let server = &scene.server;
    let school = scene.school.to_string().replace("schools/", "organisations/");
    let mut wish = client(&school, &["OWN_ACCOUNT"]);
    wish.valid_until = "2026-11-30".into();
    let system = create(server, wish).await.unwrap();
    let secret = by_operator(server, &system.name).await;
    who_am_i(server.bearing(&secret)).await.unwrap();
    let mut access = AccessServiceClient::new(server.administrator());
    let update = |disabled: bool, etag: &str| pb::UpdateSystemClientRequest {
        system_client: Some(pb::SystemClient {
            name: system.name.clone(),
            disabled,
            etag: etag.to_owned(),
            ..pb::SystemClient::default()
        }),
        update_mask: Some(prost_types::FieldMask { paths: vec!["disabled".into()] }),
        request_id: server.request_id(),
    };
    let off = access.update_system_client(update(true, &system.etag)).await.unwrap().into_inner();
    assert!(off.disabled && off.scopes == system.scopes && off.display_name == system.display_name);
    let disabled = (Code::PermissionDenied, "ACCOUNT_DISABLED".to_owned());
    assert_eq!(told(&who_am_i(server.bearing(&secret)).await.unwrap_err()), disabled);
    assert_eq!(
        reason(&access.update_system_client(update(false, &system.etag)).await.unwrap_err()),
        "ETAG_MISMATCH"
    );
    access.update_system_client(update(false, &off.etag)).await.unwrap();
    who_am_i(server.bearing(&secret)).await.unwrap();
    server.clock.advance(TimeDelta::days(8));
    assert_eq!(told(&who_am_i(server.bearing(&secret)).await.unwrap_err()), disabled);

    let mut other = update(true, "1");
    other.update_mask = Some(prost_types::FieldMask { paths: vec!["organisation".into()] });
    other.system_client.as_mut().unwrap().name =
        format!("systemClients/{}", server.app.ids.next(server.app.now()));
    let refused = access.update_system_client(other.clone()).await.unwrap_err();
    assert_eq!(violations(&refused), ["update_mask: MASK_INVALID"]);
    other.update_mask = Some(prost_types::FieldMask { paths: vec!["disabled".into()] });
    assert_eq!(reason(&access.update_system_client(other).await.unwrap_err()), "SYSTEM_CLIENT_NOT_FOUND");
}

#[tokio::test]
async fn systems_are_an_administrators_and_every_bad_field_is_named_at_once() {
    let scene = Scene::start().await;
    let server = &scene.server;
    let (_, channel) = server.person(Role::Thuiszitterscoordinator, server.founded.organisation).await;
    let list = pb::ListSystemClientsRequest::default();
    let refused = AccessServiceClient::new(channel).list_system_clients(list.clone()).await.unwrap_err();
    assert_eq!(told(&refused), (Code::PermissionDenied, "ACTION_NOT_ALLOWED".into()));
    let bad = pb::SystemClient {
        organisation: "schools/x".into(),
        oin: "0000000170000000000".into(),
        valid_from: "2026-11-23".into(),
        valid_until: "2026-11-22".into(),
        ..pb::SystemClient::default()
    };
    assert_eq!(
        violations(&create(server, bad).await.unwrap_err()),
        [
            "system_client.organisation: FIELD_INVALID",
            "system_client.display_name: FIELD_REQUIRED",
            "system_client.oin: FIELD_INVALID",
            "system_client.scopes: FIELD_REQUIRED",
            "system_client.valid_until: TIME_RANGE_INVALID"
        ]
    );
    let mut wish = client(&server.founded.organisation.to_string(), &["OWN_ACCOUNT"]);
    wish.oin = "00000001700000000000".into();
    create(server, wish.clone()).await.unwrap();
    assert_eq!(told(&create(server, wish).await.unwrap_err()).1, "ALREADY_EXISTS");
    let mut access = AccessServiceClient::new(server.administrator());
    let listed = access.list_system_clients(list).await.unwrap().into_inner().system_clients;
    assert_eq!(listed.len(), 1);
    assert_eq!(listed[0].oin, "00000001700000000000");
}
