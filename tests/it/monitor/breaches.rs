//! Terms that passed: whose they are, by how many days, and whether something met them since.

use chrono::TimeDelta;
use schakel_domain::access::Role;
use schakel_proto::v1::{
    self as pb, monitor_scope::Of, task_service_client::TaskServiceClient, timeline::deadline::State,
};
use schakel_tests::{As, reason, statements, violations};

use super::{Region, cases, monitor, scope};

fn of(norm: &str) -> pb::ListBreachesRequest {
    pb::ListBreachesRequest { norm: norm.into(), ..Default::default() }
}

async fn list(client: &As, asked: pb::ListBreachesRequest) -> Vec<pb::Breach> {
    monitor(client).list_breaches(asked).await.unwrap().into_inner().breaches
}

/// Case, days late, and whether it is still open, of each.
async fn told(client: &As, asked: pb::ListBreachesRequest) -> Vec<(String, i32, State)> {
    list(client, asked).await.into_iter().map(|one| (one.case.clone(), one.late_days, one.state())).collect()
}

#[tokio::test]
async fn e02_a_term_that_passed_stays_in_the_list_of_breaches_when_it_is_met_late() {
    let region = Region::start().await;
    // Three months after 10 August are 10 November.
    let in_time = region.open("Een", 0, "GM9901", "2026-08-10").await;
    region.offer(&in_time, "2026-11-10").await;
    let too_late = region.open("Twee", 0, "GM9901", "2026-08-10").await;
    region.offer(&too_late, "2026-11-11").await;
    let open = region.open("Drie", 1, "GM9902", "2026-08-24").await;
    let late = (too_late.name.clone(), 1, State::Met);
    assert_eq!(told(&region.keeper, of("T13")).await, std::slice::from_ref(&late), "24 November is to come");
    region.server.clock.advance(TimeDelta::days(1));
    assert_eq!(told(&region.keeper, of("T13")).await, std::slice::from_ref(&late), "it is the last day");
    region.server.clock.advance(TimeDelta::days(1));
    let passed = (open.name.clone(), 1, State::Overdue);
    assert_eq!(told(&region.keeper, of("T13")).await, [passed, late], "what is open stands first");
    region.server.clock.advance(TimeDelta::days(3));

    let found = list(&region.keeper, of("T13")).await;
    assert_eq!((found[0].due_date.as_str(), found[0].met_date.as_str()), ("2026-11-24", ""));
    assert_eq!((found[1].due_date.as_str(), found[1].met_date.as_str()), ("2026-11-10", "2026-11-11"));
    assert_eq!([found[0].late_days, found[1].late_days], [4, 1], "a day for each day; met is met");
    assert_eq!([&found[0].reference, &found[1].reference], [&open.reference, &too_late.reference]);
    assert!(found.iter().all(|one| one.norm == "T13" && !one.basis.is_empty()));
    let acts = [pb::Role::Thuiszitterscoordinator, pb::Role::Directeur, pb::Role::Leerplichtambtenaar];
    assert_eq!(found[0].acts, acts.map(i32::from));

    // The case itself tells it too, beside MET; and it is nobody's task any more.
    let late_days = |case: &pb::Case| {
        let ask = pb::GetTimelineRequest { name: case.name.clone(), ..Default::default() };
        let mut client = cases(&region.keeper);
        async move {
            let timeline = client.get_timeline(ask).await.unwrap().into_inner();
            let term = timeline.deadlines.into_iter().find(|one| one.norm == "T13").unwrap();
            (term.state(), term.late_days)
        }
    };
    assert_eq!(late_days(&in_time).await, (State::Met, 0));
    assert_eq!(late_days(&too_late).await, (State::Met, 1));
    assert_eq!(late_days(&open).await, (State::Overdue, 0));
    let kinds = vec![pb::task::Kind::Deadline.into()];
    let ask = pb::ListTasksRequest { kinds, page_size: 200, ..Default::default() };
    let mut tasks = TaskServiceClient::new(region.keeper.clone());
    let tasks = tasks.list_tasks(ask).await.unwrap().into_inner().tasks;
    let of_pact: Vec<_> = tasks.iter().filter(|task| task.norm == "T13").map(|task| &task.case).collect();
    assert_eq!(of_pact, [&open.name]);

    region.close(&too_late.name, pb::CaseOutcome::TerugEigenSchool, "2026-11-27").await;
    let left = told(&region.keeper, of("T13")).await;
    assert_eq!(left, [(open.name, 4, State::Overdue)], "of open cases alone");
}

