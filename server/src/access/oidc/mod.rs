//! Tokens of identity providers (`OpenID` Connect): who signed, for whom, until when.
//!
//! A token says who somebody is and never what they may: roles stand in our database.

pub mod builtin;
pub mod code;
mod fetch;
mod issuer;
mod jwk;
mod jwt;

use std::{sync::Arc, time::Duration};

use chrono::{DateTime, TimeDelta, Utc};
pub use fetch::FetchError;
use tokio_util::sync::CancellationToken;

use self::{builtin::Builtin, issuer::Issuer, jwt::Token};
use crate::{
    app::{App, Ids},
    error::{Credential, Error, Result},
    settings::Settings,
};

/// How often it is looked after whether keys must be asked for.
const ROUND: Duration = Duration::from_secs(5);

/// The identity providers whose tokens are believed.
#[derive(Default)]
pub struct Issuers {
    all: Vec<Arc<Issuer>>,
    builtin: Option<Builtin>,
}

/// Who a token stands for, according to its provider.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Identity {
    /// The provider.
    pub issuer: String,
    /// Its word for the person or system.
    pub subject: String,
    /// The `acr` that would be needed to see more than envelopes, when the token has none of them.
    pub step_up: Option<Arc<str>>,
    /// SHA-256 of the certificate that must come with it.
    pub bound_to: Option<Vec<u8>>,
    /// Whether it lives longer than a person's token may.
    pub is_long: bool,
}

impl Issuers {
    /// Prepares to ask each provider of `settings`; nobody is asked yet.
    ///
    /// # Errors
    /// When authorities to trust cannot be read.
    pub fn new(settings: &Settings, ids: &dyn Ids) -> Result<Self, FetchError> {
        let builtin = settings.auth.builtin_issuer.then(|| Builtin::new(&settings.public_url, ids));
        let believed = settings.auth.issuer.iter().cloned().chain(builtin.as_ref().map(Builtin::settings));
        let all = believed.map(|one| Issuer::new(one).map(Arc::new)).collect::<Result<_, _>>()?;
        Ok(Self { all, builtin })
    }

    /// The provider for development, when it is there.
    pub fn builtin(&self) -> Option<&Builtin> {
        self.builtin.as_ref()
    }

    /// Whether `url` is one of them.
    pub fn knows(&self, url: &str) -> bool {
        self.all.iter().any(|issuer| issuer.settings.url == url)
    }

    /// Those whose tokens cannot be checked now, because their keys were never had or are a day old.
    pub fn not_ready(&self, now: DateTime<Utc>) -> Vec<&str> {
        let waiting = self.all.iter().filter(|issuer| !issuer.is_ready(now));
        waiting.map(|issuer| issuer.settings.url.as_str()).collect()
    }

    /// Who `token` stands for.
    ///
    /// # Errors
    /// Unauthenticated, with the first thing that is wrong with it.
    pub async fn verify(&self, token: &str, now: DateTime<Utc>) -> Result<Identity> {
        let token = Token::parse(token)?;
        if jwk::algorithm(token.alg()).is_none() {
            return Err(Error::Unauthenticated(Credential::TokenAlgNotAllowed));
        }
        let url = token.issuer()?;
        let issuer = self.all.iter().find(|issuer| issuer.settings.url == url);
        let issuer = issuer.ok_or(Error::Unauthenticated(Credential::TokenIssuer))?;
        let said = issuer.verify(&token, now).await?;
        let settings = &issuer.settings;
        Ok(Identity {
            issuer: settings.url.clone(),
            subject: said.subject,
            step_up: settings.lacking(said.acr.as_deref()),
            bound_to: said.bound_to,
            is_long: said.lifetime > TimeDelta::seconds(settings.user_lifetime_seconds.into()),
        })
    }
}

/// Keeps the keys of every provider at hand until `stop`; one that is away at the start is
/// asked again and again.
pub async fn keep(app: &App, stop: &CancellationToken) {
    while !stop.is_cancelled() {
        for issuer in &app.issuers.all {
            issuer.keep(app.now()).await;
        }
        tokio::select! {
            () = stop.cancelled() => {}
            () = tokio::time::sleep(ROUND) => {}
        }
    }
}
