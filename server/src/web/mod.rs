//! Pages for people, and everything else that is plain HTTP.

use axum::Router;

use crate::app::App;

/// All HTTP routes that are not gRPC.
pub fn routes(app: App) -> Router {
    Router::new().with_state(app)
}
