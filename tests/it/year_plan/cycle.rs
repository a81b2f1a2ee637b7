//! The cycle of a plan: what is due when and why, what is done, what comes next.

use chrono::TimeDelta;
use schakel_domain::access::Role;
use schakel_proto::v1::{
    self as pb, consultation_service_client::ConsultationServiceClient,
    plan_cycle_service_client::PlanCycleServiceClient, plan_milestone::State,
};
use schakel_tests::{
    As, TestServer, reason,
    seed_meetings::{Scene, seat},
    violations,
};
use tonic::Status;

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
