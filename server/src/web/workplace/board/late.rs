//! What is late or lacks a next step: how many, and which cases for who may see them.

use std::collections::HashMap;

use chrono::NaiveDate;
use minijinja::{Value, context};
use pb::{monitor_service_client::MonitorServiceClient, task::Kind, task_service_client::TaskServiceClient};
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

/// `alarms` (`label`, `figure`, `cases`, `more`), `breaches` (terms that have passed) and whether there are
/// `more_breaches`, and whether there are `figures_only`.
pub(super) async fn late(
    visit: &Visit,
    asked: &Asked,
    (table, today): (&pb::GetMonitorResponse, NaiveDate),
) -> Result<Value, Trouble> {
    let own = words(visit.language);
    let total = table.total.clone().unwrap_or_default();
    // Who keeps a case and what is planned for it is known of today only.
    let of_today = table.date == today.to_string();
    let shows = of_today && table.exact;
    let tasks = if shows { tasks(visit).await? } else { Vec::new() };
    let mut monitor = MonitorServiceClient::new(visit.calls());
    let passed = if shows { if_allowed(monitor.list_breaches(asked.breaches()).await)? } else { None };
    let passed = passed.unwrap_or_default();
    let called = tasks.iter().map(|task| (task.case.as_str(), task.reference.as_str()));
    let called = called.chain(passed.breaches.iter().map(|one| (one.case.as_str(), one.reference.as_str())));
    let references: HashMap<&str, &str> = called.filter(|(_, reference)| !reference.is_empty()).collect();
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
    let breaches: Vec<Value> = passed.breaches.iter().map(|one| breach(one, visit)).collect();
    let more_breaches = !passed.next_page_token.is_empty();
    Ok(context! { alarms, breaches, more_breaches, figures_only })
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

/// What cases lack: its references call those cases.
async fn tasks(visit: &Visit) -> Result<Vec<pb::Task>, Trouble> {
    let kinds = [Kind::NoRegisseur, Kind::NoNextAction, Kind::NextActionPassed];
    let ask =
        pb::ListTasksRequest { kinds: kinds.map(i32::from).to_vec(), page_size: PAGE, ..Default::default() };
    let found = if_allowed(TaskServiceClient::new(visit.calls()).list_tasks(ask).await)?;
    Ok(found.unwrap_or_default().tasks)
}

/// A term that has passed: `label` and `href` of its case, `norm`, `text`, `basis`, `due`, `days` and how it
/// `stands`, `mark`, and who `acts`.
fn breach(one: &pb::Breach, visit: &Visit) -> Value {
    let own = words(visit.language);
    let is_open = one.met_date.is_empty();
    let acts: Vec<String> = one.acts().map(|role| shown::role(role, visit.language)).collect();
    context! {
        label => if one.reference.is_empty() { own.case } else { one.reference.as_str() },
        href => format!("/{}", one.case),
        norm => one.norm.as_str(),
        text => one.display_name.as_str(),
        basis => one.basis.as_str(),
        due => shown::day(&one.due_date, visit.language),
        days => format!("{} {}", one.late_days, if one.late_days == 1 { own.one_day } else { own.days }),
        stands => if is_open { own.still_open } else { own.met_late },
        mark => if is_open { "declined" } else { "tentative" },
        acts => acts.join(", "),
    }
}
