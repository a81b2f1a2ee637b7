//! The list of cases: those that the caller may see, longest at home first, narrowed by what is asked.

use std::collections::{BTreeMap, HashMap};

use axum::{extract::Query, response::Response};
use chrono::{Days, NaiveDate};
use http::StatusCode;
use minijinja::{Value, context};
use schakel_domain::{access::Action, monitor::Band, reference::Reference, refusal::Language};
use schakel_proto::v1::{self as pb, privacy_service_client::PrivacyServiceClient};
use serde::Deserialize;
use strum::IntoEnumIterator;
use uuid::Uuid;

use super::{
    PAGE, PAGES, calls, can,
    form::Choice,
    ladder, must,
    register::{areas, schools, sorted},
    said::{LABELS, STAGES, STATES},
    today,
};
use crate::web::workplace::{
    shown,
    trouble::{Faults, Shown, Trouble, in_query, see_other},
    visit::{Posted, Visit},
    words::words,
};

words! {
    title: "Dossiers", "Cases";
    open: "Dossier openen", "Open a case";
    handovers: "Warme overdrachten van dit schooljaar", "Hand-overs of this school year";
    filter: "Kies welke dossiers u ziet", "Choose which cases you see";
    state: "Stand", "State";
    wijk: "Wijk van de school", "Wijk of the school";
    duration: "Hoe lang thuis", "How long at home";
    stage: "Fase", "Stage";
    school: "School", "School";
    all: "Alle", "All";
    show: "Toon", "Show";
    clear: "Wis de keuze", "Clear the choice";
    none: "Er zijn geen dossiers die u mag zien.", "There are no cases that you may see.";
    none_fits: "Geen dossier past bij deze keuze.", "No case fits this choice.";
    more: "Meer dossiers", "More cases";
    caption: "Dossiers, het langst thuis eerst", "Cases, longest at home first";
    case: "Dossier", "Case";
    days: "Dagen thuis", "Days at home";
    level: "Escalatie", "Escalation";
    labels: "Telt als", "Counts as";
    next: "Volgende stap", "Next step";
    no_next: "geen datum", "no date";
    passed: "voorbij", "passed";
    unknown: "Dossier", "Case";
    no_school: "geen school", "no school";
    until: "tot", "to";
    weeks: "weken", "weeks";
    longer: "weken of langer", "weeks or longer";
    less: "korter dan", "less than";
    who_saw: "Wie heeft een dossier gezien?", "Who saw a case?";
    which: "Kenmerk of adres van het dossier", "Reference or address of the case";
    look: "Kijk wie het zag", "Look who saw it";
    no_case: "Dit is geen kenmerk en geen adres van een dossier. Een kenmerk ziet er zo uit: K7Q-4MDB.",
        "This is no reference and no address of a case. A reference looks like this: K7Q-4MDB.";
    nobodys: "Er is geen dossier met dit kenmerk.", "There is no case with this reference.";
    hidden: "Van dit dossier ziet u alleen dat het er is.", "Of this case you see only that it is there.";
}

/// What stands in the address.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Asked {
    state: String,
    wijk: String,
    duration: String,
    stage: String,
    school: String,
    /// Where the page begins.
    page: String,
}

/// How many rows make a page, about.
const ROWS: usize = 50;

impl Asked {
    /// Whether more is asked than the call itself can narrow.
    fn narrows(&self) -> bool {
        [&self.wijk, &self.duration, &self.stage].into_iter().any(|asked| !asked.is_empty())
    }

    fn fits(&self, case: &pb::Case, wijken: &HashMap<&str, &str>, today: NaiveDate) -> bool {
        let stage = case.stage().as_str_name().trim_start_matches("STAGE_");
        let is = |asked: &str, found: &str| asked.is_empty() || asked == found;
        let wijk = wijken.get(case.school.as_str()).copied().unwrap_or_default();
        is(&self.wijk, wijk) && is(&self.stage, stage) && is(&self.duration, band(case, today))
    }

