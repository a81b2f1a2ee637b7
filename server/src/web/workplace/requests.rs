//! Requests for help, as whoever asked for it or took it follows them: who is at it, by when, and what is to be
//! done next; and those that were declined, with the reason.

use axum::{Router, extract::Query, routing::get};
use http::StatusCode;
use minijinja::{Value, context};
use pb::{
    hulpvraag::{Category, State},
    hulpvraag_service_client::HulpvraagServiceClient,
};
use schakel_domain::{
    access::{Action, Role, may},
    time::day_in_words,
};
use schakel_proto::v1 as pb;
use serde::Deserialize;

use super::{
    Workplace,
    region::names::{Names, walk},
    shown,
    trouble::{Faults, Shown, Trouble, in_query, see_other},
    visit::{Posted, Visit},
    words::words,
};
use crate::access::authenticate;

words! {
    title: "Hulpvragen", "Requests for help";
    title_declined: "Afgewezen hulpvragen", "Requests for help that were declined";
    none: "Er lopen geen hulpvragen die u mag zien.", "There are no running requests for help that you may see.";
    none_declined: "Er is geen hulpvraag afgewezen die u mag zien.", "No request for help that you may see was declined.";
    to_declined: "Bekijk de afgewezen hulpvragen", "See the requests that were declined";
    next: "Volgende pagina", "Next page";
    to_running: "Bekijk de lopende hulpvragen", "See the running requests";
    declined_on: "Afgewezen op", "Declined on";
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

/// What is neither done nor declined. What is done is history, and stands in the case.
const RUNNING: [State; 4] = [State::Accepted, State::Requested, State::Forwarded, State::Planned];
/// So many declined ones make a page: with the years they are ever more.
const ROWS: i32 = 20;

pub(super) fn routes() -> Router<Workplace> {
    Router::new().route("/hulpvragen", get(show).post(finish))
}

/// Which requests are looked at.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Asked {
    /// `declined`; anything else means the running ones.
    state: String,
    /// Where the page of the declined ones begins.
    page: String,
}

async fn show(visit: Visit, Query(asked): Query<Asked>) -> Shown {
    page(&visit, &asked, None).await
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
            page(&visit, &Asked::default(), Some(&faults)).await
        }
    }
}

/// All that run.
async fn running(visit: &Visit) -> Result<Vec<pb::Hulpvraag>, Trouble> {
    let mut requests = Vec::new();
    for state in RUNNING {
        let ask = pb::ListHulpvragenRequest { state: state.into(), ..Default::default() };
        let client = HulpvraagServiceClient::new(visit.calls());
        requests.extend(walk!(client => list_hulpvragen, hulpvragen, ask));
    }
    Ok(requests)
}

/// A page of what nobody took, and the address of the next one: whoever asked reads there why, and asks
/// elsewhere. The latest comes first, as an older one may long have been asked elsewhere.
async fn turned_down(visit: &Visit, after: &str) -> Result<(Vec<pb::Hulpvraag>, String), Trouble> {
    let ask = pb::ListHulpvragenRequest {
        state: State::Declined.into(),
        latest_first: true,
        page_size: ROWS,
        page_token: after.to_owned(),
    };
    let found = HulpvraagServiceClient::new(visit.calls()).list_hulpvragen(ask).await?.into_inner();
    let next = if found.next_page_token.is_empty() {
        String::new()
    } else {
        format!("/hulpvragen?state=declined&page={}", in_query(&found.next_page_token))
    };
    Ok((found.hulpvragen, next))
}

async fn page(visit: &Visit, asked: &Asked, faults: Option<&Faults>) -> Shown {
    let own = words(visit.language);
    let declined = asked.state == "declined";
    let (requests, next) = if declined {
        turned_down(visit, &asked.page).await?
    } else {
        (running(visit).await?, String::new())
    };
    let names = Names::organisations(visit).await?;
    let takers = takers(visit, &requests).await?;
    let title = if declined { own.title_declined } else { own.title };
    let values = context! {
        own, title, declined, next,
        faults => faults.map(Value::from),
        requests => requests.iter().map(|one| request(visit, one, (&names, takers.as_ref()))).collect::<Vec<_>>(),
        request_id => visit.request_id(),
    };
    let status = if faults.is_some() { StatusCode::CONFLICT } else { StatusCode::OK };
    Ok(visit.page_with(status, ("workplace/requests.html", title), values))
}

/// What those are called who took them. Who left since is known all the same.
async fn takers(visit: &Visit, requests: &[pb::Hulpvraag]) -> Result<Option<Names>, Trouble> {
    if requests.iter().all(|one| one.person.is_empty()) {
        return Ok(None);
    }
    let ask = pb::ListPersonsRequest { show_ended: true, ..Default::default() };
    Names::people(visit, ask).await.map(Some)
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
fn request(visit: &Visit, one: &pb::Hulpvraag, (names, takers): (&Names, Option<&Names>)) -> Value {
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
    // Whom the register does not tell of is called by the role.
    let taker = takers.and_then(|takers| takers.known(&one.person)).unwrap_or(role.as_str());
    let declined = matches!(one.state(), State::Declined);
    let answered = shown::instant(one.answer_time.as_ref()).filter(|_| declined);
    let declined_on = answered.map(|at| day_in_words(authenticate::today(at), language));
    context! {
        state, mark,
        name => one.name.as_str(),
        etag => one.etag.as_str(),
        role => role.as_str(),
        school => names.of(&one.school),
        team => names.of(&one.team),
        taker => if one.person.is_empty() { "" } else { taker },
        answer_by => if unanswered { shown::day(&one.answer_due_date, language) } else { String::new() },
        declined_on => declined_on.unwrap_or_default(),
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
