//! What a call refuses, as a page, or as words beside the fields of a form.

use std::{collections::BTreeMap, fmt::Write, sync::Arc};

use axum::response::{IntoResponse, Response};
use http::{HeaderValue, StatusCode, header};
use minijinja::{Value, context};
use schakel_domain::refusal::Language;
use serde::Serialize;
use tonic::{Code, Status};
use tonic_types::StatusExt;

use super::{
    render::{Words, bare, words},
    visit::{Posted, Visit},
};
use crate::{
    error::Error,
    web::problem::{NOT_FOUND, Problem},
};

/// Why a page is not shown. `?` makes one of a refused call, of a bad field and of an error.
#[derive(Debug, Clone)]
pub(super) enum Trouble {
    /// The call was refused.
    Refused(Box<Status>),
    /// What was sent is no form of ours.
    Problem(Problem),
    /// Nobody is signed in; after that, this path is shown.
    SignIn(String),
}

/// What a handler gives.
pub(super) type Shown = Result<Response, Trouble>;

impl From<Status> for Trouble {
    fn from(status: Status) -> Self {
        Self::Refused(Box::new(status))
    }
}

impl From<Problem> for Trouble {
    fn from(problem: Problem) -> Self {
        Self::Problem(problem)
    }
}

impl From<Error> for Trouble {
    fn from(error: Error) -> Self {
        Status::from(error).into()
    }
}

/// Leads elsewhere after a form was taken, so that a reload sends nothing twice.
pub(super) fn see_other(path: &str) -> Response {
    let Ok(path) = HeaderValue::try_from(path) else { return NOT_FOUND.json() };
    (StatusCode::SEE_OTHER, [(header::LOCATION, path)]).into_response()
}

/// `path`, when it leads to a page of this server and nowhere else.
pub(super) fn local(path: &str) -> Option<&str> {
    let plain = path.bytes().all(|byte| byte.is_ascii_graphic() && byte != b'\\');
    (path.starts_with('/') && !path.starts_with("//") && plain).then_some(path)
}

/// `text` as a value in the query of an address.
pub(super) fn in_query(text: &str) -> String {
    let mut written = String::with_capacity(text.len());
    for byte in text.bytes() {
        if byte.is_ascii_alphanumeric() || b"/-._".contains(&byte) {
            written.push(char::from(byte));
        } else {
            let _ = write!(written, "%{byte:02X}");
        }
    }
    written
}

/// A server takes no longer address than 2048, and one that was written for a query is longer.
const LONGEST_QUERY: usize = 2000;

/// The address of the form that signs out.
pub(super) const SIGN_OUT: &str = "/sign-out";

/// The address at which somebody signs in who then wants to see `path`; of who wanted to sign out and had
/// been, the page that says so.
pub(super) fn sign_in_for(path: &str) -> String {
    if path == SIGN_OUT {
        return "/sign-in?said=ended".to_owned();
    }
    let to = in_query(local(path).unwrap_or("/today"));
    format!("/sign-in?to={}", if to.len() <= LONGEST_QUERY { to.as_str() } else { "/today" })
}

impl IntoResponse for Trouble {
    /// Without the frame: [`frame`] puts it around.
    fn into_response(self) -> Response {
        let mut response = match &self {
            Self::SignIn(path) => see_other(&sign_in_for(path)),
            Self::Problem(problem) => problem.json(),
            Self::Refused(status) => kind(status).0.into_response(),
        };
        response.extensions_mut().insert(Arc::new(self));
        response
    }
}

/// The reason of a refused call, for example `ETAG_MISMATCH`.
pub(super) fn reason(status: &Status) -> String {
    status.get_details_error_info().map(|info| info.reason).unwrap_or_default()
}

/// What of a refusal is told to people, and in which words.
#[derive(Clone, Copy)]
enum Told {
    /// Not there, or not theirs.
    Absent,
    Stronger,
    /// The call's own words.
    Own,
    Busy,
    Failed,
}

fn kind(status: &Status) -> (StatusCode, Told) {
    match status.code() {
        Code::PermissionDenied if reason(status) == "STEP_UP_REQUIRED" => {
            (StatusCode::FORBIDDEN, Told::Stronger)
        }
        Code::NotFound | Code::PermissionDenied | Code::Unimplemented => {
            (StatusCode::NOT_FOUND, Told::Absent)
        }
        Code::InvalidArgument | Code::OutOfRange => (StatusCode::BAD_REQUEST, Told::Own),
        Code::FailedPrecondition | Code::Aborted | Code::AlreadyExists => (StatusCode::CONFLICT, Told::Own),
        Code::ResourceExhausted => (StatusCode::TOO_MANY_REQUESTS, Told::Busy),
        Code::Unavailable | Code::DeadlineExceeded | Code::Cancelled => {
            (StatusCode::SERVICE_UNAVAILABLE, Told::Busy)
        }
        Code::Unauthenticated => (StatusCode::UNAUTHORIZED, Told::Stronger),
        Code::Ok | Code::Unknown | Code::Internal | Code::DataLoss => {
            (StatusCode::INTERNAL_SERVER_ERROR, Told::Failed)
        }
    }
}