    /// The address of the page that begins at `token`.
    fn at(&self, token: &str) -> String {
        let parts = [
            ("state", &self.state),
            ("wijk", &self.wijk),
            ("duration", &self.duration),
            ("stage", &self.stage),
            ("school", &self.school),
        ];
        let kept = parts.into_iter().filter(|(_, value)| !value.is_empty());
        let all = kept.map(|(name, value)| format!("{name}={}", in_query(value)));
        let all: Vec<String> = all.chain([format!("page={}", in_query(token))]).collect();
        format!("/cases?{}", all.join("&"))
    }
}

/// The band of the dashboards in which a case is; nothing when how long is not shown.
fn band(case: &pb::Case, today: NaiveDate) -> &'static str {
    let Ok(days) = u64::try_from(case.days_absent) else { return "" };
    let first = today.checked_sub_days(Days::new(days));
    match first {
        Some(first) if case.stage != 0 => Band::of(first, today).into(),
        Some(_) | None => "",
    }
}

/// A page of the cases that are asked for, and where the next one begins. What the call does not
/// narrow itself is looked for in as many of its pages as it takes, up to a bound.
async fn found(
    visit: &Visit,
    asked: &Asked,
    wijken: &HashMap<&str, &str>,
) -> Result<(Vec<pb::Case>, String), Trouble> {
    let day = today(visit);
    let (mut all, mut page_token) = (Vec::new(), asked.page.clone());
    for _ in 0..PAGES {
        let ask = pb::ListCasesRequest {
            state: STATES.number(&asked.state, pb::case::State::from_str_name),
            school: asked.school.clone(),
            page_size: if asked.narrows() { PAGE } else { 0 },
            page_token,
        };
        let page = calls(visit).list_cases(ask).await?.into_inner();
        all.extend(page.cases.into_iter().filter(|case| asked.fits(case, wijken, day)));
        page_token = page.next_page_token;
        if page_token.is_empty() || all.len() >= ROWS {
            break;
        }
    }
    Ok((all, page_token))
}

pub(super) async fn show(visit: Visit, Query(asked): Query<Asked>) -> Shown {
    page(&visit, &asked, None).await
}

/// Whoever comes back to the address of the form begins where it stood.
pub(super) async fn begin(_: Visit) -> Response {
    see_other("/cases")
}

/// Leads who guards privacy, and works on no case, to who saw one: by its id, out of an address of a page or of
/// the API, or by the reference as people write it. A reference stands in no address.
pub(super) async fn find(visit: Visit, posted: Posted) -> Shown {
    must(&visit, Action::ReadAudit)?;
    let (own, typed) = (words(visit.language), posted.one("case")?);
    let id = typed.split(['/', '?', '#']).find_map(|part| part.parse::<Uuid>().ok());
    let (found, told) = match (id, typed.parse::<Reference>()) {
        (Some(id), _) => (Some(format!("cases/{id}")), own.no_case),
        (None, Ok(reference)) => (by_reference(&visit, reference).await?, own.nobodys),
        (None, Err(_)) => (None, own.no_case),
    };
    match found {
        Some(case) => Ok(see_other(&format!("/{case}/who-saw"))),
        None => page(&visit, &Asked::default(), Some((typed, told))).await,
    }
}

/// The name of the case that is spoken of so.
async fn by_reference(visit: &Visit, reference: Reference) -> Result<Option<String>, Trouble> {
    let ask = pb::FindSubjectRequest { reference: reference.to_string(), ..Default::default() };
    let found = PrivacyServiceClient::new(visit.calls()).find_subject(ask).await?.into_inner();
    Ok(found.cases.into_iter().next())
}

