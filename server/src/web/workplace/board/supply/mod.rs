//! Supply: what each wijk has and what is asked of it, the hours that are put into it, and what it costs; and
//! how many children must go to school, for who fills it in.

mod obliged;
mod spending;

use axum::{Router, extract::Query, routing::get};
use minijinja::{Value, context};
use pb::{HoursSource, SupplyGap, report_service_client::ReportServiceClient};
use schakel_domain::{access::Action, refusal::Language};
use schakel_proto::v1 as pb;
use serde::Deserialize;

use super::{
    files::kept,
    ways::{allowed, page},
};
use crate::web::{
    form::ANSWER_INVALID,
    workplace::{
        Workplace, shown,
        trouble::{Faults, Shown, Trouble, in_query, see_other},
        visit::{Posted, Visit},
        words::words,
    },
};

words! {
    title: "Aanbod per wijk", "Supply by wijk";
    intro: "Hier ziet u wat elke wijk heeft, en wat scholen ervan vragen: het dekkend aanbod.",
        "Here you see what each wijk has, and what schools ask of it.";
    choose: "Kies een schooljaar", "Choose a school year";
    school_year: "Schooljaar", "School year";
    school_year_hint: "Bijvoorbeeld 2026-2027. Leeg: dit schooljaar.", "For example 2026-2027. Empty: this school year.";
    show: "Toon", "Show";
    made: "Afgedrukt van Schakel op", "Printed from Schakel on";
    until: "Geteld tot en met", "Counted until";
    empty: "Er zijn in dit schooljaar geen wijken met scholen of uren.", "No wijk has schools or hours in this school year.";
    meaning: "Wat de cijfers betekenen", "What the figures mean";
    hours_mean: "Gekregen: de uren die onderwijs of gemeente voor dit schooljaar in de wijk steekt. Gebruikt: uren die mensen voor scholen in de wijk vrijhouden, en overleggen buiten die uren. Over: wat er nog is. Met een min ervoor: er is meer gebruikt.",
        "Granted: the hours that education or gemeente puts into the wijk for this school year. Used: hours that people keep for schools of the wijk, and meetings outside those hours. Left: what remains. With a minus: more was used.";
    places_mean: "Voorzieningen zijn plekken met extra hulp op scholen in de wijk. Bij elke voorziening staat hoeveel plekken er zijn, hoeveel er bezet zijn en hoeveel kinderen wachten.",
        "Provisions are places with extra support at schools of the wijk: how many places there are, how many are taken and how many children wait.";
    asked_mean: "Vragen zijn vragen van scholen in de wijk aan wijkteam en JGZ.", "Questions are those of schools of the wijk to wijkteam and JGZ.";
    demand_why: "Een streepje bij vragen betekent: dat tonen wij u niet. Het getal is te klein, het jaar is nog niet voorbij, of u telt niet alle vragen van de regio.",
        "A dash at questions means: not shown to you. The number is too small, the year is not over, or you do not count all questions of the region.";
    meetings_why: "De gebruikte uren zijn alleen uren die voor scholen worden vrijgehouden. Overleggen tellen hier voor u niet mee. Anders zou u weten dat er over een kind is gesproken.",
        "Used hours are those kept for schools alone. Meetings are not counted here for you. Otherwise you would know that a child was talked about.";
    table: "De wijken", "The wijken";
    wijk: "Wijk", "Wijk";
    education: "Onderwijs", "Education";
    municipality: "Gemeente", "Gemeente";
    granted: "gekregen", "granted";
    used: "gebruikt", "used";
    left: "over", "left";
    provisions: "Voorzieningen", "Provisions";
    // Under what they are of, in the head of the table.
    number_head: "aantal", "number";
    taken_head: "plekken bezet", "places taken";
    waiting_head: "wachten", "waiting";
    asked_head: "gesteld", "asked";
    unanswered_head: "zonder antwoord", "without answer";
    taken: "Plekken bezet", "Places taken";
    of: "van", "of";
    waiting: "Wachten", "Waiting";
    asked: "Vragen", "Questions";
    unanswered: "Zonder antwoord", "Unanswered";
    gaps: "Tekort", "Shortage";
    no_gaps: "geen tekort", "none";
    no_hours: "niemand gaf uren", "nobody put in hours";
    hours_used_up: "meer uren gebruikt dan gekregen", "more hours used than granted";
    no_provision: "geen voorziening", "no provision";
    waiting_list: "wachtlijst en geen plek vrij", "waiting list and no place free";
    gap_unanswered: "vragen zonder antwoord", "questions without an answer";
    withheld: "tonen wij u niet", "not shown to you";
    hour: "uur", "h";
    minute: "min", "min";
    files: "Bestanden", "Files";
    csv: "Tabel als CSV", "Table as CSV";
    json: "Tabel als JSON", "Table as JSON";
    grant: "Uren vastleggen", "Set hours";
    grant_note: "Hoeveel uren steken onderwijs en gemeente in dit schooljaar in elke wijk?",
        "How many hours do education and gemeente put into each wijk in this school year?";
    hours: "Uren", "Hours";
    save: "Opslaan", "Save";
}

