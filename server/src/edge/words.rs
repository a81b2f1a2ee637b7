//! Every error of gRPC in one form: our code, our reason, our words, and the request's id.
//!
//! What the framework itself refuses (a message too long, bytes that are no message, a method
//! that is not there) is told here, so that no decoder's text reaches a caller.

use axum::{
    body::Body,
    extract::{Request, State},
    middleware::Next,
    response::Response,
};
use http::HeaderMap;
use http_body_util::BodyExt;
use hyper::body::Frame;
use schakel_domain::refusal::{Language, Refusal};
use tonic::{Code, Status};
use tonic_types::{ErrorDetails, StatusExt};
use uuid::Uuid;

use crate::{
    app::App,
    error::{DOMAIN, Error, LANGUAGE},
};

/// The three headers that say how a call ended.
const STATUS: [&str; 3] = ["grpc-status", "grpc-message", "grpc-status-details-bin"];

/// What an error is told with: how the request is known in our log, and in which language.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Asked {
    pub(crate) id: Uuid,
    pub(crate) language: Language,
}

impl Asked {
    /// A new request with these headers.
    pub(crate) fn new(app: &App, headers: &HeaderMap) -> Self {
        Self { id: app.ids.next(app.now()), language: language(headers) }
    }
}

/// Around every call of gRPC, ours or the framework's.
pub(crate) async fn around(State(app): State<App>, mut request: Request, next: Next) -> Response {
    let asked = Asked::new(&app, request.headers());
    request.extensions_mut().insert(asked);
    let mut response = LANGUAGE.scope(asked.language, next.run(request)).await;
    tell(response.headers_mut(), asked);
    // A stream, and an answer that turns out too long, end badly behind their head.
    response.map(|body| {
        Body::new(body.map_frame(move |frame| match frame.into_trailers() {
            Ok(mut trailers) => {
                tell(&mut trailers, asked);
                Frame::trailers(trailers)
            }
            Err(frame) => frame,
        }))
    })
}

/// Answers with an error, told as all are.
pub(crate) fn answer(app: &App, headers: &HeaderMap, error: Status) -> Response {
    let mut response = error.into_http::<Body>();
    tell(response.headers_mut(), Asked::new(app, headers));
    response
}

/// Puts an error into our words; leaves alone what is none.
fn tell(headers: &mut HeaderMap, asked: Asked) {
    let code = headers.get(STATUS[0]).and_then(|value| value.to_str().ok()?.parse::<i32>().ok());
    let Some(code) = code.filter(|code| *code != 0).map(Code::from) else { return };
    let status = if headers.contains_key(STATUS[2]) {
        Status::from_header_map(headers)
    } else {
        let message = headers.get(STATUS[1]).and_then(|value| value.to_str().ok()).unwrap_or_default();
        Some(LANGUAGE.sync_scope(asked.language, || ours(code, message)))
    };
    let Some(status) = status else { return };
    let mut details = status.get_error_details();
    details.set_request_info(asked.id.to_string(), "");
    let status = Status::with_error_details(status.code(), status.message(), details);
    for name in STATUS {
        headers.remove(name);
    }
    // Only what is no header could fail, and a status is written as one.
    let _ = status.add_header(headers);
}

/// What the framework says, in our words.
fn ours(code: Code, message: &str) -> Status {
    match code {
        Code::OutOfRange | Code::ResourceExhausted => Error::from(Refusal::MessageTooLarge).into(),
        Code::Unimplemented if message.contains("compress") => malformed(Refusal::MalformedFrame),
        Code::Unimplemented => unknown_method(),
        Code::Internal
            if message.contains("decode") || message.contains("utf") || message.contains("UTF") =>
        {
            malformed(Refusal::MalformedMessage)
        }
        Code::Internal | Code::InvalidArgument | Code::Unknown | Code::DataLoss => {
            malformed(Refusal::MalformedFrame)
        }
        // A timeout of the framework says "Timeout expired" and calls it cancelled.
        Code::Cancelled if message.contains("Timeout") => late(),
        Code::DeadlineExceeded => late(),
        Code::Cancelled => plain(code, "CANCELLED", "the call was cancelled"),
        Code::Ok
        | Code::NotFound
        | Code::AlreadyExists
        | Code::PermissionDenied
        | Code::FailedPrecondition
        | Code::Aborted
        | Code::Unavailable
        | Code::Unauthenticated => plain(code, "INTERNAL", ""),
    }
}

/// A status that is no [`Error`] of a verb.
pub(crate) fn plain(code: Code, reason: &str, text: &str) -> Status {
    Status::with_error_details(code, text, ErrorDetails::with_error_info(reason, DOMAIN, []))
}

