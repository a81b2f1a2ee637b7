//! What is late or lacks a next step: how many, and which cases for who may see them.

use std::collections::HashMap;

use chrono::NaiveDate;
use minijinja::{Value, context};
use pb::{
    monitor_service_client::MonitorServiceClient, task::Kind, task_service_client::TaskServiceClient,
    timeline::deadline,
};
use schakel_proto::v1 as pb;

use super::{
    Words,
    asked::Asked,
    figures::{figure, told},
    words,
};
use crate::web::workplace::{
    shown,
    trouble::{Trouble, if_allowed},
    visit::Visit,
};

/// As many as an answer holds at most.
const PAGE: i32 = 200;

/// `alarms` (`label`, `figure`, `cases`, `more`), `breaches` (terms that have passed), and whether
/// there are `figures_only`.
pub(super) async fn late(
    visit: &Visit,
    asked: &Asked,
    (table, today): (&pb::GetMonitorResponse, NaiveDate),
) -> Result<Value, Trouble> {
    let own = words(visit.language);
    let total = table.total.clone().unwrap_or_default();
    // Who keeps a case and what is planned for it is known of today only.
    let of_today = table.date == today.to_string();
    let tasks = if of_today && table.exact { tasks(visit).await? } else { Vec::new() };
    let references: HashMap<&str, &str> = tasks
        .iter()
        .filter(|task| !task.reference.is_empty())
        .map(|task| (task.case.as_str(), task.reference.as_str()))
        .collect();
    let mut monitor = MonitorServiceClient::new(visit.calls());
    let mut alarms = Vec::new();
    let mut figures_only = !table.exact;
    for (measure, label) in measures(own, of_today) {
        let (mut cases, mut more) = (Vec::new(), false);
        if table.exact && told(&total, measure).is_some_and(|count| count > 0) {
            match if_allowed(monitor.list_monitor_cases(asked.cases(measure)).await)? {
                None => figures_only = true,
                Some(found) => {
                    more = !found.next_page_token.is_empty();
                    cases = linked(&found.cases, &references, own);
                }
            }
        }
        if told(&total, measure) != Some(0) {
            alarms.push(context! { label, cases, more, figure => figure(&total, measure) });
        }
    }
    // They are of all the caller's cases, wherever those are.
    let breaches: Vec<Value> = if asked.scope.is_empty() { breaches(&tasks, visit) } else { Vec::new() };
    Ok(context! { alarms, breaches, figures_only })
}

fn measures(own: &Words, of_today: bool) -> Vec<(&'static str, &'static str)> {
    let mut all = vec![("PACT_LATE", own.pact_late)];
    if of_today {
        all.extend([("WITHOUT_REGISSEUR", own.no_regisseur), ("WITHOUT_NEXT_ACTION", own.no_next_action)]);
    }
    all
}

/// Each with an address, called by the reference that is spoken where the caller may know it.
fn linked(cases: &[String], references: &HashMap<&str, &str>, own: &Words) -> Vec<Value> {
    let one = |(at, name): (usize, &String)| {
        let known = references.get(name.as_str()).map(|reference| (*reference).to_owned());
        context! {
            href => format!("/{name}"),
            label => known.unwrap_or_else(|| format!("{} {}", own.case, at + 1)),
        }
    };
    cases.iter().enumerate().map(one).collect()
}

/// What waits in cases: its references call those cases, and of its terms some have passed.
async fn tasks(visit: &Visit) -> Result<Vec<pb::Task>, Trouble> {
    let kinds = [Kind::Deadline, Kind::NoRegisseur, Kind::NoNextAction, Kind::NextActionPassed];
    let ask =
        pb::ListTasksRequest { kinds: kinds.map(i32::from).to_vec(), page_size: PAGE, ..Default::default() };
    let found = if_allowed(TaskServiceClient::new(visit.calls()).list_tasks(ask).await)?;
    Ok(found.unwrap_or_default().tasks)
}

fn breaches(tasks: &[pb::Task], visit: &Visit) -> Vec<Value> {
    let own = words(visit.language);
    let passed = tasks.iter().filter(|task| {
        matches!(task.kind(), Kind::Deadline) && matches!(task.state(), deadline::State::Overdue)
    });
    let one = |task: &pb::Task| {
        let label = if task.reference.is_empty() { own.case } else { task.reference.as_str() };
        context! {
            label,
            text => task.text.as_str(),
            href => format!("/{}", task.case),
            due => shown::day(&task.due_date, visit.language),
        }
    };
    passed.map(one).collect()
}
