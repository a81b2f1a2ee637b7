//! The pages behind the link of an invitation: one meeting, one's own answer, and what one proposes
//! instead.
//!
//! Looking changes nothing, however often a mail scanner looks; only the forms do. Nobody is named on
//! them: who comes, and where exactly, stands behind a code that goes to the mailbox on file.

mod details;
mod file;
mod propose;
mod shown;
mod words;

use std::sync::Arc;

use axum::{
    body::Bytes,
    extract::{Request, State},
    response::{IntoResponse, Response},
};
use http::{HeaderMap, StatusCode, Uri, header};
use schakel_domain::{
    consultation::{Answer, State as Life},
    refusal::Language,
};

use self::words::REASONS;
use super::{
    form::{self, ANSWER_INVALID, Fields, LINK_INVALID},
    problem::{METHOD_NOT_ALLOWED, Problem},
};
use crate::{
    access::Grant,
    app::App,
    consultation::{
        self,
        answer::{Answered, Given},
        meeting::Meeting,
        page::{self, Of},
    },
    error::{Error, Result},
    invitation::{
        answers,
        link::{BadLink, LinkClaims},
    },
    store::Tx,
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

/// What a button sends.
const CHOICES: [(&str, Answer); 3] =
    [("accept", Answer::Accepted), ("tentative", Answer::Tentative), ("decline", Answer::Declined)];

/// Which of the pages behind a link.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Part {
    /// The meeting and one's answer.
    Answer,
    /// Another time is proposed.
    OtherTime,
    /// Somebody else is proposed.
    SomebodyElse,
    /// The meeting as a calendar file.
    File,
    /// A code is asked for.
    Code,
    /// Who comes, behind the code.
    Details,
}

/// The last part of a path.
const PARTS: [(&str, Part); 5] = [
    ("ander-moment", Part::OtherTime),
    ("iemand-anders", Part::SomebodyElse),
    ("overleg.ics", Part::File),
    ("code", Part::Code),
    ("meer", Part::Details),
];

/// A link that works, with what it leads to.
pub(super) struct Opened {
    /// The path of the answer.
    path: String,
    claims: LinkClaims,
    grant: Grant,
    meeting: Meeting,
    /// Whether something can be said behind it, as far as the case goes.
    asked: bool,
    /// The one in which the page is read, when one was chosen.
    language: Option<Language>,
    /// The same, when it was chosen in the address alone.
    in_address: bool,
}

impl Opened {
    fn of(&self) -> Of {
        Of { meeting: self.claims.consultation, person: self.claims.person }
    }

    /// Whether an answer is still taken.
    fn open(&self, app: &App) -> bool {
        self.asked && self.meeting.life().takes_answers(app.now()).is_ok()
    }

    /// Whether something else can still be proposed.
    fn proposable(&self, app: &App) -> bool {
        self.open(app) && app.now() < self.meeting.time.start()
    }

    /// In which languages the page is read, the first first.
    fn languages(&self) -> Vec<Language> {
        match self.language {
            Some(language) => vec![language],
            None => vec![Language::Dutch, Language::English],
        }
    }

    /// The address of the part with this name, in the language of the page.
    fn to(&self, part: &str) -> String {
        let language = self.language.filter(|_| self.in_address);
        let query = language.map(|language| format!("?taal={}", words::words(language).lang));
        format!("{}{part}{}", self.path, query.unwrap_or_default())
    }

    /// Changes something about the meeting, as long as it is the one that the link is about.
    async fn change<T, F>(&self, app: &App, verb: impl Fn(Arc<Tx>, Meeting) -> F) -> Result<T, Problem>
    where
        F: Future<Output = Result<T>>,
    {
        let mut tries = 1;
        loop {
            let done = app
                .write(&self.grant, None, |tx| {
                    let (claims, verb) = (&self.claims, &verb);
                    async move {
                        let current = consultation::store::get_to_change(&tx, claims.consultation).await?;
                        if check(claims, &current).is_err() {
                            return Err(Error::Stale);
                        }
                        verb(tx, current).await
                    }
                })
                .await;
            match done {
                Err(Error::Stale) if tries < TRIES => tries += 1,
                // The meeting changed while the form was on its way.
                Err(Error::Stale) => return Err(SUPERSEDED),
                done => return done.map_err(|error| form::behind_link(&error)),
            }
        }
    }
}

/// By another request, so that a reload says nothing twice.
fn see(path: &str) -> Response {
    (StatusCode::SEE_OTHER, [(header::LOCATION, path)]).into_response()
}

/// Shows a page, or hands out the file.
pub(super) async fn show(State(app): State<App>, uri: Uri, headers: HeaderMap) -> Response {
    let shown = match open(&app, &uri).await {
        Ok((opened, Part::Answer)) => shown::page(&app, &opened).await,
        Ok((opened, Part::OtherTime)) => propose::ask_time(&app, &opened),
        Ok((opened, Part::SomebodyElse)) => propose::ask_who(&app, &opened),
        Ok((opened, Part::File)) => file::download(&app, &opened).await,
        Ok((opened, Part::Code)) => Ok(see(&opened.to("/meer"))),
        Ok((opened, Part::Details)) => details::ask_code(&app, &opened),
        Err(problem) => Err(problem),
    };
    shown.unwrap_or_else(|problem| problem.page(&headers))
}

