//! What organisations owe by law or agreement: it waits for who acts, from a week before until it was done.

use chrono::{DateTime, Utc};
use pb::{task::Kind, timeline::deadline::State};
use schakel_domain::access::Role;
use schakel_proto::v1::{
    self as pb, duty_service_client::DutyServiceClient, task_service_client::TaskServiceClient,
};
use schakel_server::invitation::tasks::remind_due;
use schakel_tests::{As, TestServer, reason, violations, workplace::signed_in};
use tonic::Status;
use tonic_types::StatusExt;

use super::Region;

/// What waits at an instant, with its day and how it stands.
async fn waits(server: &TestServer, client: &As, time: &str) -> Vec<(String, String, State)> {
    server.clock.set(time.parse::<DateTime<Utc>>().unwrap());
    let request = pb::ListTasksRequest { kinds: vec![Kind::Duty.into()], ..Default::default() };
    let listed = TaskServiceClient::new(client.clone()).list_tasks(request).await.unwrap().into_inner();
    for task in &listed.tasks {
        assert!(task.case.is_empty() && !task.text.is_empty() && !task.law.is_empty(), "{task:?}");
    }
    let told = |task: pb::Task| (task.norm.clone(), task.due_date.clone(), task.state());
    listed.tasks.into_iter().map(told).collect()
}

fn one(norm: &str, due: &str, state: State) -> Vec<(String, String, State)> {
    vec![(norm.to_owned(), due.to_owned(), state)]
}

fn marking(server: &TestServer, norm: &str, date: &str) -> pb::MarkDutyRequest {
    pb::MarkDutyRequest {
        norm: norm.into(),
        done_date: date.into(),
        take_back: false,
        request_id: server.request_id(),
    }
}

async fn mark(client: &As, request: pb::MarkDutyRequest) -> Result<pb::Duty, Status> {
    DutyServiceClient::new(client.clone()).mark_duty(request).await.map(tonic::Response::into_inner)
}

async fn duties(client: &As) -> Vec<pb::Duty> {
    let listed = DutyServiceClient::new(client.clone()).list_duties(pb::ListDutiesRequest {}).await;
    listed.unwrap().into_inner().duties
}

/// T23: the region began on 23 November; the first list is due three months later, then three months after
/// each.
#[tokio::test]
async fn e03_the_list_of_thuiszitters_waits_for_the_samenwerkingsverband_until_it_was_sent() {
    let region = Region::start().await;
    let (server, keeper) = (&region.server, &region.on_ladder);
    let officer = server.person(Role::Leerplichtambtenaar, region.gemeente).await.1;
    let first = duties(keeper).await;
    let told: Vec<_> =
        first.iter().map(|duty| (duty.norm.as_str(), duty.due_date.as_str(), duty.state())).collect();
    assert_eq!(told, [("T23", "2027-02-23", State::Running)]);
    assert!(first[0].law.contains("Inspectie") && first[0].done_date.is_empty());

    assert!(waits(server, keeper, "2027-02-15T09:00:00Z").await.is_empty(), "eight days before");
    // A week before, on a Tuesday: a mail with a number, and nothing else.
    assert_eq!(waits(server, keeper, "2027-02-16T09:00:00Z").await, one("T23", "2027-02-23", State::DueSoon));
    while remind_due(&server.app, server.founded.region).await.unwrap() > 0 {}
    let mails = server.news().await;
    assert_eq!(mails.len(), 1);
    assert!(
        mails[0].text().contains("Van 1 taak in Schakel komt de termijn dichtbij."),
        "{}",
        mails[0].text()
    );
    assert!(waits(server, &officer, "2027-02-16T09:00:00Z").await.is_empty(), "not theirs");

    assert_eq!(waits(server, keeper, "2027-02-23T09:00:00Z").await, one("T23", "2027-02-23", State::DueSoon));
    assert_eq!(waits(server, keeper, "2027-02-24T09:00:00Z").await, one("T23", "2027-02-23", State::Overdue));
    let sent = marking(server, "T23", "2027-02-24");
    let done = mark(keeper, sent.clone()).await.unwrap();
    assert_eq!((done.due_date.as_str(), done.state()), ("2027-05-24", State::Running));
    assert_eq!(done.done_date, "2027-02-24");
    assert!(waits(server, keeper, "2027-02-24T09:00:00Z").await.is_empty());
    // It was not sent after all.
    let back = pb::MarkDutyRequest { take_back: true, request_id: server.request_id(), ..sent };
    assert_eq!(mark(keeper, back).await.unwrap().state(), State::Overdue);
    mark(keeper, marking(server, "T23", "2027-02-24")).await.unwrap();
    assert!(waits(server, keeper, "2027-05-16T09:00:00Z").await.is_empty());
    assert_eq!(waits(server, keeper, "2027-05-17T09:00:00Z").await, one("T23", "2027-05-24", State::DueSoon));
}

