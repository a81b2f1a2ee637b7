//! What is still to be done of a plan waits for who says that it is done, from a week before until somebody does.

use chrono::{DateTime, Days, NaiveDate, Utc};
use pb::{
    PlanKind, PlanStep,
    task::{Kind, Milestone},
    timeline::deadline::State,
};
use schakel_domain::access::Role;
use schakel_proto::v1::{
    self as pb, plan_cycle_service_client::PlanCycleServiceClient, plan_goal as goal,
    task_service_client::TaskServiceClient,
};
use schakel_server::invitation::tasks::remind_due;
use schakel_tests::{As, TestServer, statements};

/// A plan: which, of which gemeente, for which year.
type Plan = (PlanKind, &'static str, i32);

const SUPPORT: Plan = (PlanKind::Ondersteuningsplan, "", 2027);
const YOUTH: Plan = (PlanKind::Jeugdplan, "GM9901", 2027);

async fn start() -> (TestServer, As) {
    let server = TestServer::start().await;
    server.school("90AA00", "GM9901").await;
    let keeper = server.person(Role::Thuiszitterscoordinator, server.founded.organisation).await.1;
    (server, keeper)
}

/// Says on which day a step was done; empty, that it was not.
async fn mark(
    (server, keeper): (&TestServer, &As),
    (plan, gemeente, year): Plan,
    (step, date): (PlanStep, &str),
) -> pb::PlanCycle {
    let request = pb::MarkMilestoneRequest {
        plan: plan.into(),
        gemeente_code: gemeente.into(),
        year,
        step: step.into(),
        done_date: date.into(),
        request_id: server.request_id(),
        ..Default::default()
    };
    PlanCycleServiceClient::new(keeper.clone()).mark_milestone(request).await.unwrap().into_inner()
}

/// By when a step is to be done.
fn due(cycle: &pb::PlanCycle, step: PlanStep) -> NaiveDate {
    cycle.milestones.iter().find(|one| one.step() == step).unwrap().due_date.parse().unwrap()
}

async fn tasks(client: &As) -> Vec<pb::Task> {
    let request = pb::ListTasksRequest { kinds: vec![Kind::Milestone.into()], ..Default::default() };
    TaskServiceClient::new(client.clone()).list_tasks(request).await.unwrap().into_inner().tasks
}

/// Which steps of which year wait, and how each stands.
async fn waits(client: &As) -> Vec<(i32, PlanStep, State)> {
    let told = |task: pb::Task| {
        let milestone = task.milestone.clone().unwrap();
        (milestone.year, milestone.step(), task.state())
    };
    tasks(client).await.into_iter().map(told).collect()
}

fn morning(server: &TestServer, day: NaiveDate) {
    server.clock.set(format!("{day}T09:00:00Z").parse::<DateTime<Utc>>().unwrap());
}

/// T19 (WPO 18a): the overleg of officials is due before the new year.
#[tokio::test]
async fn d01_a_step_of_a_plan_is_a_task_of_who_says_that_it_is_done_until_it_is() {
    let (server, keeper) = start().await;
    let by = (&server, &keeper);
    let officer = server.organisation("GEMEENTE", "GM9901").await;
    let officer = server.person(Role::Beleidsmedewerker, officer).await.1;
    assert!(tasks(&keeper).await.is_empty(), "nobody said anything of a plan");
    let cycle = mark(by, SUPPORT, (PlanStep::Draft, "2026-10-12")).await;
    let day = due(&cycle, PlanStep::OogoAmbtelijk);
    morning(&server, day - Days::new(8));
    assert!(tasks(&keeper).await.is_empty(), "eight days before");
    morning(&server, day - Days::new(7));
    let listed = tasks(&keeper).await;
    let [task] = listed.as_slice() else { panic!("{listed:?}") };
    let milestone = Milestone {
        plan: PlanKind::Ondersteuningsplan.into(),
        gemeente_code: String::new(),
        year: 2027,
        step: PlanStep::OogoAmbtelijk.into(),
        round: 1,
    };
    assert_eq!((task.state(), task.milestone.as_ref()), (State::DueSoon, Some(&milestone)));
    assert_eq!((task.due_date.as_str(), task.norm.as_str()), (day.to_string().as_str(), "T19"));
    assert_eq!((task.law.as_str(), task.case.as_str()), ("WPO 18a", ""));
    assert_eq!(task.text, "Ondersteuningsplan 2027: Ambtelijk overleg, ronde 1.");
    assert!(tasks(&officer).await.is_empty(), "everybody reads the cycle, and it waits for who keeps it");
    // A number, and nothing of what it is.
    while remind_due(&server.app, server.founded.region).await.unwrap() > 0 {}
    let mails = server.news().await;
    assert_eq!(mails.len(), 1);
    assert!(
        mails[0].text().contains("Van 1 taak in Schakel komt de termijn dichtbij."),
        "{}",
        mails[0].text()
    );
    morning(&server, day + Days::new(1));
    assert_eq!(waits(&keeper).await, [(2027, PlanStep::OogoAmbtelijk, State::Overdue)]);
    mark(by, SUPPORT, (PlanStep::OogoAmbtelijk, day.to_string().as_str())).await;
    assert!(tasks(&keeper).await.is_empty());
    // It was not held after all.
    mark(by, SUPPORT, (PlanStep::OogoAmbtelijk, "")).await;
    assert_eq!(waits(&keeper).await, [(2027, PlanStep::OogoAmbtelijk, State::Overdue)]);
}

/// Four years after the last the draft of the next was due in October, whether the last was kept here or only what
/// was agreed in it.
#[tokio::test]
async fn d01_of_several_plan_years_the_one_waits_that_is_due_next() {
    let overdue = [(2027, PlanStep::Draft, State::Overdue)];
    let (server, keeper) = start().await;
    let by = (&server, &keeper);
    let before = (PlanKind::Ondersteuningsplan, "", 2023);
    mark(by, before, (PlanStep::ToInspectie, "2023-04-28")).await;
    assert_eq!(waits(&keeper).await, overdue, "what is not marked of the last waits no more");
    mark(by, SUPPORT, (PlanStep::Draft, "2026-11-23")).await;
    assert!(tasks(&keeper).await.is_empty());

    let (server, keeper) = start().await;
    let agreed = pb::PlanGoal {
        year: 2023,
        agreement: "Elke school heeft een verbinding met het wijkteam.".into(),
        state: goal::State::Realised.into(),
        ..Default::default()
    };
    let making = pb::CreatePlanGoalRequest { plan_goal: Some(agreed), request_id: server.request_id() };
    PlanCycleServiceClient::new(keeper.clone()).create_plan_goal(making).await.unwrap();
    assert_eq!(waits(&keeper).await, overdue);
}

/// T20 (Jeugdwet 2.2): the overleg was due twelve weeks before the new year, in October.
#[tokio::test]
async fn d02_the_steps_of_each_jeugdplan_wait_and_cost_the_same_for_one_as_for_several() {
    let (server, keeper) = start().await;
    for (code, name) in [("GM9901", "Lisdonk"), ("GM9902", "Veenmeer"), ("GM9903", "Rietkolk")] {
        let area = pb::Area {
            kind: pb::area::Kind::Gemeente.into(),
            code: code.into(),
            display_name: name.into(),
            ..Default::default()
        };
        let making = pb::CreateAreaRequest { area: Some(area), request_id: server.request_id() };
        server.directory().create_area(making).await.unwrap();
    }
    let by = (&server, &keeper);
    let mut costs = Vec::new();
    for plans in [vec![YOUTH], vec![SUPPORT, (PlanKind::Jeugdplan, "GM9902", 2027)]] {
        for plan in plans {
            mark(by, plan, (PlanStep::Draft, "2026-09-01")).await;
        }
        // An ondersteuningsplan has meetings besides, which are one more statement.
        let more = usize::from(!costs.is_empty());
        tasks(&keeper).await;
        let (listed, sent) = statements(tasks(&keeper)).await;
        assert!(listed.iter().all(|task| task.norm == "T20" && task.law == "Jeugdwet 2.2"), "{listed:?}");
        costs.push(sent.len() - more);
    }
    assert_eq!(costs[0], costs[1]);
    let told: Vec<_> =
        tasks(&keeper).await.into_iter().map(|task| (task.text.clone(), task.state())).collect();
    let overleg = |name: &str| {
        let text =
            format!("Jeugdplan 2027 van {name}: Bestuurlijk overleg, ronde 1, gericht op overeenstemming.");
        (text, State::Overdue)
    };
    assert_eq!(told, [overleg("Lisdonk"), overleg("Veenmeer")]);
    mark(by, YOUTH, (PlanStep::OogoBestuurlijk, "2026-10-08")).await;
    assert_eq!(tasks(&keeper).await.len(), 1);
}
