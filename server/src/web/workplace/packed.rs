//! Packs what the pages answer, where nobody else can have made the browser ask for it.
//!
//! A page holds names of children and the token of its forms beside words that its address chose.
//! Whoever makes a browser ask again and again with words of their own, and sees how long each packed
//! answer is, finds out the rest sign by sign (BREACH). So only what a page of ours asked for is
//! packed, by the word of the browser: no page anywhere can set `Sec-Fetch-Site`.

use axum::{
    body::{Body, HttpBody, to_bytes},
    extract::Request,
    response::{IntoResponse, Response},
};
use http::{HeaderMap, HeaderValue, Method, StatusCode, header};
use schakel_domain::feed::validators::takes_gzip;

use crate::feed::memory::pack;

/// What becomes smaller; a stream of events is none of these.
const KINDS: [&str; 4] = ["text/html", "text/csv", "application/json", "image/svg+xml"];
/// Shorter answers fit one packet as they are.
const SHORTEST: u64 = 1_024;
/// Longer ones would keep others waiting.
const LONGEST: u64 = 4 << 20;

/// Whether the browser unpacks.
pub(super) fn unpacks(headers: &HeaderMap) -> bool {
    let lists = headers.get_all(header::ACCEPT_ENCODING).iter();
    let lists: Vec<&str> = lists.filter_map(|list| list.to_str().ok()).collect();
    takes_gzip(&lists)
}

/// Whether the answer to this may be packed.
pub(super) fn is_ours(request: &Request) -> bool {
    let headers = request.headers();
    let from = headers.get("sec-fetch-site").and_then(|site| site.to_str().ok());
    *request.method() != Method::HEAD && from == Some("same-origin") && unpacks(headers)
}

/// The same answer, packed if it is of a kind and length for which that helps.
pub(super) async fn packed(response: Response) -> Response {
    if !helps(&response) {
        return response;
    }
    let (mut parts, body) = response.into_parts();
    // It is in memory as a whole.
    let Ok(bytes) = to_bytes(body, usize::MAX).await else {
        return StatusCode::INTERNAL_SERVER_ERROR.into_response();
    };
    parts.headers.remove(header::CONTENT_LENGTH);
    parts.headers.insert(header::CONTENT_ENCODING, HeaderValue::from_static("gzip"));
    Response::from_parts(parts, Body::from(pack(&bytes)))
}

fn helps(response: &Response) -> bool {
    let headers = response.headers();
    let kind = headers.get(header::CONTENT_TYPE).and_then(|kind| kind.to_str().ok()).unwrap_or_default();
    let kind = kind.split(';').next().unwrap_or_default();
    let length = response.body().size_hint().exact();
    KINDS.contains(&kind)
        && !headers.contains_key(header::CONTENT_ENCODING)
        && length.is_some_and(|length| (SHORTEST..=LONGEST).contains(&length))
}
