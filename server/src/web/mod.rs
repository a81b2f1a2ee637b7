//! Pages for people, and everything else that is plain HTTP.

mod answer;
mod dev;
mod page;
pub(crate) mod problem;

use axum::{
    Router,
    extract::{Request, State},
    middleware::{self, Next},
    response::{IntoResponse, Response},
    routing::get,
};
use chrono::{SecondsFormat, TimeDelta};
use http::{HeaderMap, Method, StatusCode, header};
use tracing::Instrument;

use self::problem::{METHOD_NOT_ALLOWED, NOT_FOUND, PATH_TOO_LONG};
use crate::{app::App, feed};

/// The longest path of ours has some 110 characters.
const LONGEST_PATH: usize = 2048;
/// For how long a reader may rely on the contact (RFC 9116 §2.5.5: less than a year).
const CONTACT_HOLDS: TimeDelta = TimeDelta::days(180);

/// All HTTP routes that are not gRPC.
pub fn routes(app: App) -> Router {
    Router::new()
        .route("/", get(start))
        .route("/livez", get(|| async { "ok\n" }))
        .route("/readyz", get(ready))
        .route("/.well-known/security.txt", get(security))
        .route("/r/{*token}", get(answer::show).post(answer::take))
        .route("/feeds/{*file}", get(feed::fetch::fetch))
        .merge(dev::routes(&app))
        .fallback(nothing)
        .method_not_allowed_fallback(|| async { METHOD_NOT_ALLOWED.json() })
        .layer(middleware::from_fn_with_state(app.clone(), around))
        .with_state(app)
}

/// Around every page: what may not pass, a span that names the kind of page and never the
/// path, which may be a secret, and the headers.
async fn around(State(app): State<App>, request: Request, next: Next) -> Response {
    let https = app.settings.public_url.starts_with("https://");
    let kind = match request.uri().path().split('/').nth(1) {
        Some("r") => "answer",
        Some("feeds") => "feed",
        Some(_) | None => "page",
    };
    let span = tracing::info_span!("http", kind, method = %request.method());
    let long = request.uri().path_and_query().is_some_and(|path| path.as_str().len() > LONGEST_PATH);
    let mut response = if request.method() == Method::TRACE || request.method() == Method::CONNECT {
        METHOD_NOT_ALLOWED.json()
    } else if long {
        PATH_TOO_LONG.json()
    } else {
        next.run(request).instrument(span).await
    };
    page::protect(response.headers_mut(), https);
    response
}

async fn start() -> Response {
    page::render(StatusCode::OK, "start.html", minijinja::context! {})
}

/// Whether the database answers, and tokens of every identity provider can be checked.
async fn ready(State(app): State<App>) -> Response {
    let not_yet = |why: String| (StatusCode::SERVICE_UNAVAILABLE, why).into_response();
    if app.database.reader().ping().await.is_err() {
        return not_yet("the database does not answer\n".into());
    }
    match app.issuers.not_ready(app.now()).as_slice() {
        [] => "ok\n".into_response(),
        waiting => not_yet(format!("no keys yet of {}\n", waiting.join(", "))),
    }
}

/// Where to tell of a weakness (RFC 9116).
async fn security(State(app): State<App>) -> Response {
    let text = format!(
        "Contact: mailto:{}\nExpires: {}\nPreferred-Languages: nl, en\nCanonical: {}/.well-known/security.txt\n",
        app.settings.mail.sender.as_str(),
        (app.now() + CONTACT_HOLDS).to_rfc3339_opts(SecondsFormat::Secs, true),
        app.settings.public_url,
    );
    ([(header::CONTENT_TYPE, "text/plain; charset=utf-8")], text).into_response()
}

/// A secret address that does not fit, a page that was never there: one answer for all. A
/// gRPC client is told in its own words.
async fn nothing(headers: HeaderMap) -> Response {
    let grpc = headers
        .get(header::CONTENT_TYPE)
        .is_some_and(|kind| kind.as_bytes().starts_with(b"application/grpc"));
    if grpc {
        return crate::access::layer::unknown_method().into_http();
    }
    NOT_FOUND.json()
}
