//! Indicators: what a samenwerkingsverband measures itself by, what that comes to in a school year, and the
//! forms of who keeps them.

mod form;
mod said;

use std::collections::BTreeMap;

use axum::{Router, extract::Query, routing::get};
use minijinja::{Value, context, value::Serde};
use pb::indicator_service_client::IndicatorServiceClient;
use schakel_domain::access::Action;
use schakel_proto::v1 as pb;
use serde::Deserialize;

use super::{
    Places,
    asked::{query_of, scope_of},
    ways::{allowed, page},
};
use crate::web::workplace::{
    Workplace,
    trouble::{Faults, Shown},
    visit::Visit,
    words::words,
};

words! {
    title: "Indicatoren", "Indicators";
    intro: "Hieraan meet het samenwerkingsverband zichzelf, naast de cijfers die iedereen heeft.",
        "The samenwerkingsverband measures itself by these, beside the figures that everybody has.";
    choose: "Kies een schooljaar", "Choose a school year";
    school_year: "Schooljaar", "School year";
    school_year_hint: "Bijvoorbeeld 2026-2027. Leeg: dit schooljaar.", "For example 2026-2027. Empty: this school year.";
    about: "Over", "About";
    all: "alles wat u mag tellen", "all that you may count";
    show: "Toon", "Show";
    made: "Afgedrukt van Schakel op", "Printed from Schakel on";
    list: "De indicatoren", "The indicators";
    none: "Er zijn in dit schooljaar geen indicatoren.", "There are no indicators in this school year.";
    exact: "Wat Schakel uitrekent, is precies geteld in de dossiers die u mag zien.", "What is worked out is counted exactly in the cases that you may see.";
    rounded: "Wat Schakel uitrekent, komt uit afgeronde cijfers van de regio, van een jaar dat voorbij is. Te klein om te tonen is minder dan",
        "What is worked out follows from rounded figures of the region, of a year that is over. Too small to show is less than";
    sets: "Wat Schakel uit dossiers uitrekent, tonen wij u niet. Wat u zelf invult wel.",
        "What is worked out from cases is not shown to you. What you type in is.";
    what: "Indicator", "Indicator";
    value: "Waarde", "Value";
    target: "Streefwaarde", "Target";
    verdict: "Stand", "Verdict";
    how: "Hoe gemeten", "How measured";
    by_hand: "ingevuld per schooljaar", "typed in for each school year";
    share_of: "als deel van", "as a share of";
    valid: "Geldig", "Valid";
    from_year: "vanaf", "from";
    until_year: "tot en met", "until";
    record: "Vastleggen", "Record";
    value_in: "Waarde in", "Value in";
    save: "Opslaan", "Save";
    change: "Wijzig", "Change";
    changing: "Indicator wijzigen", "Change the indicator";
    creating: "Nieuwe indicator", "New indicator";
    add: "Toevoegen", "Add";
    name_nl: "Naam in het Nederlands", "Name in Dutch";
    name_en: "Naam in het Engels", "Name in English";
    name_en_hint: "Leeg: zoals in het Nederlands.", "Empty: as in Dutch.";
    unit: "Gemeten in", "Measured in";
    numerator: "Wat telt Schakel?", "What is counted?";
    numerator_blank: "niets: het wordt per schooljaar ingevuld", "nothing: it is typed in for each school year";
    denominator: "Van hoeveel?", "Of how many?";
    denominator_blank: "geen deel: het aantal zelf", "no share: the number itself";
    target_hint: "Bijvoorbeeld 80 of 73,4.", "For example 80 or 73.4.";
    direction: "Goed is", "Good is";
    first_school_year: "Eerste schooljaar", "First school year";
    last_school_year: "Laatste schooljaar", "Last school year";
    last_hint: "Leeg: geen einde.", "Empty: no end.";
    stale: "Iemand anders heeft dit net gewijzigd. Kijk wat er nu staat, en sla opnieuw op.",
        "Somebody else has just changed this. See what it says now, and save again.";
    hidden: "tonen wij u niet", "not shown to you";
    next: "Volgende pagina", "Next page";
}

/// The page.
pub(super) const PAGE: &str = "workplace/indicators.html";
/// Where it is.
const PATH: &str = "/board/indicators";
/// As many as an answer holds at most.
const MOST: i32 = 200;

pub(super) fn routes() -> Router<Workplace> {
    Router::new().route("/board/indicators", get(show).post(form::change))
}

/// What the address says.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
struct Asked {
    /// Empty for that of today.
    school_year: String,
    /// As on the board.
    scope: String,
    /// Which one is to be changed: `indicators/{uuid}`.
    change: String,
    /// Where the page begins.
    page: String,
}

impl Asked {
    /// The same page again, at `token` or to change one.
    fn at(&self, (name, value): (&str, &str)) -> String {
        let query = query_of(&[
            ("school_year", self.school_year.as_str()),
            ("scope", self.scope.as_str()),
            (name, value),
        ]);
        format!("{PATH}{query}")
    }
}

/// A form that was refused, and what was typed. Empty when the page is just looked at.
#[derive(Default)]
struct Tried {
    faults: Option<Faults>,
    typed: BTreeMap<String, String>,
}

impl Tried {
    fn said(&self, field: &str) -> &str {
        self.typed.get(field).map(String::as_str).unwrap_or_default()
    }

