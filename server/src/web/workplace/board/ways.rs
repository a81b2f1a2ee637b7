//! The way from one page of the board to another, and what these pages have in common.

use axum::response::Response;
use http::StatusCode;
use minijinja::{Value, context};
use schakel_domain::access::{Action, Denied, Role, may};

use crate::{
    access::authenticate::today,
    web::workplace::{shown, trouble::Faults, visit::Visit, words::words},
};

words! {
    ways: "Onderdelen van het overzicht", "Parts of the board";
    board: "Kinderen thuis", "Children at home";
    reports: "Rapporten", "Reports";
    supply: "Aanbod", "Supply";
    indicators: "Indicatoren", "Indicators";
    cycle: "Plancyclus", "Plan cycle";
    cells: "In een CSV-bestand staat een x voor een getal dat hier een streepje is. Een lege cel is niet geteld of niet bekend.",
        "In a CSV file an x stands for a number that is a dash here. An empty cell was not counted or is not known.";
    programs: "Voor wie een programma het bestand laat lezen", "For who lets a program read the file";
    codes: "De kolommen hebben vaste Engelse codes, zodat programma's ze kunnen lezen. In een JSON-bestand staat null voor een getal dat hier een streepje is.",
        "The columns have fixed codes, so that programs can read them. In a JSON file null stands for a number that is a dash here.";
    columns: "Wat de codes van de kolommen betekenen", "What the codes of the columns mean";
}

/// Where its pages are, and what somebody must be allowed to see one: any of these.
const WAYS: [(&str, &[Action]); 5] = [
    ("/board", &[Action::ReadMonitor]),
    ("/board/reports", &[Action::ReadMonitor]),
    // Who keeps the register sets what stands on these two.
    ("/board/supply", &[Action::ReadMonitor, Action::WriteDirectory]),
    ("/board/indicators", &[Action::ReadMonitor, Action::WriteDirectory]),
    ("/board/cycle", &[Action::ReadDirectory]),
];

/// Whether the roles of the visitor may ever do it: what they may not is not offered.
pub(super) fn allowed(visit: &Visit, action: Action) -> bool {
    let roles: Vec<Role> = visit.session.acting.iter().map(|at| at.role).collect();
    may(&roles, action, None).is_ok()
}

/// Whether the roles of the visitor are told figures alone: rounded, of whole months and quarters, and no case.
pub(super) fn sees_figures_alone(visit: &Visit) -> bool {
    let roles: Vec<Role> = visit.session.acting.iter().map(|at| at.role).collect();
    matches!(may(&roles, Action::ReadCase, None), Err(Denied::AggregatesOnly))
}

/// `label` of the navigation and its `links`.
pub(super) fn ways(visit: &Visit) -> Value {
    let own = words(visit.language);
    let labels = [own.board, own.reports, own.supply, own.indicators, own.cycle];
    let seen = WAYS.iter().zip(labels).filter(|((_, any), _)| any.iter().any(|one| allowed(visit, *one)));
    let link = |((href, _), label): (&(&'static str, &[Action]), &'static str)| {
        let below = visit.at.strip_prefix(*href);
        let here = below.is_some_and(|rest| rest.is_empty() || (*href != "/board" && rest.starts_with('/')));
        context! { href => *href, label, here }
    };
    let links: Vec<Value> = seen.map(link).collect();
    context! { links, label => own.ways, cells => own.cells, columns => own.columns, programs => own.programs, codes => own.codes }
}

/// A page of the board, with what is wrong with what was asked.
pub(super) fn page(
    visit: &Visit,
    (template, title): (&str, &str),
    faults: Option<&Faults>,
    values: Value,
) -> Response {
    let status = if faults.is_some() { StatusCode::UNPROCESSABLE_ENTITY } else { StatusCode::OK };
    let now = today(visit.app.now()).to_string();
    let all = context! {
        ways => ways(visit),
        faults => faults.map(Value::from),
        request_id => visit.request_id(),
        printed => shown::day(&now, visit.language),
        today => now,
        ..values
    };
    visit.page_with(status, (template, title), all)
}