fn texts<'a>(told: Told, status: &'a Status, own: &'a Words) -> (&'a str, &'a str) {
    match told {
        Told::Absent => (own.refused_heading, own.refused),
        Told::Stronger => (own.stronger_heading, own.stronger),
        // The call tells programs to take another id; people load the page.
        Told::Own if reason(status) == "REQUEST_ID_REUSED" => (own.conflict_heading, own.reused),
        Told::Own => (own.conflict_heading, status.message()),
        Told::Busy => (own.busy_heading, own.busy),
        Told::Failed => (own.failed_heading, own.failed),
    }
}

/// What a request wanted, for when it is not taken, or it is not known what became of it. The server
/// forgets it with the answer.
pub(super) struct Sent {
    /// Where it went.
    pub(super) to: String,
    /// The page from which it came, as far as the browser says; else Today.
    pub(super) from: String,
    /// Whether it was to change something.
    pub(super) writes: bool,
    /// What was filled in, when it was a form of ours.
    pub(super) form: Option<Posted>,
}

impl Sent {
    /// The same form once more, with its `request_id`, so that what was done is not done twice; nothing
    /// of a form without one.
    fn again(&self) -> Option<Value> {
        let (form, to) = (self.form.as_ref()?, local(&self.to)?);
        form.given("request_id").ok()?;
        // The token is that of the page on which the form stands now.
        let kept = form.entries().filter(|(name, _)| *name != "form");
        let fields: Vec<Value> = kept.map(|(name, value)| context! { name, value }).collect();
        Some(context! { fields, to })
    }

    /// What somebody wrote: texts of several words that say something else than the page did. What is
    /// chosen, hidden or one word is no work to do again.
    fn texts(&self) -> Vec<Value> {
        let Some(form) = &self.form else { return Vec::new() };
        let mut texts: Vec<&str> = Vec::new();
        for (name, value) in form.entries() {
            let text = value.trim();
            let written = text.contains(char::is_whitespace) && !name.starts_with("was:");
            if written && form.is_changed(name).unwrap_or(true) && !texts.contains(&text) {
                texts.push(text);
            }
        }
        texts.into_iter().map(Value::from).collect()
    }

    /// Whether somebody wrote anything in it.
    pub(super) fn tells(&self) -> bool {
        !self.texts().is_empty()
    }
}

/// Somebody wrote something, and was signed out meanwhile: they get it back, to copy it.
pub(super) fn signed_out(sent: &Sent, language: Language) -> Response {
    let own = words(language);
    let (heading, reopen) = (own.signed_out_heading, sign_in_for(&sent.from));
    let values = context! { heading, reopen, text => own.signed_out, texts => sent.texts() };
    bare((StatusCode::FORBIDDEN, language), "workplace/trouble.html", (heading, "/today"), values)
}

/// An address that was typed, cut off or kept too long.
const ADDRESS_INVALID: Problem = Problem {
    status: StatusCode::BAD_REQUEST,
    reason: "ADDRESS_INVALID",
    dutch: "Dit adres of formulier klopt niet. Ga terug en probeer het opnieuw.",
    english: "This address or form is not right. Go back and try again.",
};

/// What went wrong, if anything did. What could not even be read is refused before a handler sees it, in
/// plain text for programmers.
fn told(response: &Response) -> Option<Arc<Trouble>> {
    let kind = response.headers().get(header::CONTENT_TYPE);
    let plain = kind.is_some_and(|kind| kind.as_bytes().starts_with(b"text/plain"));
    let unread = || {
        (plain && response.status().is_client_error()).then(|| {
            let status = response.status();
            Arc::new(Trouble::Problem(Problem { status, ..ADDRESS_INVALID }))
        })
    };
    response.extensions().get::<Arc<Trouble>>().cloned().or_else(unread)
}

/// What went wrong before there is a session, on a page.
pub(super) fn unframed(response: Response, language: Language) -> Response {
    let Some(trouble) = told(&response) else { return response };
    let own = words(language);
    let (heading, text) = match &*trouble {
        Trouble::SignIn(_) => return response,
        Trouble::Problem(problem) => (own.conflict_heading, problem.text(language)),
        Trouble::Refused(status) => texts(kind(status).1, status, own),
    };
    let values = context! { heading, text, back => "/sign-in", back_label => own.sign_in };
    bare((response.status(), language), "workplace/trouble.html", (heading, "/sign-in"), values)
}

/// Whether a call that ended so may have been done all the same.
fn is_unsure(status: &Status) -> bool {
    matches!(status.code(), Code::Unavailable | Code::DeadlineExceeded | Code::Cancelled)
}

