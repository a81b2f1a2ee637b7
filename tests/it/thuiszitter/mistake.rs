//! A closing that was a mistake is taken back: the case goes on as if it had never been closed.

use chrono::TimeDelta;
use schakel_proto::v1 as pb;
use schakel_tests::{reason, violations};

use super::{Region, absent, named};

#[tokio::test]
async fn a_case_that_was_closed_by_mistake_goes_on_as_before() {
    let region = Region::start().await;
    let case = region.open(absent(region.school)).await;
    let raised = region.take_to(&case, 1).await.unwrap();
    let case = region.advance(&raised, pb::Stage::Rondetafel).await.unwrap();
    let deadlines = region.timeline(&case).await.deadlines;
    let closed = region.close(&case, pb::CaseOutcome::Uitgestroomd18, "2026-11-20").await.unwrap();
    assert_ne!(closed.next_action_date, "", "a task to hand over");
    let refused = region.go_on(region.iber.clone(), &closed).await.unwrap_err();
    assert_eq!(reason(&refused), "ACTION_NOT_ALLOWED");
    let again = region.go_on(region.keeper.clone(), &closed).await.unwrap();
    let refused = region.go_on(region.keeper.clone(), &closed).await.unwrap_err();
    assert_eq!(reason(&refused), "CASE_OPEN");
    let before = region.keeper.clone().get_case(super::get(&case.name)).await.unwrap().into_inner();
    assert_eq!(before, again);
    assert_eq!(
        (again.stage, again.days_absent, &again.absence),
        (case.stage, case.days_absent, &case.absence)
    );
    assert_eq!((again.state, again.outcome, again.reopened), (pb::case::State::Open.into(), 0, 0));
    assert_eq!((again.escalation_level, &again.next_action_date), (1, &case.next_action_date));
    assert_eq!((again.close_time, again.outcome_date.as_str()), (None, ""));
    let timeline = region.timeline(&again).await;
    assert_eq!(timeline.deadlines, deadlines);
    let last = timeline.events.last().unwrap();
    assert_eq!(last.kind, "CLOSING_TAKEN_BACK");
    assert!(last.text.contains("‘18 jaar geworden’ was een vergissing"), "{}", last.text);
    assert!(last.text.contains("verder in de fase ‘Rondetafel’"), "{}", last.text);
    // It can end again, and go on after a real relapse.
    let closed = region.close(&again, pb::CaseOutcome::TerugEigenSchool, "2026-11-23").await.unwrap();
    region.server.clock.advance(TimeDelta::days(8));
    let relapsed = region.reopen(&closed, "2026-11-30").await.unwrap();
    assert_eq!((relapsed.days_absent, relapsed.reopened), (1, 1));
}

#[tokio::test]
async fn taking_a_closing_back_asks_no_first_day_and_makes_no_second_case() {
    let region = Region::start().await;
    let case = region.open(absent(region.school)).await;
    let closed = region.close(&case, pb::CaseOutcome::TerugEigenSchool, "2026-11-20").await.unwrap();
    let both = pb::ReopenCaseRequest {
        name: closed.name.clone(),
        first_day: "2026-11-23".into(),
        closed_by_mistake: true,
        etag: closed.etag.clone(),
        request_id: region.server.request_id(),
        ..pb::ReopenCaseRequest::default()
    };
    let refused = region.keeper.clone().reopen_case(both).await.unwrap_err();
    assert_eq!(violations(&refused), ["first_day: FIELD_INVALID"]);
    let refused = region.reopen(&closed, "").await.unwrap_err();
    assert_eq!(violations(&refused), ["first_day: FIELD_REQUIRED"]);
    let stale = pb::Case { etag: case.etag.clone(), ..closed.clone() };
    let refused = region.go_on(region.keeper.clone(), &stale).await.unwrap_err();
    assert_eq!(reason(&refused), "ETAG_MISMATCH");
    region.open(named(super::CHILD, absent(region.school))).await;
    let refused = region.go_on(region.keeper.clone(), &closed).await.unwrap_err();
    assert_eq!(reason(&refused), "CASE_EXISTS");
}
