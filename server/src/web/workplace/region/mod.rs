//! Region: the register that the beheerder keeps, and what is everybody's own: hours, calendars,
//! feeds, tokens. A second navigation leads to its pages.

mod calendars;
mod clusters;
mod feeds;
mod hours;
mod import;
mod links;
mod mail;
pub(in crate::web::workplace) mod names;
mod people;
mod plan_form;
mod schools;
mod scopes;
mod subscriptions;
mod survey_form;
mod surveys;
mod systems;
mod teams;
mod tokens;
mod year_plan;

use std::collections::BTreeMap;

use axum::{Router, response::Response, routing::get};
use chrono_tz::Europe::Amsterdam;
use http::StatusCode;
use minijinja::{Value, context, value::Serde};
use schakel_domain::{
    access::{Action, Role, may},
    refusal::Language,
};
use schakel_proto::v1 as pb;
use serde::Deserialize;
use tonic::Status;

use super::{
    Workplace, shown,
    trouble::{Faults, Trouble, in_query, see_other},
    visit::Visit,
    words::words,
};
use crate::web::{form::Fields, problem::Problem};

words! {
    title: "Regio", "Region";
    side: "Onderdelen van de regio", "Parts of the region";
    schools: "Scholen", "Schools";
    links: "Koppelingen", "Links";
    clusters: "Clusters", "Clusters";
    teams: "Teams", "Teams";
    people: "Mensen en rollen", "People and roles";
    hours: "Werktijden", "Hours";
    calendars: "Agenda's", "Calendars";
    year_plan: "Jaarplanning", "Year plan";
    import: "Bestanden inlezen", "Import files";
    mail: "Verzonden mail", "Mail delivery";
    feeds: "Agenda-abonnementen", "Feeds";
    tokens: "Toegang voor programma's", "Tokens";
    subscriptions: "Meldingen aan systemen", "Webhooks";
    surveys: "Vragen aan scholen", "Questions to schools";
    supply: "Aanbod en uren", "Supply and hours";
    indicators: "Indicatoren", "Indicators";
    cycle: "Plancyclus", "Plan cycle";
    next: "Volgende pagina", "Next page";
    search: "Zoeken", "Search";
    show: "Tonen", "Show";
    save: "Opslaan", "Save";
    add: "Toevoegen", "Add";
    end: "Beëindigen", "End";
    remove: "Verwijderen", "Remove";
    last_day: "Laatste dag", "Last day";
    first_day: "Eerste dag", "First day";
    first_hint: "Leeg: vanaf vandaag.", "Empty: from today.";
    last_hint: "Leeg: geen einde.", "Empty: no end.";
    choose: "Kies", "Choose";
    all: "Alle", "All";
    nobody: "Niemand", "Nobody";
    name: "Naam", "Name";
    code: "Code", "Code";
    role: "Rol", "Role";
    person: "Persoon", "Person";
    school: "School", "School";
    team: "Team", "Team";
    organisation: "Organisatie", "Organisation";
    period: "Geldig", "Valid";
    action: "Wijzigen", "Change";
    kind: "Soort", "Kind";
    from: "Van", "From";
    until: "Tot", "Until";
    never: "nooit", "never";
    meanwhile: "Iemand anders heeft dit net gewijzigd. Er staat nu:", "Somebody else has just changed this. It now says:";
    nothing: "niets", "nothing";
    once: "U ziet dit maar één keer. Bewaar het op een veilige plek.", "You see this only once. Keep it in a safe place.";
}

