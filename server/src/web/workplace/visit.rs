//! One request of somebody who is signed in: the session before anything else, and no form without
//! its token.

use std::{ops::Deref, sync::Arc};

use axum::{
    extract::{FromRequestParts, Request, State},
    middleware::Next,
    response::{IntoResponse, Response},
};
use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use http::{HeaderMap, HeaderValue, Method, StatusCode, header, request::Parts};
use schakel_domain::refusal::Language;
use schakel_proto::v1::{self as pb, access_service_client::AccessServiceClient};

use super::{
    Workplace,
    calls::Channel,
    cookie::{self, Kept},
    fresh, packed, render,
    trouble::{SIGN_OUT, Sent, Trouble, local, signed_out},
};
use crate::{
    access::{
        Membership, Peer,
        session::{self, Session},
    },
    app::App,
    error::Error,
    settings::seconds,
    store::keys::sha256,
    web::{
        form::{self, Fields},
        problem::{NOT_FOUND, Problem, TOO_LATE},
    },
};

/// The longest text of a case has 20 000 characters; a form may hold several.
const LONGEST_FORM: usize = 256 << 10;
/// Of whom nobody knows who it is no more is read than one such text.
const LONGEST_LEFT: usize = 64 << 10;
/// How a script shows the token, where it sends something else than a form.
const TOKEN: &str = "schakel-form";

/// A form from elsewhere, or of a session that is over.
const NOT_OURS: Problem = Problem {
    status: StatusCode::FORBIDDEN,
    reason: "FORM_OUTDATED",
    dutch: "Dit formulier is verlopen. Ga terug, laad de pagina opnieuw en probeer het nog eens.",
    english: "This form has expired. Go back, load the page again and try once more.",
};

/// A form of a page that was shown for another organisation: another window has switched since, or
/// the role there has ended.
const ACTS_FOR_ANOTHER: Problem = Problem {
    status: StatusCode::CONFLICT,
    reason: "ACTING_FOR_CHANGED",
    dutch: "U werkt nu voor een andere organisatie dan toen u deze pagina opende. Er is niets veranderd. \
            Laad de pagina opnieuw en probeer het nog eens.",
    english: "You now act for another organisation than when you opened this page. Nothing has changed. \
              Load the page again and try once more.",
};

/// What is about the session itself, whichever organisation the page was shown for.
const ABOUT_THE_SESSION: [&str; 2] = [SIGN_OUT, "/acting-for"];

/// Somebody who is signed in looks at a page. Cheap to clone; a handler takes it as an argument.
#[derive(Clone)]
pub(super) struct Visit(Arc<Inner>);

/// What is known of a visit.
pub(super) struct Inner {
    /// The server's parts, for its clock and ids; rows are for the services.
    pub(super) app: App,
    pub(super) session: Session,
    /// Who it is, as the API says it.
    pub(super) me: pb::WhoAmIResponse,
    pub(super) language: Language,
    /// The page that is looked at, with its query; of a form, the page from which it came, or else Today.
    pub(super) path: String,
    /// The address that was asked for, of a form too: in which part of the workplace the visitor is.
    pub(super) at: String,
    /// Belongs into every form, as `form`.
    pub(super) token: String,
    secret: String,
    calls: Channel,
}

impl Deref for Visit {
    type Target = Inner;

    fn deref(&self) -> &Inner {
        &self.0
    }
}

impl Inner {
    /// What a generated client calls through.
    pub(super) fn calls(&self) -> Channel {
        self.calls.clone()
    }

    /// A fresh id for the change of each form of a page. It stands in the form, so that one that is sent
    /// twice counts once.
    pub(super) fn request_id(&self) -> minijinja::Value {
        fresh::request_ids(&self.app)
    }
}

impl<S: Send + Sync> FromRequestParts<S> for Visit {
    type Rejection = Trouble;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Trouble> {
        parts.extensions.get::<Self>().cloned().ok_or(NOT_FOUND.into())
    }
}

/// The fields of a form whose token was right. A handler takes it as an argument.
#[derive(Clone)]
pub(super) struct Posted(Arc<Fields>);

impl Deref for Posted {
    type Target = Fields;

    fn deref(&self) -> &Fields {
        &self.0
    }
}

impl<S: Send + Sync> FromRequestParts<S> for Posted {
    type Rejection = Trouble;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Trouble> {
        parts.extensions.get::<Self>().cloned().ok_or(NOT_OURS.into())
    }
}

