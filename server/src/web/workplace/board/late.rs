//! What is late or lacks a next step: how many, and which cases for who may see them.

use chrono::NaiveDate;
use minijinja::{Value, context};
use pb::monitor_service_client::MonitorServiceClient;
use schakel_proto::v1 as pb;
use tonic::Code;

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
/// So many terms are shown unasked: those that are open still and passed longest ago.
const FIRST: usize = 10;
/// The norm of an offer within three months, as the shipped profile calls it.
const OFFER: &str = "T13";

/// `alarms` (`label`, `figure`, `cases`, `more`, and `file` where it has one), whether it `has_breaches` (terms that
/// have passed): `breaches` that are shown and `others` that are asked for, whether there are `more_breaches`, and
/// whether there are `figures_only`.
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
    let mut monitor = MonitorServiceClient::new(visit.calls());
    let passed = if shows { if_allowed(monitor.list_breaches(asked.breaches()).await)? } else { None };
    let waiting: Option<Vec<pb::Breach>> = match &passed {
        None => None,
        // What was read already is not read again. A list without any does not tell whether the region has that
        // norm at all.
        Some(all) if all.next_page_token.is_empty() && all.breaches.iter().any(|one| one.norm == OFFER) => {
            Some(all.breaches.iter().filter(|one| is_waiting(one)).cloned().collect())
        }
        Some(_) => without_offer(visit, asked).await?,
    };
    let passed = passed.unwrap_or_default();
    let mut alarms = Vec::new();
    let mut figures_only = !table.exact;
    if let Some(cases) = waiting.as_ref().filter(|cases| !cases.is_empty()) {
        alarms.push(waits(cases, own));
    }
    for (measure, label) in measures(own, of_today, waiting.is_some()) {
        let (mut cases, mut more) = (Vec::new(), false);
        if table.exact && told(&total, measure).is_some_and(|count| count > 0) {
            match if_allowed(monitor.list_monitor_cases(asked.cases(measure)).await)? {
                None => figures_only = true,
                Some(found) => {
                    more = !found.next_page_token.is_empty();
                    cases = linked(&found.called, own.case);
                }
            }
        }
        if told(&total, measure) != Some(0) {
            alarms.push(context! { label, cases, more, figure => figure(&total, measure) });
        }
    }
    // What is still open stands first.
    let open = passed.breaches.iter().take_while(|one| one.met_date.is_empty()).count();
    let (first, others) = passed.breaches.split_at(open.min(FIRST));
    let rows = |all: &[pb::Breach]| all.iter().map(|one| breach(one, visit)).collect::<Vec<Value>>();
    Ok(context! {
        alarms, figures_only,
        has_breaches => !passed.breaches.is_empty(),
        breaches => rows(first),
        others => rows(others),
        more_breaches => !passed.next_page_token.is_empty(),
    })
}

/// Which figures warn. Who waits too long for an offer is known of today, case by case; else it is told who came
/// to three months in the period.
fn measures(own: &Words, of_today: bool, case_by_case: bool) -> Vec<(&'static str, &'static str)> {
    let mut all = if case_by_case { Vec::new() } else { vec![("PACT_LATE", own.pact_in_period)] };
    if of_today {
        all.extend([("WITHOUT_REGISSEUR", own.no_regisseur), ("WITHOUT_NEXT_ACTION", own.no_next_action)]);
    }
    all
}

fn is_waiting(one: &pb::Breach) -> bool {
    one.norm == OFFER && one.met_date.is_empty()
}

/// The open cases without an offer after three months, of those that the caller reads: longest first. None where
/// its roles read no case, and where the region has no such norm.
pub(super) async fn without_offer(visit: &Visit, asked: &Asked) -> Result<Option<Vec<pb::Breach>>, Trouble> {
    let mut monitor = MonitorServiceClient::new(visit.calls());
    let mut ask = pb::ListBreachesRequest { norm: OFFER.to_owned(), ..asked.breaches() };
    let mut waiting = Vec::new();
    loop {
        let answer = match monitor.list_breaches(ask.clone()).await {
            Err(status) if status.code() == Code::InvalidArgument => return Ok(None),
            answer => answer,
        };
        let Some(page) = if_allowed(answer)? else { return Ok(None) };
        let found = page.breaches.len();
        let before = waiting.len();
        waiting.extend(page.breaches.into_iter().filter(is_waiting));
        // What is still open stands first: after one that was met no other waits.
        if page.next_page_token.is_empty() || waiting.len() - before < found {
            return Ok(Some(waiting));
        }
        ask.page_token = page.next_page_token;
    }
}

/// The alarm of who waits too long for an offer.
fn waits(cases: &[pb::Breach], own: &Words) -> Value {
    let most = usize::try_from(PAGE).unwrap_or_default();
    let one = |one: &pb::Breach| {
        let called = if one.reference.is_empty() { own.case } else { one.reference.as_str() };
        context! { href => format!("/{}", one.case), label => format!("{called} ({})", days(one, own)) }
    };
    context! {
        label => own.pact_late,
        cases => cases.iter().take(most).map(one).collect::<Vec<_>>(),
        more => cases.len() > most,
        figure => context! { count => cases.len(), withheld => false },
        file => "/board/late.csv",
    }
}

/// By how many days it is late.
fn days(one: &pb::Breach, own: &Words) -> String {
    format!("{} {}", one.late_days, if one.late_days == 1 { own.one_day } else { own.days })
}

/// Each with an address, called by the reference that is spoken where the caller may know it, else by its place in
/// the list; and by its school.
pub(super) fn linked(cases: &[pb::CaseBehind], case: &str) -> Vec<Value> {
    let one = |(at, one): (usize, &pb::CaseBehind)| {
        let called =
            if one.reference.is_empty() { format!("{case} {}", at + 1) } else { one.reference.clone() };
        let school = one.school_display_name.as_str();
        let label = if school.is_empty() { called } else { format!("{called} ({school})") };
        context! { label, href => format!("/{}", one.case) }
    };
    cases.iter().enumerate().map(one).collect()
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
        days => days(one, own),
        stands => if is_open { own.still_open } else { own.met_late },
        mark => if is_open { "declined" } else { "tentative" },
        acts => acts.join(", "),
    }
}
