//! Around everything that comes in: its form, its origin, its pace, and what every answer says.

use axum::{
    body::Body,
    extract::{Request, State},
    middleware::Next,
    response::Response,
};
use http::Method;

use super::{
    origin::{is_ambiguous, origin},
    slow::Paced,
};
use crate::{
    access::Peer,
    app::App,
    settings::seconds,
    web::{
        problem::{METHOD_NOT_ALLOWED, PATH_TOO_LONG, REQUEST_MALFORMED},
        protect,
    },
};

/// The longest path of ours has some 110 characters.
const LONGEST_PATH: usize = 2048;

/// Refuses what nobody should send, notes who sent the rest, and protects the answer.
pub(crate) async fn around(State(app): State<App>, mut request: Request, next: Next) -> Response {
    let settings = &app.settings;
    let long = request.uri().path_and_query().is_some_and(|path| path.as_str().len() > LONGEST_PATH);
    let mut response = if request.method() == Method::TRACE || request.method() == Method::CONNECT {
        METHOD_NOT_ALLOWED.json()
    } else if is_ambiguous(&request) {
        REQUEST_MALFORMED.json()
    } else if long {
        PATH_TOO_LONG.json()
    } else {
        if let Some(mut peer) = request.extensions().get::<Peer>().copied() {
            let (proxies, says) = (&settings.trusted_proxies, settings.forwarded_header);
            peer.address = origin(request.headers_mut(), peer.address, proxies, says);
            request.extensions_mut().insert(peer);
        }
        let limits = &settings.limits;
        let patience = seconds(limits.header_seconds);
        let request = request.map(|body| Body::new(Paced::new(body, patience, limits.body_bytes_per_second)));
        next.run(request).await
    };
    protect(response.headers_mut(), settings.public_url.starts_with("https://"));
    response
}
