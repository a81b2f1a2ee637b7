//! Up and down the ladder: by whom, with what it does to the deadlines, and what is refused.

use chrono::TimeDelta;
use schakel_domain::access::Role;
use schakel_proto::v1::{self as pb, fact::Said, fact_service_client::FactServiceClient};
use schakel_tests::{reason, told, violations};
use tonic::Code;

use super::{Escalations, Ladder, WHY};
use crate::thuiszitter::get;

async fn log(ladder: &Ladder) -> Vec<Said> {
    let asked = pb::ListFactsRequest { case: ladder.case.name.clone(), page_size: 200, ..Default::default() };
    let facts = FactServiceClient::new(ladder.keeper.clone()).list_facts(asked).await.unwrap();
    facts.into_inner().facts.into_iter().filter_map(|fact| fact.said).collect()
}

fn moments(log: &[Said]) -> Vec<(pb::Moment, &str)> {
    let dated = log.iter().filter_map(|said| {
        let Said::Happened(dated) = said else { return None };
        Some((pb::Moment::try_from(dated.moment).unwrap(), dated.date.as_str()))
    });
    let on_ladder =
        [pb::Moment::SwvInvolved, pb::Moment::EscalatedL1, pb::Moment::EscalatedL2, pb::Moment::EscalatedL3];
    dated.filter(|(moment, _)| on_ladder.contains(moment)).collect()
}

#[tokio::test]
async fn e04_a_case_goes_up_with_its_day_and_reason_and_its_deadlines_follow() {
    let ladder = Ladder::start().await;
    assert_eq!(ladder.region.timeline(&ladder.case).await.suggested_escalation_level, 2, "ten weeks");
    let server = &ladder.region.server;
    let (person, _) = server.person(Role::Bocer, server.founded.organisation).await;
    let mut step = ladder.up(2).await;
    step.date = "2026-11-20".into();
    step.person = person.to_string();
    let mut keeper = Escalations::new(ladder.keeper.clone());
    let done = keeper.escalate_case(step.clone()).await.unwrap().into_inner();
    assert_eq!((done.escalation_level, ladder.now().await.escalation_level), (2, 2));
    assert_eq!(done.etag, ladder.now().await.etag);
    let known = log(&ladder).await;
    let level = pb::fact::Level { level: 2, date: "2026-11-20".into() };
    assert_eq!(known.iter().filter(|said| **said == Said::Level(level.clone())).count(), 1);
    let day = "2026-11-20";
    let (first, second) = (pb::Moment::EscalatedL1, pb::Moment::EscalatedL2);
    let mut passed = moments(&known);
    passed.sort();
    let mut expected = vec![(pb::Moment::SwvInvolved, day), (first, day), (second, day)];
    expected.sort();
    assert_eq!(passed, expected);
    let timeline = ladder.region.timeline(&ladder.case).await;
    assert_eq!(timeline.suggested_escalation_level, 0, "the norm of ten weeks is met");
    let met = timeline.deadlines.iter().find(|deadline| deadline.norm == "R14").unwrap();
    assert_eq!(met.met_date, day);
    let event = timeline.events.last().unwrap();
    assert_eq!(event.kind, "CASE_ESCALATED");
    for said in ["ging op 20 november 2026 van escalatieniveau 0 naar 2", WHY] {
        assert!(event.text.contains(said), "{}", event.text);
    }
    // The same request again is the same step.
    assert_eq!(keeper.escalate_case(step).await.unwrap().into_inner(), done);
    assert_eq!(log(&ladder).await, known);

    ladder.region.server.clock.advance(TimeDelta::days(1));
    let back = ladder.lower(&ladder.officer, 0).await.unwrap();
    assert_eq!((back.escalation_level, ladder.now().await.escalation_level), (0, 0));
    let event = ladder.region.timeline(&ladder.case).await.events.last().unwrap().clone();
    assert_eq!(event.kind, "CASE_DEESCALATED");
    assert!(event.text.contains("van escalatieniveau 2 terug naar 0"), "{}", event.text);
    assert_eq!(moments(&log(&ladder).await).len(), 3, "what happened did");
}

#[tokio::test]
async fn e04_who_stands_on_the_ladder_takes_a_case_up_and_a_school_only_calls_in_the_first() {
    let ladder = Ladder::start().await;
    assert_eq!(reason(&ladder.raise(&ladder.head, 1).await.unwrap_err()), "ACTION_NOT_ALLOWED");
    assert_eq!(reason(&ladder.raise(&ladder.holder.1, 1).await.unwrap_err()), "CASE_NOT_FOUND");
    assert_eq!(reason(&ladder.raise(&ladder.iber, 2).await.unwrap_err()), "ACTION_NOT_ALLOWED");
    ladder.raise(&ladder.iber, 1).await.unwrap();
    assert_eq!(reason(&ladder.lower(&ladder.iber, 0).await.unwrap_err()), "ACTION_NOT_ALLOWED");
    ladder.raise(&ladder.officer, 2).await.unwrap();
    assert_eq!(reason(&ladder.raise(&ladder.head, 4).await.unwrap_err()), "ACTION_NOT_ALLOWED");
    ladder.raise(&ladder.head, 3).await.unwrap();
    ladder.raise(&ladder.holder.1, 4).await.unwrap();
    ladder.lower(&ladder.holder.1, 3).await.unwrap();
    for role in [Role::Smw, Role::Beleidsmedewerker, Role::Beheerder, Role::SwvAdviseur] {
        let (_, other) = ladder.region.server.person(role, ladder.region.gemeente).await;
        let refused = ladder.raise(&other, 4).await.unwrap_err();
        assert_eq!(
            (refused.code(), reason(&refused).as_str()),
            (Code::PermissionDenied, "ACTION_NOT_ALLOWED")
        );
    }
    // One door: a change of fields takes no case up.
    let change = pb::Case { escalation_level: 0, ..ladder.now().await };
    let refused = ladder.region.update(change, &["escalation_level"]).await.unwrap_err();
    assert_eq!(violations(&refused), ["update_mask: MASK_INVALID"]);
}

