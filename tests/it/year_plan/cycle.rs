//! The cycle of a plan: what is due when and why, what is done, what comes next.

use chrono::TimeDelta;
use schakel_domain::access::Role;
use schakel_proto::v1::{
    self as pb, consultation_service_client::ConsultationServiceClient,
    plan_cycle_service_client::PlanCycleServiceClient, plan_goal as goal, plan_milestone::State,
};
use schakel_tests::{
    As, TestServer, reason,
    seed_meetings::{Scene, seat},
    violations,
};
use tonic::Status;
use tonic_types::StatusExt;

const YEAR: i32 = 2027;

async fn cycle(client: &As, plan: pb::PlanKind, gemeente: &str) -> Result<pb::PlanCycle, Status> {
    let request = pb::GetPlanCycleRequest { plan: plan.into(), gemeente_code: gemeente.into(), year: YEAR };
    PlanCycleServiceClient::new(client.clone()).get_plan_cycle(request).await.map(tonic::Response::into_inner)
}

async fn mark(
    (server, client): (&TestServer, &As),
    (step, date): (pb::PlanStep, &str),
    gemeente: &str,
) -> Result<pb::PlanCycle, Status> {
    let plan = if gemeente.is_empty() { pb::PlanKind::Ondersteuningsplan } else { pb::PlanKind::Jeugdplan };
    let request = pb::MarkMilestoneRequest {
        plan: plan.into(),
        gemeente_code: gemeente.into(),
        year: YEAR,
        step: step.into(),
        done_date: date.into(),
        request_id: server.request_id(),
        ..Default::default()
    };
    PlanCycleServiceClient::new(client.clone()).mark_milestone(request).await.map(tonic::Response::into_inner)
}

fn of(cycle: &pb::PlanCycle, step: pb::PlanStep) -> &pb::PlanMilestone {
    cycle.milestones.iter().find(|one| one.step() == step).unwrap()
}

#[tokio::test]
async fn d01_the_road_to_an_ondersteuningsplan_says_what_is_done_what_is_next_and_what_is_late() {
    let scene = Scene::start().await;
    let server = &scene.server;
    let (person, keeper) = server.person(Role::Thuiszitterscoordinator, server.founded.organisation).await;
    let directeur = server.person(Role::Directeur, scene.school).await;
    let officer = server.person(Role::Beleidsmedewerker, scene.gemeente).await;
    let found = cycle(&keeper, pb::PlanKind::Ondersteuningsplan, "").await.unwrap();
    let steps: Vec<pb::PlanStep> = found.milestones.iter().map(pb::PlanMilestone::step).collect();
    assert_eq!(
        steps,
        [
            pb::PlanStep::Draft,
            pb::PlanStep::OogoAmbtelijk,
            pb::PlanStep::OogoBestuurlijk,
            pb::PlanStep::OprConsent,
            pb::PlanStep::Decision,
            pb::PlanStep::ToInspectie
        ]
    );
    assert_eq!(found.next_year, 2031, "at least once in four years");
    let last = found.milestones.last().unwrap();
    assert!(last.due_date.as_str() < "2027-05-01" && last.law == "WPO 18a" && last.reason.contains("1 mei"));
    assert_eq!(of(&found, pb::PlanStep::OprConsent).law, "WMS 14a");
    // 28 weeks before 30 April are in October: nobody said that the draft went out.
    assert_eq!(of(&found, pb::PlanStep::Draft).state(), State::Overdue);
    let by = (server, &keeper);
    let found = mark(by, (pb::PlanStep::Draft, "2026-10-12"), "").await.unwrap();
    let draft = of(&found, pb::PlanStep::Draft);
    assert_eq!((draft.state(), draft.done_date.as_str()), (State::Done, "2026-10-12"));
    let next: Vec<_> = found.milestones.iter().filter(|one| one.state() == State::Next).collect();
    assert_eq!(next.len(), 1);
    let taken_back = mark(by, (pb::PlanStep::Draft, ""), "").await.unwrap();
    assert_eq!(of(&taken_back, pb::PlanStep::Draft).state(), State::Overdue);

    // A meeting that is booked is planned; once it was held, its round is done.
    let people = vec![
        seat(directeur.0, pb::Role::Directeur),
        seat(person, pb::Role::Thuiszitterscoordinator),
        seat(officer.0, pb::Role::Beleidsmedewerker),
    ];
    let attended: Vec<String> = people.iter().map(|seat| seat.person.clone()).collect();
    let oogo = pb::Consultation {
        kind: pb::consultation::Kind::OogoBestuurlijk.into(),
        case: String::new(),
        duration: Some(prost_types::Duration { seconds: 7200, nanos: 0 }),
        participants: people,
        ..scene.mdo(scene.later(24 * 15))
    };
    let mut meetings = ConsultationServiceClient::new(keeper.clone());
    let booked = meetings.book_consultation(scene.booking(oogo)).await.unwrap().into_inner();
    let found = cycle(&keeper, pb::PlanKind::Ondersteuningsplan, "").await.unwrap();
    let overleg = of(&found, pb::PlanStep::OogoBestuurlijk);
    assert_eq!((overleg.planned_date.as_str(), overleg.done_date.as_str()), ("2026-12-08", ""));
    server.clock.advance(TimeDelta::days(15) + TimeDelta::hours(3));
    let outcome =
        pb::Outcome { attended, agreement: pb::outcome::Agreement::Reached.into(), ..Default::default() };
    let record = pb::RecordOutcomeRequest {
        name: booked.name,
        outcome: Some(outcome),
        etag: booked.etag,
        request_id: server.request_id(),
    };
    meetings.record_outcome(record).await.unwrap();
    // Everybody in the region reads it.
    let found = cycle(&officer.1, pb::PlanKind::Ondersteuningsplan, "").await.unwrap();
    let overleg = of(&found, pb::PlanStep::OogoBestuurlijk);
    assert_eq!((overleg.state(), overleg.done_date.as_str()), (State::Done, "2026-12-08"));
    assert_eq!(overleg.planned_date, "");
}