/// The list; `wrong` is what was typed and is no case, and what is said of it.
async fn page(visit: &Visit, asked: &Asked, wrong: Option<(&str, &str)>) -> Shown {
    let language = visit.language;
    let own = words(language);
    let schools = schools(visit).await?;
    let names: HashMap<&str, &str> =
        schools.iter().map(|one| (one.name.as_str(), one.display_name.as_str())).collect();
    let places: HashMap<&str, &str> =
        schools.iter().map(|one| (one.name.as_str(), one.wijk_code.as_str())).collect();
    let (cases, next) = found(visit, asked, &places).await?;
    let wijken = areas(visit, pb::area::Kind::Wijk).await?;
    let wijken = wijken.into_iter().map(|one| (one.code, one.display_name)).collect();
    let of_school = schools.iter().filter(|one| one.valid_until.is_empty());
    let of_school = of_school.map(|one| (one.name.clone(), one.display_name.clone())).collect();
    let filters = [
        ("state", own.state, &asked.state, STATES.options(language)),
        ("duration", own.duration, &asked.duration, bands(own)),
        ("stage", own.stage, &asked.stage, STAGES.options(language)),
        ("wijk", own.wijk, &asked.wijk, sorted(wijken)),
        ("school", own.school, &asked.school, sorted(of_school)),
    ];
    let filters: Vec<Value> = filters
        .iter()
        .filter(|(_, _, chosen, options)| options.len() > 1 || !chosen.is_empty())
        .map(|(name, label, chosen, options)| filter(name, label, chosen, options))
        .collect();
    let narrowed = asked.narrows() || !asked.school.is_empty() || asked.state == "CLOSED";
    let faults = wrong.map(|(_, told)| Faults {
        summary: told.to_owned(),
        fields: BTreeMap::from([("case".to_owned(), told.to_owned())]),
        ..Faults::default()
    });
    let status = if faults.is_some() { StatusCode::UNPROCESSABLE_ENTITY } else { StatusCode::OK };
    let values = context! {
        own, filters, narrowed,
        faults => faults.as_ref(),
        typed => wrong.map_or("", |(typed, _)| typed),
        may_look => can(visit, Action::ReadAudit),
        may_open => can(visit, Action::OpenCase),
        next => if next.is_empty() { String::new() } else { asked.at(&next) },
        cases => cases.iter().map(|one| row(one, &names, visit)).collect::<Vec<_>>(),
    };
    Ok(visit.page_with(status, ("workplace/cases.html", own.title), values))
}

fn filter(name: &str, label: &str, chosen: &str, options: &[Choice]) -> Value {
    let option = |(value, label): &Choice| {
        context! { value => value.as_str(), label => label.as_str(), here => value == chosen }
    };
    let options: Vec<Value> = options.iter().map(option).collect();
    // Without a choice the open ones are shown, which is an option of its own.
    context! { name, label, options, all => name != "state" }
}

fn bands(own: &Words) -> Vec<Choice> {
    let all: Vec<Band> = Band::iter().collect();
    let said = all.iter().enumerate().map(|(at, band)| {
        let (from, next) = (band.weeks(), all.get(at + 1).map(|next| next.weeks()));
        let text = match next {
            Some(next) if from == 0 => format!("{} {next} {}", own.less, own.weeks),
            Some(next) => format!("{from} {} {next} {}", own.until, own.weeks),
            None => format!("{from} {}", own.longer),
        };
        (band.to_string(), text)
    });
    said.collect()
}

fn row(case: &pb::Case, schools: &HashMap<&str, &str>, visit: &Visit) -> Value {
    let (language, own) = (visit.language, words(visit.language));
    let school = schools.get(case.school.as_str()).copied();
    let nowhere = if case.school.is_empty() { own.no_school } else { "" };
    let passed = case.next_action_date.parse::<NaiveDate>().is_ok_and(|date| date < today(visit));
    context! {
        passed,
        href => format!("/{}", case.name),
        reference => if case.reference.is_empty() { own.unknown } else { case.reference.as_str() },
        school => school.unwrap_or(nowhere),
        shown => case.stage != 0,
        open => matches!(case.state(), pb::case::State::Open),
        stage => STAGES.say(case.stage().as_str_name(), language),
        days => case.days_absent,
        level => if case.escalation_level > 0 { ladder::said(case.escalation_level, visit) } else { "" },
        // What a case counts as is told while somebody works on it.
        labels => if matches!(case.state(), pb::case::State::Open) { labels(case, language) } else { String::new() },
        next => shown::day(&case.next_action_date, language),
    }
}

/// As what a case counts, in words.
pub(super) fn labels(case: &pb::Case, language: Language) -> String {
    let said: Vec<&str> = case.labels.iter().map(|label| LABELS.say(label, language)).collect();
    said.join(", ")
}
