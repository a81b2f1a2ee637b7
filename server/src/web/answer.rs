//! The page behind the link of an invitation: one meeting, one's own answer, no more.
//!
//! Looking changes nothing, however often a mail scanner looks; only the form does.

use axum::{
    body::Bytes,
    extract::{Request, State},
    response::{IntoResponse, Response},
};
use http::{HeaderMap, StatusCode, Uri, header};
use minijinja::{Value, context};
use schakel_domain::{
    consultation::{Answer, State as Life},
    invitation::dates,
    refusal::Language,
};

use super::{
    form::{self, ANSWER_INVALID, Fields, LINK_INVALID},
    page,
    problem::Problem,
};
use crate::{
    access::Grant,
    app::App,
    consultation::{self, meeting::Meeting},
    error::{Error, Result},
    invitation::link::{BadLink, LinkClaims},
};

/// How often an answer is tried again that met a change of the meeting.
const TRIES: u32 = 3;

const SUPERSEDED: Problem = Problem {
    status: StatusCode::CONFLICT,
    reason: "LINK_SUPERSEDED",
    dutch: "Dit overleg is veranderd. Kijk in uw nieuwste mail over dit overleg.",
    english: "This meeting has changed. Look in your newest e-mail about this meeting.",
};
const EXPIRED: Problem = Problem {
    status: StatusCode::GONE,
    reason: "LINK_EXPIRED",
    dutch: "Deze link is verlopen: het overleg is geweest.",
    english: "This link has expired: the meeting is over.",
};
/// What a button sends, and what it says.
const CHOICES: [(&str, Answer, &str, &str); 3] = [
    ("accept", Answer::Accepted, "Ja", "yes"),
    ("decline", Answer::Declined, "Nee", "no"),
    ("tentative", Answer::Tentative, "Misschien", "maybe"),
];

/// Shows the meeting.
pub(super) async fn show(State(app): State<App>, uri: Uri, headers: HeaderMap) -> Response {
    match open(&app, &uri).await {
        Ok((claims, meeting, asked)) => meeting_page(&app, &claims, &meeting, asked),
        Err(problem) => problem.page(&headers),
    }
}

/// Takes the answer, then shows the meeting by another request, so that a reload answers nothing.
pub(super) async fn take(State(app): State<App>, request: Request) -> Response {
    let (uri, headers) = (request.uri().clone(), request.headers().clone());
    match taken(&app, &uri, request).await {
        Ok(()) => (StatusCode::SEE_OTHER, [(header::LOCATION, uri.path())]).into_response(),
        Err(problem) => problem.page(&headers),
    }
}

async fn taken(app: &App, uri: &Uri, request: Request) -> Result<(), Problem> {
    let body = form::body(request).await?;
    let (claims, ..) = open(app, uri).await?;
    let answer = read(body).await?;
    let grant = Grant::link(claims.region, claims.person);
    let mut tries = 1;
    loop {
        let done = app
            .write(&grant, None, |tx| async move {
                let current = consultation::store::get(&tx, claims.consultation).await?;
                if check(&claims, &current).is_err() {
                    return Err(Error::Stale);
                }
                consultation::answer::answer(&tx, claims.consultation, claims.person, answer).await
            })
            .await;
        match done {
            Ok(_) => return Ok(()),
            Err(Error::Stale) if tries < TRIES => tries += 1,
            // The meeting changed while the form was on its way.
            Err(Error::Stale) => return Err(SUPERSEDED),
            Err(error) => return Err(form::behind_link(&error)),
        }
    }
}

async fn read(body: Bytes) -> Result<Answer, Problem> {
    let fields = Fields::read(body).await?;
    let answer = fields.given("answer")?;
    let known = CHOICES.iter().find(|(value, ..)| *value == answer).map(|(_, answer, ..)| *answer);
    known.ok_or(ANSWER_INVALID)
}

/// The meeting that a link leads to, and whether it can be answered as far as its case goes.
async fn open(app: &App, uri: &Uri) -> Result<(LinkClaims, Meeting, bool), Problem> {
    let token = uri.path().strip_prefix("/r/").unwrap_or_default();
    let claims = LinkClaims::read(&app.keys, token, app.now()).map_err(|bad| match bad {
        BadLink::Invalid => LINK_INVALID,
        BadLink::Expired => EXPIRED,
    })?;
    let read = app.read(Grant::link(claims.region, claims.person));
    let meeting = match consultation::store::get(&read, claims.consultation).await {
        Ok(meeting) => meeting,
        Err(Error::NotFound(_)) => return Err(LINK_INVALID),
        Err(error) => return Err(Problem::from(&error)),
    };
    check(&claims, &meeting)?;
    let asked = consultation::answer::is_asked(&read, &meeting).await;
    let asked = asked.map_err(|error| form::behind_link(&error))?;
    Ok((claims, meeting, asked))
}