/// The page.
pub(super) const PAGE: &str = "workplace/supply.html";
/// The part of it that is about what support costs.
pub(super) const SPENDING: &str = "workplace/supply_spending.html";
/// The part of it in which is filled in how many children must go to school.
pub(super) const OBLIGED: &str = "workplace/supply_obliged.html";

pub(super) fn routes() -> Router<Workplace> {
    Router::new()
        .route("/board/supply", get(show).post(change))
        .route("/board/supply.csv", get(csv))
        .route("/board/supply.json", get(json))
}

/// What the address says.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
struct Asked {
    /// Empty for that of today.
    school_year: String,
}

/// What was typed and refused.
#[derive(Default)]
struct Tried {
    hours: Option<Granted>,
    spending: Option<spending::Tried>,
    obliged: Option<obliged::Tried>,
}

impl Tried {
    fn faults(&self) -> Option<&Faults> {
        let of_hours = self.hours.as_ref().map(|hours| &hours.faults);
        let of_spending = self.spending.as_ref().map(|spending| &spending.faults);
        let of_obliged = self.obliged.as_ref().map(|obliged| &obliged.faults);
        of_hours.or(of_spending).or(of_obliged)
    }
}

/// Hours that were refused.
struct Granted {
    faults: Faults,
    wijk_code: String,
    source: HoursSource,
    hours: String,
    etag: String,
}

async fn show(visit: Visit, Query(asked): Query<Asked>) -> Shown {
    supply(&visit, &asked.school_year, &Tried::default()).await
}

async fn supply(visit: &Visit, school_year: &str, tried: &Tried) -> Shown {
    let own = words(visit.language);
    let ask = pb::GetSupplyRequest { school_year: school_year.to_owned() };
    let found = match ReportServiceClient::new(visit.calls()).get_supply(ask).await {
        Ok(found) => found.into_inner(),
        Err(status) => {
            let faults = Faults::of(status)?;
            return Ok(page(visit, (PAGE, own.title), Some(&faults), context! { own, school_year }));
        }
    };
    let keeper = allowed(visit, Action::WriteDirectory);
    let obliged = if keeper {
        obliged::forms(visit, &found.school_year, tried.obliged.as_ref()).await?
    } else {
        Vec::new()
    };
    let supply = context! {
        school_year => found.school_year.as_str(),
        until => shown::day(&found.until_date, visit.language),
        rows => found.rows.iter().map(|one| row(one, visit.language, tried)).collect::<Vec<Value>>(),
        demand_withheld => found.rows.iter().any(|one| one.demand_withheld),
        meetings_withheld => found.rows.iter().any(|one| one.meetings_withheld),
        spending_withheld => found.rows.iter().any(|one| one.spending.iter().any(|each| each.withheld)),
    };
    let values = context! {
        own, school_year, supply, keeper, obliged,
        costs => spending::words(visit.language),
        counted => obliged::words(visit.language),
        counts => allowed(visit, Action::ReadMonitor),
        query => if school_year.is_empty() { String::new() } else { format!("?school_year={}", in_query(school_year)) },
    };
    Ok(page(visit, (PAGE, own.title), tried.faults(), values))
}

/// What one wijk has: its `accounts`, places and questions, its `gaps`, and its `spending`.
fn row(one: &pb::SupplyRow, language: Language, tried: &Tried) -> Value {
    let own = words(language);
    let gaps: Vec<&str> = one.gaps().map(|gap| say(gap, own)).filter(|words| !words.is_empty()).collect();
    let of_wijk = tried.hours.as_ref().filter(|hours| hours.wijk_code == one.wijk_code);
    let costs = (language, tried.spending.as_ref());
    context! {
        gaps,
        name => if one.display_name.is_empty() { one.wijk_code.as_str() } else { one.display_name.as_str() },
        code => one.wijk_code.as_str(),
        spending => one.spending.iter().map(|each| spending::account(each, &one.wijk_code, costs)).collect::<Vec<Value>>(),
        accounts => one.accounts.iter().map(|each| account(each, own, of_wijk)).collect::<Vec<Value>>(),
        provisions => one.provisions,
        places => one.places,
        taken => one.taken_places,
        waiting => one.waiting,
        asked => one.asked,
        unanswered => one.unanswered,
        withheld => one.demand_withheld,
    }
}