/// Its templates.
pub(super) const TEMPLATES: &[(&str, &str)] = &[
    ("workplace/region/base.html", include_str!("../../templates/workplace/region/base.html")),
    ("workplace/region/parts.html", include_str!("../../templates/workplace/region/parts.html")),
    ("workplace/region/schools.html", include_str!("../../templates/workplace/region/schools.html")),
    ("workplace/region/school.html", include_str!("../../templates/workplace/region/school.html")),
    ("workplace/region/links.html", include_str!("../../templates/workplace/region/links.html")),
    ("workplace/region/clusters.html", include_str!("../../templates/workplace/region/clusters.html")),
    ("workplace/region/cluster.html", include_str!("../../templates/workplace/region/cluster.html")),
    ("workplace/region/teams.html", include_str!("../../templates/workplace/region/teams.html")),
    ("workplace/region/team.html", include_str!("../../templates/workplace/region/team.html")),
    ("workplace/region/people.html", include_str!("../../templates/workplace/region/people.html")),
    ("workplace/region/person.html", include_str!("../../templates/workplace/region/person.html")),
    ("workplace/region/hours.html", include_str!("../../templates/workplace/region/hours.html")),
    ("workplace/region/calendars.html", include_str!("../../templates/workplace/region/calendars.html")),
    ("workplace/region/year_plan.html", include_str!("../../templates/workplace/region/year_plan.html")),
    ("workplace/region/import.html", include_str!("../../templates/workplace/region/import.html")),
    ("workplace/region/mail.html", include_str!("../../templates/workplace/region/mail.html")),
    ("workplace/region/feeds.html", include_str!("../../templates/workplace/region/feeds.html")),
    ("workplace/region/tokens.html", include_str!("../../templates/workplace/region/tokens.html")),
    ("workplace/region/systems.html", include_str!("../../templates/workplace/region/systems.html")),
    (
        "workplace/region/subscriptions.html",
        include_str!("../../templates/workplace/region/subscriptions.html"),
    ),
    ("workplace/region/surveys.html", include_str!("../../templates/workplace/region/surveys.html")),
    ("workplace/region/survey.html", include_str!("../../templates/workplace/region/survey.html")),
    ("workplace/region/survey_new.html", include_str!("../../templates/workplace/region/survey_new.html")),
];

pub(super) fn routes() -> Router<Workplace> {
    Router::new()
        .route("/region", get(|| async { see_other("/region/schools") }))
        .merge(schools::routes())
        .merge(links::routes())
        .merge(clusters::routes())
        .merge(teams::routes())
        .merge(people::routes())
        .merge(hours::routes())
        .merge(calendars::routes())
        .merge(year_plan::routes())
        .merge(import::routes())
        .merge(mail::routes())
        .merge(feeds::routes())
        .merge(tokens::routes())
        .merge(systems::routes())
        .merge(subscriptions::routes())
        .merge(surveys::routes())
        .merge(survey_form::routes())
}

/// What the address of a list may say.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
struct Asked {
    /// What is searched for.
    q: String,
    /// A page token of the list.
    page: String,
    /// A page token of the second list.
    gaps: String,
    gemeente: String,
    role: String,
    organisation: String,
    team: String,
    person: String,
    client: String,
}

/// Where the second navigation leads, and what somebody must be allowed to see it.
const SIDE: [(&str, Action); 17] = [
    ("/region/schools", Action::ReadDirectory),
    ("/region/links", Action::ReadDirectory),
    ("/region/clusters", Action::ReadDirectory),
    ("/region/teams", Action::ReadDirectory),
    ("/region/people", Action::ReadDirectory),
    ("/region/hours", Action::WriteAvailability),
    ("/region/calendars", Action::WriteAvailability),
    ("/region/year-plan", Action::BookConsultation),
    ("/region/import", Action::WriteDirectory),
    ("/region/mail", Action::ReadConsultation),
    ("/region/feeds", Action::OwnCredentials),
    ("/region/tokens", Action::OwnCredentials),
    ("/region/subscriptions", Action::ManageSubscriptions),
    ("/region/surveys", Action::ReadSurvey),
    // Pages of the board, for who has no other part of it.
    ("/board/supply", Action::WriteDirectory),
    ("/board/indicators", Action::WriteDirectory),
    ("/board/cycle", Action::ReadDirectory),
];

/// Whether the roles of the visitor may ever do it: what they may not is not offered.
fn allowed(visit: &Visit, action: Action) -> bool {
    let roles: Vec<Role> = visit.session.acting.iter().map(|at| at.role).collect();
    may(&roles, action, None).is_ok()
}

fn side(visit: &Visit, own: &Words) -> Vec<Value> {
    let labels = [
        own.schools,
        own.links,
        own.clusters,
        own.teams,
        own.people,
        own.hours,
        own.calendars,
        own.year_plan,
        own.import,
        own.mail,
        own.feeds,
        own.tokens,
        own.subscriptions,
        own.surveys,
        own.supply,
        own.indicators,
        own.cycle,
    ];
    let seen = SIDE.iter().zip(labels).filter(|((_, action), _)| allowed(visit, *action));
    seen.map(|((href, _), label)| {
        let below = visit.at.strip_prefix(href);
        let here = below.is_some_and(|rest| rest.is_empty() || rest.starts_with('/'));
        context! { href => *href, label, here }
    })
    .collect()
}

