//! What the state of a case, a purpose, an escalation and a secret address change about who may what.

use chrono::TimeDelta;
use schakel_domain::{access::Role, ids::CaseId};
use schakel_proto::v1::{
    self as pb, consultation_service_client::ConsultationServiceClient,
    thuiszitter_service_client::ThuiszitterServiceClient,
};
use schakel_server::entity::{audit, case_circle};
use schakel_tests::{As, reason, seed_meetings::Scene};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, sea_query::Expr};
use tonic::{Code, Request, Response, Status};

use crate::thuiszitter::{absent, escalation};

/// A case of the school, with everybody around it.
struct Around {
    scene: Scene,
    case: pb::Case,
    keeper: As,
    officer: As,
}

impl Around {
    async fn start() -> Self {
        let scene = Scene::start().await;
        let swv = scene.server.founded.organisation;
        let keeper = scene.server.person(Role::Thuiszitterscoordinator, swv).await.1;
        let officer = scene.server.person(Role::Fg, swv).await.1;
        let mut case = absent(scene.school);
        case.parents[0].address_confidential = true;
        let opening = pb::OpenCaseRequest {
            case: Some(case),
            request_id: scene.server.request_id(),
            ..Default::default()
        };
        let case = cases(&scene.iber.1).open_case(opening).await.unwrap().into_inner();
        Self { scene, case, keeper, officer }
    }

    async fn hold(&self, hold: Option<&str>) {
        let rows = self.scene.server.rows().await;
        let id: CaseId = self.case.name.parse().unwrap();
        case_circle::Entity::update_many()
            .col_expr(case_circle::Column::Hold, Expr::value(hold))
            .filter(case_circle::Column::CaseId.eq(id.0))
            .exec(&rows)
            .await
            .unwrap();
        rows.close().await.unwrap();
    }

    async fn get(&self, client: &As) -> Result<pb::Case, Status> {
        let request = pb::GetCaseRequest { name: self.case.name.clone() };
        cases(client).get_case(request).await.map(Response::into_inner)
    }

    async fn listed(&self, client: &As) -> usize {
        cases(client).list_cases(pb::ListCasesRequest::default()).await.unwrap().into_inner().cases.len()
    }

    fn changing(&self, case: pb::Case, path: &str) -> pb::UpdateCaseRequest {
        pb::UpdateCaseRequest {
            case: Some(case),
            update_mask: Some(prost_types::FieldMask { paths: vec![path.to_owned()] }),
            request_id: self.scene.server.request_id(),
            ..Default::default()
        }
    }

    async fn raise(&self, level: i32) {
        let by = (&self.keeper, self.scene.server.founded.organisation);
        escalation::taken(&self.scene.server, by, &self.case.name, level).await.unwrap();
    }
}

fn cases(client: &As) -> ThuiszitterServiceClient<As> {
    ThuiszitterServiceClient::new(client.clone())
}

#[tokio::test]
async fn what_is_restricted_is_read_by_its_members_and_changed_by_nobody() {
    let around = Around::start().await;
    let Around { scene, case, keeper, officer } = &around;
    let booked = {
        let mut wish = scene.mdo(scene.later(48));
        wish.case.clone_from(&case.name);
        wish.participants[2].person.clone_from(&case.parents[0].person);
        scene.meetings().book_consultation(scene.booking(wish)).await.unwrap().into_inner()
    };
    assert_eq!(reason(&around.get(officer).await.unwrap_err()), "CASE_NOT_FOUND", "an ordinary case");
    around.hold(Some("RESTRICTED")).await;
    for member in [&scene.iber.1, &scene.leerplicht.1, &scene.smw.1, keeper, officer] {
        around.get(member).await.unwrap();
        assert_eq!(around.listed(member).await, 1);
    }
    assert!(around.get(officer).await.unwrap().child.is_some());
    let refused =
        cases(&scene.iber.1).update_case(around.changing(case.clone(), "question")).await.unwrap_err();
    assert_eq!((refused.code(), reason(&refused).as_str()), (Code::FailedPrecondition, "CASE_RESTRICTED"));
    let mut meetings = scene.meetings();
    let moving = pb::MoveConsultationRequest {
        name: booked.name.clone(),
        start_time: booked.start_time,
        etag: booked.etag.clone(),
        request_id: scene.server.request_id(),
        ..Default::default()
    };
    assert_eq!(reason(&meetings.move_consultation(moving).await.unwrap_err()), "CASE_RESTRICTED");
    let answer = pb::AnswerConsultationRequest {
        name: booked.name.clone(),
        answer: pb::participant::Answer::Accepted.into(),
        request_id: scene.server.request_id(),
        ..Default::default()
    };
    assert_eq!(reason(&meetings.answer_consultation(answer).await.unwrap_err()), "CASE_RESTRICTED");
    meetings.get_consultation(pb::GetConsultationRequest { name: booked.name }).await.unwrap();
}

