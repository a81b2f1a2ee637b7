//! What is decided with doorzettingsmacht: the whole way up, whether it is done, and who decides.

use chrono::TimeDelta;
use pb::decision::State;
use schakel_domain::access::Role;
use schakel_proto::v1::{self as pb, fact_service_client::FactServiceClient};
use schakel_tests::{reason, told, violations};
use tonic::Code;

use super::{DECIDED, Escalations, FOUND, Ladder};

async fn standing(ladder: &Ladder, date: &str) -> pb::Standing {
    let case = ladder.case.name.clone();
    let asked = pb::GetStandingRequest { case, date: date.into(), ..Default::default() };
    FactServiceClient::new(ladder.keeper.clone()).get_standing(asked).await.unwrap().into_inner()
}

/// Away since 14 September: ten weeks on 23 November, twelve on 7 December. Decided on 7 December,
/// due three weeks later, on the 28th.
#[tokio::test]
async fn e04_a_case_goes_all_the_way_up_and_a_decision_that_is_not_carried_out_takes_it_outside() {
    let ladder = Ladder::start().await;
    let clock = &ladder.region.server.clock;
    ladder.raise(&ladder.iber, 1).await.unwrap();
    ladder.raise(&ladder.officer, 2).await.unwrap();
    assert_eq!(reason(&ladder.decide(&ladder.keeper).await.unwrap_err()), "LEVEL_NOT_ALLOWED");
    clock.advance(TimeDelta::days(14));
    assert_eq!(ladder.region.timeline(&ladder.case).await.suggested_escalation_level, 3, "twelve weeks");
    assert_eq!(reason(&ladder.decisions(&ladder.holder.1).await.unwrap_err()), "CASE_NOT_FOUND");
    ladder.raise(&ladder.head, 3).await.unwrap();

    let wish = ladder.deciding();
    let mut holder = Escalations::new(ladder.holder.1.clone());
    let decision = holder.decide_doorzettingsmacht(wish.clone()).await.unwrap().into_inner();
    assert_eq!((decision.state(), decision.text.as_str()), (State::Pending, DECIDED));
    assert_eq!((decision.decide_date.as_str(), decision.due_date.as_str()), ("2026-12-07", "2026-12-28"));
    assert_eq!(
        (decision.decider.clone(), decision.role()),
        (ladder.holder.0.to_string(), pb::Role::Doorzettingsmacht)
    );
    // The same request again is the same decision.
    assert_eq!(holder.decide_doorzettingsmacht(wish).await.unwrap().into_inner(), decision);
    assert_eq!(ladder.decisions(&ladder.iber).await.unwrap(), std::slice::from_ref(&decision));
    assert_eq!(ladder.region.timeline(&ladder.case).await.suggested_escalation_level, 0);

    let early = ladder.check(&decision, State::NotComplied).await.unwrap_err();
    assert_eq!(violations(&early), ["date: TIME_OUT_OF_BOUNDS"], "there is time until the 28th");
    clock.advance(TimeDelta::days(21));
    assert_eq!(ladder.decisions(&ladder.keeper).await.unwrap()[0].state(), State::Pending, "the last day");
    clock.advance(TimeDelta::days(1));
    assert_eq!(ladder.decisions(&ladder.keeper).await.unwrap()[0].state(), State::Overdue);
    assert_eq!(ladder.region.timeline(&ladder.case).await.suggested_escalation_level, 0, "nobody looked yet");

    let wish = ladder.looking(&decision, State::NotComplied);
    let mut keeper = Escalations::new(ladder.keeper.clone());
    let looked = keeper.check_compliance(wish.clone()).await.unwrap().into_inner();
    assert_eq!((looked.state(), looked.checks[0].found.as_str()), (State::NotComplied, FOUND));
    assert_eq!(
        (looked.checks[0].state(), looked.checks[0].date.as_str()),
        (State::NotComplied, "2026-12-29")
    );
    assert_eq!(keeper.check_compliance(wish).await.unwrap().into_inner(), looked, "once");
    let refused = ladder.check(&decision, State::Complied).await.unwrap_err();
    assert_eq!((refused.code(), reason(&refused).as_str()), (Code::Aborted, "ETAG_MISMATCH"));
    let timeline = ladder.region.timeline(&ladder.case).await;
    assert_eq!(timeline.suggested_escalation_level, 4);
    assert_eq!(timeline.events.last().unwrap().kind, "DECISION_NOT_COMPLIED");
    assert!(timeline.events.iter().all(|event| !event.text.contains(DECIDED) && !event.text.contains(FOUND)));
    assert_eq!(standing(&ladder, "").await.suggested_escalation_level, 4);
    assert_eq!(standing(&ladder, "2026-12-28").await.suggested_escalation_level, 0, "the day before");

    ladder.raise(&ladder.holder.1, 4).await.unwrap();
    assert_eq!(ladder.region.timeline(&ladder.case).await.suggested_escalation_level, 0);
    clock.advance(TimeDelta::days(2));
    let done = ladder.check(&looked, State::Complied).await.unwrap();
    assert_eq!((done.state(), done.checks.len()), (State::Complied, 2), "late, but done; both stay");
    let refused = ladder.check(&done, State::NotComplied).await.unwrap_err();
    assert_eq!(reason(&refused), "ALREADY_ENDED");
}