impl Visit {
    /// Puts the frame around what went wrong.
    pub(super) fn framed(&self, response: Response, sent: &Sent) -> Response {
        let Some(trouble) = told(&response) else { return response };
        let own = words(self.language);
        let mut again = None;
        let (status, heading, text) = match &*trouble {
            Trouble::SignIn(_) => return response,
            // The session ended between the page and the call.
            Trouble::Refused(status) if status.code() == Code::Unauthenticated => {
                return if sent.tells() {
                    signed_out(sent, self.language)
                } else {
                    see_other(&sign_in_for(&self.path))
                };
            }
            Trouble::Refused(status) => {
                let (code, told) = kind(status);
                let (heading, text) = texts(told, status, own);
                if matches!(told, Told::Busy | Told::Failed) {
                    again = sent.again();
                }
                (code, heading, if sent.writes && is_unsure(status) { own.unsure } else { text })
            }
            Trouble::Problem(problem) if problem.status == StatusCode::NOT_FOUND => {
                (problem.status, own.refused_heading, own.refused)
            }
            Trouble::Problem(problem) => (problem.status, own.conflict_heading, problem.text(self.language)),
        };
        let texts = if again.is_none() { sent.texts() } else { Vec::new() };
        let values = context! { heading, text, again, texts, reopen => sent.from.as_str() };
        let mut page = self.page_with(status, ("workplace/trouble.html", heading), values);
        if status == StatusCode::SERVICE_UNAVAILABLE || status == StatusCode::TOO_MANY_REQUESTS {
            page.headers_mut().insert(header::RETRY_AFTER, HeaderValue::from_static("60"));
        }
        page
    }
}

/// What is wrong with a form, for its page: `parts.summary(faults)` above it, and
/// `parts.fault(faults, "case.school")` at each field, by its path in the API.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub(super) struct Faults {
    /// The whole in a sentence, in the language of the page.
    pub(super) summary: String,
    /// The reason in a word, for example `TIME_CONFLICT`.
    pub(super) reason: String,
    /// What is wrong with each field.
    pub(super) fields: BTreeMap<String, String>,
}

impl From<&Faults> for Value {
    fn from(faults: &Faults) -> Self {
        Self::from(minijinja::value::Serde(faults))
    }
}

impl Faults {
    /// Of a call that a rule refused; everything else is the trouble of the whole page.
    pub(super) fn of(status: Status) -> Result<Self, Trouble> {
        let ours = matches!(
            status.code(),
            Code::InvalidArgument | Code::FailedPrecondition | Code::Aborted | Code::AlreadyExists
        );
        if !ours {
            return Err(status.into());
        }
        let told = status.get_details_bad_request().map(|told| told.field_violations).unwrap_or_default();
        // The id of a request is no field that anybody fills in.
        let told = told.into_iter().filter(|fault| fault.field != "request_id");
        let fields = told.map(|fault| (fault.field, fault.description)).collect();
        Ok(Self { summary: status.message().to_owned(), reason: reason(&status), fields })
    }

    /// The same, with what is wrong with a part of one of `fields` told at that field.
    pub(super) fn at(&self, fields: &[&str]) -> Self {
        let is_part = |path: &str, field: &str| {
            path.strip_prefix(field).is_some_and(|rest| rest.starts_with(['[', '.']))
        };
        let mut told = Self { fields: BTreeMap::new(), ..self.clone() };
        for (path, fault) in &self.fields {
            let is_own = fields.contains(&path.as_str());
            let whole = fields.iter().copied().find(|field| !is_own && is_part(path, field));
            let place = whole.unwrap_or(path);
            told.fields.entry(place.to_owned()).or_insert_with(|| fault.clone());
        }
        told
    }

    /// The same, with what is wrong with `path` told at `field`.
    pub(super) fn told_at(mut self, path: &str, field: &str) -> Self {
        if let Some(fault) = self.fields.remove(path) {
            self.fields.insert(field.to_owned(), fault);
        }
        self
    }

    /// Whether somebody else changed the thing since it was read.
    pub(super) fn is_stale(&self) -> bool {
        self.reason == "ETAG_MISMATCH"
    }

    /// The etag of a form that is shown again. A fresh one only where it is told that the thing changed:
    /// with it, what somebody else changes meanwhile would be overwritten unseen.
    pub(super) fn etag<'a>(&self, shown: &'a str, fresh: &'a str) -> &'a str {
        if self.is_stale() || shown.is_empty() { fresh } else { shown }
    }
}

/// What a call gave, or nothing where the caller's roles never may: a part of a page that is left out.
pub(super) fn if_allowed<T>(answer: Result<tonic::Response<T>, Status>) -> Result<Option<T>, Trouble> {
    match answer {
        Ok(answer) => Ok(Some(answer.into_inner())),
        Err(status) if status.code() == Code::PermissionDenied => Ok(None),
        Err(status) => Err(status.into()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nobody_is_led_away_from_here_after_signing_in() {
        for away in ["https://evil.example", "//evil.example", "/\\evil.example", "/a b", "", "today"] {
            assert_eq!(local(away), None, "{away}");
        }
        assert_eq!(local("/cases?page=2"), Some("/cases?page=2"));
        assert_eq!(sign_in_for("/cases?page=2"), "/sign-in?to=/cases%3Fpage%3D2");
        assert_eq!(sign_in_for("//evil.example"), "/sign-in?to=/today");
        assert_eq!(sign_in_for(&format!("/book?{}", "&".repeat(700))), "/sign-in?to=/today");
    }
}
