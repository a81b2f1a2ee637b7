//! Hours: the weekly blocks in which somebody works, and when they are away.

use axum::{Router, extract::Query, routing::get};
use minijinja::{Value, context};
use pb::{
    absence::Kind, availability_service_client::AvailabilityServiceClient,
    directory_service_client::DirectoryServiceClient,
};
use schakel_domain::{
    access::{Action, Relation, Role, may},
    refusal::Language,
};
use schakel_proto::v1 as pb;

use super::{
    Asked, Tried, allowed, choose, lasts,
    names::{Names, walk},
    option, page, period, today,
};
use crate::web::{
    form::ANSWER_INVALID,
    workplace::{
        Workplace, shown,
        trouble::{Shown, in_query, see_other},
        visit::{Posted, Visit},
        words::words,
    },
};

words! {
    title: "Werktijden", "Hours";
    of: "Werktijden van", "Hours of";
    weekly: "Elke week", "Every week";
    no_hours: "Er staan geen werktijden. Zonder werktijden kan niemand een afspraak plannen.",
        "There are no hours. Without hours nobody can plan a meeting.";
    day: "Dag", "Day";
    place: "Waar", "Where";
    anywhere: "Overal", "Anywhere";
    add_hours: "Werktijd toevoegen", "Add hours";
    job: "Voor welke rol", "For which role";
    away: "Afwezig", "Away";
    never_away: "Er staat geen afwezigheid.", "No absence is known.";
    add_away: "Afwezigheid toevoegen", "Add an absence";
    from_time: "Vanaf hoe laat op de eerste dag", "From what time on the first day";
    until_time: "Tot hoe laat op de laatste dag", "Until what time on the last day";
    whole_day: "Leeg: de hele dag.", "Empty: the whole day.";
    take_back: "Trek in", "Take back";
    whole_hint: "Leeg: nog niet bekend.", "Empty: not known yet.";
}

pub(super) fn routes() -> Router<Workplace> {
    Router::new().route("/region/hours", get(show).post(change))
}

/// A day of the week by its number, Monday first.
fn weekday(number: i32, language: Language) -> &'static str {
    let words = match number {
        1 => ("maandag", "Monday"),
        2 => ("dinsdag", "Tuesday"),
        3 => ("woensdag", "Wednesday"),
        4 => ("donderdag", "Thursday"),
        5 => ("vrijdag", "Friday"),
        6 => ("zaterdag", "Saturday"),
        7 => ("zondag", "Sunday"),
        _ => ("", ""),
    };
    choose(language, words)
}

/// As what an absence counts; why is not told.
fn kind(kind: Kind, language: Language) -> &'static str {
    let words = match kind {
        Kind::Unspecified => ("", ""),
        Kind::Leave => ("Verlof", "Leave"),
        Kind::Study => ("Studie", "Study"),
        Kind::Away => ("Afwezig", "Away"),
    };
    choose(language, words)
}

/// Whether the visitor plans for a team in which somebody who holds these is on `day`.
fn plans_for(visit: &Visit, held: &[pb::Affiliation], day: &str) -> bool {
    let roles: Vec<Role> = visit.session.acting.iter().map(|at| at.role).collect();
    let ways = may(&roles, Action::WriteAvailability, None).map(|leave| leave.reaches).unwrap_or_default();
    let plans = ways.iter().any(|way| matches!(way.relation, Relation::OwnTeam));
    plans && held.iter().any(|at| at.organisation == visit.me.acting_for && at.valid_from.as_str() <= day)
}

async fn show(visit: Visit, Query(asked): Query<Asked>) -> Shown {
    hours(&visit, &asked.person, &Tried::default()).await
}

