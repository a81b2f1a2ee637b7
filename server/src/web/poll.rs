//! The page behind the link of a time proposal: the times, whether one has answered, no more.
//!
//! Looking changes nothing; only the forms do. What is personal stands behind a code that goes to
//! the same mailbox, see [`super::wishes`].

use axum::{
    extract::{Request, State},
    response::{IntoResponse, Response},
};
use http::{HeaderMap, StatusCode, Uri, header};
use minijinja::{Value, context};
use schakel_domain::{
    access::Role,
    consultation::poll::{LINK_OUTLIVES, State as Life, Vote},
    invitation::dates,
    refusal::Language,
};

use super::{
    form::{self, ANSWER_INVALID, ANSWER_REQUIRED, Fields, LINK_INVALID},
    page,
    problem::Problem,
    wishes,
};
use crate::{
    access::Grant,
    app::App,
    consultation::poll::{
        self, TimePoll,
        link::{self, Link, Token},
    },
    error::{Error, Result},
    invitation::polls,
};

const EXPIRED: Problem = Problem {
    status: StatusCode::GONE,
    reason: "LINK_EXPIRED",
    dutch: "Deze link is verlopen.",
    english: "This link has expired.",
};

/// What a choice sends, and what it says.
const CHOICES: [(&str, Vote, &str, &str); 3] = [
    ("yes", Vote::Yes, "Ja", "yes"),
    ("if-need-be", Vote::IfNeedBe, "Als het moet", "if need be"),
    ("no", Vote::No, "Nee", "no"),
];

/// Which of the pages behind a link.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Part {
    /// The times.
    Times,
    /// A code is asked for.
    Code,
    /// What suits a parent.
    Wishes,
}

/// A link that works, with what it leads to.
pub(super) struct Opened {
    /// The path of the times.
    pub path: String,
    pub grant: Grant,
    pub link: Link,
    pub poll: TimePoll,
    /// Whether something can be said behind it, as far as the case goes.
    asked: bool,
}

impl Opened {
    /// Whether whoever holds the link is a parent, whose wishes are asked.
    pub(super) fn is_parent(&self) -> bool {
        let own = self.poll.voter(self.link.person);
        self.asked && self.poll.case.is_some() && own.is_some_and(|voter| voter.role == Role::Ouder)
    }
}

/// Shows the times, or asks for the code.
pub(super) async fn show(State(app): State<App>, uri: Uri, headers: HeaderMap) -> Response {
    match open(&app, &uri).await {
        Ok((opened, Part::Times)) => times(&app, &opened),
        Ok((opened, Part::Wishes)) if opened.is_parent() => wishes::ask_code(&opened),
        Ok((_, Part::Code | Part::Wishes)) => LINK_INVALID.page(&headers),
        Err(problem) => problem.page(&headers),
    }
}

/// Takes the answers, then shows them by another request, so that a reload answers nothing; or
/// has a code sent; or takes one, and the wishes behind it.
pub(super) async fn take(State(app): State<App>, request: Request) -> Response {
    let (uri, headers) = (request.uri().clone(), request.headers().clone());
    match taken(&app, &uri, request).await {
        Ok(response) => response,
        Err(problem) => problem.page(&headers),
    }
}

async fn taken(app: &App, uri: &Uri, request: Request) -> Result<Response, Problem> {
    let body = form::body(request).await?;
    let (opened, part) = open(app, uri).await?;
    let fields = Fields::read(body).await?;
    match part {
        Part::Times => {
            let votes = votes(&fields, opened.poll.options.len())?;
            let (poll, person, votes) = (opened.poll.id, opened.link.person, &votes);
            let link = opened.link;
            let done = app
                .write(&opened.grant, None, |tx| async move {
                    if poll::answer::answer(&tx, poll, person, votes).await? {
                        polls::say_changed(&tx, link).await?;
                    }
                    Ok(())
                })
                .await;
            done.map_err(|error| form::behind_link(&error))?;
            Ok(see(&opened.path))
        }
        Part::Code | Part::Wishes if !opened.is_parent() => Err(LINK_INVALID),
        Part::Code => wishes::send_code(app, &opened).await,
        Part::Wishes => wishes::take(app, &opened, &fields).await,
    }
}

/// By another request.
pub(super) fn see(path: &str) -> Response {
    (StatusCode::SEE_OTHER, [(header::LOCATION, path)]).into_response()
}

/// One answer for each time.
fn votes(fields: &Fields, count: usize) -> Result<Vec<Vote>, Problem> {
    let vote = |at: usize| {
        let given = fields.one(&format!("vote-{at}"))?;
        if given.is_empty() {
            return Err(ANSWER_REQUIRED);
        }
        let known = CHOICES.iter().find(|(value, ..)| *value == given);
        known.map(|(_, vote, ..)| *vote).ok_or(ANSWER_INVALID)
    };
    (0..count).map(vote).collect()
}