/// The language that was chosen, or else the browser's, Dutch unless it asks for English first.
pub(super) fn language(app: &App, headers: &HeaderMap) -> Language {
    let chosen = cookie::kept(app, headers, Kept::Language);
    let asked = headers.get(header::ACCEPT_LANGUAGE).and_then(|value| value.to_str().ok());
    let wanted = chosen.as_deref().or(asked).unwrap_or_default().trim_start();
    if wanted.get(..2).is_some_and(|tag| tag.eq_ignore_ascii_case("en")) {
        Language::English
    } else {
        Language::Dutch
    }
}

/// What only a page of this session knows that was shown for the organisation of `at`. Without the
/// organisation a form would count for the one to which another window has switched since.
fn token(secret: &str, at: &Membership) -> String {
    let text = format!("form {} {} {secret}", at.region, at.organisation);
    URL_SAFE_NO_PAD.encode(sha256(text.as_bytes()))
}

/// What the browser says of whether a request comes from a page of ours; nothing, when it is old.
fn told_ours(app: &App, headers: &HeaderMap) -> Option<bool> {
    let said = |name: &str| headers.get(name).and_then(|value| value.to_str().ok());
    match (said("sec-fetch-site"), said("origin")) {
        (Some(site), _) => Some(site == "same-origin"),
        (None, Some(origin)) => Some(origin == app.settings.public_url),
        (None, None) => None,
    }
}

/// Whether a request that changes something may come from a page of ours: where the browser does not
/// say, the token decides.
pub(super) fn is_ours(app: &App, headers: &HeaderMap) -> bool {
    told_ours(app, headers).unwrap_or(true)
}

/// What a request says before it is known who makes it.
struct Asked {
    secret: String,
    reads: bool,
    path: String,
    at: String,
    language: Language,
    peer: Option<Peer>,
}

impl Asked {
    fn of(app: &App, request: &Request) -> Self {
        let reads = matches!(*request.method(), Method::GET | Method::HEAD);
        let path = if reads {
            request.uri().path_and_query().map(http::uri::PathAndQuery::as_str)
        } else {
            came_from(app, request.headers())
        };
        Self {
            reads,
            secret: cookie::kept(app, request.headers(), Kept::Session).unwrap_or_default(),
            path: path.unwrap_or("/today").to_owned(),
            at: request.uri().path().to_owned(),
            language: language(app, request.headers()),
            peer: request.extensions().get::<Peer>().copied(),
        }
    }
}

/// Around every page behind the session.
pub(super) async fn admit(State(workplace): State<Workplace>, request: Request, next: Next) -> Response {
    let packs = packed::is_ours(&request);
    let asked = Asked::of(&workplace.app, &request);
    let (language, reads) = (asked.language, asked.reads);
    let forgotten = (!asked.secret.is_empty()).then(|| cookie::forget(&workplace.app, Kept::Session));
    let mut response = match enter(&workplace, asked).await {
        Err(trouble @ Trouble::SignIn(_)) => {
            let left = left_behind(&workplace.app, request).await;
            let mut response =
                left.map_or_else(|| trouble.into_response(), |sent| signed_out(&sent, language));
            // What opens nothing would be counted as a guess each time that it comes.
            response.headers_mut().extend(forgotten.map(|line| (header::SET_COOKIE, line)));
            response
        }
        Err(trouble) => unframed(trouble.into_response().status(), language, reads),
        Ok(visit) => {
            let mut sent = sent(&workplace.app, &request);
            match checked(&visit, request, &mut sent).await {
                Err(trouble) => visit.framed(trouble.into_response(), &sent),
                Ok(mut request) => {
                    request.extensions_mut().insert(visit.clone());
                    visit.framed(next.run(request).await, &sent)
                }
            }
        }
    };
    render::secure(response.headers_mut());
    if packs { packed::packed(response).await } else { response }
}

/// What it asks for, before its form is read.
fn sent(app: &App, request: &Request) -> Sent {
    let path = request.uri().path_and_query();
    Sent {
        to: path.map(|path| path.as_str().to_owned()).unwrap_or_default(),
        from: came_from(app, request.headers()).unwrap_or("/today").to_owned(),
        writes: !matches!(*request.method(), Method::GET | Method::HEAD),
        form: None,
    }
}

/// A form of ours that comes when nobody is signed in any more, for what was written in it; none where
/// that is nothing, or too much.
async fn left_behind(app: &App, request: Request) -> Option<Sent> {
    let mut sent = sent(app, &request);
    let ours = told_ours(app, request.headers()) == Some(true) && form::is_form(request.headers());
    if !ours || !sent.writes {
        return None;
    }
    let body = form::body_up_to(request, LONGEST_LEFT).await.ok()?;
    sent.form = Some(Posted(Arc::new(Fields::read(body).await.ok()?)));
    sent.tells().then_some(sent)
}