/// Of `person`; empty is oneself.
async fn hours(visit: &Visit, person: &str, tried: &Tried) -> Shown {
    let (own, language) = (words(visit.language), visit.language);
    let person = if person.is_empty() { visit.me.person.as_str() } else { person };
    let mut register = DirectoryServiceClient::new(visit.calls());
    let calendar = || AvailabilityServiceClient::new(visit.calls());
    let found = register.get_person(pb::GetPersonRequest { name: person.to_owned() }).await?.into_inner();
    let (day, of) = (today(visit), || person.to_owned());
    // What has yet to begin is shown too, so that it can be seen and taken back.
    let ask = pb::ListAffiliationsRequest { person: of(), show_ended: true, ..Default::default() };
    let mut held = walk!(visit, list_affiliations, affiliations, ask);
    held.retain(|one| lasts(&one.valid_until, &day));
    let ask = pb::ListWeeklyHoursRequest { person: of(), show_ended: true, ..Default::default() };
    let mut weekly = walk!(calendar() => list_weekly_hours, weekly_hours, ask);
    weekly.retain(|one| lasts(&one.valid_until, &day));
    weekly.sort_by(|one, other| (one.weekday, &one.from).cmp(&(other.weekday, &other.from)));
    let ask = pb::ListAbsencesRequest { person: of(), show_ended: true, ..Default::default() };
    let mut away = walk!(calendar() => list_absences, absences, ask);
    away.retain(|one| lasts(&one.valid_until, &day));
    away.sort_by(|one, other| one.valid_from.cmp(&other.valid_from));
    let organisations = Names::organisations(visit).await?;
    let job = |one: &pb::Affiliation| {
        format!("{}, {}", shown::role(one.role(), language), organisations.of(&one.organisation))
    };
    let jobs: Vec<Value> = held.iter().map(|one| option(&one.name, &job(one))).collect();
    let block = |one: &pb::WeeklyHours| {
        let at = held.iter().find(|at| at.name == one.affiliation).map(job).unwrap_or_default();
        context! {
            name => one.name.as_str(),
            etag => one.etag.as_str(),
            first => one.valid_from.as_str(),
            later => one.valid_from > day,
            label => format!("{} {}–{}", weekday(one.weekday, language), one.from, one.until),
            day => weekday(one.weekday, language),
            from => one.from.as_str(),
            until => one.until.as_str(),
            job => at,
            period => period(&one.valid_from, &one.valid_until, language),
            place => if one.school.is_empty() { own.anywhere } else { organisations.of(&one.school) },
        }
    };
    let absence = |one: &pb::Absence| {
        let period = period(&one.valid_from, &one.valid_until, language);
        context! {
            name => one.name.as_str(),
            etag => one.etag.as_str(),
            first => one.valid_from.as_str(),
            later => one.valid_from > day,
            label => format!("{} {period}", kind(one.kind(), language)),
            kind => kind(one.kind(), language),
            period,
            from => one.from.as_str(),
            until => one.until.as_str(),
        }
    };
    let kinds = [Kind::Leave, Kind::Study, Kind::Away];
    let may_write = person == visit.me.person || allowed(visit, Action::WriteDirectory);
    let values = context! {
        own, jobs, may_write,
        person => person,
        label => found.display_name.as_str(),
        may_report => may_write || plans_for(visit, &held, &day),
        weekly => weekly.iter().map(block).collect::<Vec<_>>(),
        away => away.iter().map(absence).collect::<Vec<_>>(),
        days => (1..=7).map(|day| option(&day.to_string(), weekday(day, language))).collect::<Vec<_>>(),
        kinds => kinds.into_iter().map(|one| option(one.as_str_name(), kind(one, language))).collect::<Vec<_>>(),
        schools => organisations.options("schools", Some(pb::organisation::Kind::School)),
    };
    Ok(page(visit, ("workplace/region/hours.html", own.title), tried, values))
}

async fn change(visit: Visit, form: Posted) -> Shown {
    let mut calendar = AvailabilityServiceClient::new(visit.calls());
    let request_id = form.given("request_id")?.to_owned();
    let person = form.one("person")?.to_owned();
    let etag = form.one("etag")?.to_owned();
    // What has yet to begin ends before it does: it is taken back.
    let valid_until = if form.ticked("back")? { today(&visit) } else { form.one("valid_until")?.to_owned() };
    let text = |field: &str| form.one(field).map(str::to_owned);
    let tried = match form.one("do")? {
        "work" => {
            let weekly_hours = pb::WeeklyHours {
                affiliation: text("weekly_hours.affiliation")?,
                weekday: form.one("weekly_hours.weekday")?.parse().unwrap_or_default(),
                from: text("weekly_hours.from")?,
                until: text("weekly_hours.until")?,
                school: text("weekly_hours.school")?,
                valid_from: text("weekly_hours.valid_from")?,
                valid_until: text("weekly_hours.valid_until")?,
                ..Default::default()
            };
            let ask = pb::CreateWeeklyHoursRequest { weekly_hours: Some(weekly_hours), request_id };
            Tried::of(calendar.create_weekly_hours(ask).await, &form)?
        }
        "unwork" => {
            let ask = pb::EndWeeklyHoursRequest { name: text("name")?, valid_until, etag, request_id };
            Tried::of(calendar.end_weekly_hours(ask).await, &form)?
        }
        "leave" => {
            let absence = pb::Absence {
                person: person.clone(),
                kind: Kind::from_str_name(form.one("absence.kind")?).unwrap_or_default().into(),
                valid_from: text("absence.valid_from")?,
                valid_until: text("absence.valid_until")?,
                from: text("absence.from")?,
                until: text("absence.until")?,
                ..Default::default()
            };
            let ask = pb::CreateAbsenceRequest { absence: Some(absence), request_id };
            Tried::of(calendar.create_absence(ask).await, &form)?
        }
        "unleave" => {
            let ask = pb::EndAbsenceRequest { name: text("name")?, valid_until, etag, request_id };
            Tried::of(calendar.end_absence(ask).await, &form)?
        }
        _ => return Err(ANSWER_INVALID.into()),
    };
    match tried {
        None => Ok(see_other(&format!("/region/hours?person={}", in_query(&person)))),
        Some(tried) => hours(&visit, &person, &tried).await,
    }
}