/// What a link leads to.
async fn open(app: &App, uri: &Uri) -> Result<(Opened, Part), Problem> {
    let rest = uri.path().strip_prefix("/p/").unwrap_or_default();
    let (token, part) = match rest.split_once('/') {
        None => (rest, Part::Times),
        Some((token, "code")) => (token, Part::Code),
        Some((token, "wishes")) => (token, Part::Wishes),
        Some(_) => return Err(LINK_INVALID),
    };
    let known = Token::read(token).ok_or(LINK_INVALID)?;
    let opened = match found(app, &known, token).await {
        Ok(Some(opened)) => opened,
        Ok(None) | Err(Error::NotFound(_)) => return Err(LINK_INVALID),
        Err(error) => return Err(Problem::from(&error)),
    };
    if app.now() >= opened.poll.deadline + LINK_OUTLIVES {
        return Err(EXPIRED);
    }
    Ok((opened, part))
}

async fn found(app: &App, token: &Token, text: &str) -> Result<Option<Opened>> {
    // Until the link is found, it is nobody's.
    let nobody = Grant::link(token.region, schakel_domain::ids::PersonId(uuid::Uuid::nil()));
    let Some(link) = link::find(&app.read(nobody), token).await? else { return Ok(None) };
    let grant = Grant::link(token.region, link.person);
    let read = app.read(grant.clone());
    let poll = poll::store::get(&read, link.poll).await?;
    let asked = poll::answer::is_asked(&read, &poll, link.person).await?;
    Ok(Some(Opened { path: format!("/p/{text}"), grant, link, poll, asked }))
}

fn times(app: &App, opened: &Opened) -> Response {
    let poll = &opened.poll;
    let answered = poll.voter(opened.link.person).is_some_and(|voter| voter.votes.is_some());
    let open = opened.asked && poll.state.takes_votes(poll.deadline, app.now()).is_ok();
    let options: Vec<Value> = poll
        .spans()
        .iter()
        .enumerate()
        .map(|(at, (start, end))| {
            // What was answered is not shown: a link may have gone to somebody else.
            let choices: Vec<Value> = CHOICES
                .iter()
                .map(|&(value, _, dutch, english)| context! { value, dutch, english })
                .collect();
            context! {
                at, choices,
                dutch => dates::span(*start, *end, Language::Dutch),
                english => dates::span(*start, *end, Language::English),
            }
        })
        .collect();
    let values = context! {
        title => format!("Overleg {}", poll.reference),
        options, open,
        code_path => format!("{}/code", opened.path),
        parent => open && opened.is_parent(),
        dutch => half(app, poll, answered, Language::Dutch),
        english => half(app, poll, answered, Language::English),
    };
    page::render(StatusCode::OK, "poll.html", values)
}

/// One language of the page.
fn half(app: &App, poll: &TimePoll, answered: bool, language: Language) -> Value {
    let (labels, place) = match language {
        Language::Dutch => (["Waar", "Antwoord voor"], poll.place.dutch()),
        Language::English => (["Where", "Answer before"], poll.place.english()),
    };
    let facts = [(labels[0], place.to_owned()), (labels[1], dates::moment(poll.deadline, language))];
    context! { facts, status => status(app, poll, answered, language), hint => hint(app, poll, language) }
}

fn status(app: &App, poll: &TimePoll, answered: bool, language: Language) -> &'static str {
    let (dutch, english) = match poll.state {
        Life::Open if app.now() >= poll.deadline => CLOSED,
        Life::Open if answered => (
            "Wij hebben uw antwoord. U kunt het nog veranderen.",
            "We have your answer. You can still change it.",
        ),
        Life::Open => ("U hebt nog niet geantwoord.", "You have not answered yet."),
        Life::Expired => CLOSED,
        Life::Booked => (
            "Er is een tijdstip gekozen. U krijgt een uitnodiging per mail.",
            "A time has been chosen. You will get an invitation by e-mail.",
        ),
        Life::Cancelled => (
            "Wij zoeken geen tijdstip meer voor dit overleg. U hoeft niets te doen.",
            "We are no longer looking for a time for this meeting. You do not need to do anything.",
        ),
    };
    match language {
        Language::Dutch => dutch,
        Language::English => english,
    }
}

const CLOSED: (&str, &str) = (
    "U kunt niet meer antwoorden: de tijd is om. Wij laten u weten wanneer het overleg is.",
    "You can no longer answer: the time is over. We will let you know when the meeting is.",
);

fn hint(app: &App, poll: &TimePoll, language: Language) -> String {
    let reference = &poll.reference;
    match (language, app.settings.mail.telephone.as_deref()) {
        (Language::Dutch, Some(number)) => format!("Hebt u een vraag? Bel {number} en noem {reference}."),
        (Language::English, Some(number)) => {
            format!("Do you have a question? Call {number} and mention {reference}.")
        }
        (Language::Dutch | Language::English, None) => String::new(),
    }
}
