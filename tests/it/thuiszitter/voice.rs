//! How the parents were involved and the child was heard stands beside every step of a case.

use schakel_domain::access::Role;
use schakel_proto::v1::{
    self as pb, escalation_service_client::EscalationServiceClient,
    handover_service_client::HandoverServiceClient,
};
use schakel_tests::violations;

use super::{Region, absent, get};

const PARENTS: &str = "Moeder was erbij";
const CHILD: &str = "Niet gehoord: zij was er niet bij.";

/// A case at the end of the steps, and what its timeline says of each.
async fn walked(region: &Region, told: (&str, &str)) -> Vec<String> {
    let (parents, child) = (told.0.to_owned(), told.1.to_owned());
    let case = region.open(absent(region.school)).await;
    let now = async || region.iber.clone().get_case(get(&case.name)).await.unwrap().into_inner();
    let advancing =
        pb::AdvanceCaseRequest { child_heard: child.clone(), ..region.step(&case, pb::Stage::Consult) };
    region.iber.clone().advance_case(advancing).await.unwrap();
    let mut ladder = EscalationServiceClient::new(region.on_ladder.clone());
    let up = pb::EscalateCaseRequest {
        case: case.name.clone(),
        level: 1,
        date: "2026-11-23".into(),
        reason: "Geen aanbod.".into(),
        organisation: region.server.founded.organisation.to_string(),
        etag: now().await.etag,
        request_id: region.server.request_id(),
        parents_involved: parents.clone(),
        child_heard: child.clone(),
        ..Default::default()
    };
    ladder.escalate_case(up).await.unwrap();
    let down = pb::DeescalateCaseRequest {
        case: case.name.clone(),
        level: 0,
        date: "2026-11-23".into(),
        reason: "Er is een aanbod.".into(),
        etag: now().await.etag,
        request_id: region.server.request_id(),
        parents_involved: parents.clone(),
        child_heard: child.clone(),
    };
    ladder.deescalate_case(down).await.unwrap();
    let moving = pb::MoveCaseRequest {
        name: case.name.clone(),
        residence_gemeente_code: "GM9902".into(),
        confirm_outside_region: true,
        etag: now().await.etag,
        request_id: region.server.request_id(),
        parents_involved: parents.clone(),
        child_heard: child.clone(),
        ..Default::default()
    };
    HandoverServiceClient::new(region.on_ladder.clone()).move_case(moving).await.unwrap();
    let closing = pb::CloseCaseRequest {
        parents_involved: parents.clone(),
        child_heard: child.clone(),
        ..region.ending(&now().await, pb::CaseOutcome::TerugEigenSchool, "2026-11-23")
    };
    region.keeper.clone().close_case(closing).await.unwrap();
    let again = pb::ReopenCaseRequest {
        name: case.name.clone(),
        first_day: "2026-11-23".into(),
        etag: now().await.etag,
        request_id: region.server.request_id(),
        parents_involved: parents,
        child_heard: child,
        ..pb::ReopenCaseRequest::default()
    };
    region.keeper.clone().reopen_case(again).await.unwrap();
    let events = region.timeline(&case).await.events;
    let steps = ["CASE_ESCALATED", "CASE_DEESCALATED", "CASE_MOVED", "CASE_CLOSED", "CASE_REOPENED"];
    let of = |kind: &str| events.iter().find(|event| event.kind == kind).unwrap().text.clone();
    std::iter::once(of("STAGE_CHANGED")).chain(steps.map(of)).collect()
}

#[tokio::test]
async fn b02_every_step_tells_how_the_parents_were_involved_and_the_child_was_heard() {
    let region = Region::start().await;
    region.server.organisation("GEMEENTE", "GM9902").await;
    let steps = walked(&region, (PARENTS, CHILD)).await;
    let by_phone = "Ouders: Telefonisch met moeder besproken. Kind: Niet gehoord: zij was er niet bij.";
    assert!(steps[0].ends_with(by_phone), "{}", steps[0]);
    for text in &steps[1..] {
        assert!(
            text.contains("Ouders: Moeder was erbij. Kind: Niet gehoord: zij was er niet bij."),
            "{text}"
        );
    }
}

/// As clients of before send it, and as whoever has no time to ask.
#[tokio::test]
async fn b02_an_urgent_step_goes_on_and_shows_what_nobody_told() {
    let region = Region::start().await;
    region.server.organisation("GEMEENTE", "GM9902").await;
    let steps = walked(&region, ("", "")).await;
    assert!(steps[0].ends_with("besproken. Kind: niet verteld."), "{}", steps[0]);
    for text in &steps[1..] {
        assert!(text.contains("Ouders: niet verteld. Kind: niet verteld."), "{text}");
    }
}

#[tokio::test]
async fn what_is_told_of_a_step_is_shown_to_who_sees_what_school_does_and_holds_no_bsn() {
    let region = Region::start().await;
    let case = region.open(absent(region.school)).await;
    let mut head = region.colleague(Role::Directeur, region.school).await;
    let closing = pb::CloseCaseRequest {
        child_heard: "Kind 123456782 is gehoord.".into(),
        ..region.ending(&case, pb::CaseOutcome::TerugEigenSchool, "2026-11-23")
    };
    let refused = region.keeper.clone().close_case(closing.clone()).await.unwrap_err();
    assert!(violations(&refused)[0].starts_with("child_heard: "), "{refused:?}");
    let closing = pb::CloseCaseRequest { child_heard: CHILD.into(), ..closing };
    region.keeper.clone().close_case(closing).await.unwrap();
    let ask = pb::GetTimelineRequest { name: case.name, ..Default::default() };
    let seen = head.get_timeline(ask).await.unwrap().into_inner();
    assert!(seen.events.iter().all(|event| !event.text.contains("Kind: ")), "{seen:?}");
}