    /// The etag of a form that is shown again, or of one that is shown first.
    fn etag<'a>(&'a self, fresh: &'a str) -> &'a str {
        self.faults.as_ref().map_or(fresh, |faults| faults.etag(self.said("etag"), fresh))
    }
}

async fn show(visit: Visit, Query(asked): Query<Asked>) -> Shown {
    list(&visit, &asked, &Tried::default()).await
}

async fn list(visit: &Visit, asked: &Asked, tried: &Tried) -> Shown {
    let (own, language) = (words(visit.language), visit.language);
    let ask = pb::ListIndicatorsRequest {
        school_year: asked.school_year.clone(),
        scope: scope_of(&asked.scope),
        page_size: MOST,
        page_token: asked.page.clone(),
    };
    let found = match IndicatorServiceClient::new(visit.calls()).list_indicators(ask).await {
        Ok(found) => Ok(found.into_inner()),
        Err(status) => Err(Faults::of(status)?),
    };
    let outside = found.as_ref().is_ok_and(|found| !found.exact);
    let places = Places::of(visit, !outside).await?;
    let keeper = allowed(visit, Action::WriteDirectory);
    let readings = found.as_ref().map(|found| found.readings.as_slice()).unwrap_or_default();
    let mut known = readings.iter().filter_map(|one| one.indicator.as_ref());
    let chosen = known.find(|one| keeper && one.name == asked.change);
    let list = found.as_ref().ok().map(|found| {
        context! {
            school_year => found.school_year.as_str(),
            exact => found.exact,
            threshold => found.threshold,
            rows => readings.iter().map(|one| row(one, visit, (asked, tried))).collect::<Vec<Value>>(),
            next => if found.next_page_token.is_empty() { String::new() } else { asked.at(("page", found.next_page_token.as_str())) },
        }
    });
    let faults = found.as_ref().err().or(tried.faults.as_ref());
    let values = context! {
        own, list, keeper,
        counts => allowed(visit, Action::ReadMonitor),
        school_year => asked.school_year.as_str(),
        scopes => places.scopes(&asked.scope),
        typed => Value::from(Serde(&tried.typed)),
        chosen => chosen.map(|one| stored(one, visit, tried)),
        units => said::units(language),
        directions => said::directions(language),
        figures_of_reports => if keeper { said::figures(language) } else { Vec::new() },
    };
    Ok(page(visit, (PAGE, own.title), faults, values))
}

/// An indicator with what it came to, and the form that says so where it is typed in.
fn row(one: &pb::IndicatorReading, visit: &Visit, (asked, tried): (&Asked, &Tried)) -> Value {
    let (own, language) = (words(visit.language), visit.language);
    let indicator = one.indicator.clone().unwrap_or_default();
    let told = |tenths: i32| said::quantity(tenths, indicator.unit(), language);
    let (verdict, sign) = said::verdict(one.verdict(), language);
    // Who keeps the register and counts no cases is told nothing that is worked out of them.
    let hides = indicator.formula.is_some() && !allowed(visit, Action::ReadMonitor);
    let verdict = if hides { own.hidden } else { verdict };
    let mine = Some(tried).filter(|tried| {
        tried.faults.is_some() && tried.said("do") == "value" && tried.said("indicator") == indicator.name
    });
    let kept = one.value_tenths.map(|tenths| said::decimal(tenths, language)).unwrap_or_default();
    let fault = mine.and_then(|tried| tried.faults.as_ref()?.fields.get("indicator_value.value_tenths"));
    let last = indicator.last_school_year.as_str();
    let until = if last.is_empty() { String::new() } else { format!(" {} {last}", own.until_year) };
    context! {
        verdict, sign,
        name => indicator.name.as_str(),
        label => said::name(&indicator, language),
        value => one.value_tenths.map(told),
        target => format!("{} {}", said::direction(indicator.direction(), language), told(indicator.target_tenths)),
        how => indicator.formula.as_ref().map_or_else(|| own.by_hand.to_owned(), |formula| {
            said::formula(formula, own.share_of, language)
        }),
        valid => format!("{} {}{until}", own.from_year, indicator.first_school_year),
        by_hand => indicator.formula.is_none(),
        etag => mine.map_or(one.value_etag.as_str(), |tried| tried.etag(&one.value_etag)),
        typed => mine.map_or(kept, |tried| tried.said("value").to_owned()),
        fault => fault.map(String::as_str),
        change => format!("{}#change", asked.at(("change", indicator.name.as_str()))),
    }
}

/// What the form that changes an indicator says: what is kept, or what was typed and refused.
fn stored(one: &pb::Indicator, visit: &Visit, tried: &Tried) -> Value {
    let mine = tried.faults.is_some() && tried.said("do") == "update";
    let says = |field: &str, kept: &str| if mine { tried.said(field).to_owned() } else { kept.to_owned() };
    context! {
        name => one.name.as_str(),
        label => said::name(one, visit.language),
        etag => if mine { tried.etag(&one.etag) } else { one.etag.as_str() },
        name_nl => says("indicator.name_nl", &one.name_nl),
        name_en => says("indicator.name_en", &one.name_en),
        target => says("indicator.target_tenths", &said::decimal(one.target_tenths, visit.language)),
        direction => says("indicator.direction", one.direction().as_str_name()),
        last => says("indicator.last_school_year", &one.last_school_year),
    }
}
