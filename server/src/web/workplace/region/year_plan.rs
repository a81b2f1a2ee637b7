//! The year plan: proposed first, and booked when it is good. It may take long: the page begins with
//! the words that it is under way, and goes on with what came of it.

use std::convert::Infallible;

use axum::{
    Router,
    body::Body,
    response::{IntoResponse, Response},
    routing::get,
};
use http::header;
use minijinja::{Value, context};
use pb::{planned_meeting::Result as Found, year_plan_service_client::YearPlanServiceClient};
use schakel_domain::{access::Action, invitation::dates, refusal::Language};
use schakel_proto::v1 as pb;
use tokio_stream::StreamExt;

use super::{
    Tried, allowed,
    names::walk,
    option, page,
    plan_form::{choices, wanted},
    roles, typed,
};
use crate::web::{
    problem::NOT_FOUND,
    workplace::{
        Workplace, shown,
        trouble::{Faults, Shown, Trouble},
        visit::{Posted, Visit},
        words::words,
    },
};

words! {
    title: "Jaarplanning", "Year plan";
    intro: "Plan de overleggen van een schooljaar in één keer. U ziet eerst een voorstel. Er wordt pas geboekt als u dat bevestigt.",
        "Plan the meetings of a school year at once. You first see a proposal. Nothing is booked until you confirm it.";
    kind: "Soort overleg", "Kind of meeting";
    by: "Een reeks voor", "A series for";
    clusters: "Welke clusters (niets: allemaal)", "Which clusters (none: all)";
    seats: "Wie komen er", "Who comes";
    seat: "Plaats", "Seat";
    each: "van elke school één", "one of every school";
    optional: "mag ontbreken", "may be missing";
    school_year: "Schooljaar", "School year";
    school_year_hint: "Bijvoorbeeld 2026-2027. Leeg: dit schooljaar.", "For example 2026-2027. Empty: this school year.";
    first: "Niet voor", "Not before";
    last: "Niet na", "Not after";
    meetings: "Hoeveel keer", "How many times";
    minutes: "Minuten per keer", "Minutes each time";
    place: "Waar", "Where";
    propose: "Maak een voorstel", "Make a proposal";
    underway: "Het plannen is bezig. Dat kan een halve minuut duren. Laat deze pagina open.",
        "Planning is under way. That may take half a minute. Leave this page open.";
    unfinished: "Het plannen is niet gelukt. Kies minder scholen of een kortere tijd en probeer het opnieuw. Ging het om boeken? Laad deze pagina dan opnieuw: niets wordt dubbel geboekt.",
        "Planning did not work. Choose fewer schools or a shorter time and try again. If you were booking, load this page again: nothing is booked twice.";
    proposal: "Voorstel", "Proposal";
    booked: "Geboekt", "Booked";
    found: "keer een tijd gevonden", "times found";
    impossible: "keer geen tijd gevonden", "times not possible";
    when: "Wanneer", "When";
    who: "Wie", "Who";
    why: "Waarom", "Why";
    no_time: "geen tijd", "no time";
    between: "Gezocht", "Sought";
    mode: "Wat boeken we", "What to book";
    book: "Boek dit", "Book this";
    again: "Ander voorstel", "Another proposal";
    warnings: "Let op", "Attention";
}

/// Where the page goes on once the plan is there.
const MARK: &str = "<!--result-->";
/// What is not asked again when a proposal is booked.
const OWN: [&str; 4] = ["form", "request_id", "do", "mode"];

pub(super) fn routes() -> Router<Workplace> {
    Router::new().route("/region/year-plan", get(show).post(plan))
}

async fn show(visit: Visit) -> Shown {
    if !allowed(&visit, Action::BookConsultation) {
        return Err(NOT_FOUND.into());
    }
    let clusters = clusters(&visit).await?;
    Ok(form(&visit, &Tried::default(), context! { clusters }))
}

async fn clusters(visit: &Visit) -> Result<Vec<Value>, Trouble> {
    let all = walk!(visit, list_clusters, clusters, pb::ListClustersRequest::default());
    Ok(all.iter().map(|one| option(&one.name, &one.display_name)).collect())
}