/// Hours of one source, and the form that sets them.
fn account(one: &pb::HoursAccount, own: &Words, tried: Option<&Granted>) -> Value {
    let mine = tried.filter(|tried| tried.source == one.source());
    let label = match one.source() {
        HoursSource::Education => own.education,
        HoursSource::Municipality => own.municipality,
        HoursSource::Unspecified => "",
    };
    let fault = mine.and_then(|tried| tried.faults.fields.get("granted_hours.hours"));
    let etag = mine.map_or(one.etag.as_str(), |tried| tried.faults.etag(&tried.etag, &one.etag));
    context! {
        label,
        etag,
        source => one.source().as_str_name(),
        granted => time(one.granted_minutes, own),
        used => time(one.used_minutes, own),
        left => time(one.left_minutes, own),
        hours => mine.map_or_else(|| (one.granted_minutes / 60).to_string(), |tried| tried.hours.clone()),
        fault => fault.map(String::as_str),
    }
}

/// `12 uur 30 min`; below 0 with a sign before it.
fn time(minutes: i32, own: &Words) -> String {
    let (sign, all) = (if minutes < 0 { "−" } else { "" }, minutes.unsigned_abs());
    match (all / 60, all % 60) {
        (hours, 0) => format!("{sign}{hours} {}", own.hour),
        (hours, rest) => format!("{sign}{hours} {} {rest} {}", own.hour, own.minute),
    }
}

fn say(gap: SupplyGap, own: &Words) -> &'static str {
    match gap {
        SupplyGap::Unspecified => "",
        SupplyGap::NoHours => own.no_hours,
        SupplyGap::HoursUsedUp => own.hours_used_up,
        SupplyGap::NoProvision => own.no_provision,
        SupplyGap::WaitingList => own.waiting_list,
        SupplyGap::Unanswered => own.gap_unanswered,
    }
}

/// `/board/supply.csv`: the table, as the call writes it.
async fn csv(visit: Visit, Query(asked): Query<Asked>) -> Shown {
    file(&visit, asked, pb::MonitorFormat::Csv).await
}

/// `/board/supply.json`: the same for programs.
async fn json(visit: Visit, Query(asked): Query<Asked>) -> Shown {
    file(&visit, asked, pb::MonitorFormat::Json).await
}

async fn file(visit: &Visit, asked: Asked, format: pb::MonitorFormat) -> Shown {
    let ask = pb::ExportSupplyRequest { school_year: asked.school_year, format: format.into() };
    let found = ReportServiceClient::new(visit.calls()).export_supply(ask).await?.into_inner();
    let pb::ExportSupplyResponse { content_type, file_name, content } = found;
    Ok(kept(pb::ExportMonitorResponse { content_type, file_name, content }))
}

/// Takes any form of the page; `do` says which.
async fn change(visit: Visit, form: Posted) -> Shown {
    let school_year = form.one("school_year")?.to_owned();
    let tried = match form.one("do")? {
        "" => grant(&visit, &form).await?.map(|hours| Tried { hours: Some(hours), ..Tried::default() }),
        spending::SET => {
            let spending = spending::set(&visit, &form).await?;
            spending.map(|spending| Tried { spending: Some(spending), ..Tried::default() })
        }
        obliged::SET => {
            let obliged = obliged::set(&visit, &form).await?;
            obliged.map(|obliged| Tried { obliged: Some(obliged), ..Tried::default() })
        }
        _ => return Err(ANSWER_INVALID.into()),
    };
    match tried {
        None => Ok(see_other(&format!("/board/supply?school_year={}", in_query(&school_year)))),
        Some(tried) => supply(&visit, &school_year, &tried).await,
    }
}

/// Sets the hours of one source; what was refused.
async fn grant(visit: &Visit, form: &Posted) -> Result<Option<Granted>, Trouble> {
    let wijk_code = form.one("wijk_code")?.to_owned();
    let source = HoursSource::from_str_name(form.one("source")?).unwrap_or_default();
    let (hours, etag) = (form.one("hours")?.to_owned(), form.one("etag")?.to_owned());
    let granted = pb::GrantedHours {
        school_year: form.one("school_year")?.to_owned(),
        wijk_code: wijk_code.clone(),
        source: source.into(),
        // What is no number is refused at its field.
        hours: hours.parse().unwrap_or(-1),
        etag: etag.clone(),
    };
    let request_id = form.given("request_id")?.to_owned();
    let ask = pb::SetGrantedHoursRequest { granted_hours: Some(granted), request_id };
    let Err(status) = ReportServiceClient::new(visit.calls()).set_granted_hours(ask).await else {
        return Ok(None);
    };
    Ok(Some(Granted { faults: Faults::of(status)?, wijk_code, source, hours, etag }))
}
