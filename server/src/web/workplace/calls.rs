//! The services of the API as one signed-in person reaches them, without the network between.

use std::{
    convert::Infallible,
    task::{Context, Poll},
};

use axum::{Router, response::Response};
use http::{HeaderMap, HeaderValue, Request, header};
use schakel_domain::refusal::Language;
use tower::Service;

use crate::access::{Peer, SignedIn, session::Session};

/// All services behind the access layer.
#[derive(Clone)]
pub(super) struct Services(Router);

impl Services {
    /// Those of `calls`, which has that layer.
    pub(super) fn new(calls: Router) -> Self {
        Self(calls)
    }

    /// As `session` reaches them: the organisation that is acted for and the language are told with
    /// every call.
    pub(super) fn of(&self, session: &Session, peer: Option<Peer>, language: Language) -> Channel {
        let organisation = session.acting.first().map(|at| at.organisation.to_string()).unwrap_or_default();
        let mut headers = HeaderMap::new();
        if let Ok(organisation) = HeaderValue::try_from(organisation) {
            headers.insert("schakel-acting-for", organisation);
        }
        let spoken = match language {
            Language::Dutch => "nl",
            Language::English => "en",
        };
        headers.insert(header::ACCEPT_LANGUAGE, HeaderValue::from_static(spoken));
        Channel { router: self.0.clone(), signed_in: session.signed_in.clone(), peer, headers }
    }
}

/// What a generated client calls through: `TaskServiceClient::new(visit.calls())`.
#[derive(Clone)]
pub(super) struct Channel {
    router: Router,
    signed_in: SignedIn,
    peer: Option<Peer>,
    headers: HeaderMap,
}

impl Service<Request<tonic::body::Body>> for Channel {
    type Response = Response;
    type Error = Infallible;
    type Future = <Router as Service<Request<tonic::body::Body>>>::Future;

    fn poll_ready(&mut self, context: &mut Context<'_>) -> Poll<Result<(), Infallible>> {
        <Router as Service<Request<tonic::body::Body>>>::poll_ready(&mut self.router, context)
    }

    fn call(&mut self, mut request: Request<tonic::body::Body>) -> Self::Future {
        for (name, value) in &self.headers {
            request.headers_mut().insert(name, value.clone());
        }
        request.extensions_mut().insert(self.signed_in.clone());
        if let Some(peer) = self.peer {
            request.extensions_mut().insert(peer);
        }
        self.router.call(request)
    }
}