#[tokio::test]
async fn a_decision_that_was_not_carried_out_asks_for_nothing_once_the_case_is_closed_nor_in_its_next_round()
{
    let ladder = Ladder::start().await;
    let clock = &ladder.region.server.clock;
    ladder.raise(&ladder.keeper, 3).await.unwrap();
    let decision = ladder.decide(&ladder.keeper).await.unwrap();
    clock.advance(TimeDelta::days(22));
    ladder.check(&decision, State::NotComplied).await.unwrap();
    assert_eq!(standing(&ladder, "").await.suggested_escalation_level, 4);
    let (region, get) = (&ladder.region, pb::GetCaseRequest { name: ladder.case.name.clone() });
    let now = region.keeper.clone().get_case(get).await.unwrap().into_inner();
    let closed = region.close(&now, pb::CaseOutcome::TerugEigenSchool, "2026-12-15").await.unwrap();
    for level in [
        region.timeline(&ladder.case).await.suggested_escalation_level,
        standing(&ladder, "").await.suggested_escalation_level,
    ] {
        assert_eq!(level, 0, "nobody can act on it");
    }
    clock.advance(TimeDelta::days(60));
    region.reopen(&closed, "2027-02-12").await.unwrap();
    assert_eq!(region.timeline(&ladder.case).await.suggested_escalation_level, 0, "of the round before");
    assert_eq!(standing(&ladder, "").await.suggested_escalation_level, 0);
}

#[tokio::test]
async fn e04_only_who_holds_the_power_decides_and_only_while_it_sees_the_case() {
    let ladder = Ladder::start().await;
    ladder.raise(&ladder.keeper, 3).await.unwrap();
    for by in [&ladder.iber, &ladder.head, &ladder.officer] {
        let refused = ladder.decide(by).await.unwrap_err();
        assert_eq!(
            (refused.code(), reason(&refused).as_str()),
            (Code::PermissionDenied, "ACTION_NOT_ALLOWED")
        );
    }
    let (other, _) = ladder.region.server.person(Role::Directeur, ladder.region.school).await;
    let mut keeper = Escalations::new(ladder.keeper.clone());
    let mut refuse = async |wish: pb::DecideDoorzettingsmachtRequest| {
        keeper.decide_doorzettingsmacht(wish).await.unwrap_err()
    };
    let wish = || ladder.deciding();
    let wrong = pb::DecideDoorzettingsmachtRequest { decider: other.to_string(), ..wish() };
    assert_eq!(violations(&refuse(wrong).await), ["decider: FIELD_INVALID"]);
    for due in ["2026-11-22", "2027-02-22"] {
        let wrong = pb::DecideDoorzettingsmachtRequest { due_date: due.into(), ..wish() };
        assert_eq!(violations(&refuse(wrong).await), ["due_date: TIME_OUT_OF_BOUNDS"], "{due}");
    }
    let before = pb::DecideDoorzettingsmachtRequest { decide_date: "2026-11-22".into(), ..wish() };
    assert_eq!(reason(&refuse(before).await), "LEVEL_NOT_ALLOWED", "the case was not there yet");
    let nowhere = format!("organisations/{}", uuid::Uuid::from_u128(7));
    let wrong = pb::DecideDoorzettingsmachtRequest { obliged_organisation: nowhere, ..wish() };
    assert_eq!(reason(&refuse(wrong).await), "ORGANISATION_NOT_FOUND");
    let decision = ladder.decide(&ladder.keeper).await.unwrap();

    // Who is no part of it is not told whether there is one; who may not see what was decided reads that it is there.
    ladder.lower(&ladder.keeper, 2).await.unwrap();
    let mut looked = Vec::new();
    for name in [decision.name.clone(), format!("decisions/{}", uuid::Uuid::from_u128(7))] {
        let wish = pb::CheckComplianceRequest { name, ..ladder.looking(&decision, State::Complied) };
        let mut holder = Escalations::new(ladder.holder.1.clone());
        looked.push(told(&holder.check_compliance(wish).await.unwrap_err()));
    }
    assert_eq!(looked[0], looked[1]);
    ladder.lower(&ladder.keeper, 1).await.unwrap();
    let seen = ladder.decisions(&ladder.head).await.unwrap();
    assert_eq!((seen.len(), seen[0].text.as_str(), seen[0].state()), (1, "", State::Pending));
}