/// A link fits the version of the meeting that it was mailed with. Cancelling raises the
/// version once more without a new link: the last link then says that it is off.
fn check(claims: &LinkClaims, meeting: &Meeting) -> Result<(), Problem> {
    let off = u32::from(meeting.state == Life::Cancelled);
    let seated = meeting.table.iter().any(|seat| seat.person == claims.person);
    if seated && claims.sequence.saturating_add(off) >= meeting.sequence { Ok(()) } else { Err(SUPERSEDED) }
}

fn meeting_page(app: &App, claims: &LinkClaims, meeting: &Meeting, asked: bool) -> Response {
    let given = meeting.table.iter().find(|seat| seat.person == claims.person).map(|seat| seat.answer);
    let given = given.unwrap_or_default();
    let open = asked && meeting.life().takes_answers(app.now()).is_ok();
    let choices: Vec<Value> = CHOICES
        .iter()
        .filter(|_| open)
        .map(|&(value, answer, dutch, english)| {
            context! { value, dutch, english, given => if answer == given { "true" } else { "false" } }
        })
        .collect();
    let title = format!("Overleg {}", meeting.reference);
    let values = context! {
        title, choices,
        dutch => half(app, meeting, given, Language::Dutch),
        english => half(app, meeting, given, Language::English),
    };
    page::render(StatusCode::OK, "answer.html", values)
}

/// One language of the page.
fn half(app: &App, meeting: &Meeting, given: Answer, language: Language) -> Value {
    let (start, end) = (meeting.time.start(), meeting.time.end());
    let (title, facts) = match language {
        Language::Dutch => ("Overleg", [("Wanneer", ""), ("Waar", meeting.place.dutch())]),
        Language::English => ("Meeting", [("When", ""), ("Where", meeting.place.english())]),
    };
    let facts = [(facts[0].0, dates::span(start, end, language)), (facts[1].0, facts[1].1.to_owned())];
    context! {
        title => format!("{title} {}", meeting.reference),
        facts,
        status => status(meeting, given, end <= app.now(), language),
        hint => hint(app.settings.mail.telephone.as_deref(), &meeting.reference, language),
    }
}

fn status(meeting: &Meeting, given: Answer, over: bool, language: Language) -> &'static str {
    let (dutch, english) = match (meeting.state, given) {
        (Life::Cancelled, _) => (
            "Dit overleg is afgezegd. U hoeft niets te doen.",
            "This meeting is cancelled. You do not need to do anything.",
        ),
        (Life::Held, _) => ("Dit overleg is geweest.", "This meeting is over."),
        (Life::Planned, _) if over => ("Dit overleg is geweest.", "This meeting is over."),
        (Life::Planned, Answer::NeedsAction) => ("U hebt nog niet geantwoord.", "You have not answered yet."),
        (Life::Planned, Answer::Accepted) => ("Uw antwoord: ja, u komt.", "Your answer: yes, you will come."),
        (Life::Planned, Answer::Declined) => {
            ("Uw antwoord: nee, u komt niet.", "Your answer: no, you will not come.")
        }
        (Life::Planned, Answer::Tentative) => ("Uw antwoord: misschien.", "Your answer: maybe."),
    };
    match language {
        Language::Dutch => dutch,
        Language::English => english,
    }
}

fn hint(telephone: Option<&str>, reference: &str, language: Language) -> String {
    match (language, telephone) {
        (Language::Dutch, Some(number)) => {
            format!("Kunt u op een ander tijdstip wel? Bel {number} en noem {reference}, of kies Misschien.")
        }
        (Language::Dutch, None) => {
            "Kunt u op een ander tijdstip wel? Kies Misschien; wij nemen contact met u op.".to_owned()
        }
        (Language::English, Some(number)) => {
            format!("Could you come at another time? Call {number} and mention {reference}, or choose maybe.")
        }
        (Language::English, None) => {
            "Could you come at another time? Choose maybe; we will contact you.".to_owned()
        }
    }
}
