//! Asks an address for a calendar: few redirects, each judged anew, a size and a patience.

use std::time::Duration;

use http::{HeaderMap, Request, Response, StatusCode, Uri, header};
use http_body_util::{BodyExt, Empty, LengthLimitError, Limited};
use hyper::body::{Bytes, Incoming};
use hyper_util::rt::TokioIo;
use schakel_domain::ical::limits::MOST_OCTETS;

use crate::outward::{NotCalled, Way};

/// Redirects that are followed.
const REDIRECTS: usize = 3;
/// A validator that is longer is not kept.
const LONGEST_VALIDATOR: usize = 512;

/// What was there, as the server at the address calls it (RFC 9110 §8.8).
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(super) struct Validators {
    /// `ETag`.
    pub(super) etag: Option<String>,
    /// `Last-Modified`.
    pub(super) last_modified: Option<String>,
}

/// What an address answered.
pub(super) enum Fetched {
    /// What was there before.
    Unchanged,
    /// A calendar, perhaps.
    New(Bytes, Validators),
}

/// Why nothing was had; the address itself is never told.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Failure {
    /// It, or where it leads, may not be asked.
    AddressRefused,
    /// Nobody is there, or the conversation broke.
    Unreachable,
    /// Too slow.
    TimedOut,
    /// More than a calendar may be.
    TooLarge,
    /// It leads ever further.
    TooManyRedirects,
    /// Neither a calendar nor a way to one.
    Http(StatusCode),
    /// What came is no calendar.
    CalendarUnreadable,
}

impl Failure {
    /// Its code on the wire.
    pub(super) fn code(self) -> String {
        match self {
            Self::AddressRefused => "ADDRESS_REFUSED".to_owned(),
            Self::Unreachable => "UNREACHABLE".to_owned(),
            Self::TimedOut => "TIMED_OUT".to_owned(),
            Self::TooLarge => "TOO_LARGE".to_owned(),
            Self::TooManyRedirects => "TOO_MANY_REDIRECTS".to_owned(),
            Self::Http(status) => format!("HTTP_{}", status.as_u16()),
            Self::CalendarUnreadable => "CALENDAR_UNREADABLE".to_owned(),
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

/// The address as it is asked: `webcal:` is another name for `https:`.
pub(super) fn address(text: &str) -> Option<Uri> {
    let scheme = ["webcal://", "webcals://"]
        .into_iter()
        .find(|scheme| text.get(..scheme.len()).is_some_and(|start| start.eq_ignore_ascii_case(scheme)));
    let text = scheme.map_or_else(|| text.to_owned(), |scheme| format!("https://{}", &text[scheme.len()..]));
    text.parse::<Uri>().ok().filter(|uri| uri.host().is_some_and(|host| !host.is_empty()))
}

/// What is at `url`, unless it is what was `seen` there.
pub(super) async fn get(
    (way, patience): (&Way, Duration),
    url: Uri,
    seen: &Validators,
) -> Result<Fetched, Failure> {
    tokio::time::timeout(patience, follow(way, url, seen)).await.unwrap_or(Err(Failure::TimedOut))
}

async fn follow(way: &Way, mut url: Uri, seen: &Validators) -> Result<Fetched, Failure> {
    for _ in 0..=REDIRECTS {
        let response = ask(way, &url, seen).await?;
        match response.status() {
            StatusCode::OK => {
                let kept = validators(response.headers());
                let body = Limited::new(response.into_body(), MOST_OCTETS).collect().await;
                let body = body.map_err(|error| {
                    if error.is::<LengthLimitError>() { Failure::TooLarge } else { Failure::Unreachable }
                })?;
                return Ok(Fetched::New(body.to_bytes(), kept));
            }
            StatusCode::NOT_MODIFIED => return Ok(Fetched::Unchanged),
            StatusCode::MOVED_PERMANENTLY
            | StatusCode::FOUND
            | StatusCode::SEE_OTHER
            | StatusCode::TEMPORARY_REDIRECT
            | StatusCode::PERMANENT_REDIRECT => {
                let to = response.headers().get(header::LOCATION).ok_or(Failure::Http(response.status()))?;
                url = to.to_str().ok().and_then(|to| led(&url, to)).ok_or(Failure::AddressRefused)?;
            }
            other => return Err(Failure::Http(other)),
        }
    }
    Err(Failure::TooManyRedirects)
}

async fn ask(way: &Way, url: &Uri, seen: &Validators) -> Result<Response<Incoming>, Failure> {
    let stream = way.connect(url).await?;
    let mut request = Request::get(url.path_and_query().map_or("/", http::uri::PathAndQuery::as_str))
        .header(header::HOST, url.authority().map_or("", http::uri::Authority::as_str))
        .header(header::ACCEPT, "text/calendar, */*;q=0.1")
        .header(header::USER_AGENT, "schakel");
    if let Some(etag) = &seen.etag {
        request = request.header(header::IF_NONE_MATCH, etag);
    }
    if let Some(since) = &seen.last_modified {
        request = request.header(header::IF_MODIFIED_SINCE, since);
    }
    let request = request.body(Empty::<Bytes>::new()).map_err(|_| Failure::AddressRefused)?;
    let (mut sender, connection) = hyper::client::conn::http1::handshake(TokioIo::new(stream))
        .await
        .map_err(|_| Failure::Unreachable)?;
    tokio::spawn(connection);
    sender.send_request(request).await.map_err(|_| Failure::Unreachable)
}

fn validators(headers: &HeaderMap) -> Validators {
    let kept = |name| {
        let value = headers.get(name).and_then(|value| value.to_str().ok());
        value.filter(|value| value.len() <= LONGEST_VALIDATOR).map(str::to_owned)
    };
    Validators { etag: kept(header::ETAG), last_modified: kept(header::LAST_MODIFIED) }
}

/// Where `location` leads from `url` (RFC 3986 §5.2, without dot segments).
fn led(url: &Uri, location: &str) -> Option<Uri> {
    let (scheme, authority) = (url.scheme_str()?, url.authority()?);
    let folder = url.path().rsplit_once('/').map_or("", |(folder, _)| folder);
    if location.contains("://") {
        return address(location);
    }
    let text = match location.strip_prefix("//") {
        Some(rest) => format!("{scheme}://{rest}"),
        None if location.starts_with('/') => format!("{scheme}://{authority}{location}"),
        None => format!("{scheme}://{authority}{folder}/{location}"),
    };
    text.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_redirect_is_read_from_where_it_stands() {
        let url = "https://a.example/b/c.ics?x=1".parse().unwrap();
        for (location, expected) in [
            ("https://b.example/d", "https://b.example/d"),
            ("webcal://b.example/d", "https://b.example/d"),
            ("//b.example/d", "https://b.example/d"),
            ("/d", "https://a.example/d"),
            ("d?y=2", "https://a.example/b/d?y=2"),
        ] {
            assert_eq!(led(&url, location).unwrap().to_string(), expected, "{location}");
        }
    }
}