/// Who it is cannot be said now. The form of whoever sent one was not read, and is the browser's to send
/// again: with the same request id, so that it is done once.
pub(super) fn unframed(status: StatusCode, language: Language, reads: bool) -> Response {
    let own = render::words(language);
    let text = if reads { own.busy } else { own.busy_form };
    let values = minijinja::context! { text, heading => own.busy_heading, stays => !reads };
    let page = (own.busy_heading, "/today");
    let mut response = render::bare((status, language), "workplace/trouble.html", page, values);
    response.headers_mut().insert(header::RETRY_AFTER, HeaderValue::from_static("60"));
    response
}

/// The session of `secret`, read in a place of its own as a call is, and within the time of one: the
/// checksum of an invented secret can be right. The place is given back before the calls of the page
/// take theirs.
async fn opened(app: &App, secret: &str, peer: Option<Peer>) -> Result<Option<Session>, Trouble> {
    if secret.is_empty() {
        return Ok(None);
    }
    let read = async {
        let _place = app.edge.enter().await?;
        session::open(app, secret).await
    };
    let longest = seconds(app.settings.limits.call_seconds);
    match tokio::time::timeout(longest, read).await {
        Err(_) => Err(TOO_LATE.into()),
        Ok(Err(Error::Unauthenticated(_))) => {
            app.edge.not_signed_in(peer.map(|peer| peer.address), app.now())?;
            Ok(None)
        }
        Ok(found) => Ok(found?),
    }
}

/// Opens the session and asks the API who that is.
async fn enter(workplace: &Workplace, asked: Asked) -> Result<Visit, Trouble> {
    let Asked { secret, path, at, language, peer, .. } = asked;
    let app = workplace.app.clone();
    // Who wants to leave is not asked to come in first.
    let then = if at == SIGN_OUT { at.clone() } else { path.clone() };
    let Some(session) = opened(&app, &secret, peer).await? else { return Err(Trouble::SignIn(then)) };
    let calls = workplace.services.of(&session, peer, language);
    let me = match AccessServiceClient::new(calls.clone()).who_am_i(pb::WhoAmIRequest {}).await {
        Ok(me) => me.into_inner(),
        Err(status) if status.code() == tonic::Code::Unauthenticated => return Err(Trouble::SignIn(then)),
        Err(status) => return Err(status.into()),
    };
    let token = session.acting.first().map(|at| token(&secret, at)).unwrap_or_default();
    Ok(Visit(Arc::new(Inner { app, session, me, language, path, at, token, secret, calls })))
}

/// Whether `shown` is the token of a form that counts at `path`.
fn proves(visit: &Visit, path: &str, shown: &str) -> Result<(), Trouble> {
    // Hashes are compared, so that the time that it takes tells nothing of the token.
    let fits = |token: &str| sha256(shown.as_bytes()) == sha256(token.as_bytes());
    if !visit.token.is_empty() && fits(&visit.token) {
        return Ok(());
    }
    if !visit.session.organisations.iter().any(|at| fits(&token(&visit.secret, at))) {
        return Err(NOT_OURS.into());
    }
    if ABOUT_THE_SESSION.contains(&path) { Ok(()) } else { Err(ACTS_FOR_ANOTHER.into()) }
}

/// Lets pass what reads, and what changes something only with the token of the session.
/// Tells `sent` what the form says, unless it may come from elsewhere: then its words may be another's,
/// and no page of ours repeats them.
async fn checked(visit: &Visit, mut request: Request, sent: &mut Sent) -> Result<Request, Trouble> {
    if matches!(*request.method(), Method::GET | Method::HEAD) {
        return Ok(request);
    }
    if !is_ours(&visit.app, request.headers()) {
        return Err(NOT_OURS.into());
    }
    let path = request.uri().path().to_owned();
    if !form::is_form(request.headers()) {
        let shown = request.headers().get(TOKEN).and_then(|value| value.to_str().ok());
        return proves(visit, &path, shown.unwrap_or_default()).map(|()| request);
    }
    let (parts, body) = request.into_parts();
    let whole = Request::from_parts(parts.clone(), body);
    let fields = Fields::read(form::body_up_to(whole, LONGEST_FORM).await?).await?;
    let form = Posted(Arc::new(fields));
    let proven = proves(visit, &path, form.one("form")?);
    if proven.is_ok() || told_ours(&visit.app, &parts.headers) == Some(true) {
        sent.form = Some(form.clone());
    }
    proven?;
    request = Request::from_parts(parts, axum::body::Body::empty());
    request.extensions_mut().insert(form);
    Ok(request)
}

/// The page of ours from which a form came, as far as the browser says.
fn came_from<'a>(app: &App, headers: &'a HeaderMap) -> Option<&'a str> {
    let address = headers.get(header::REFERER)?.to_str().ok()?;
    local(address.strip_prefix(app.settings.public_url.as_str())?)
}