/// A form that was refused: what is wrong, and what was typed. Empty when a page is just looked at.
#[derive(Default)]
struct Tried {
    faults: Option<Faults>,
    typed: BTreeMap<String, String>,
}

impl Tried {
    /// Nothing when the call did what was asked.
    fn of<T>(answer: Result<tonic::Response<T>, Status>, form: &Fields) -> Result<Option<Self>, Trouble> {
        let Err(status) = answer else { return Ok(None) };
        Ok(Some(Self { faults: Some(Faults::of(status)?), typed: typed(form) }))
    }
}

/// What was typed, by field.
fn typed(form: &Fields) -> BTreeMap<String, String> {
    form.entries().map(|(name, value)| (name.to_owned(), value.trim().to_owned())).collect()
}

/// The paths of the fields of `kind` that say something else than the page did: what was left alone is
/// not sent, as somebody else may have changed it meanwhile.
fn changed(form: &Fields, kind: &str, paths: &[&str]) -> Result<Vec<String>, Problem> {
    let mut all = Vec::new();
    for path in paths {
        if form.is_changed(&format!("{kind}.{path}"))? {
            all.push((*path).to_owned());
        }
    }
    Ok(all)
}

/// A page beside the second navigation, with what is wrong with its form.
fn page(visit: &Visit, (template, title): (&str, &str), tried: &Tried, values: Value) -> Response {
    let refused = tried.faults.is_some();
    let status = if refused { StatusCode::UNPROCESSABLE_ENTITY } else { StatusCode::OK };
    let common = words(visit.language);
    let all = context! {
        common,
        side => side(visit, common),
        keeper => allowed(visit, Action::WriteDirectory),
        faults => tried.faults.as_ref().map(Value::from),
        typed => Value::from(Serde(&tried.typed)),
        request_id => visit.request_id(),
        today => today(visit),
        ..values
    };
    visit.page_with(status, (template, title), all)
}

/// The day in the Netherlands, as a date field wants it.
fn today(visit: &Visit) -> String {
    visit.app.now().with_timezone(&Amsterdam).date_naive().to_string()
}

/// Whether what is valid until then has not ended on `day`; it may have yet to begin.
fn lasts(valid_until: &str, day: &str) -> bool {
    valid_until.is_empty() || valid_until >= day
}

/// The address of the next page of a list; empty on the last one.
fn next(path: &str, filters: &[(&str, &str)], token: (&str, &str)) -> String {
    if token.1.is_empty() {
        return String::new();
    }
    let said = filters.iter().copied().filter(|(_, value)| !value.is_empty()).chain([token]);
    let said: Vec<String> = said.map(|(name, value)| format!("{name}={}", in_query(value))).collect();
    format!("{path}?{}", said.join("&"))
}

/// `3 maart 2026 – 4 mei 2026`; without an end `vanaf 3 maart 2026`.
fn period(from: &str, until: &str, language: Language) -> String {
    let first = shown::day(from, language);
    if until.is_empty() {
        format!("{} {first}", choose(language, ("vanaf", "from")))
    } else {
        format!("{first} – {}", shown::day(until, language))
    }
}

/// The part of a name that tells one thing from another of its kind.
fn id(name: &str) -> &str {
    name.rsplit_once('/').map_or(name, |(_, id)| id)
}

/// The functions that somebody can have, for a choice; the private roles are nobody's function.
fn roles(language: Language) -> Vec<Value> {
    let known = (1..=100).filter_map(|number| pb::Role::try_from(number).ok());
    let functions = known.filter(|role| !matches!(role, pb::Role::Ouder | pb::Role::Jeugdige));
    functions
        .map(|role| context! { value => role.as_str_name(), label => shown::role(role, language) })
        .collect()
}

/// A function as a form names it; none when it is no function.
fn role(word: &str) -> i32 {
    pb::Role::from_str_name(word).unwrap_or_default().into()
}

/// A choice of a form, when its value is one of ours.
fn option(value: &str, label: &str) -> Value {
    context! { value, label }
}

/// Words of a choice, in `language`.
fn choose(language: Language, (dutch, english): (&'static str, &'static str)) -> &'static str {
    match language {
        Language::Dutch => dutch,
        Language::English => english,
    }
}
