//! Pages for people, and everything else that is plain HTTP.

mod answer;
mod dev;
mod form;
mod page;
mod poll;
mod preview;
pub(crate) mod problem;
mod wishes;
mod workplace;

use axum::{
    Router,
    extract::{Request, State},
    middleware::{self, Next},
    response::{IntoResponse, Response},
    routing::get,
};
use chrono::{SecondsFormat, TimeDelta};
use http::{HeaderMap, StatusCode, header};
use tracing::Instrument;

pub(crate) use self::page::protect;
use self::problem::{METHOD_NOT_ALLOWED, NOT_FOUND, TOO_LATE};
use crate::{
    access::Peer,
    app::App,
    edge::{probe, words},
    feed,
    settings::seconds,
};

/// For how long a reader may rely on the contact (RFC 9116 §2.5.5: less than a year).
const CONTACT_HOLDS: TimeDelta = TimeDelta::days(180);

/// All HTTP routes that are not gRPC; the workplace calls the services of `calls`.
pub fn routes(app: App, calls: Router) -> Router {
    Router::new()
        .route("/", get(start))
        .route("/livez", get(|| async { StatusCode::OK }))
        .route("/readyz", get(ready))
        .route("/.well-known/security.txt", get(security))
        .route("/r/{*token}", get(answer::show).post(answer::take))
        .route("/p/{*token}", get(poll::show).post(poll::take))
        .route("/feeds/{*file}", get(feed::fetch::fetch))
        .route("/feed.ics", get(feed::fetch::fetch))
        .route("/feed.ifb", get(feed::fetch::fetch))
        .merge(dev::routes(&app))
        .merge(preview::routes(&app))
        .merge(workplace::routes(&app, calls))
        .fallback(nothing)
        .method_not_allowed_fallback(|headers: HeaderMap| async move { METHOD_NOT_ALLOWED.shown(&headers) })
        .layer(middleware::from_fn_with_state(app.clone(), around))
        .with_state(app)
}

/// Around every page: a span that names the kind of page and never the path, which may be a
/// secret; a place to run in and a deadline; and no end of guessing.
async fn around(State(app): State<App>, request: Request, next: Next) -> Response {
    let kind = match request.uri().path().split('/').nth(1) {
        Some("r") => "answer",
        Some("p") => "poll",
        Some("feeds" | "feed.ics" | "feed.ifb") => "feed",
        Some(_) | None => "page",
    };
    let span = tracing::info_span!("http", kind, method = %request.method());
    if kind == "page" {
        return next.run(request).instrument(span).await;
    }
    let from = request.extensions().get().map(|peer: &Peer| peer.address);
    // Whoever shows nothing asks whether a password is wanted (RFC 7235 §2.1), and guesses none.
    let shows_password = request.headers().contains_key(header::AUTHORIZATION);
    let run = async {
        let _place = match app.edge.enter().await {
            Ok(place) => place,
            Err(error) => return problem::answer(&error),
        };
        next.run(request).await
    };
    let longest = seconds(app.settings.limits.call_seconds);
    let timed = tokio::time::timeout(longest, run.instrument(span)).await;
    let response = timed.unwrap_or_else(|_| TOO_LATE.json());
    let counted = match response.status() {
        StatusCode::NOT_FOUND => app.edge.guessed(from, app.now()),
        StatusCode::UNAUTHORIZED if shows_password => app.edge.guessed_password(from, app.now()),
        _ => Ok(()),
    };
    match counted {
        Ok(()) => response,
        Err(error) => problem::answer(&error),
    }
}

async fn start() -> Response {
    page::render(StatusCode::OK, "start.html", minijinja::context! {})
}

/// Whether this server should be sent work; no more is told.
async fn ready(State(app): State<App>) -> StatusCode {
    if probe::ready(&app).await { StatusCode::OK } else { StatusCode::SERVICE_UNAVAILABLE }
}

/// Where to tell of a weakness (RFC 9116).
async fn security(State(app): State<App>) -> Response {
    let settings = &app.settings;
    let contact = settings.security.contact.clone();
    let expires = settings.security.expires.unwrap_or_else(|| app.now() + CONTACT_HOLDS);
    let text = format!(
        "Contact: {}\nExpires: {}\nPreferred-Languages: nl, en\nCanonical: {}/.well-known/security.txt\n",
        contact.unwrap_or_else(|| format!("mailto:{}", settings.mail.sender.as_str())),
        expires.to_rfc3339_opts(SecondsFormat::Secs, true),
        settings.public_url,
    );
    ([(header::CONTENT_TYPE, "text/plain; charset=utf-8")], text).into_response()
}

/// A secret address that does not fit, a page that was never there: one answer for all. A
/// gRPC client is told in its own words.
async fn nothing(State(app): State<App>, headers: HeaderMap) -> Response {
    let grpc = headers
        .get(header::CONTENT_TYPE)
        .is_some_and(|kind| kind.as_bytes().starts_with(b"application/grpc"));
    if grpc {
        return words::answer(&app, &headers, words::unknown_method());
    }
    NOT_FOUND.shown(&headers)
}
