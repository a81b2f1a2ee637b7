//! One identity provider: where its keys are, and for how long they are believed.

use std::sync::{Arc, PoisonError, RwLock};

use chrono::{DateTime, TimeDelta, Utc};
use http::Uri;
use serde::Deserialize;
use tokio::sync::Mutex;

use super::{
    fetch::{Fetch, FetchError},
    jwk::{KeySet, algorithm},
    jwt::{Said, Token},
};
use crate::{
    error::{Credential, Error, Result},
    outward::takes,
    settings::IssuerSettings,
};

/// For how long keys are used without asking again: a key that is removed works no longer.
const FRESH: TimeDelta = TimeDelta::minutes(10);
/// For how long they are used when the provider cannot be asked.
const USABLE: TimeDelta = TimeDelta::hours(24);
/// The least time between two questions for the same reason.
const PAUSE: TimeDelta = TimeDelta::seconds(30);

/// Where people sign in, where a code becomes tokens, and where people sign out, if they can.
#[derive(Debug, Clone)]
pub(super) struct Endpoints {
    pub(super) authorization: Uri,
    pub(super) token: Uri,
    pub(super) end_session: Option<Uri>,
}

#[derive(Clone)]
struct Held {
    keys: Arc<KeySet>,
    endpoints: Option<Endpoints>,
    at: DateTime<Utc>,
}

impl Held {
    fn is_younger(&self, than: TimeDelta, now: DateTime<Utc>) -> bool {
        // A clock that was set back makes nothing younger.
        (now - self.at).abs() < than
    }
}

/// When the provider was last asked, because keys were old and because one was unknown.
#[derive(Default)]
struct Asked {
    for_age: Option<DateTime<Utc>>,
    for_unknown: Option<DateTime<Utc>>,
}

pub(super) struct Issuer {
    pub(super) settings: IssuerSettings,
    pub(super) fetch: Fetch,
    held: RwLock<Option<Held>>,
    asked: Mutex<Asked>,
}

#[derive(Deserialize)]
struct Discovery {
    issuer: String,
    jwks_uri: String,
    authorization_endpoint: Option<String>,
    token_endpoint: Option<String>,
    end_session_endpoint: Option<String>,
}

fn parse(url: &str) -> Result<Uri, FetchError> {
    url.parse().map_err(|_| FetchError::Address(url.to_owned()))
}

impl Issuer {
    pub(super) fn new(settings: IssuerSettings) -> Result<Self, FetchError> {
        let fetch = Fetch::new(settings.network, settings.ca_file.as_deref())?;
        Ok(Self { settings, fetch, held: RwLock::default(), asked: Mutex::default() })
    }

    /// Whether its tokens can be checked now.
    pub(super) fn is_ready(&self, now: DateTime<Utc>) -> bool {
        self.held().is_some_and(|held| held.is_younger(USABLE, now))
    }

    /// What `token` says, once it is known that this provider said it, to us, for now.
    pub(super) async fn verify(self: &Arc<Self>, token: &Token<'_>, now: DateTime<Utc>) -> Result<Said> {
        self.signed(token, now).await?;
        token.said(&self.settings, now)
    }

    /// Where people sign in at it.
    ///
    /// # Errors
    /// When it cannot be asked, or does not say.
    pub(super) async fn endpoints(self: &Arc<Self>, now: DateTime<Utc>) -> Result<Endpoints> {
        if self.held().is_none() {
            self.ask(false, None, now).await;
        }
        self.held().and_then(|held| held.endpoints).ok_or(Error::IssuerUnavailable)
    }

    /// Fails unless one of its keys has signed `token`.
    pub(super) async fn signed(self: &Arc<Self>, token: &Token<'_>, now: DateTime<Utc>) -> Result<()> {
        let refused = Error::Unauthenticated;
        let algorithm = algorithm(token.alg())
            .filter(|algorithm| self.settings.algorithms.contains(algorithm))
            .ok_or(refused(Credential::TokenAlgNotAllowed))?;
        let check = |held: &Held| held.keys.verify(token.kid(), algorithm, token.message, &token.signature);
        let held = self.held();
        let fresh = held.as_ref().filter(|held| held.is_younger(FRESH, now));
        let mut verdict = fresh.and_then(check);
        if verdict.is_none() {
            self.ask(fresh.is_some(), held.map(|held| held.at), now).await;
            let held = self.held().filter(|held| held.is_younger(USABLE, now));
            verdict = check(&held.ok_or(Error::IssuerUnavailable)?);
        }
        match verdict {
            None => Err(refused(Credential::TokenKeyUnknown)),
            Some(false) => Err(refused(Credential::TokenInvalid)),
            Some(true) => Ok(()),
        }
    }