#[tokio::test]
async fn d02_the_cycle_of_a_jeugdplan_is_of_a_gemeente_and_marked_by_the_samenwerkingsverband() {
    let server = TestServer::start().await;
    server.school("90AA00", "GM9901").await;
    let keeper = server.person(Role::Thuiszitterscoordinator, server.founded.organisation).await.1;
    let gemeente = server.organisation("GEMEENTE", "GM9901").await;
    let officer = server.person(Role::Beleidsmedewerker, gemeente).await.1;
    let unknown = cycle(&keeper, pb::PlanKind::Jeugdplan, "GM9901").await.unwrap_err();
    assert_eq!(reason(&unknown), "AREA_NOT_FOUND");
    let area = pb::Area {
        kind: pb::area::Kind::Gemeente.into(),
        code: "GM9901".into(),
        display_name: "Lisdonk".into(),
        ..Default::default()
    };
    let making = pb::CreateAreaRequest { area: Some(area), request_id: server.request_id() };
    server.directory().create_area(making).await.unwrap();
    let by = (&server, &keeper);
    let found = mark(by, (pb::PlanStep::Draft, "2026-09-01"), "GM9901").await.unwrap();
    let steps: Vec<pb::PlanStep> = found.milestones.iter().map(pb::PlanMilestone::step).collect();
    assert_eq!(steps, [pb::PlanStep::Draft, pb::PlanStep::OogoBestuurlijk, pb::PlanStep::Decision]);
    assert_eq!(of(&found, pb::PlanStep::Draft).state(), State::Done);
    let decision = of(&found, pb::PlanStep::Decision);
    assert!(decision.law == "Jeugdwet 2.2" && decision.text.contains("gemeenteraad"), "{decision:?}");
    assert_eq!(found, cycle(&officer, pb::PlanKind::Jeugdplan, "GM9901").await.unwrap());

    let refused = mark((&server, &officer), (pb::PlanStep::Draft, "2026-09-01"), "GM9901").await.unwrap_err();
    assert_eq!(reason(&refused), "ACTION_NOT_ALLOWED");
    let wrong = mark(by, (pb::PlanStep::OprConsent, "2026-11-24"), "GM9901").await.unwrap_err();
    assert_eq!(violations(&wrong), ["step: FIELD_INVALID", "done_date: TIME_OUT_OF_BOUNDS"]);
    let nameless = cycle(&keeper, pb::PlanKind::Jeugdplan, "").await.unwrap_err();
    assert_eq!(violations(&nameless), ["gemeente_code: FIELD_REQUIRED"]);
}