/// T22 (LPW art. 25(1)): before 1 October, about the school year that ended; not of before the region began.
#[tokio::test]
async fn e03_the_report_on_leerplicht_waits_for_each_gemeente_until_it_was_made() {
    let region = Region::start().await;
    let server = &region.server;
    let other = server.organisation("GEMEENTE", "GM9902").await;
    let officer = server.person(Role::Leerplichtambtenaar, region.gemeente).await.1;
    let colleague = server.person(Role::Beleidsmedewerker, region.gemeente).await.1;
    let neighbour = server.person(Role::Leerplichtambtenaar, other).await.1;
    assert!(duties(&officer).await.is_empty(), "of this school year it was due before the region began");
    assert!(waits(server, &officer, "2027-07-31T09:00:00Z").await.is_empty());
    assert!(waits(server, &officer, "2027-09-22T09:00:00Z").await.is_empty(), "eight days before");
    for client in [&officer, &colleague, &neighbour] {
        let near = waits(server, client, "2027-09-23T09:00:00Z").await;
        assert_eq!(near, one("T22", "2027-09-30", State::DueSoon));
    }
    assert_eq!(
        waits(server, &officer, "2027-09-30T09:00:00Z").await,
        one("T22", "2027-09-30", State::DueSoon)
    );
    assert_eq!(
        waits(server, &officer, "2027-10-01T09:00:00Z").await,
        one("T22", "2027-09-30", State::Overdue)
    );
    let done = mark(&officer, marking(server, "T22", "2027-10-01")).await.unwrap();
    assert_eq!((done.state(), done.done_date.as_str()), (State::Met, "2027-10-01"));
    for client in [&officer, &colleague] {
        assert!(waits(server, client, "2027-10-01T09:00:00Z").await.is_empty());
    }
    let theirs = waits(server, &neighbour, "2027-10-01T09:00:00Z").await;
    assert_eq!(theirs, one("T22", "2027-09-30", State::Overdue), "of another gemeente");
}

#[tokio::test]
async fn e03_a_duty_is_marked_by_the_organisation_that_owes_it() {
    let region = Region::start().await;
    let (server, keeper) = (&region.server, &region.on_ladder);
    let school = server.person(Role::Iber, region.school).await.1;
    let refused = mark(&school, marking(server, "T23", "2026-11-23")).await.unwrap_err();
    assert_eq!(reason(&refused), "ACTION_NOT_ALLOWED");
    assert!(duties(&school).await.is_empty());
    // Of a gemeente, of a plan, of a child, of nothing.
    for norm in ["T22", "T19", "T06", "T99"] {
        let refused = mark(keeper, marking(server, norm, "2026-11-23")).await.unwrap_err();
        assert_eq!(violations(&refused), ["norm: FIELD_INVALID"], "{norm}");
    }
    let refused = mark(keeper, marking(server, "", "2026-11-24")).await.unwrap_err();
    assert_eq!(violations(&refused), ["norm: FIELD_REQUIRED", "done_date: TIME_OUT_OF_BOUNDS"]);
    // A list from before the region began counts as the one before.
    let done = mark(keeper, marking(server, "T23", "2026-10-31")).await.unwrap();
    assert_eq!((done.due_date.as_str(), done.done_date.as_str()), ("2027-01-31", "2026-10-31"));
}

/// What the violation of a field says in words.
fn told(status: &Status) -> String {
    let all = status.get_details_bad_request().unwrap().field_violations;
    all.into_iter().map(|one| one.description).collect()
}

#[tokio::test]
async fn a_day_of_an_earlier_round_of_a_duty_is_refused_with_the_first_day_that_can_be() {
    let region = Region::start().await;
    let server = &region.server;
    let officer = server.person(Role::Leerplichtambtenaar, region.gemeente).await.1;
    let keeper = &region.on_ladder;
    server.clock.set("2027-10-01T09:00:00Z".parse::<DateTime<Utc>>().unwrap());
    for day in ["2019-01-01", "2026-10-02", "2027-07-31"] {
        let refused = mark(&officer, marking(server, "T22", day)).await.unwrap_err();
        assert_eq!(violations(&refused), ["done_date: TIME_OUT_OF_BOUNDS"], "{day}");
        assert!(told(&refused).contains("1 augustus 2027"), "{}", told(&refused));
    }
    assert_eq!(duties(&officer).await[0].done_date, "", "nothing of it is kept");
    assert_eq!(mark(&officer, marking(server, "T22", "2027-08-01")).await.unwrap().state(), State::Met);
    // Of the list the time before counts, once there is one.
    let refused = mark(keeper, marking(server, "T23", "2026-08-22")).await.unwrap_err();
    assert_eq!(violations(&refused), ["done_date: TIME_OUT_OF_BOUNDS"]);
    mark(keeper, marking(server, "T23", "2027-09-01")).await.unwrap();
    assert!(mark(keeper, marking(server, "T23", "2027-08-31")).await.is_err());
    // What was said wrongly before can be taken back, whatever its day.
    let back = pb::MarkDutyRequest { take_back: true, ..marking(server, "T23", "2019-01-01") };
    assert_eq!(mark(keeper, back).await.unwrap().done_date, "2027-09-01");
}

#[tokio::test]
async fn e03_a_duty_is_said_to_be_done_on_the_page_of_today() {
    let region = Region::start().await;
    let server = &region.server;
    let swv = server.founded.organisation;
    let (keeper, channel) = server.person(Role::Thuiszitterscoordinator, swv).await;
    server.clock.set("2027-02-16T09:00:00Z".parse::<DateTime<Utc>>().unwrap());
    let browser = signed_in(server, keeper).await;
    let page = browser.get("/today").await;
    assert!(page.body.contains("name=\"norm\" value=\"T23\""), "{}", page.body);
    let id = page.value("request_id");
    let send = async |day: &str, id: &str| {
        browser.post("/today", &[("request_id", id), ("norm", "T23"), ("done_date", day)]).await
    };
    let refused = send("2027-02-17", &id).await;
    assert!(refused.status == 422 && refused.body.contains("fault-T23"), "{}", refused.body);
    assert!(refused.body.contains("value=\"2027-02-17\""), "what was typed");
    let taken = send("2027-02-16", &refused.value("request_id")).await;
    assert_eq!((taken.status, taken.header("location")), (303, "/today"));
    assert!(!browser.get("/today").await.body.contains("value=\"T23\""));
    assert!(waits(server, &channel, "2027-02-16T09:00:00Z").await.is_empty());
    assert_eq!(duties(&channel).await[0].done_date, "2027-02-16");
}