#[tokio::test]
async fn what_is_archived_is_there_for_the_privacy_officer_alone() {
    let around = Around::start().await;
    let Around { scene, case, keeper, officer } = &around;
    let mut wish = scene.mdo(scene.later(48));
    wish.case.clone_from(&case.name);
    wish.participants[2].person.clone_from(&case.parents[0].person);
    let booked = scene.meetings().book_consultation(scene.booking(wish)).await.unwrap().into_inner();
    around.hold(Some("ARCHIVED")).await;
    for member in [&scene.iber.1, &scene.leerplicht.1, &scene.smw.1, keeper] {
        assert_eq!(reason(&around.get(member).await.unwrap_err()), "CASE_NOT_FOUND");
        assert_eq!(around.listed(member).await, 0);
        let mut meetings = ConsultationServiceClient::new(member.clone());
        let get = pb::GetConsultationRequest { name: booked.name.clone() };
        assert_eq!(reason(&meetings.get_consultation(get).await.unwrap_err()), "CONSULTATION_NOT_FOUND");
        let listed = meetings.list_consultations(pb::ListConsultationsRequest::default()).await.unwrap();
        assert!(listed.into_inner().consultations.is_empty());
    }
    assert!(around.get(officer).await.unwrap().child.is_some());
    assert_eq!(around.listed(officer).await, 0, "no list tells of it");
    let rows = scene.server.rows().await;
    let read = audit::Entity::find()
        .filter(audit::Column::RuleId.contains("fg.read_case.held"))
        .all(&rows)
        .await
        .unwrap();
    assert!(read.iter().all(|line| line.purpose == "rechten_betrokkene") && !read.is_empty());
    rows.close().await.unwrap();
}

#[tokio::test]
async fn a_head_and_the_holder_of_power_see_a_case_that_is_brought_to_them_and_not_for_ever() {
    let around = Around::start().await;
    let server = &around.scene.server;
    let head = server.person(Role::Directeur, around.scene.school).await.1;
    let power = server.person(Role::Doorzettingsmacht, server.founded.organisation).await.1;
    let identity = async |client: &As| around.get(client).await.map(|case| case.child.is_some());
    around.raise(1).await;
    assert!(!identity(&head).await.unwrap());
    around.raise(2).await;
    assert!(identity(&head).await.unwrap());
    assert!(!around.get(&head).await.unwrap().question.is_empty());
    assert_eq!(reason(&identity(&power).await.unwrap_err()), "CASE_NOT_FOUND");
    around.raise(3).await;
    assert!(identity(&power).await.unwrap());
    assert_eq!(around.listed(&power).await, 1);
    server.clock.advance(TimeDelta::days(91));
    assert_eq!(reason(&identity(&power).await.unwrap_err()), "CASE_NOT_FOUND", "its time is over");
    assert_eq!(around.listed(&power).await, 0);
    assert!(identity(&head).await.unwrap());
    around.raise(0).await;
    assert!(!identity(&head).await.unwrap(), "what comes down is a school's ordinary case again");
}

#[tokio::test]
async fn a_purpose_that_is_not_ones_own_is_refused() {
    let around = Around::start().await;
    let ask = async |client: &As, purpose: &'static str| {
        let mut request = Request::new(pb::GetCaseRequest { name: around.case.name.clone() });
        request.metadata_mut().insert("schakel-purpose", purpose.parse().unwrap());
        cases(client).get_case(request).await
    };
    let refused = ask(&around.scene.iber.1, "leerplicht_toezicht").await.unwrap_err();
    assert_eq!((refused.code(), reason(&refused).as_str()), (Code::PermissionDenied, "PURPOSE_NOT_ALLOWED"));
    let refused = ask(&around.scene.iber.1, "statistiek").await.unwrap_err();
    assert_eq!(reason(&refused), "PURPOSE_NOT_ALLOWED");
    ask(&around.scene.leerplicht.1, "leerplicht_toezicht").await.unwrap();
    ask(&around.scene.iber.1, "zorgtoeleiding").await.unwrap();
}

#[tokio::test]
async fn a_secret_address_is_shown_to_the_attendance_officer_and_kept_by_who_cannot_see_it() {
    let around = Around::start().await;
    let (iber, officer) = (&around.scene.iber.1, &around.scene.leerplicht.1);
    let seen = around.get(iber).await.unwrap();
    assert!(seen.parents[0].email.is_empty() && seen.parents[0].phone.is_empty());
    assert!(seen.parents[0].address_confidential);
    assert!(around.get(&around.keeper).await.unwrap().parents[0].email.is_empty());
    let renamed = {
        let mut case = seen.clone();
        case.parents[0].display_name = "Noor Oudshoorn-Smit".into();
        case
    };
    cases(iber).update_case(around.changing(renamed, "parents")).await.unwrap();
    let whole = around.get(officer).await.unwrap();
    assert_eq!(
        (whole.parents[0].display_name.as_str(), whole.parents[0].email.as_str()),
        ("Noor Oudshoorn-Smit", "noor@thuis.example")
    );
    let mut bared = around.get(iber).await.unwrap();
    bared.parents[0].address_confidential = false;
    let refused = cases(iber).update_case(around.changing(bared, "parents")).await.unwrap_err();
    assert_eq!(reason(&refused), "ACTION_NOT_ALLOWED");
    let mut lifted = whole;
    lifted.parents[0].address_confidential = false;
    cases(officer).update_case(around.changing(lifted, "parents")).await.unwrap();
    assert_eq!(around.get(iber).await.unwrap().parents[0].email, "noor@thuis.example");
}

#[tokio::test]
async fn two_who_open_a_case_of_one_child_at_one_moment_open_one() {
    let around = Around::start().await;
    let tries = (0..8).map(|_| {
        let case = crate::thuiszitter::named("Nog Een Kind", absent(around.scene.school));
        let opening = pb::OpenCaseRequest {
            case: Some(case),
            request_id: around.scene.server.request_id(),
            ..Default::default()
        };
        let mut cases = cases(&around.scene.iber.1);
        tokio::spawn(
            async move { cases.open_case(opening).await.map_err(|status| reason(&status)).map(drop) },
        )
    });
    let mut told = Vec::new();
    for tried in tries.collect::<Vec<_>>() {
        told.push(tried.await.unwrap());
    }
    assert_eq!(told.iter().filter(|told| told.is_ok()).count(), 1, "{told:?}");
    assert!(told.iter().all(|told| told.is_ok() || *told == Err("CASE_EXISTS".into())));
}
