//! A call, once its caller is known.

use std::sync::Arc;

use prost::Message;
use schakel_domain::access::{Action, Denied};
use tonic::Request;

use super::fields::Fields;
use crate::{
    access::{Call, Caller, Grant, methods::Does},
    error::{Credential, Error, Result},
    store::request::Asked,
};

/// The caller that the layer found, and leave to do `action`.
///
/// # Errors
/// Not allowed, also when the table of methods says that this one does something else.
pub fn permit<M>(request: &Request<M>, action: Action) -> Result<Grant> {
    match request.extensions().get::<Does>() {
        Some(Does(actions)) if actions.contains(&action) => Grant::of(caller(request)?, action),
        Some(_) | None => Err(Denied::ActionNotAllowed.into()),
    }
}

/// The caller that the layer found.
pub fn caller<M>(request: &Request<M>) -> Result<&Caller> {
    request.extensions().get().ok_or(Error::Unauthenticated(Credential::MissingToken))
}

/// The call as it came, for a stream that asks for leave again.
pub fn call<M>(request: &Request<M>) -> Result<Arc<Call>> {
    request.extensions().get().cloned().ok_or(Error::Unauthenticated(Credential::MissingToken))
}

/// What a change is recognised by when it comes again.
pub fn asked(fields: &mut Fields, message: &impl Message, request_id: &str) -> Option<Asked> {
    fields.request_id(request_id).map(|id| Asked::new(id, message))
}
