//! The services of the API as one signed-in person reaches them, without the network between.

use std::{
    convert::Infallible,
    task::{Context, Poll},
};

use axum::{Router, response::Response};
use http::{HeaderMap, HeaderValue, Request, header};
use schakel_domain::{
    access::{Action, Purpose, Role, may},
    refusal::Language,
};
use schakel_proto::Method;
use tower::Service;

use crate::access::{Peer, SignedIn, methods::actions, session::Session};

/// All services behind the access layer.
#[derive(Clone)]
pub(super) struct Services(Router);

impl Services {
    /// Those of `calls`, which has that layer.
    pub(super) fn new(calls: Router) -> Self {
        Self(calls)
    }

    /// As `session` reaches them: the organisation that is acted for and the language are told with
    /// every call, and the purpose that was chosen where it fits.
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
        let roles = session.acting.iter().map(|at| at.role).collect();
        let purpose = session.purpose.map(|purpose| Named { purpose, roles });
        Channel { router: self.0.clone(), signed_in: session.signed_in.clone(), peer, headers, purpose }
    }
}

/// What somebody in these roles works for.
#[derive(Clone)]
struct Named {
    purpose: Purpose,
    roles: Vec<Role>,
}

impl Named {
    /// The header, where the policy knows the purpose for all that the call does; elsewhere it would
    /// refuse what the caller may do, so that the call goes with its usual purpose.
    fn header(&self, path: &str) -> Option<HeaderValue> {
        let said = |action: &Action| {
            let may = |named| may(&self.roles, *action, named).is_ok();
            may(Some(self.purpose)) || !may(None)
        };
        let fits = Method::of(path).is_some_and(|method| actions(method).iter().all(said));
        fits.then(|| HeaderValue::try_from(self.purpose.to_string()).ok()).flatten()
    }
}

/// What a generated client calls through: `TaskServiceClient::new(visit.calls())`.
#[derive(Clone)]
pub(super) struct Channel {
    router: Router,
    signed_in: SignedIn,
    peer: Option<Peer>,
    headers: HeaderMap,
    purpose: Option<Named>,
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
        if let Some(purpose) = self.purpose.as_ref().and_then(|named| named.header(request.uri().path())) {
            request.headers_mut().insert("schakel-purpose", purpose);
        }
        request.extensions_mut().insert(self.signed_in.clone());
        if let Some(peer) = self.peer {
            request.extensions_mut().insert(peer);
        }
        self.router.call(request)
    }
}
