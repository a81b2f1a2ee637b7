//! Breaking the glass: for some hours, for one case, to be read, and the privacy officer knows.

use chrono::TimeDelta;
use schakel_domain::access::Role;
use schakel_proto::v1::{
    self as pb, access_service_client::AccessServiceClient,
    thuiszitter_service_client::ThuiszitterServiceClient,
};
use schakel_server::entity::audit;
use schakel_tests::{As, reason, seed_meetings::Scene, violations};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter};
use tonic::{Code, Request, Status};

use crate::thuiszitter::absent;

const REASON: &str = "Het kind is sinds vanmorgen spoorloos; wie zijn de ouders?";

/// A case, and a social worker that nobody asked to it.
struct Night {
    scene: Scene,
    case: pb::Case,
    officer: As,
}

impl Night {
    async fn start() -> Self {
        let scene = Scene::start().await;
        let opening = pb::OpenCaseRequest {
            case: Some(absent(scene.school)),
            request_id: scene.server.request_id(),
            ..Default::default()
        };
        let mut cases = ThuiszitterServiceClient::new(scene.iber.1.clone());
        let case = cases.open_case(opening).await.unwrap().into_inner();
        let officer = scene.server.person(Role::Fg, scene.server.founded.organisation).await.1;
        Self { scene, case, officer }
    }

    async fn begin(&self, client: &As, case: &str) -> Result<pb::Emergency, Status> {
        let request = pb::StartEmergencyRequest {
            case: case.into(),
            reason: REASON.into(),
            duration: Some(prost_types::Duration { seconds: 3600, nanos: 0 }),
            request_id: self.scene.server.request_id(),
        };
        access(client).start_emergency(request).await.map(tonic::Response::into_inner)
    }

    /// The case, read by `client` under `emergency`.
    async fn read(&self, client: &As, emergency: &str) -> Result<pb::Case, Status> {
        let mut request = Request::new(pb::GetCaseRequest { name: self.case.name.clone() });
        request.metadata_mut().insert("schakel-emergency", emergency.parse().unwrap());
        let mut cases = ThuiszitterServiceClient::new(client.clone());
        cases.get_case(request).await.map(tonic::Response::into_inner)
    }

    async fn all(&self) -> Vec<pb::Emergency> {
        let list = pb::ListEmergenciesRequest::default();
        access(&self.officer).list_emergencies(list).await.unwrap().into_inner().emergencies
    }
}

fn access(client: &As) -> AccessServiceClient<As> {
    AccessServiceClient::new(client.clone())
}

#[tokio::test]
async fn x11_in_an_emergency_a_case_is_read_for_some_hours_and_the_privacy_officer_is_told() {
    let night = Night::start().await;
    let smw = &night.scene.smw.1;
    let get = pb::GetCaseRequest { name: night.case.name.clone() };
    let mut cases = ThuiszitterServiceClient::new(smw.clone());
    assert_eq!(reason(&cases.get_case(get.clone()).await.unwrap_err()), "CASE_NOT_FOUND");

    let begun = night.begin(smw, &night.case.reference).await.unwrap();
    assert_eq!(begun.case, night.case.name);
    let seen = night.read(smw, &begun.name).await.unwrap();
    assert_eq!((&seen.child, &seen.absence), (&night.case.child, &night.case.absence));
    assert!(seen.question.is_empty(), "who and since when, and no more");
    assert_eq!(
        reason(&cases.get_case(get).await.unwrap_err()),
        "CASE_NOT_FOUND",
        "a call that does not say that it is one is none"
    );
    let mut change = Request::new(pb::UpdateCaseRequest {
        case: Some(night.case.clone()),
        request_id: night.scene.server.request_id(),
        ..Default::default()
    });
    change.metadata_mut().insert("schakel-emergency", begun.name.parse().unwrap());
    assert_eq!(reason(&cases.update_case(change).await.unwrap_err()), "ACTION_NOT_ALLOWED");

    let rows = night.scene.server.rows().await;
    let flagged = audit::Entity::find()
        .filter(audit::Column::RuleId.contains("smw.read_case.emergency"))
        .filter(audit::Column::FieldClasses.contains("K2"))
        .all(&rows)
        .await
        .unwrap();
    assert!(!flagged.is_empty(), "reads in an emergency are written down as such");
    rows.close().await.unwrap();

    let listed = night.all().await;
    assert_eq!((listed.len(), listed[0].reason.as_str(), listed[0].role()), (1, REASON, pb::Role::Smw));
    night.scene.server.clock.advance(TimeDelta::minutes(61));
    assert_eq!(reason(&night.read(smw, &begun.name).await.unwrap_err()), "EMERGENCY_NOT_FOUND");
}

