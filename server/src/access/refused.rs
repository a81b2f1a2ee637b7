//! Refused calls: of a known caller a line in the audit log, of an unknown one in the security log.

use axum::{body::Body, response::Response};
use schakel_domain::access::Classes;
use tonic::{Code, Status};
use tonic_types::StatusExt;

use super::{Call, Caller, Grant};
use crate::{
    app::App,
    error::{Error, Result},
    store::audit::{Deed, Line},
};

/// What is written down of a refusal: that there was one. Whom or what it was about is not
/// named, because whoever reads the log would learn that it exists.
const LINE: Line = Line { deed: Deed::E, object: "call", id: None, subject: None, classes: Classes::of(&[]) };

/// Writes down what `caller` was refused, before it hears of it.
pub(super) async fn noted(app: &App, caller: &Caller, response: Response) -> Response {
    let Some(status) = Status::from_header_map(response.headers()) else { return response };
    if !matches!(status.code(), Code::PermissionDenied | Code::NotFound) {
        return response;
    }
    match note(app, caller, &status).await {
        Ok(()) => response,
        Err(error) => Status::from(error).into_http::<Body>(),
    }
}

async fn note(app: &App, caller: &Caller, status: &Status) -> Result<()> {
    let code = if status.code() == Code::NotFound { "NOT_FOUND" } else { "PERMISSION_DENIED" };
    let reason = status.get_details_error_info().map(|info| info.reason).unwrap_or_default();
    let outcome = &format!("{code} {reason}");
    let write = |tx: std::sync::Arc<crate::store::Tx>| async move { tx.audit_refused(LINE, outcome).await };
    app.write(&Grant::refused(caller), None, write).await
}

/// Tells the security log of a call that nobody known made. No credential and nothing of the
/// message stands there.
pub(super) fn unknown(call: &Call, error: &Error) {
    if !matches!(error, Error::Unauthenticated(_)) {
        return;
    }
    let origin = call.peer.map(|peer| peer.address.to_string()).unwrap_or_default();
    tracing::warn!(target: "security", method = %call.method, origin, reason = error.reason(), "not signed in");
}
