//! The year plan: proposed first, and booked when it is good. It may take long: the page begins with
//! the words that it is under way, and goes on with what came of it.

use std::{collections::BTreeMap, convert::Infallible};

use axum::{
    Router,
    body::Body,
    extract::Query,
    response::{IntoResponse, Response},
    routing::get,
};
use http::header;
use minijinja::{Value, context};
use pb::{planned_meeting::Result as Found, year_plan_service_client::YearPlanServiceClient};
use schakel_domain::{invitation::dates, refusal::Language};
use schakel_proto::v1 as pb;
use tokio_stream::StreamExt;
use tonic::{Code, Status};

use super::{Tried, option, page, plan_form::Offer, typed};
use crate::web::{
    problem::NOT_FOUND,
    workplace::{
        Workplace, shown,
        trouble::{Faults, Shown, reason},
        visit::{Posted, Visit},
        words::words,
    },
};

words! {
    title: "Jaarplanning", "Year plan";
    intro: "Plan de overleggen van een schooljaar in één keer. U ziet eerst een voorstel. Er wordt pas geboekt als u dat bevestigt.",
        "Plan the meetings of a school year at once. You first see a proposal. Nothing is booked until you confirm it.";
    kind: "Soort overleg", "Kind of meeting";
    choose_kind: "Kies dit soort", "Choose this kind";
    by: "Een reeks voor", "A series for";
    clusters: "Welke clusters (niets: allemaal)", "Which clusters (none: all)";
    seats: "Wie komen er", "Who comes";
    seats_hint: "Wij stellen voor wie er nodig is. Pas het aan als dat beter is.",
        "We propose who is needed. Change it where that is better.";
    needs: "Bij dit soort overleg hoort aan tafel:", "This kind of meeting needs at the table:";
    missing: "Er ontbreekt nog:", "Still missing:";
    sit: "U plant dit alleen als u zelf aan tafel zit. Kies uzelf bij een van de plaatsen.",
        "You plan this only when you sit at the table yourself. Choose yourself at one of the seats.";
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
    no_number: "Dit is geen getal dat hier kan. Vul een heel getal in, in cijfers.",
        "This is not a number that is possible here. Fill in a whole number, in digits.";
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
/// What stays as it was typed when another kind is chosen; the rest of the form is proposed anew for that kind.
const STAYS: [&str; 5] = ["school_year", "first_date", "last_date", "meetings", "place"];
/// In these a number is typed.
const NUMBERS: [&str; 2] = ["meetings", "duration"];

pub(super) fn routes() -> Router<Workplace> {
    Router::new().route("/region/year-plan", get(show).post(plan))
}

/// The address may say a `kind`, for example `KIND_ROK`; without one it is what is planned most.
async fn show(visit: Visit, Query(asked): Query<BTreeMap<String, String>>) -> Shown {
    let offer = Offer::of(&visit).await?;
    let rules = offer.rules(asked.get("kind").map_or("", String::as_str)).ok_or(NOT_FOUND)?;
    let mut typed = offer.proposed(&visit, rules).await;
    let stays = |(name, value): &(String, String)| STAYS.contains(&name.as_str()) && !value.is_empty();
    typed.extend(asked.into_iter().filter(stays));
    typed.insert("kind".to_owned(), rules.kind().as_str_name().to_owned());
    Ok(form(&visit, (&offer, &Tried { faults: None, typed }), context! {}))
}

fn form(visit: &Visit, (offer, tried): (&Offer, &Tried), values: Value) -> Response {
    let own = words(visit.language);
    let choices = offer.choices(&tried.typed, visit.language);
    let wrong = tried.faults.as_ref().map(|faults| wrong(faults, own)).unwrap_or_default();
    let all = context! { own, choices, wrong, stays => STAYS.to_vec(), ..values };
    page(visit, ("workplace/region/year_plan.html", own.title), tried, all)
}

/// What is wrong: a list of `id`, `label` and `text`; without an id where the form has no such field.
fn wrong(faults: &Faults, own: &Words) -> Vec<Value> {
    let label = |field: &str| match field {
        "kind" => own.kind,
        "by" => own.by,
        "clusters" => own.clusters,
        "seats" => own.seats,
        "school_year" => own.school_year,
        "first_date" => own.first,
        "last_date" => own.last,
        "meetings" => own.meetings,
        "duration" => own.minutes,
        "place" => own.place,
        _ => "",
    };
    let one = |(field, text): (&String, &String)| {
        let label = label(field.as_str());
        let id = if label.is_empty() { "" } else { field.as_str() };
        context! { id, label, text => text.as_str() }
    };
    faults.fields.iter().map(one).collect()
}

/// A part of the page: what can be said at once, and what is still to be asked.
enum Part {
    Known(String),
    Sought(Box<Sought>),
}

struct Sought {
    visit: Visit,
    offer: Offer,
    ask: pb::PlanYearRequest,
    tried: Tried,
    values: Value,
}

async fn plan(visit: Visit, fields: Posted) -> Shown {
    let offer = Offer::of(&visit).await?;
    let ask = offer.wanted(&fields)?;
    let chosen: Vec<String> = fields.all("clusters").map(str::to_owned).collect();
    let kept = fields.entries().filter(|(name, _)| !OWN.contains(name));
    let kept: Vec<Value> = kept.map(|(name, value)| option(value, name)).collect();
    let values = context! { chosen, kept };
    let tried = Tried { faults: None, typed: typed(&fields) };
    let underway = context! { underway => true, ..values.clone() };
    let (head, _) = halves(form(&visit, (&offer, &tried), underway)).await;
    let sought = Sought { visit, offer, ask, tried, values };
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
        let Self { visit, offer, ask, mut tried, values } = self;
        let language = visit.language;
        let mut plans = YearPlanServiceClient::new(visit.calls());
        let result = match plans.plan_year(ask.clone()).await {
            Ok(plan) => shown_plan(plan.get_ref(), ask.dry_run, language),
            Err(status) => {
                let mut faults = refused(status, (&offer, &ask), language);
                for field in NUMBERS {
                    let typed = tried.typed.get(field).filter(|text| !text.is_empty());
                    if let Some(fault) = faults.fields.get_mut(field)
                        && typed.is_some_and(|text| text.parse::<i32>().is_err())
                    {
                        words(language).no_number.clone_into(fault);
                    }
                }
                tried.faults = Some(faults);
                Value::from(())
            }
        };
        halves(form(&visit, (&offer, &tried), context! { result, ..values })).await.1
    }
}

/// Why not, beside the fields that it is about: the server's own sentence, unless it took too long or
/// broke off.
fn refused(status: Status, (offer, ask): (&Offer, &pb::PlanYearRequest), language: Language) -> Faults {
    let own = words(language);
    let told = matches!(status.code(), Code::PermissionDenied | Code::NotFound | Code::ResourceExhausted);
    let whole = if told { status.message() } else { own.unfinished };
    let whole = Faults { summary: whole.to_owned(), reason: reason(&status), ..Faults::default() };
    let mut faults = Faults::of(status).unwrap_or(whole).at(&["seats", "clusters"]);
    if let Some(fault) = faults.fields.get_mut("seats") {
        let missing = offer.missing(ask, language);
        if !missing.is_empty() {
            *fault = format!("{fault} {} {}.", own.missing, missing.join("; "));
        }
    }
    if faults.reason == "ACTION_NOT_ALLOWED" && offer.lacks_own_seat(ask) {
        faults.fields.insert("seats".to_owned(), own.sit.to_owned());
    }
    faults
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