/// 30 April 2028 is a Sunday.
#[tokio::test]
async fn a_step_says_from_which_day_it_is_counted_and_why_it_is_due_before() {
    let server = TestServer::start().await;
    let keeper = server.person(Role::Thuiszitterscoordinator, server.founded.organisation).await.1;
    let request = pb::GetPlanCycleRequest {
        plan: pb::PlanKind::Ondersteuningsplan.into(),
        year: 2028,
        ..Default::default()
    };
    let found = PlanCycleServiceClient::new(keeper).get_plan_cycle(request).await.unwrap().into_inner();
    for (step, counted) in [
        (pb::PlanStep::Draft, "17 oktober 2027"),
        (pb::PlanStep::OprConsent, "19 maart 2028"),
        (pb::PlanStep::Decision, "16 april 2028"),
        (pb::PlanStep::ToInspectie, "30 april 2028"),
    ] {
        let one = of(&found, step);
        assert!(one.reason.contains(&format!("Op {counted} is het weekend")), "{one:?}");
        assert!(one.due_date.as_str() < "2028-04-29", "{one:?}");
    }
    assert!(of(&found, pb::PlanStep::Draft).reason.starts_with("28 weken voor 30 april"));
    assert!(!of(&found, pb::PlanStep::OogoAmbtelijk).reason.contains("weekend"), "which has no day");
}

#[tokio::test]
async fn a_step_was_not_done_before_the_plan_of_four_years_before_was_made() {
    let server = TestServer::start().await;
    let keeper = server.person(Role::Thuiszitterscoordinator, server.founded.organisation).await.1;
    let by = (&server, &keeper);
    for day in ["2020-01-01", "2023-04-30"] {
        let refused = mark(by, (pb::PlanStep::Draft, day), "").await.unwrap_err();
        assert_eq!(violations(&refused), ["done_date: TIME_OUT_OF_BOUNDS"], "{day}");
        let told = refused.get_details_bad_request().unwrap().field_violations.remove(0).description;
        assert!(told.contains("1 mei 2023"), "{told}");
    }
    assert!(mark(by, (pb::PlanStep::Draft, "2023-05-01"), "").await.is_ok());
}

/// Something that was agreed in the plan.
fn agreed(agreement: &str, state: goal::State) -> pb::PlanGoal {
    pb::PlanGoal { year: YEAR, agreement: agreement.into(), state: state.into(), ..Default::default() }
}

