//! A call, once its caller is known.

use std::sync::Arc;

use prost::Message;
use schakel_domain::access::Action;
use tonic::Request;

use super::fields::Fields;
use crate::{
    access::{Call, Caller, Grant},
    error::{Credential, Error, Result},
    store::request::Asked,
};

/// The caller that the layer found, and leave to do `action`.
pub fn permit<M>(request: &Request<M>, action: Action) -> Result<Grant> {
    Grant::of(caller(request)?, action)
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