/// Of 10 August: three months end on 10 November, ten days before the child is back. Two weeks after that are
/// 4 December, and nobody looked in.
#[tokio::test]
async fn e02_what_a_closed_case_let_pass_stays_with_it_and_is_listed_when_asked() {
    let region = Region::start().await;
    let back = region.open("Een", 0, "GM9901", "2026-08-10").await;
    let open = region.open("Twee", 1, "GM9902", "2026-08-10").await;
    region.close(&back.name, pb::CaseOutcome::TerugEigenSchool, "2026-11-20").await;
    region.server.clock.advance(TimeDelta::days(30));
    let closed = |norm: &str| pb::ListBreachesRequest { closed: true, ..of(norm) };
    let left = told(&region.keeper, closed("T13")).await;
    assert_eq!(left, [(back.name.clone(), 10, State::Overdue)], "late until the outcome");
    let asked = told(&region.keeper, closed("R20")).await;
    assert_eq!(asked, [(back.name.clone(), 19, State::Overdue)], "late until somebody does");
    assert_eq!(told(&region.keeper, of("T13")).await, [(open.name, 43, State::Overdue)]);
    assert!(told(&region.keeper, of("R20")).await.is_empty());
    let ask = pb::GetTimelineRequest { name: back.name.clone(), ..Default::default() };
    let timeline = cases(&region.keeper).get_timeline(ask).await.unwrap().into_inner();
    let pact = timeline.deadlines.iter().find(|one| one.norm == "T13").unwrap();
    assert_eq!((pact.due_date.as_str(), pact.state()), ("2026-11-10", State::Overdue));
    assert_eq!(timeline.suggested_escalation_level, 0, "nobody is to act on it any more");
}

/// Of 1 April 2025: three months end on 1 July. On 23 November 2026 the school year before the current one began on
/// 1 August 2025, the day after the first of them ended.
#[tokio::test]
async fn of_closed_cases_only_those_that_ended_lately_are_worked_out_unless_more_is_asked_for() {
    let region = Region::start().await;
    let before = region.open("Een", 0, "GM9901", "2025-04-01").await;
    region.close(&before.name, pb::CaseOutcome::TerugEigenSchool, "2025-07-31").await;
    let mut keeper = monitor(&region.keeper);
    let closed = pb::ListBreachesRequest { closed: true, ..of("T13") };
    let since = |date: &str| pb::ListBreachesRequest { closed_from_date: date.into(), ..closed.clone() };
    let (found, sent) = statements(keeper.list_breaches(closed.clone())).await;
    assert!(found.unwrap().into_inner().breaches.is_empty());
    assert!(sent.iter().all(|sql| !sql.contains("case_fact")), "no log is opened for it: {sent:#?}");
    let first = (before.name.clone(), 30, State::Overdue);
    assert_eq!(told(&region.keeper, since("2025-07-31")).await, std::slice::from_ref(&first));
    assert!(told(&region.keeper, since("2025-08-01")).await.is_empty());

    let after = region.open("Twee", 1, "GM9902", "2025-04-01").await;
    region.close(&after.name, pb::CaseOutcome::TerugEigenSchool, "2025-08-01").await;
    let second = (after.name.clone(), 31, State::Overdue);
    assert_eq!(told(&region.keeper, closed.clone()).await, std::slice::from_ref(&second));
    assert_eq!(told(&region.keeper, since("2025-07-31")).await, [first, second]);

    // The next page is of the same days.
    let one = pb::ListBreachesRequest { page_size: 1, ..since("2025-07-31") };
    let token = keeper.list_breaches(one).await.unwrap().into_inner().next_page_token;
    assert!(!token.is_empty());
    let other = pb::ListBreachesRequest { page_size: 1, page_token: token, ..since("2025-07-30") };
    let open = pb::ListBreachesRequest { closed_from_date: "2025-08-01".into(), ..of("T13") };
    for (asked, wrong) in [
        (other, "page_token: PAGE_TOKEN_INVALID"),
        (since("2026-11-24"), "closed_from_date: TIME_OUT_OF_BOUNDS"),
        (since("1 augustus"), "closed_from_date: FIELD_INVALID"),
        (open, "closed_from_date: FIELD_INVALID"),
    ] {
        assert_eq!(violations(&keeper.list_breaches(asked).await.unwrap_err()), [wrong]);
    }
}

/// At home since 1 September: more than four weeks from the 30th, to be reported by 1 October. Back on
/// 20 November, and nobody had.
#[tokio::test]
async fn e02_a_long_absence_that_nobody_reported_stays_a_breach_when_the_child_is_back() {
    let region = Region::start().await;
    let first = region.open("Een", 0, "GM9901", "2026-09-01").await;
    let second = region.open("Twee", 1, "GM9902", "2026-09-01").await;
    for case in [&first, &second] {
        region.happened(case, pb::Moment::Returned, "2026-11-20").await;
    }
    let overdue = |case: &pb::Case, days| (case.name.clone(), days, State::Overdue);
    assert_eq!(told(&region.keeper, of("T10A")).await, [overdue(&first, 53), overdue(&second, 53)]);
    region.happened(&first, pb::Moment::ReportedToDuo, "2026-11-23").await;
    region.close(&second.name, pb::CaseOutcome::TerugEigenSchool, "2026-11-20").await;
    let late = (first.name.clone(), 53, State::Met);
    assert_eq!(told(&region.keeper, of("T10A")).await, [late]);
    let closed = pb::ListBreachesRequest { closed: true, ..of("T10A") };
    assert_eq!(told(&region.keeper, closed).await, [overdue(&second, 50)], "late until the outcome");
}