#[tokio::test]
async fn d09_what_was_agreed_in_an_ondersteuningsplan_says_how_far_it_is_and_how_much_is_realised() {
    let server = TestServer::start().await;
    let (person, keeper) = server.person(Role::Thuiszitterscoordinator, server.founded.organisation).await;
    let school = server.school("90AA00", "GM9901").await;
    let iber = server.person(Role::Iber, school).await.1;
    let mut plans = PlanCycleServiceClient::new(keeper);
    let asked = || pb::ListPlanGoalsRequest { year: YEAR };
    let none = plans.list_plan_goals(asked()).await.unwrap().into_inner();
    assert_eq!(none, pb::ListPlanGoalsResponse::default(), "nothing is a share of nothing");

    let mut made = Vec::new();
    for (agreement, state) in [
        ("Elke school heeft een verbinding met het wijkteam.", goal::State::Planned),
        ("De groeidocumenten zijn digitaal.", goal::State::UnderWay),
        ("Er is een crisisoverleg binnen een dag.", goal::State::Realised),
    ] {
        let plan_goal = Some(agreed(agreement, state));
        let ask = pb::CreatePlanGoalRequest { plan_goal, request_id: server.request_id() };
        made.push(plans.create_plan_goal(ask).await.unwrap().into_inner());
    }
    assert_eq!((made[0].since_date.as_str(), &made[0].told_by), ("2026-11-23", &person.to_string()));

    let update = |plan_goal: pb::PlanGoal| pb::UpdatePlanGoalRequest {
        plan_goal: Some(plan_goal),
        request_id: server.request_id(),
    };
    let stopped = pb::PlanGoal {
        state: goal::State::NotRealised.into(),
        since_date: "2026-11-20".into(),
        why: "Er kwam geen geld voor.".into(),
        ..made[1].clone()
    };
    let stopped = plans.update_plan_goal(update(stopped)).await.unwrap().into_inner();
    assert_eq!((stopped.state(), stopped.since_date.as_str()), (goal::State::NotRealised, "2026-11-20"));
    let stale = pb::PlanGoal { etag: made[1].etag.clone(), ..stopped.clone() };
    let stale = plans.update_plan_goal(update(stale)).await.unwrap_err();
    assert_eq!(reason(&stale), "ETAG_MISMATCH");

    // Everybody in the region reads it, and the samenwerkingsverband alone says so.
    let mut school = PlanCycleServiceClient::new(iber);
    let told = school.list_plan_goals(asked()).await.unwrap().into_inner();
    let counts = (told.planned_count, told.under_way_count, told.realised_count, told.not_realised_count);
    assert_eq!((counts, told.realised_percent), ((1, 0, 1, 1), Some(33)));
    assert_eq!(told.plan_goals, [made[0].clone(), stopped.clone(), made[2].clone()]);
    let other = school.list_plan_goals(pb::ListPlanGoalsRequest { year: YEAR + 4 }).await.unwrap();
    assert!(other.into_inner().plan_goals.is_empty());
    let refused = school.update_plan_goal(update(stopped.clone())).await.unwrap_err();
    assert_eq!(reason(&refused), "ACTION_NOT_ALLOWED");
}

#[tokio::test]
async fn d09_what_did_not_come_about_is_told_with_why_and_all_that_is_wrong_at_once() {
    let server = TestServer::start().await;
    let keeper = server.person(Role::Thuiszitterscoordinator, server.founded.organisation).await.1;
    let mut plans = PlanCycleServiceClient::new(keeper);
    let making = |plan_goal| pb::CreatePlanGoalRequest { plan_goal, request_id: server.request_id() };
    let nothing = plans.create_plan_goal(making(None)).await.unwrap_err();
    assert_eq!(violations(&nothing), ["plan_goal: FIELD_REQUIRED"]);
    let wrong =
        pb::PlanGoal { year: 1999, since_date: "2026-11-24".into(), ..agreed("", goal::State::NotRealised) };
    let wrong = plans.create_plan_goal(making(Some(wrong))).await.unwrap_err();
    assert_eq!(
        violations(&wrong),
        [
            "plan_goal.year: TIME_OUT_OF_BOUNDS",
            "plan_goal.agreement: FIELD_REQUIRED",
            "plan_goal.since_date: TIME_OUT_OF_BOUNDS",
            "plan_goal.why: FIELD_REQUIRED",
        ]
    );
    let why = pb::PlanGoal { why: "Waarom?".into(), ..agreed("Iets.", goal::State::Realised) };
    let why = plans.create_plan_goal(making(Some(why))).await.unwrap_err();
    assert_eq!(violations(&why), ["plan_goal.why: FIELD_INVALID"]);
    let gone = pb::PlanGoal {
        name: "planGoals/01900000-0000-7000-8000-000000000000".into(),
        etag: "1".into(),
        ..agreed("Iets.", goal::State::Planned)
    };
    let ask = pb::UpdatePlanGoalRequest { plan_goal: Some(gone), request_id: server.request_id() };
    let gone = plans.update_plan_goal(ask).await.unwrap_err();
    assert_eq!(reason(&gone), "PLAN_GOAL_NOT_FOUND");
}
