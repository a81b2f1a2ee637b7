//! Around every call of the API: deadline, room, caller, budget, span.

use std::{sync::Arc, time::Duration};

use axum::{
    body::Body,
    extract::{Request, State},
    middleware::Next,
    response::Response,
};
use http::HeaderMap;
use schakel_proto::Method;
use tonic::Status;
use tracing::Instrument;

use super::{
    Call, SignedIn,
    authenticate::authenticate,
    methods::{Does, actions},
    mtls::Certificate,
    refused,
};
use crate::{
    app::App,
    edge::words::{self, Asked},
    error::{Credential, Error, Result},
    settings::seconds,
    store::{
        audit::{TRACE, traceparent},
        memory,
    },
};

/// Puts the [`super::Caller`] into the request, or answers why not.
pub async fn call(State(app): State<App>, request: Request, next: Next) -> Response {
    let call = Arc::new(Call {
        peer: request.extensions().get().copied(),
        certificate: request.extensions().get::<Option<Arc<Certificate>>>().cloned().flatten(),
        signed_in: request.extensions().get::<SignedIn>().cloned(),
        headers: request.headers().clone(),
        method: request.uri().path().to_owned(),
    });
    let asked = request.extensions().get::<Asked>().map(|asked| asked.id.to_string());
    let span = tracing::info_span!("rpc", method = %call.method, request = asked);
    let longest = seconds(app.settings.limits.call_seconds);
    let deadline = deadline(&call.headers, longest);
    let trace = traceparent(&call.headers);
    let run = async move {
        match admitted(&app, &call, request, next).await {
            Ok(response) => response,
            Err(error) => {
                refused::unknown(&call, &error);
                Status::from(error).into_http::<Body>()
            }
        }
    };
    let run = TRACE.scope(trace, memory::once(run));
    // Whoever waits for a place beyond its deadline has left the queue by then.
    let timed = tokio::time::timeout(deadline, run).instrument(span);
    timed.await.unwrap_or_else(|_| words::late().into_http::<Body>())
}

/// From the cheapest refusal to the dearest: no room, over budget, not signed in.
async fn admitted(app: &App, call: &Arc<Call>, mut request: Request, next: Next) -> Result<Response> {
    let now = app.now();
    app.edge.known_refused(&call.method, &call.headers, now)?;
    let _place = app.edge.enter().await?;
    // RFC 6750 §2.3 allows a token in the address; addresses are logged.
    let told_to_all = request.uri().query().is_some_and(|query| query.contains("access_token"));
    let found = if told_to_all {
        Err(Error::Unauthenticated(Credential::MalformedToken))
    } else {
        authenticate(app, call).await
    };
    let caller = match found {
        Err(Error::Unauthenticated(why)) => {
            // No guess: nothing was sent, or something that fits.
            if !matches!(why, Credential::MissingToken | Credential::AccountDisabled) {
                app.edge.not_signed_in(call.peer.map(|peer| peer.address), now)?;
            }
            return Err(Error::Unauthenticated(why));
        }
        found => found?,
    };
    app.edge.spend(&caller, &call.headers, now)?;
    if let Some(method) = Method::of(&call.method) {
        request.extensions_mut().insert(Does(actions(method)));
    }
    request.extensions_mut().insert(caller.clone());
    request.extensions_mut().insert(Arc::clone(call));
    Ok(refused::noted(app, &caller, next.run(request).await).await)
}

/// `grpc-timeout` (at most eight digits and a unit), never more than our own; nonsense is ignored.
fn deadline(headers: &HeaderMap, longest: Duration) -> Duration {
    let text = headers.get("grpc-timeout").and_then(|value| value.to_str().ok()).unwrap_or_default();
    let asked = text.split_at_checked(text.len().saturating_sub(1)).and_then(|(digits, unit)| {
        let amount: u64 = (1..=8).contains(&digits.len()).then(|| digits.parse().ok()).flatten()?;
        Some(match unit {
            "H" => Duration::from_secs(amount * 3600),
            "M" => Duration::from_secs(amount * 60),
            "S" => Duration::from_secs(amount),
            "m" => Duration::from_millis(amount),
            "u" => Duration::from_micros(amount),
            "n" => Duration::from_nanos(amount),
            _ => return None,
        })
    });
    asked.unwrap_or(longest).min(longest)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn with(name: &'static str, value: &'static str) -> HeaderMap {
        HeaderMap::from_iter([(name.parse().unwrap(), value.parse().unwrap())])
    }

    #[test]
    fn a_deadline_never_grows_and_nonsense_is_ignored() {
        let longest = Duration::from_secs(30);
        for (text, seconds) in
            [("99999999S", 30), ("99999999999S", 30), ("abc", 30), ("", 30), ("2S", 2), ("é", 30)]
        {
            let headers = http::HeaderValue::from_bytes(text.as_bytes())
                .map(|value| HeaderMap::from_iter([("grpc-timeout".parse().unwrap(), value)]))
                .unwrap();
            assert_eq!(deadline(&headers, longest), Duration::from_secs(seconds), "{text}");
        }
        assert_eq!(deadline(&with("grpc-timeout", "1n"), longest), Duration::from_nanos(1));
    }
}
