//! Every letter as people get it, where the server is tried out: from the same words as the mails.

use axum::{
    Router,
    extract::{Path, Query, State},
    response::{IntoResponse, Response},
    routing::get,
};
use http::{StatusCode, header};
use minijinja::context;
use schakel_domain::invitation::{Reading, Sample, preview};
use serde::Deserialize;
use strum::IntoEnumIterator;

use super::{page, problem::NOT_FOUND};
use crate::app::App;

/// A letter has its style in itself, as mail programs want it; it fetches nothing all the same.
const POLICY: &str = "default-src 'none'; style-src 'unsafe-inline'; form-action 'none'; \
                      frame-ancestors 'none'; base-uri 'none'";

/// Its routes, or none where people are served.
pub(super) fn routes(app: &App) -> Router<App> {
    if app.issuers.builtin().is_none() {
        return Router::new();
    }
    Router::new().route("/preview", get(list)).route("/preview/{letter}", get(show))
}

/// The word of a letter in an address, such as `poll-ask`.
fn word(sample: Sample) -> String {
    sample.to_string().to_lowercase().replace('_', "-")
}

/// Each with its subject in Dutch.
async fn list(State(app): State<App>) -> Response {
    let subject = |sample| preview(sample, Reading::default(), &app.settings.public_url, app.now()).subject;
    let letters: Vec<_> =
        Sample::iter().map(|sample| context! { word => word(sample), subject => subject(sample) }).collect();
    page::render(StatusCode::OK, "preview.html", context! { letters })
}

/// How it is read.
#[derive(Deserialize)]
struct How {
    #[serde(default)]
    language: String,
    large: Option<String>,
    interpreter: Option<String>,
}

async fn show(State(app): State<App>, Path(letter): Path<String>, Query(how): Query<How>) -> Response {
    let Some(sample) = Sample::iter().find(|sample| word(*sample) == letter) else {
        return NOT_FOUND.json();
    };
    let reading = Reading {
        large_print: how.large.is_some(),
        interpreter: how.interpreter.is_some(),
        ..Reading::of(&how.language, None, false)
    };
    let letter = preview(sample, reading, &app.settings.public_url, app.now());
    let headers =
        [(header::CONTENT_TYPE, "text/html; charset=utf-8"), (header::CONTENT_SECURITY_POLICY, POLICY)];
    (headers, letter.html).into_response()
}
