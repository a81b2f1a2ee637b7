//! Around every call of the API: language, deadline, caller, span, and errors in one form.

use std::{sync::Arc, time::Duration};

use axum::{
    body::Body,
    extract::{Request, State},
    middleware::Next,
    response::Response,
};
use http::HeaderMap;
use schakel_domain::refusal::{Language, Refusal};
use schakel_proto::Method;
use tonic::{Code, Status};
use tracing::Instrument;

use super::{
    Call,
    authenticate::authenticate,
    methods::{Does, actions},
    mtls::Certificate,
    refused,
};
use crate::{
    app::App,
    error::{Credential, Error, LANGUAGE},
    store::audit::{TRACE, traceparent},
};

/// No call runs longer; a caller may ask for less with `grpc-timeout`.
const LONGEST: Duration = Duration::from_secs(30);

/// Puts the [`super::Caller`] into the request, or answers why not.
pub async fn call(State(app): State<App>, mut request: Request, next: Next) -> Response {
    let language = language(request.headers());
    let call = Arc::new(Call {
        peer: request.extensions().get().copied(),
        certificate: request.extensions().get::<Option<Arc<Certificate>>>().cloned().flatten(),
        headers: request.headers().clone(),
        method: request.uri().path().to_owned(),
    });
    let span = tracing::info_span!("rpc", method = %call.method);
    let deadline = deadline(request.headers());
    let trace = traceparent(request.headers());
    // RFC 6750 §2.3 allows a token in the address; addresses are logged.
    let told_to_all = request.uri().query().is_some_and(|query| query.contains("access_token"));
    let run = async move {
        let caller = if told_to_all {
            Err(Error::Unauthenticated(Credential::MalformedToken))
        } else {
            authenticate(&app, &call).await
        };
        match caller {
            Ok(caller) => {
                if let Some(method) = Method::of(&call.method) {
                    request.extensions_mut().insert(Does(actions(method)));
                }
                request.extensions_mut().insert(caller.clone());
                request.extensions_mut().insert(call);
                let response = in_our_words(next.run(request).await);
                refused::noted(&app, &caller, response).await
            }
            Err(error) => {
                refused::unknown(&call, &error);
                Status::from(error).into_http::<Body>()
            }
        }
    };
    let run = TRACE.scope(trace, run);
    let timed = LANGUAGE.scope(language, tokio::time::timeout(deadline, run).instrument(span));
    timed.await.unwrap_or_else(|_| {
        plain(Code::DeadlineExceeded, "DEADLINE_EXCEEDED", "the deadline has passed").into_http::<Body>()
    })
}

fn language(headers: &HeaderMap) -> Language {
    let wanted =
        headers.get(http::header::ACCEPT_LANGUAGE).and_then(|value| value.to_str().ok()).unwrap_or_default();
    if wanted.trim_start().get(..2).is_some_and(|tag| tag.eq_ignore_ascii_case("en")) {
        Language::English
    } else {
        Language::Dutch
    }
}

/// `grpc-timeout` (at most eight digits and a unit), never more than our own; nonsense is ignored.
fn deadline(headers: &HeaderMap) -> Duration {
    let text = headers.get("grpc-timeout").and_then(|value| value.to_str().ok()).unwrap_or_default();
    let asked = text.split_at_checked(text.len().saturating_sub(1)).and_then(|(digits, unit)| {
        let amount: u64 = (1..=8).contains(&digits.len()).then(|| digits.parse().ok()).flatten()?;
        Some(match unit {
            "H" => Duration::from_secs(amount * 3600),
            "M" => Duration::from_secs(amount * 60),
            "S" => Duration::from_secs(amount),
            "m" => Duration::from_millis(amount),
            "u" => Duration::from_micros(amount),
            "n" => Duration::from_nanos(amount),
            _ => return None,
        })
    });
    asked.unwrap_or(LONGEST).min(LONGEST)
}

fn plain(code: Code, reason: &str, text: &str) -> Status {
    use tonic_types::{ErrorDetails, StatusExt};
    Status::with_error_details(code, text, ErrorDetails::with_error_info(reason, "schakel", []))
}

/// Every error of ours carries details; one without them is the framework's, and is
/// told in our words so that no decoder's text reaches a caller.
fn in_our_words(response: Response) -> Response {
    let headers = response.headers();
    let Some(code) = headers.get("grpc-status").and_then(|value| value.to_str().ok()?.parse::<i32>().ok())
    else {
        return response;
    };
    if code == 0 || headers.contains_key("grpc-status-details-bin") {
        return response;
    }
    let message = headers.get("grpc-message").and_then(|value| value.to_str().ok()).unwrap_or_default();
    let status = match Code::from(code) {
        Code::OutOfRange | Code::ResourceExhausted => too_large(),
        Code::Unimplemented if message.contains("compress") => malformed(Refusal::MalformedFrame),
        Code::Unimplemented => unknown_method(),
        Code::Internal
            if message.contains("decode") || message.contains("utf") || message.contains("UTF") =>
        {
            malformed(Refusal::MalformedMessage)
        }
        Code::Internal | Code::InvalidArgument | Code::Unknown => malformed(Refusal::MalformedFrame),
        Code::Ok
        | Code::Cancelled
        | Code::DeadlineExceeded
        | Code::NotFound
        | Code::AlreadyExists
        | Code::PermissionDenied
        | Code::FailedPrecondition
        | Code::Aborted
        | Code::Unavailable
        | Code::DataLoss
        | Code::Unauthenticated => return response,
    };
    status.into_http::<Body>()
}

/// A method, or a whole service, that is not there.
pub fn unknown_method() -> Status {
    plain(Code::Unimplemented, "METHOD_UNKNOWN", "this method does not exist")
}

fn too_large() -> Status {
    let refusal = Refusal::MessageTooLarge;
    plain(Code::ResourceExhausted, refusal.into(), refusal.text(crate::error::language()))
}

fn malformed(refusal: Refusal) -> Status {
    Error::from(refusal).into()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn with(name: &'static str, value: &'static str) -> HeaderMap {
        HeaderMap::from_iter([(name.parse().unwrap(), value.parse().unwrap())])
    }

    #[test]
    fn a_deadline_never_grows_and_nonsense_is_ignored() {
        for (text, seconds) in
            [("99999999S", 30), ("99999999999S", 30), ("abc", 30), ("", 30), ("2S", 2), ("é", 30)]
        {
            let headers = http::HeaderValue::from_bytes(text.as_bytes())
                .map(|value| HeaderMap::from_iter([("grpc-timeout".parse().unwrap(), value)]))
                .unwrap();
            assert_eq!(deadline(&headers), Duration::from_secs(seconds), "{text}");
        }
        assert_eq!(deadline(&with("grpc-timeout", "1n")), Duration::from_nanos(1));
    }

    #[test]
    fn english_is_spoken_to_who_asks_for_it_first() {
        assert_eq!(language(&with("accept-language", "en-GB, nl")), Language::English);
        assert_eq!(language(&with("accept-language", "nl, en")), Language::Dutch);
        assert_eq!(language(&HeaderMap::new()), Language::Dutch);
    }
}