fn form(visit: &Visit, tried: &Tried, values: Value) -> Response {
    let own = words(visit.language);
    let all = context! { own, choices => choices(visit.language), roles => roles(visit.language), ..values };
    page(visit, ("workplace/region/year_plan.html", own.title), tried, all)
}

/// A part of the page: what can be said at once, and what is still to be asked.
enum Part {
    Known(String),
    Sought(Box<Sought>),
}

struct Sought {
    visit: Visit,
    ask: pb::PlanYearRequest,
    tried: Tried,
    values: Value,
}

async fn plan(visit: Visit, fields: Posted) -> Shown {
    let ask = wanted(&fields)?;
    let clusters = clusters(&visit).await?;
    let chosen: Vec<String> = fields.all("clusters").map(str::to_owned).collect();
    let kept = fields.entries().filter(|(name, _)| !OWN.contains(name));
    let kept: Vec<Value> = kept.map(|(name, value)| option(value, name)).collect();
    let values = context! { clusters, chosen, kept };
    let tried = Tried { faults: None, typed: typed(&fields) };
    let underway = context! { underway => true, ..values.clone() };
    let (head, _) = halves(form(&visit, &tried, underway)).await;
    let sought = Sought { visit, ask, tried, values };
    let parts = tokio_stream::iter([Part::Known(head), Part::Sought(Box::new(sought))]);
    let parts = parts.then(|part| async move {
        Ok::<_, Infallible>(match part {
            Part::Known(text) => text,
            Part::Sought(sought) => sought.tail().await,
        })
    });
    Ok(([(header::CONTENT_TYPE, "text/html; charset=utf-8")], Body::from_stream(parts)).into_response())
}

/// The page before and after the mark.
async fn halves(page: Response) -> (String, String) {
    let bytes = axum::body::to_bytes(page.into_body(), usize::MAX).await.unwrap_or_default();
    let text = String::from_utf8_lossy(&bytes);
    let (head, tail) = text.split_once(MARK).unwrap_or((&*text, ""));
    (head.to_owned(), tail.to_owned())
}

impl Sought {
    /// Plans, and gives the rest of the page.
    async fn tail(self) -> String {
        let Self { visit, ask, mut tried, values } = self;
        let (own, language) = (words(visit.language), visit.language);
        let dry_run = ask.dry_run;
        let result = match YearPlanServiceClient::new(visit.calls()).plan_year(ask).await {
            Ok(plan) => shown_plan(plan.get_ref(), dry_run, language),
            Err(status) => {
                let whole = Faults { summary: own.unfinished.to_owned(), ..Faults::default() };
                tried.faults = Some(Faults::of(status).unwrap_or(whole));
                Value::from(())
            }
        };
        halves(form(&visit, &tried, context! { result, ..values })).await.1
    }
}

fn shown_plan(plan: &pb::PlanYearResponse, dry_run: bool, language: Language) -> Value {
    let meeting = |one: &pb::PlannedMeeting| {
        let when = match one.result() {
            Found::Planned => shown::instant(one.start_time.as_ref())
                .zip(shown::instant(one.end_time.as_ref()))
                .map(|(start, end)| dates::span(start, end, language)),
            Found::Unspecified | Found::Impossible => None,
        };
        let who = one.participants.iter().map(|at| shown::participant(at, language)).collect::<Vec<_>>();
        context! {
            who,
            when => when.unwrap_or_default(),
            first => shown::day(&one.first_date, language),
            last => shown::day(&one.last_date, language),
            href => if one.consultation.is_empty() { String::new() } else { format!("/{}", one.consultation) },
            reasons => one.reasons.clone(),
        }
    };
    let table = |one: &pb::PlannedTable| {
        let meetings = one.meetings.iter().map(meeting).collect::<Vec<_>>();
        context! { meetings, label => one.display_name.as_str() }
    };
    context! {
        dry_run,
        planned => plan.planned_count,
        impossible => plan.impossible_count,
        warnings => plan.warnings.clone(),
        tables => plan.tables.iter().map(table).collect::<Vec<_>>(),
    }
}