/// Takes what a form sends.
pub(super) async fn take(State(app): State<App>, request: Request) -> Response {
    let (uri, headers) = (request.uri().clone(), request.headers().clone());
    taken(&app, &uri, request).await.unwrap_or_else(|problem| problem.page(&headers))
}

async fn taken(app: &App, uri: &Uri, request: Request) -> Result<Response, Problem> {
    let body = form::body(request).await?;
    let (opened, part) = open(app, uri).await?;
    match part {
        Part::Answer => answer(app, &opened, body).await,
        Part::OtherTime => propose::take_time(app, &opened, &Fields::read(body).await?).await,
        Part::SomebodyElse => propose::take_who(app, &opened, &Fields::read(body).await?).await,
        Part::Code => details::send_code(app, &opened).await,
        Part::Details => details::take(app, &opened, &Fields::read(body).await?).await,
        Part::File => Err(METHOD_NOT_ALLOWED),
    }
}

/// Takes the answer, or the language in which the page is read.
async fn answer(app: &App, opened: &Opened, body: Bytes) -> Result<Response, Problem> {
    let fields = Fields::read(body).await?;
    if let Some(language) = language(fields.one("taal")?)? {
        let person = opened.claims.person;
        let choose = |tx: Arc<Tx>, meeting: Meeting| async move {
            page::choose(&tx, &meeting, person, language).await
        };
        opened.change(app, choose).await?;
        return Ok(see(&opened.path));
    }
    let given = read(&fields)?;
    let of = opened.of();
    opened
        .change(app, |tx, _| async move {
            let done = consultation::answer::answer(&tx, of.meeting, of.person, given).await?;
            say(&tx, &done, of).await
        })
        .await?;
    Ok(see(&opened.to("")))
}

/// Tells whose answer it is that it was changed, or that something was proposed for them.
async fn say(tx: &Tx, answered: &Answered, of: Of) -> Result<()> {
    if answered.changed { answers::say_changed(tx, &answered.meeting, of).await } else { Ok(()) }
}

/// The language of a word; none when it was not sent.
fn language(word: &str) -> Result<Option<Language>, Problem> {
    if word.is_empty() {
        return Ok(None);
    }
    let mut known = [Language::Dutch, Language::English].into_iter();
    known.find(|one| words::words(*one).lang == word).map(Some).ok_or(ANSWER_INVALID)
}

fn read(fields: &Fields) -> Result<Given, Problem> {
    let answer = fields.given("answer")?;
    let known = CHOICES.iter().find(|(value, _)| *value == answer).map(|(_, answer)| *answer);
    let reason = match fields.one("reason")? {
        "" => None,
        given => Some(REASONS.iter().find(|(value, _)| *value == given).ok_or(ANSWER_INVALID)?.1),
    };
    Ok(Given { answer: known.ok_or(ANSWER_INVALID)?, reason })
}

/// The meeting that a link leads to, and which page of it is asked for.
async fn open(app: &App, uri: &Uri) -> Result<(Opened, Part), Problem> {
    let rest = uri.path().strip_prefix("/r/").unwrap_or_default();
    let (token, part) = match rest.split_once('/') {
        None => (rest, Part::Answer),
        Some((token, name)) => {
            let known = PARTS.iter().find(|(own, _)| *own == name);
            (token, known.ok_or(LINK_INVALID)?.1)
        }
    };
    let claims = LinkClaims::read(&app.keys, token, app.now()).map_err(|bad| match bad {
        BadLink::Invalid => LINK_INVALID,
        BadLink::Expired => EXPIRED,
    })?;
    let grant = Grant::link(claims.region, claims.person);
    let read = app.read(grant.clone());
    let meeting = match consultation::store::get(&read, claims.consultation).await {
        Ok(meeting) => meeting,
        Err(Error::NotFound(_)) => return Err(LINK_INVALID),
        Err(error) => return Err(Problem::from(&error)),
    };
    check(&claims, &meeting)?;
    let asked = consultation::answer::is_asked(&read, &meeting).await;
    let asked = asked.map_err(|error| form::behind_link(&error))?;
    let named = uri.query().unwrap_or_default().split('&').find_map(|pair| pair.strip_prefix("taal="));
    // An address that was mistyped is read all the same.
    let in_address = language(named.unwrap_or_default()).unwrap_or(None);
    let of = Of { meeting: claims.consultation, person: claims.person };
    let chosen = match in_address {
        Some(language) => Some(language),
        None => page::chosen(&read, of).await.map_err(|error| form::behind_link(&error))?,
    };
    let opened = Opened {
        path: format!("/r/{token}"),
        claims,
        grant,
        meeting,
        asked,
        language: chosen,
        in_address: in_address.is_some(),
    };
    Ok((opened, part))
}

/// A link fits the version of the meeting that it was mailed with. Cancelling raises the
/// version once more without a new link: the last link then says that it is off.
fn check(claims: &LinkClaims, meeting: &Meeting) -> Result<(), Problem> {
    let off = u32::from(meeting.state == Life::Cancelled);
    let seated = meeting.table.iter().any(|seat| seat.person == claims.person);
    if seated && claims.sequence.saturating_add(off) >= meeting.sequence { Ok(()) } else { Err(SUPERSEDED) }
}
