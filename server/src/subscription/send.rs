//! Posts an event to an address: no redirects, a patience, and of the answer no more than its head.

use std::time::Duration;

use chrono::{DateTime, TimeDelta, Utc};
use http::{HeaderMap, Request, StatusCode, Uri, header};
use http_body_util::Full;
use hyper::body::Bytes;
use hyper_util::rt::TokioIo;
use tokio::task::JoinSet;

use crate::outward::{NotCalled, Way};

/// The longest that an address may ask to be left alone.
const LONGEST: TimeDelta = TimeDelta::hours(24);

/// An event that is to be sent.
pub(super) struct Message {
    /// The same at every try.
    pub(super) id: String,
    /// When it is sent.
    pub(super) at: DateTime<Utc>,
    pub(super) body: String,
    /// The value of `webhook-signature`.
    pub(super) signature: String,
    /// The host of this server, by which an address knows who sends.
    pub(super) origin: String,
}

/// Why it was not taken; the address itself is never told.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Failure {
    /// It, or where it leads, may not be called.
    AddressRefused,
    /// Nobody is there, or the conversation broke.
    Unreachable,
    /// Too slow.
    TimedOut,
    /// Any answer but a success, and for how long it asks to be left alone.
    Http(StatusCode, Option<TimeDelta>),
}

impl Failure {
    /// Its code on the wire.
    pub(super) fn code(self) -> String {
        match self {
            Self::AddressRefused => "ADDRESS_REFUSED".to_owned(),
            Self::Unreachable => "UNREACHABLE".to_owned(),
            Self::TimedOut => "TIMED_OUT".to_owned(),
            Self::Http(status, _) => format!("HTTP_{}", status.as_u16()),
        }
    }
}

impl From<NotCalled> for Failure {
    fn from(error: NotCalled) -> Self {
        match error {
            NotCalled::Address => Self::AddressRefused,
            NotCalled::Io(_) => Self::Unreachable,
        }
    }
}

/// Sends `message` to `url`.
pub(super) async fn post(
    (way, patience): (&Way, Duration),
    url: &Uri,
    message: &Message,
) -> Result<(), Failure> {
    tokio::time::timeout(patience, once(way, url, message)).await.unwrap_or(Err(Failure::TimedOut))
}

async fn once(way: &Way, url: &Uri, message: &Message) -> Result<(), Failure> {
    let stream = way.connect(url).await?;
    let request = Request::post(url.path_and_query().map_or("/", http::uri::PathAndQuery::as_str))
        .header(header::HOST, url.authority().map_or("", http::uri::Authority::as_str))
        .header(header::CONTENT_TYPE, "application/cloudevents+json; charset=utf-8")
        .header(header::USER_AGENT, "schakel")
        .header(header::CONNECTION, "close")
        .header("webhook-id", message.id.as_str())
        .header("webhook-timestamp", message.at.timestamp())
        .header("webhook-signature", message.signature.as_str())
        .header("webhook-request-origin", message.origin.as_str())
        .body(Full::new(Bytes::from(message.body.clone())))
        .map_err(|_| Failure::AddressRefused)?;
    let (mut sender, connection) = hyper::client::conn::http1::handshake(TokioIo::new(stream))
        .await
        .map_err(|_| Failure::Unreachable)?;
    // It ends with this call: what the answer says beyond its head is nothing to this server, and
    // is not read.
    let mut connected = JoinSet::new();
    connected.spawn(connection);
    let answer = sender.send_request(request).await.map_err(|_| Failure::Unreachable)?;
    if answer.status().is_success() {
        return Ok(());
    }
    Err(Failure::Http(answer.status(), left_alone(answer.headers())))
}

/// `Retry-After` in seconds (RFC 9110 §10.2.3).
fn left_alone(headers: &HeaderMap) -> Option<TimeDelta> {
    let seconds = headers.get(header::RETRY_AFTER)?.to_str().ok()?.parse::<u32>().ok()?;
    Some(TimeDelta::seconds(seconds.into()).min(LONGEST))
}