#[tokio::test]
async fn an_emergency_is_its_own_users_and_ends_when_they_say_so() {
    let night = Night::start().await;
    let (smw, planner) = (&night.scene.smw.1, &night.scene.planner.1);
    let begun = night.begin(smw, &night.case.name).await.unwrap();
    let colleague = night.scene.server.person(Role::Smw, night.scene.team).await.1;
    assert_eq!(reason(&night.read(&colleague, &begun.name).await.unwrap_err()), "EMERGENCY_NOT_FOUND");
    let end =
        pb::EndEmergencyRequest { name: begun.name.clone(), request_id: night.scene.server.request_id() };
    let refused = access(&colleague).end_emergency(end.clone()).await.unwrap_err();
    assert_eq!(reason(&refused), "EMERGENCY_NOT_FOUND");
    assert!(access(smw).end_emergency(end).await.unwrap().into_inner().end_time.is_some());
    assert_eq!(reason(&night.read(smw, &begun.name).await.unwrap_err()), "EMERGENCY_NOT_FOUND");
    let list = pb::ListEmergenciesRequest::default();
    let refused = access(smw).list_emergencies(list).await.unwrap_err();
    assert_eq!((refused.code(), reason(&refused).as_str()), (Code::PermissionDenied, "ACTION_NOT_ALLOWED"));
    let refused = night.begin(planner, &night.case.name).await.unwrap_err();
    assert_eq!(reason(&refused), "ACTION_NOT_ALLOWED", "who plans for a team helps nobody");
    let nowhere = format!("cases/{}", uuid::Uuid::from_u128(7));
    assert_eq!(reason(&night.begin(smw, &nowhere).await.unwrap_err()), "CASE_NOT_FOUND");
}

#[tokio::test]
async fn an_emergency_has_a_reason_that_says_something_and_at_most_four_hours() {
    let night = Night::start().await;
    let request = pb::StartEmergencyRequest {
        case: "no case".into(),
        reason: "Spoed.".into(),
        duration: Some(prost_types::Duration { seconds: 4 * 3600 + 1, nanos: 0 }),
        request_id: night.scene.server.request_id(),
    };
    let refused = access(&night.scene.smw.1).start_emergency(request).await.unwrap_err();
    assert_eq!(
        violations(&refused),
        ["case: FIELD_INVALID", "reason: REASON_TOO_SHORT", "duration: TIME_RANGE_INVALID"]
    );
}

#[tokio::test]
async fn the_mail_about_an_emergency_says_nothing_of_it() {
    let night = Night::start().await;
    night.begin(&night.scene.smw.1, &night.case.name).await.unwrap();
    let mails = night.scene.server.news().await;
    assert_eq!(mails.len(), 2, "the privacy officer, and who keeps the case together");
    for mail in mails {
        let text = format!("{} {}", String::from_utf8_lossy(&mail.raw), mail.text());
        assert!(mail.text().contains("Er staat een bericht voor u klaar."));
        for secret in ["spoorloos", "Oudshoorn", &night.case.reference, &night.case.name, "SMW"] {
            assert!(!text.contains(secret), "{secret}: {text}");
        }
    }
}

#[tokio::test]
async fn a_privacy_officer_without_an_address_keeps_nobody_else_from_hearing_of_an_emergency() {
    let night = Night::start().await;
    let server = &night.scene.server;
    let (silent, _) = server.person(Role::Fg, server.founded.organisation).await;
    server.without_address(silent).await;
    night.begin(&night.scene.smw.1, &night.case.name).await.unwrap();
    assert_eq!(server.news().await.len(), 2, "the other privacy officer, and who keeps the case together");
}
