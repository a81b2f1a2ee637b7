//! Requests for help, as whoever asked for it or took it follows them: who is at it, by when, and what is to be
//! done next.

use std::collections::{BTreeMap, BTreeSet};

use axum::{Router, routing::get};
use http::StatusCode;
use minijinja::{Value, context};
use pb::{
    directory_service_client::DirectoryServiceClient,
    hulpvraag::{Category, State},
    hulpvraag_service_client::HulpvraagServiceClient,
};
use schakel_domain::access::{Action, Role, may};
use schakel_proto::v1 as pb;

use super::{
    Workplace,
    region::names::{Names, walk},
    shown,
    trouble::{Faults, Shown, in_query, see_other},
    visit::{Posted, Visit},
    words::words,
};

words! {
    title: "Hulpvragen", "Requests for help";
    none: "Er lopen geen hulpvragen die u mag zien.", "There are no running requests for help that you may see.";
    asked: "Gevraagd", "Asked for";
    school: "School", "School";
    team: "Team", "Team";
    taken: "Aangenomen door", "Taken by";
    answer_by: "Het team antwoordt uiterlijk", "The team answers by";
    meet_by: "Overleg uiterlijk", "To meet by";
    about: "Over", "About";
    question: "Vraag", "Question";
    reason: "Waarom", "Why";
    requested: "wacht op antwoord", "waits for an answer";
    forwarded: "doorgestuurd, wacht op antwoord", "sent on, waits for an answer";
    accepted: "aangenomen, nog geen overleg", "taken, no meeting yet";
    declined: "afgewezen", "declined";
    planned: "overleg gepland", "meeting planned";
    done: "klaar", "done";
    book: "Plan het overleg", "Plan the meeting";
    case: "Open het dossier", "Open the case";
    meeting: "Open het overleg", "Open the meeting";
    finish: "De hulp is gegeven: rond af", "The help was given: finish";
    school_books: "De school die erom vroeg, plant dit overleg. Wie de hulpvraag aannam, krijgt een uitnodiging. Duurt het te lang? Bel de school.",
        "The school that asked plans this meeting. Whoever took the request is invited. Does it take too long? Call the school.";
}

/// Its templates.
pub(super) const TEMPLATES: &[(&str, &str)] =
    &[("workplace/requests.html", include_str!("../templates/workplace/requests.html"))];

/// What is neither done nor declined: that is history, and stands in the case.
const RUNNING: [State; 4] = [State::Accepted, State::Requested, State::Forwarded, State::Planned];
/// More people are not asked for by name.
const MOST: usize = 50;

pub(super) fn routes() -> Router<Workplace> {
    Router::new().route("/hulpvragen", get(show).post(finish))
}

async fn show(visit: Visit) -> Shown {
    page(&visit, None).await
}

/// The help was given.
async fn finish(visit: Visit, form: Posted) -> Shown {
    let ask = pb::CompleteHulpvraagRequest {
        name: form.given("name")?.to_owned(),
        etag: form.given("etag")?.to_owned(),
        request_id: form.given("request_id")?.to_owned(),
    };
    match HulpvraagServiceClient::new(visit.calls()).complete_hulpvraag(ask).await {
        Ok(_) => Ok(see_other("/hulpvragen")),
        Err(status) => {
            let faults = Faults::of(status)?;
            page(&visit, Some(&faults)).await
        }
    }
}

async fn page(visit: &Visit, faults: Option<&Faults>) -> Shown {
    let own = words(visit.language);
    let mut requests: Vec<pb::Hulpvraag> = Vec::new();
    for state in RUNNING {
        let ask = pb::ListHulpvragenRequest { state: state.into(), ..Default::default() };
        let client = HulpvraagServiceClient::new(visit.calls());
        requests.extend(walk!(client => list_hulpvragen, hulpvragen, ask));
    }
    let names = Names::organisations(visit).await?;
    let takers = takers(visit, &requests).await;
    let values = context! {
        own,
        faults => faults.map(Value::from),
        requests => requests.iter().map(|one| request(visit, one, (&names, &takers))).collect::<Vec<_>>(),
        request_id => visit.request_id(),
    };
    let status = if faults.is_some() { StatusCode::CONFLICT } else { StatusCode::OK };
    Ok(visit.page_with(status, ("workplace/requests.html", own.title), values))
}

/// What those who took them are called, as far as the register tells.
async fn takers(visit: &Visit, requests: &[pb::Hulpvraag]) -> BTreeMap<String, String> {
    let persons: BTreeSet<&str> =
        requests.iter().map(|one| one.person.as_str()).filter(|person| !person.is_empty()).collect();
    let mut register = DirectoryServiceClient::new(visit.calls());
    let mut names = BTreeMap::new();
    for person in persons.into_iter().take(MOST) {
        let ask = pb::GetPersonRequest { name: person.to_owned() };
        // Who is not found is called by the role.
        if let Ok(found) = register.get_person(ask).await {
            names.insert(person.to_owned(), found.into_inner().display_name);
        }
    }
    names
}

fn state(state: State, own: &Words) -> (&'static str, &'static str) {
    match state {
        State::Unspecified => ("", "waiting"),
        State::Requested => (own.requested, "waiting"),
        State::Accepted => (own.accepted, "tentative"),
        State::Declined => (own.declined, "declined"),
        State::Forwarded => (own.forwarded, "waiting"),
        State::Planned => (own.planned, "accepted"),
        State::Done => (own.done, "accepted"),
    }
}

/// A request as far as the call tells of it, with what its reader can do next.
fn request(
    visit: &Visit,
    one: &pb::Hulpvraag,
    (names, takers): (&Names, &BTreeMap<String, String>),
) -> Value {
    let (own, language) = (words(visit.language), visit.language);
    let roles: Vec<Role> = visit.session.acting.iter().map(|at| at.role).collect();
    let ever = |action| may(&roles, action, None).is_ok();
    let role = shown::role(one.role(), language);
    let (state, mark) = state(one.state(), own);
    let unbooked = matches!(one.state(), State::Accepted);
    let unanswered = matches!(one.state(), State::Requested | State::Forwarded);
    let finishes = matches!(one.state(), State::Accepted | State::Planned);
    let silent = matches!(one.category(), Category::Unspecified);
    let ours = visit.session.acting.iter().any(|at| one.school == format!("schools/{}", at.organisation.0));
    let books = unbooked && ours && ever(Action::BookConsultation);
    let about = if one.case.is_empty() { ("school", &one.school) } else { ("case", &one.case) };
    let book = format!("/book?{}={}&hulpvraag={}", about.0, in_query(about.1), in_query(&one.name));
    let taker = takers.get(&one.person).map_or(role.as_str(), String::as_str);
    context! {
        state, mark,
        name => one.name.as_str(),
        etag => one.etag.as_str(),
        role => role.as_str(),
        school => names.of(&one.school),
        team => names.of(&one.team),
        taker => if one.person.is_empty() { "" } else { taker },
        answer_by => if unanswered { shown::day(&one.answer_due_date, language) } else { String::new() },
        meet_by => shown::day(&one.target_date, language),
        about => if silent { "" } else { shown::category(one.category(), language) },
        question => one.question.as_str(),
        reason => one.reason.as_str(),
        book => if books { book } else { String::new() },
        school_books => unbooked && !books,
        case => if ours && !one.case.is_empty() { format!("/{}", one.case) } else { String::new() },
        meeting => if one.consultation.is_empty() { String::new() } else { format!("/{}", one.consultation) },
        finishes => finishes && ever(Action::CompleteHulpvraag),
    }
}