#[tokio::test]
async fn e04_a_step_that_is_none_or_comes_too_late_is_refused() {
    let ladder = Ladder::start().await;
    let mut keeper = Escalations::new(ladder.keeper.clone());
    let refused = keeper.escalate_case(pb::EscalateCaseRequest::default()).await.unwrap_err();
    assert_eq!(
        violations(&refused),
        [
            "request_id: REQUEST_ID_REQUIRED",
            "case: FIELD_REQUIRED",
            "level: FIELD_REQUIRED",
            "date: FIELD_REQUIRED",
            "reason: FIELD_REQUIRED",
            "organisation: FIELD_REQUIRED",
            "etag: ETAG_REQUIRED",
        ]
    );
    let mut wrong = ladder.up(7).await;
    wrong.date = "2026-11-24".into();
    let refused = keeper.escalate_case(wrong).await.unwrap_err();
    assert_eq!(violations(&refused), ["level: FIELD_INVALID", "date: TIME_OUT_OF_BOUNDS"]);

    let stale = ladder.up(3).await;
    ladder.raise(&ladder.keeper, 2).await.unwrap();
    let refused = keeper.escalate_case(stale).await.unwrap_err();
    assert_eq!((refused.code(), reason(&refused).as_str()), (Code::Aborted, "ETAG_MISMATCH"));
    for level in [1, 2] {
        assert_eq!(reason(&ladder.raise(&ladder.keeper, level).await.unwrap_err()), "LEVEL_NOT_ALLOWED");
    }
    for level in [2, 3] {
        assert_eq!(reason(&ladder.lower(&ladder.keeper, level).await.unwrap_err()), "LEVEL_NOT_ALLOWED");
    }
    let mut before = ladder.up(3).await;
    before.date = "2026-11-22".into();
    assert_eq!(violations(&keeper.escalate_case(before).await.unwrap_err()), ["date: TIME_OUT_OF_BOUNDS"]);
    let mut nowhere = ladder.up(3).await;
    nowhere.organisation = format!("organisations/{}", uuid::Uuid::from_u128(7));
    assert_eq!(reason(&keeper.escalate_case(nowhere).await.unwrap_err()), "ORGANISATION_NOT_FOUND");
    let mut nobody = ladder.up(3).await;
    nobody.organisation = ladder.region.gemeente.to_string();
    nobody.person = ladder.holder.0.to_string();
    let refused = keeper.escalate_case(nobody).await.unwrap_err();
    assert_eq!(violations(&refused), ["person: FIELD_INVALID"], "the holder works elsewhere");
    assert_eq!(ladder.now().await.escalation_level, 2);
}

#[tokio::test]
async fn e04_no_case_of_another_and_none_that_is_closed_or_put_aside_goes_up_and_nothing_is_told_of_it() {
    let ladder = Ladder::start().await;
    let server = &ladder.region.server;
    let other = server.school("90BB00", "GM9902").await;
    let (_, stranger) = server.person(Role::Iber, other).await;
    let mut stranger = Escalations::new(stranger);
    let mut refused = Vec::new();
    for name in [ladder.case.name.clone(), format!("cases/{}", uuid::Uuid::from_u128(7))] {
        let step = pb::EscalateCaseRequest { case: name, ..ladder.up(1).await };
        refused.push(told(&stranger.escalate_case(step).await.unwrap_err()));
    }
    assert_eq!(refused[0], refused[1]);

    ladder.hold(Some("RESTRICTED")).await;
    let mut all = vec![ladder.raise(&ladder.keeper, 1).await.unwrap_err()];
    assert_eq!(reason(&all[0]), "CASE_RESTRICTED");
    all.push(ladder.say(&ladder.keeper, ladder.saying()).await.unwrap_err());
    assert_eq!(reason(&all[1]), "CASE_RESTRICTED");
    ladder.hold(None).await;
    let case = ladder.now().await;
    ladder.region.close(&case, pb::CaseOutcome::TerugEigenSchool, "2026-11-20").await.unwrap();
    for refused in [
        ladder.raise(&ladder.keeper, 1).await.unwrap_err(),
        ladder.lower(&ladder.keeper, 0).await.unwrap_err(),
        ladder.decide(&ladder.keeper).await.unwrap_err(),
        ladder.say(&ladder.keeper, ladder.saying()).await.unwrap_err(),
    ] {
        assert_eq!(reason(&refused), "CASE_CLOSED");
        all.push(refused);
    }
    for status in &all {
        let text = format!("{status:?}");
        for secret in [crate::thuiszitter::CHILD, "Oudshoorn", WHY, super::DECIDED] {
            assert!(!text.contains(secret), "{text}");
        }
    }
    let mut cases = ladder.region.keeper.clone();
    assert_eq!(cases.get_case(get(&ladder.case.name)).await.unwrap().into_inner().escalation_level, 0);
}
