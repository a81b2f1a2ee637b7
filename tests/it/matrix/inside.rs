//! What stands in a case of the matrix: an entry of its log, an action of its plan, a track, what a partner
//! is asked, what was decided.

use schakel_domain::ids::{OrganisationId, PersonId, SchoolId};
use schakel_proto::v1::{
    self as pb, consent_service_client::ConsentServiceClient,
    directory_service_client::DirectoryServiceClient, fact_service_client::FactServiceClient,
    information_service_client::InformationServiceClient, plan_service_client::PlanServiceClient,
    thuiszitter_service_client::ThuiszitterServiceClient, track_service_client::TrackServiceClient,
};
use schakel_tests::{As, TestServer};

use crate::thuiszitter::escalation;

/// The first entry of the log of a case.
pub(super) async fn first_fact(client: As, case: &str) -> String {
    let asked = pb::ListFactsRequest { case: case.to_owned(), ..Default::default() };
    let told = FactServiceClient::new(client).list_facts(asked).await.unwrap().into_inner();
    told.facts[0].name.clone()
}

/// An action that is added to the plan of a case.
pub(super) async fn plan_action(server: &TestServer, client: As, (case, school): (&str, SchoolId)) -> String {
    let action = pb::PlanAction {
        case: case.to_owned(),
        side: pb::plan_action::Side::Education.into(),
        text: "Twee ochtenden naar school.".into(),
        organisation: OrganisationId::from(school).to_string(),
        start_date: "2026-12-01".into(),
        due_date: "2026-12-18".into(),
        ..Default::default()
    };
    let asked = pb::AddPlanActionRequest { plan_action: Some(action), request_id: server.request_id() };
    PlanServiceClient::new(client).add_plan_action(asked).await.unwrap().into_inner().name
}

/// A complaint that somebody of the region sees to.
pub(super) async fn track(server: &TestServer, client: As, case: &str, coordinator: PersonId) -> String {
    let track = pb::Track {
        case: case.to_owned(),
        kind: pb::track::Kind::Complaint.into(),
        coordinator: coordinator.to_string(),
        start_date: "2026-11-23".into(),
        next_date: "2026-12-07".into(),
        ..Default::default()
    };
    let asked = pb::StartTrackRequest { track: Some(track), request_id: server.request_id() };
    TrackServiceClient::new(client).start_track(asked).await.unwrap().into_inner().name
}

/// What the school asks another organisation of the region, with consent to learn what it sees itself.
pub(super) async fn information_request(
    server: &TestServer,
    client: As,
    (case, school): (&str, SchoolId),
) -> String {
    let read = pb::GetCaseRequest { name: case.to_owned() };
    let read = ThuiszitterServiceClient::new(client.clone()).get_case(read).await.unwrap().into_inner();
    let role = |role: pb::Role| pb::consent::Party { role: role.into(), ..Default::default() };
    let signed = |parent: &pb::case::Parent| pb::consent::Signature {
        person: parent.person.clone(),
        date: "2026-11-23".into(),
    };
    let mut directory = DirectoryServiceClient::new(client.clone());
    let all = directory.list_organisations(pb::ListOrganisationsRequest::default()).await.unwrap();
    let own = OrganisationId::from(school).to_string();
    let other = all.into_inner().organisations.into_iter().find(|organisation| organisation.name != own);
    let other = other.unwrap().name;
    let gives = pb::consent::Party { organisation: other.clone(), ..Default::default() };
    let consent = pb::Consent {
        case: case.to_owned(),
        purpose: "terugkeer_school".into(),
        gives: vec![gives],
        receives: vec![role(pb::Role::Iber)],
        classes: vec![pb::DataClass::K4.into()],
        expire_date: "2027-01-31".into(),
        signatures: read.parents.iter().map(signed).collect(),
        ..Default::default()
    };
    let consent = pb::RecordConsentRequest { consent: Some(consent), request_id: server.request_id() };
    ConsentServiceClient::new(client.clone()).record_consent(consent).await.unwrap();
    let wanted = pb::InformationRequest {
        case: case.to_owned(),
        kind: pb::information_request::Kind::SupportNeeds.into(),
        organisation: other,
        role: pb::Role::Gedragswetenschapper.into(),
        due_date: "2026-12-18".into(),
        ..Default::default()
    };
    let asked =
        pb::AskInformationRequest { information_request: Some(wanted), request_id: server.request_id() };
    InformationServiceClient::new(client).ask_information(asked).await.unwrap().into_inner().name
}

/// All of that, a decision and a view, of a case of a school: by its own people, by who holds
/// doorzettingsmacht and by who keeps the register.
pub(super) async fn everything(
    server: &TestServer,
    client: As,
    (case, school): (&str, SchoolId),
    (holder, keeper): (PersonId, As),
) -> [String; 6] {
    let fact = first_fact(client.clone(), case).await;
    let planned = plan_action(server, client.clone(), (case, school)).await;
    let track = track(server, client.clone(), case, holder).await;
    let asked = information_request(server, client, (case, school)).await;
    let own = OrganisationId::from(school);
    let (decision, view) = escalation::decided_and_seen(server, (&keeper, own), holder, case).await;
    [fact, planned, track, asked, decision, view]
}
