//! The provider for development, as pages: its keys for all, its tokens for this machine.

use axum::{
    Extension, Form, Router,
    extract::State,
    response::{IntoResponse, Response},
    routing::{get, post},
};
use http::{StatusCode, header};
use schakel_domain::access::Role;
use serde::Deserialize;
use serde_json::{Value, json};

use super::problem::Problem;
use crate::{
    access::{
        Peer,
        oidc::builtin::{self, Builtin, Wanted},
    },
    app::App,
    error::Error,
};

/// Its routes, or none where it is not switched on.
pub(super) fn routes(app: &App) -> Router<App> {
    if app.issuers.builtin().is_none() {
        return Router::new();
    }
    Router::new()
        .route("/dev/.well-known/openid-configuration", get(discovery))
        .route("/dev/jwks", get(keys))
        .route("/dev/token", post(token))
}

fn told(status: StatusCode, document: &Value) -> Response {
    (status, [(header::CONTENT_TYPE, "application/json")], document.to_string()).into_response()
}

fn document(app: &App, of: impl Fn(&Builtin) -> Value) -> Response {
    app.issuers.builtin().map_or(StatusCode::NOT_FOUND.into_response(), |one| told(StatusCode::OK, &of(one)))
}

async fn discovery(State(app): State<App>) -> Response {
    document(&app, Builtin::discovery)
}

async fn keys(State(app): State<App>) -> Response {
    document(&app, Builtin::keys)
}

/// Who is wanted: by code or by role.
#[derive(Deserialize)]
struct Wish {
    person: Option<String>,
    role: Option<String>,
}

async fn token(State(app): State<App>, Extension(peer): Extension<Peer>, Form(wish): Form<Wish>) -> Response {
    let wanted = match (&wish.person, &wish.role) {
        (Some(code), None) => code.parse().ok().map(Wanted::Code),
        (None, Some(role)) => role.parse::<Role>().ok().map(Wanted::Role),
        (Some(_), Some(_)) | (None, None) => None,
    };
    let (Some(provider), true, Some(wanted)) = (app.issuers.builtin(), peer.address.is_loopback(), wanted)
    else {
        return told(StatusCode::BAD_REQUEST, &json!({"error": "invalid_request"}));
    };
    match provider.token(&app, &wanted).await {
        Ok(token) => {
            let lasts = builtin::LIFETIME.num_seconds();
            told(StatusCode::OK, &json!({"access_token": token, "token_type": "Bearer", "expires_in": lasts}))
        }
        Err(Error::NotFound(_)) => told(StatusCode::BAD_REQUEST, &json!({"error": "invalid_grant"})),
        Err(error) => Problem::from(&error).json(),
    }
}