/// A method, or a whole service, that is not there.
pub(crate) fn unknown_method() -> Status {
    plain(Code::Unimplemented, "METHOD_UNKNOWN", "this method does not exist")
}

/// The call took longer than it might.
pub(crate) fn late() -> Status {
    plain(Code::DeadlineExceeded, "DEADLINE_EXCEEDED", "the deadline has passed")
}

fn malformed(refusal: Refusal) -> Status {
    Error::from(refusal).into()
}

/// Dutch, unless English is asked for first.
fn language(headers: &HeaderMap) -> Language {
    let wanted =
        headers.get(http::header::ACCEPT_LANGUAGE).and_then(|value| value.to_str().ok()).unwrap_or_default();
    if wanted.trim_start().get(..2).is_some_and(|tag| tag.eq_ignore_ascii_case("en")) {
        Language::English
    } else {
        Language::Dutch
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn english_is_spoken_to_who_asks_for_it_first() {
        let with = |value: &str| {
            language(&HeaderMap::from_iter([(http::header::ACCEPT_LANGUAGE, value.parse().unwrap())]))
        };
        assert_eq!(with("en-GB, nl"), Language::English);
        assert_eq!(with("nl, en"), Language::Dutch);
        assert_eq!(language(&HeaderMap::new()), Language::Dutch);
    }

    /// What tonic 0.14 and its decoder say, and what a caller hears instead.
    #[test]
    fn whatever_the_framework_says_is_told_in_our_words() {
        for (code, said, told, reason) in [
            (
                Code::OutOfRange,
                "Error, decoded message length too large: found 9 bytes",
                Code::ResourceExhausted,
                "MESSAGE_TOO_LARGE",
            ),
            (
                Code::OutOfRange,
                "Error, encoded message length too large",
                Code::ResourceExhausted,
                "MESSAGE_TOO_LARGE",
            ),
            (
                Code::ResourceExhausted,
                "Error decompressing: size limit, of 9 bytes, exceeded",
                Code::ResourceExhausted,
                "MESSAGE_TOO_LARGE",
            ),
            (
                Code::Internal,
                "failed to decode Protobuf message: buffer underflow",
                Code::InvalidArgument,
                "MALFORMED_MESSAGE",
            ),
            (
                Code::Internal,
                "failed to decode Protobuf message: X.y: invalid string value: data is not UTF-8 encoded",
                Code::InvalidArgument,
                "MALFORMED_MESSAGE",
            ),
            (
                Code::Internal,
                "protocol error: received message with compressed-flag but no grpc-encoding was specified",
                Code::InvalidArgument,
                "MALFORMED_FRAME",
            ),
            (Code::Internal, "Missing request message.", Code::InvalidArgument, "MALFORMED_FRAME"),
            (
                Code::Unimplemented,
                "Content is compressed with `gzip` which isn't supported",
                Code::InvalidArgument,
                "MALFORMED_FRAME",
            ),
            (Code::Unimplemented, "", Code::Unimplemented, "METHOD_UNKNOWN"),
            (Code::Cancelled, "Timeout expired", Code::DeadlineExceeded, "DEADLINE_EXCEEDED"),
            (Code::Cancelled, "h2 protocol error: stream no longer needed", Code::Cancelled, "CANCELLED"),
            (
                Code::Unknown,
                "h2 protocol error: unspecific protocol error detected",
                Code::InvalidArgument,
                "MALFORMED_FRAME",
            ),
            (Code::Unavailable, "error trying to connect: tcp connect error", Code::Unavailable, "INTERNAL"),
        ] {
            let mut headers = HeaderMap::new();
            Status::from_header_map(&HeaderMap::from_iter([
                (STATUS[0].parse().unwrap(), (code as i32).into()),
                (STATUS[1].parse().unwrap(), said.replace(' ', "%20").parse().unwrap()),
            ]))
            .unwrap()
            .add_header(&mut headers)
            .unwrap();
            let asked = Asked { id: Uuid::from_u128(7), language: Language::English };
            tell(&mut headers, asked);
            let heard = Status::from_header_map(&headers).unwrap();
            let details = heard.get_error_details();
            let info = details.error_info().unwrap();
            assert_eq!(
                (heard.code(), info.reason.as_str(), info.domain.as_str()),
                (told, reason, "schakel"),
                "{said}"
            );
            assert_eq!(details.request_info().unwrap().request_id, asked.id.to_string());
            for word in said.split(' ').filter(|word| word.len() > 9) {
                assert!(!heard.message().contains(word), "{word} is the framework's");
            }
            tell(&mut headers, asked);
            assert_eq!(Status::from_header_map(&headers).unwrap().details(), heard.details(), "told once");
        }
    }
}
