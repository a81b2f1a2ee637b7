//! Small forms, read whole or refused.

use axum::{
    body::{Body, Bytes},
    extract::{Form, FromRequest, Request},
};
use http::{HeaderMap, StatusCode, header};
use schakel_domain::refusal::Refusal;

use super::problem::{Problem, TOO_LATE};
use crate::{app::App, edge::slow::is_too_slow, error::Error, settings::seconds};

/// A form with a few short fields is far smaller.
const LONGEST_FORM: usize = 16 << 10;
const FORM: &str = "application/x-www-form-urlencoded";

const NOT_A_FORM: Problem = Problem {
    status: StatusCode::UNSUPPORTED_MEDIA_TYPE,
    reason: "FORM_REQUIRED",
    dutch: "Gebruik het formulier op de pagina.",
    english: "Use the form on the page.",
};
/// More than a page takes at once.
const TOO_LARGE: Problem = Problem {
    status: StatusCode::PAYLOAD_TOO_LARGE,
    reason: "MESSAGE_TOO_LARGE",
    dutch: "Dit bericht is te groot.",
    english: "This message is too large.",
};
/// Nothing was chosen.
pub(super) const ANSWER_REQUIRED: Problem = Problem {
    status: StatusCode::BAD_REQUEST,
    reason: "ANSWER_REQUIRED",
    dutch: "Kies eerst een antwoord. Ga terug en probeer het opnieuw.",
    english: "Choose an answer first. Go back and try again.",
};
/// Something else was sent than the form offers.
pub(super) const ANSWER_INVALID: Problem = Problem {
    status: StatusCode::BAD_REQUEST,
    reason: "ANSWER_INVALID",
    dutch: "Dit antwoord kennen wij niet. Ga terug en probeer het opnieuw.",
    english: "We do not know this answer. Go back and try again.",
};
/// A link that was never one.
pub(super) const LINK_INVALID: Problem = Problem {
    status: StatusCode::NOT_FOUND,
    reason: "LINK_INVALID",
    dutch: "Deze link werkt niet. Open de link uit uw mail opnieuw, of bel ons.",
    english: "This link does not work. Open the link in your e-mail again, or call us.",
};

/// Nothing can be said behind a link any more, or not now.
const ANSWER_CLOSED: Problem = Problem {
    status: StatusCode::CONFLICT,
    reason: "ANSWER_CLOSED",
    dutch: "U kunt nu niet antwoorden. Hebt u een vraag? Bel ons.",
    english: "You cannot answer now. If you have a question, please call us.",
};

/// An error behind a link: whoever holds it, perhaps because it was forwarded, learns nothing of a
/// case and how it stands.
pub(super) fn behind_link(error: &Error) -> Problem {
    if matches!(error, Error::Refused(Refusal::CaseClosed | Refusal::CaseRestricted, _)) {
        ANSWER_CLOSED
    } else if matches!(error, Error::NotFound(_)) {
        LINK_INVALID
    } else {
        Problem::from(error)
    }
}

/// A file as a script sends it, whole, within the time that a call may take: whoever trickles would
/// hold the memory of it, and the leave to have it, for as long.
pub(super) async fn whole_file(app: &App, request: Request, most: usize) -> Result<Bytes, Problem> {
    let longest = seconds(app.settings.limits.call_seconds);
    let read = axum::body::to_bytes(request.into_body(), most);
    let read = tokio::time::timeout(longest, read).await.map_err(|_| TOO_LATE)?;
    read.map_err(|error| if is_too_slow(&error) { TOO_LATE } else { TOO_LARGE })
}

/// The body of a form, not yet read.
pub(super) async fn body(request: Request) -> Result<Bytes, Problem> {
    body_up_to(request, LONGEST_FORM).await
}

/// Whether the headers announce a form.
pub(super) fn is_form(headers: &HeaderMap) -> bool {
    let kind = headers.get(header::CONTENT_TYPE).and_then(|kind| kind.to_str().ok());
    let kind = kind.and_then(|kind| kind.split(';').next()).unwrap_or_default();
    kind.trim().eq_ignore_ascii_case(FORM)
}

/// The same, of a form that may be longer.
pub(super) async fn body_up_to(request: Request, longest: usize) -> Result<Bytes, Problem> {
    if !is_form(request.headers()) {
        return Err(NOT_A_FORM);
    }
    axum::body::to_bytes(request.into_body(), longest)
        .await
        .map_err(|error| if is_too_slow(&error) { TOO_LATE } else { TOO_LARGE })
}

/// Whether two texts are one, whatever line breaks a browser makes of them.
pub(super) fn is_same(one: &str, other: &str) -> bool {
    one.trim().replace("\r\n", "\n") == other.trim().replace("\r\n", "\n")
}

/// The fields of a form.
pub(super) struct Fields(Vec<(String, String)>);

impl Fields {
    /// Reads them.
    pub(super) async fn read(body: Bytes) -> Result<Self, Problem> {
        let form = Request::post("/").header(header::CONTENT_TYPE, FORM).body(Body::from(body));
        let form = form.map_err(|_| ANSWER_REQUIRED)?;
        let Form(fields) =
            Form::<Vec<(String, String)>>::from_request(form, &()).await.map_err(|_| ANSWER_INVALID)?;
        Ok(Self(fields))
    }

    /// Every field with its value, in order.
    pub(super) fn entries(&self) -> impl Iterator<Item = (&str, &str)> {
        self.0.iter().map(|(name, value)| (name.as_str(), value.as_str()))
    }

    /// Every value of the field, in order.
    pub(super) fn all(&self, name: &str) -> impl Iterator<Item = &str> {
        self.0.iter().filter(move |(own, _)| own == name).map(|(_, value)| value.as_str())
    }

    /// The one value of the field; empty when it was not sent.
    pub(super) fn one(&self, name: &str) -> Result<&str, Problem> {
        let mut values = self.all(name);
        let value = values.next().unwrap_or_default();
        if values.next().is_some() { Err(ANSWER_INVALID) } else { Ok(value.trim()) }
    }

    /// The one value of a field that must be there.
    pub(super) fn given(&self, name: &str) -> Result<&str, Problem> {
        let value = self.one(name)?;
        if value.is_empty() { Err(ANSWER_REQUIRED) } else { Ok(value) }
    }

    /// Whether a field says something else than the page did on which it was filled in; also where the
    /// form does not tell what that was, as `was:` and the name.
    pub(super) fn is_changed(&self, name: &str) -> Result<bool, Problem> {
        let now = self.one(name)?;
        Ok(self.all(&format!("was:{name}")).next().is_none_or(|was| !is_same(was, now)))
    }

    /// Whether a box was ticked.
    pub(super) fn ticked(&self, name: &str) -> Result<bool, Problem> {
        self.one(name).map(|value| !value.is_empty())
    }
}