    /// Asks for the keys when they will be old soon, so that no call waits for them.
    pub(super) async fn keep(self: &Arc<Self>, now: DateTime<Utc>) {
        let held = self.held();
        if !held.as_ref().is_some_and(|held| held.is_younger(FRESH * 4 / 5, now)) {
            self.ask(false, held.map(|held| held.at), now).await;
        }
    }

    fn held(&self) -> Option<Held> {
        self.held.read().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// One asks at a time; who waited for that finds the answer. `seen` is the age of the keys
    /// that did not do.
    async fn ask(self: &Arc<Self>, unknown: bool, seen: Option<DateTime<Utc>>, now: DateTime<Utc>) {
        let mut asked = self.asked.lock().await;
        if self.held().map(|held| held.at) != seen {
            return;
        }
        let last = if unknown { &mut asked.for_unknown } else { &mut asked.for_age };
        if last.is_some_and(|last| (now - last).abs() < PAUSE) {
            return;
        }
        *last = Some(now);
        // On its own: a caller that hangs up does not end it.
        let issuer = Arc::clone(self);
        let _ = tokio::spawn(async move { issuer.load(now).await }).await;
    }

    async fn load(&self, now: DateTime<Utc>) {
        match self.keys().await {
            Ok((keys, endpoints)) => {
                let held = Held { keys: Arc::new(keys), endpoints, at: now };
                *self.held.write().unwrap_or_else(PoisonError::into_inner) = Some(held);
            }
            Err(error) => {
                tracing::warn!(issuer = self.settings.url, %error, "the keys of an identity provider were not had");
            }
        }
    }

    async fn keys(&self) -> Result<(KeySet, Option<Endpoints>), FetchError> {
        let own = parse(&format!("{}/.well-known/openid-configuration", self.settings.url))?;
        let document = self.fetch.get(&own).await?;
        let discovery: Discovery = serde_json::from_slice(&document)
            .map_err(|error| FetchError::Document(format!("no discovery document: {error}")))?;
        if discovery.issuer != self.settings.url {
            return Err(FetchError::Document("it calls itself by another name".into()));
        }
        let keys = self.near(&own, &discovery.jwks_uri)?;
        let endpoints = self.settings.sign_in.as_ref().and_then(|_| {
            let found = self.ways_in(&own, &discovery);
            found
                .inspect_err(|error| {
                    tracing::warn!(issuer = self.settings.url, %error, "nobody can sign in at it");
                })
                .ok()
        });
        Ok((KeySet::parse(&self.fetch.get(&keys).await?)?, endpoints))
    }

    /// What it says of its sign-in. The browser goes to the first by itself; the second hears our secret.
    fn ways_in(&self, own: &Uri, discovery: &Discovery) -> Result<Endpoints, FetchError> {
        let authorization =
            self.for_browsers(discovery.authorization_endpoint.as_deref().unwrap_or_default())?;
        let token = self.near(own, discovery.token_endpoint.as_deref().unwrap_or_default())?;
        // Nobody is kept out because they cannot be sent there afterwards.
        let end_session = discovery.end_session_endpoint.as_deref().and_then(|url| {
            let found = self.for_browsers(url).inspect_err(|error| {
                tracing::warn!(issuer = self.settings.url, %error, "nobody can sign out at it");
            });
            found.ok()
        });
        Ok(Endpoints { authorization, token, end_session })
    }

    /// An address to which the browser goes by itself.
    fn for_browsers(&self, url: &str) -> Result<Uri, FetchError> {
        let url = parse(url)?;
        if takes(self.settings.network, &url) { Ok(url) } else { Err(FetchError::Address(url.to_string())) }
    }

    /// An address of its own, or at a host that the settings name beside it.
    fn near(&self, own: &Uri, url: &str) -> Result<Uri, FetchError> {
        let url = parse(url)?;
        let host = url.host().unwrap_or_default();
        let named = self.settings.key_hosts.iter().any(|known| known == host);
        if Some(host) != own.host() && !named {
            return Err(FetchError::Address(format!("{host} (see auth.issuer.key_hosts)")));
        }
        Ok(url)
    }
}