/// Attendance is stable from 30 October: two weeks end on 13 November, a week before the outcome, and nobody looks
/// in. Twelve weeks after 13 November is 5 February.
#[tokio::test]
async fn aftercare_of_a_closed_case_is_late_as_long_as_it_is_asked_for() {
    let region = Region::start().await;
    let back = region.open("Een", 0, "GM9901", "2026-08-10").await;
    region.happened(&back, pb::Moment::AttendanceStable, "2026-10-30").await;
    region.close(&back.name, pb::CaseOutcome::TerugEigenSchool, "2026-11-20").await;
    let closed = || pb::ListBreachesRequest { closed: true, ..of("R20") };
    region.server.clock.advance(TimeDelta::days(30));
    let asked = told(&region.keeper, closed()).await;
    assert_eq!(asked, [(back.name.clone(), 40, State::Overdue)], "on 23 December, whenever the case ended");
    region.server.clock.advance(TimeDelta::days(60));
    let left = told(&region.keeper, closed()).await;
    assert_eq!(left, [(back.name, 84, State::Overdue)], "on 21 February nobody is asked any more");
}

#[tokio::test]
async fn breaches_are_listed_to_who_reads_the_case_page_by_page() {
    let region = Region::start().await;
    let first = region.open("Een", 0, "GM9901", "2026-08-10").await;
    let second = region.open("Twee", 1, "GM9902", "2026-08-17").await;
    let names = |found: Vec<pb::Breach>| found.into_iter().map(|one| one.case).collect::<Vec<_>>();
    let both = [first.name.clone(), second.name.clone()];
    assert_eq!(names(list(&region.keeper, of("T13")).await), both);
    let at =
        |of: Of| pb::ListBreachesRequest { scope: Some(scope(of)), norm: "T13".into(), ..Default::default() };
    let there = at(Of::School(region.schools[1].to_string()));
    assert_eq!(names(list(&region.keeper, there.clone()).await), std::slice::from_ref(&second.name));
    let gemeente = at(Of::GemeenteCode("GM9901".into()));
    assert_eq!(names(list(&region.keeper, gemeente).await), std::slice::from_ref(&first.name));
    let iber = region.somebody(Role::Iber, region.schools[0]).await;
    assert_eq!(names(list(&iber, of("T13")).await), std::slice::from_ref(&first.name));
    let head = region.somebody(Role::Directeur, region.schools[0]).await;
    let seen = list(&head, of("T13")).await;
    assert_eq!((seen.len(), seen[0].reference.as_str()), (1, ""), "who may not see who the child is");
    let refused = monitor(&iber).list_breaches(there).await.unwrap_err();
    assert_eq!(reason(&refused), "SCHOOL_NOT_FOUND");
    let refused = monitor(&region.officer).list_breaches(of("")).await.unwrap_err();
    assert_eq!(reason(&refused), "AGGREGATES_ONLY");
    let refused = monitor(&region.keeper).list_breaches(of("T99")).await.unwrap_err();
    assert_eq!(violations(&refused), ["norm: FIELD_INVALID"]);

    let all = list(&region.keeper, of("")).await;
    assert!(all.len() > 4 && all.is_sorted_by_key(|one| one.due_date.clone()), "{all:?}");
    let (mut paged, mut token) = (Vec::new(), String::new());
    loop {
        let ask = pb::ListBreachesRequest { page_size: 3, page_token: token, ..Default::default() };
        let page = monitor(&region.keeper).list_breaches(ask).await.unwrap().into_inner();
        paged.extend(page.breaches);
        token = page.next_page_token;
        if token.is_empty() {
            break;
        }
    }
    assert_eq!(paged, all);
}

/// What was worked out for one reader serves the next look.
#[tokio::test]
async fn breaches_of_cases_that_did_not_change_are_worked_out_once() {
    let region = Region::start().await;
    region.open("Een", 0, "GM9901", "2026-08-10").await;
    let mut keeper = monitor(&region.keeper);
    let (found, cold) = statements(keeper.list_breaches(of(""))).await;
    assert!(!found.unwrap().into_inner().breaches.is_empty());
    let (_, warm) = statements(keeper.list_breaches(of(""))).await;
    let is_worked_out = |sent: &[String]| sent.iter().any(|sql| sql.contains("case_fact"));
    assert!(is_worked_out(&cold) && !is_worked_out(&warm), "{warm:#?}");
}
