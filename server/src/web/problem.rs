//! What went wrong, as a page for people or as JSON for programs (RFC 9457).

use axum::response::{IntoResponse, Response};
use http::{HeaderMap, StatusCode, header};
use schakel_domain::refusal::Language;
use tonic::Code;

use super::page;
use crate::error::Error;

/// A fault with what to do about it. It never repeats what was sent.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Problem {
    /// The HTTP status.
    pub(crate) status: StatusCode,
    /// Machine-readable.
    pub(crate) reason: &'static str,
    /// In plain Dutch.
    pub(crate) dutch: &'static str,
    /// In English.
    pub(crate) english: &'static str,
}

/// What is not there, was never there, or is nobody's business.
pub(crate) const NOT_FOUND: Problem = Problem {
    status: StatusCode::NOT_FOUND,
    reason: "NOT_FOUND",
    dutch: "Deze pagina bestaat niet.",
    english: "This page does not exist.",
};

/// The page exists, but not for this method.
pub(crate) const METHOD_NOT_ALLOWED: Problem = Problem {
    status: StatusCode::METHOD_NOT_ALLOWED,
    reason: "METHOD_NOT_ALLOWED",
    dutch: "Dit kan niet op deze pagina.",
    english: "This cannot be done on this page.",
};

/// No path of ours is this long.
pub(crate) const PATH_TOO_LONG: Problem = Problem {
    status: StatusCode::URI_TOO_LONG,
    reason: "PATH_TOO_LONG",
    dutch: "Dit adres is te lang.",
    english: "This address is too long.",
};

/// Two programs on its way could read it differently, or it was meant for a proxy.
pub(crate) const REQUEST_MALFORMED: Problem = Problem {
    status: StatusCode::BAD_REQUEST,
    reason: "REQUEST_MALFORMED",
    dutch: "Dit verzoek is niet goed gevormd.",
    english: "This request is malformed.",
};

/// The request came too slowly, or took too long.
pub(crate) const TOO_LATE: Problem = Problem {
    status: StatusCode::REQUEST_TIMEOUT,
    reason: "DEADLINE_EXCEEDED",
    dutch: "Dit duurde te lang. Probeer het opnieuw.",
    english: "This took too long. Try again.",
};

impl Problem {
    /// In that language.
    pub(crate) fn text(self, language: Language) -> &'static str {
        match language {
            Language::Dutch => self.dutch,
            Language::English => self.english,
        }
    }

    /// As `application/problem+json`.
    pub(crate) fn json(self) -> Response {
        let body = serde_json::json!({
            "title": self.english,
            "detail": self.dutch,
            "status": self.status.as_u16(),
            "reason": self.reason,
        });
        (self.status, [(header::CONTENT_TYPE, "application/problem+json")], body.to_string()).into_response()
    }

    /// As a page, unless the caller asks for JSON.
    pub(crate) fn page(self, asked: &HeaderMap) -> Response {
        let wants = asked.get(header::ACCEPT).and_then(|accept| accept.to_str().ok()).unwrap_or_default();
        if wants.contains("json") && !wants.contains("text/html") {
            return self.json();
        }
        page::message(self.status, "Overleg", self.dutch, self.english)
    }

    /// As a page for whoever asks for one, as browsers do; anybody else is a program.
    pub(crate) fn shown(self, asked: &HeaderMap) -> Response {
        let accepts = asked.get(header::ACCEPT).and_then(|accept| accept.to_str().ok()).unwrap_or_default();
        if accepts.contains("text/html") {
            page::message(self.status, "Schakel", self.dutch, self.english)
        } else {
            self.json()
        }
    }
}

/// An error as JSON, with the time after which it may be tried again (RFC 9110 §10.2.3).
pub(crate) fn answer(error: &Error) -> Response {
    let mut response = Problem::from(error).json();
    if let Some(wait) = error.retry() {
        let wait = wait.as_secs() + u64::from(wait.subsec_nanos() > 0);
        response.headers_mut().insert(header::RETRY_AFTER, wait.into());
    }
    response
}

impl From<&Error> for Problem {
    fn from(error: &Error) -> Self {
        let status = match error.code() {
            Code::InvalidArgument => StatusCode::BAD_REQUEST,
            Code::NotFound => return NOT_FOUND,
            Code::FailedPrecondition | Code::Aborted => StatusCode::CONFLICT,
            Code::PermissionDenied => StatusCode::FORBIDDEN,
            Code::Unauthenticated => StatusCode::UNAUTHORIZED,
            Code::ResourceExhausted if matches!(error, Error::RateLimited(_)) => {
                StatusCode::TOO_MANY_REQUESTS
            }
            Code::Unavailable | Code::ResourceExhausted => StatusCode::SERVICE_UNAVAILABLE,
            Code::Ok
            | Code::Cancelled
            | Code::Unknown
            | Code::DeadlineExceeded
            | Code::AlreadyExists
            | Code::OutOfRange
            | Code::Unimplemented
            | Code::Internal
            | Code::DataLoss => StatusCode::INTERNAL_SERVER_ERROR,
        };
        let reason = match error {
            Error::Refused(refusal, _) => refusal.into(),
            Error::Stale => "ETAG_MISMATCH",
            Error::RateLimited(_) => "RATE_LIMITED",
            Error::Busy(_) | Error::Overloaded | Error::StorageFull(_) => "OVERLOADED",
            Error::Audit(_) => "AUDIT_UNAVAILABLE",
            Error::Unreadable { .. } => "DECRYPT_FAILED",
            Error::Invalid(_)
            | Error::Unauthenticated(_)
            | Error::Denied(_)
            | Error::StepUpRequired(_)
            | Error::IssuerUnavailable
            | Error::NotFound(_)
            | Error::Corrupt { .. }
            | Error::Database(_) => "INTERNAL",
        };
        if status.is_server_error() {
            tracing::error!(%error, "a page failed");
        }
        Self { status, reason, dutch: error.text(Language::Dutch), english: error.text(Language::English) }
    }
}
