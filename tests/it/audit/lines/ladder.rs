//! Calls about the ladder of escalation, made once each.

use schakel_domain::access::Role;
use schakel_proto::v1::{self as pb, escalation_service_client::EscalationServiceClient};
use schakel_tests::As;

use super::Story;
use crate::thuiszitter::escalation::{deciding, saying};

/// Up, decided, looked at, seen and answered, and down again.
pub(super) async fn ladder(story: &mut Story, keeper: &As, case: &pb::Case) -> pb::Case {
    let server = &story.scene.server;
    let swv = server.founded.organisation;
    let (holder, _) = server.person(Role::Doorzettingsmacht, swv).await;
    let today = server.app.now().date_naive().to_string();
    let id = |story: &Story| story.scene.server.request_id();
    let mut by = EscalationServiceClient::new(keeper.clone());
    let up = pb::EscalateCaseRequest {
        case: case.name.clone(),
        level: 3,
        date: today.clone(),
        reason: "Geen aanbod.".into(),
        organisation: swv.to_string(),
        person: String::new(),
        etag: case.etag.clone(),
        request_id: id(story),
        ..pb::EscalateCaseRequest::default()
    };
    let etag = call!(story: by.escalate_case(up) => "EscalateCase").etag;
    let wish = deciding(&story.scene.server, &case.name, (holder, swv));
    let decision = call!(story: by.decide_doorzettingsmacht(wish) => "DecideDoorzettingsmacht");
    let look = pb::CheckComplianceRequest {
        name: decision.name,
        date: today.clone(),
        state: pb::decision::State::Complied.into(),
        found: "Geplaatst.".into(),
        etag: decision.etag,
        request_id: id(story),
    };
    call!(story: by.check_compliance(look) => "CheckCompliance");
    let asked = pb::ListDecisionsRequest { case: case.name.clone() };
    call!(story: by.list_decisions(asked) => "ListDecisions");
    let wish = saying(&story.scene.server, &case.name, swv);
    let view = call!(story: by.record_view(wish) => "RecordView");
    let answer = pb::AddRejoinderRequest {
        view: view.name,
        organisation: swv.to_string(),
        text: "Dat kan.".into(),
        request_id: id(story),
        ..Default::default()
    };
    call!(story: by.add_rejoinder(answer) => "AddRejoinder");
    call!(story: by.list_views(pb::ListViewsRequest { case: case.name.clone() }) => "ListViews");
    let down = pb::DeescalateCaseRequest {
        case: case.name.clone(),
        level: 0,
        date: today,
        reason: "Een aanbod.".into(),
        etag,
        request_id: id(story),
        ..pb::DeescalateCaseRequest::default()
    };
    let etag = call!(story: by.deescalate_case(down) => "DeescalateCase").etag;
    pb::Case { etag, ..case.clone() }
}
