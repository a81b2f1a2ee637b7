//! Signing in with a browser at a provider: the authorization code flow with PKCE (RFC 6749 §4.1,
//! RFC 7636, RFC 9207, `OpenID` Connect Core §3.1); and signing out there (`OpenID` Connect RP-Initiated
//! Logout 1.0).
//!
//! State, nonce and verifier all follow from one secret that only the browser keeps, in a cookie:
//! nothing is stored here for people who never come back.

use std::sync::Arc;

use base64::{
    Engine,
    engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD},
};
use chrono::{DateTime, Utc};
use http::Uri;
use hyper::body::Bytes;
use serde::Deserialize;

use super::{FetchError, Identity, Issuers, issuer::Issuer, jwt::Token};
use crate::{
    error::{Credential, Error, Result},
    settings::{IssuerSettings, SignInSettings},
    store::keys::sha256,
};

/// A provider at which people can sign in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Door {
    /// Its place among the providers.
    pub at: usize,
    /// What it is called.
    pub display_name: String,
}

/// One attempt of one browser to sign in.
#[derive(Debug, Clone, Copy)]
pub struct Attempt<'a> {
    /// At which provider.
    pub at: usize,
    /// What only the browser keeps.
    pub secret: &'a str,
    /// Where the provider sends the browser.
    pub redirect: &'a str,
}

impl Attempt<'_> {
    fn derived(&self, what: &str) -> String {
        URL_SAFE_NO_PAD.encode(sha256(format!("{what} {} {}", self.at, self.secret).as_bytes()))
    }

    /// What the provider must send back with the browser.
    pub fn state(&self) -> String {
        self.derived("state")
    }

    fn nonce(&self) -> String {
        self.derived("nonce")
    }

    fn verifier(&self) -> String {
        self.derived("verifier")
    }
}

/// What the provider sent with the browser that came back.
#[derive(Debug, Clone, Deserialize)]
pub struct Came {
    /// Worth tokens, once.
    #[serde(default)]
    pub code: String,
    /// That of the attempt.
    #[serde(default)]
    pub state: String,
    /// Which provider it says it is (RFC 9207); older ones do not.
    #[serde(default)]
    pub iss: Option<String>,
}

#[derive(Deserialize)]
struct Tokens {
    id_token: String,
}

/// `application/x-www-form-urlencoded`, which any reader of it takes.
fn encoded(text: &str) -> String {
    use std::fmt::Write;
    let mut encoded = String::with_capacity(text.len());
    for byte in text.bytes() {
        if byte.is_ascii_alphanumeric() || b"-._".contains(&byte) {
            encoded.push(char::from(byte));
        } else {
            let _ = write!(encoded, "%{byte:02X}");
        }
    }
    encoded
}

fn form(fields: &[(&str, &str)]) -> String {
    let pairs: Vec<_> = fields.iter().map(|(name, value)| format!("{name}={}", encoded(value))).collect();
    pairs.join("&")
}

/// `fields` in the query of an address that may have one already.
fn asking(endpoint: &str, fields: &[(&str, &str)]) -> String {
    let joint = if endpoint.contains('?') { '&' } else { '?' };
    format!("{endpoint}{joint}{}", form(fields))
}

impl Issuers {
    /// Where people can sign in.
    pub fn doors(&self) -> Vec<Door> {
        let found = self.all.iter().enumerate().filter_map(|(at, issuer)| {
            let sign_in = issuer.settings.sign_in.as_ref()?;
            let host = || issuer.settings.url.parse().ok().and_then(|url: Uri| url.host().map(str::to_owned));
            Some(Door { at, display_name: sign_in.display_name.clone().or_else(host).unwrap_or_default() })
        });
        found.collect()
    }

    /// The one of them at which people of the provider `url` sign in.
    pub fn door_of(&self, url: &str) -> Option<usize> {
        let found = self.all.iter().position(|issuer| issuer.settings.url == url)?;
        self.door(found).ok().map(|_| found)
    }

    /// Where the browser goes to sign out at a provider too, which sends it `back` with `out` as its
    /// state; nothing where the provider offers no such thing, or cannot be asked.
    ///
    /// We say who we are and not who leaves: their ID token is kept nowhere, so the provider asks
    /// the person itself (RP-Initiated Logout §2 wants that without `id_token_hint`).
    pub async fn leave_for_good(&self, at: usize, back: &str, now: DateTime<Utc>) -> Option<String> {
        let (issuer, sign_in) = self.door(at).ok()?;
        let endpoint = issuer.endpoints(now).await.ok()?.end_session?.to_string();
        let fields =
            [("client_id", sign_in.client_id.as_str()), ("post_logout_redirect_uri", back), ("state", "out")];
        Some(asking(&endpoint, &fields))
    }

    fn door(&self, at: usize) -> Result<(&Arc<Issuer>, &SignInSettings)> {
        let issuer = self.all.get(at);
        let found = issuer.and_then(|issuer| Some((issuer, issuer.settings.sign_in.as_ref()?)));
        found.ok_or(Error::NotFound("ISSUER"))
    }

    /// Where the browser goes to sign in.
    ///
    /// # Errors
    /// When the provider cannot be asked where that is.
    pub async fn leave(&self, attempt: &Attempt<'_>, now: DateTime<Utc>) -> Result<String> {
        let (issuer, sign_in) = self.door(attempt.at)?;
        let endpoint = issuer.endpoints(now).await?.authorization.to_string();
        let challenge = URL_SAFE_NO_PAD.encode(sha256(attempt.verifier().as_bytes()));
        let (state, nonce, acr) = (attempt.state(), attempt.nonce(), issuer.settings.required_acr.join(" "));
        let mut fields = vec![
            ("response_type", "code"),
            ("client_id", sign_in.client_id.as_str()),
            ("redirect_uri", attempt.redirect),
            ("scope", "openid"),
            ("state", state.as_str()),
            ("nonce", nonce.as_str()),
            ("code_challenge", challenge.as_str()),
            ("code_challenge_method", "S256"),
        ];
        if !acr.is_empty() {
            fields.push(("acr_values", acr.as_str()));
        }
        Ok(asking(&endpoint, &fields))
    }

    /// Who it is that came back.
    ///
    /// # Errors
    /// Unauthenticated when it is not the browser that left, or the provider does not say who it is.
    pub async fn arrive(&self, attempt: &Attempt<'_>, came: &Came, now: DateTime<Utc>) -> Result<Identity> {
        let refused = || Error::Unauthenticated(Credential::TokenInvalid);
        let (issuer, sign_in) = self.door(attempt.at)?;
        let known = came.iss.as_ref().is_none_or(|iss| *iss == issuer.settings.url);
        if sha256(came.state.as_bytes()) != sha256(attempt.state().as_bytes()) || !known {
            return Err(refused());
        }
        let answer = redeem(issuer, sign_in, attempt, (&came.code, now)).await?;
        let tokens: Tokens = serde_json::from_slice(&answer).map_err(|_| refused())?;
        let token = Token::parse(&tokens.id_token)?;
        if token.issuer()? != issuer.settings.url {
            return Err(Error::Unauthenticated(Credential::TokenIssuer));
        }
        issuer.signed(&token, now).await?;
        let meant = IssuerSettings { audience: sign_in.client_id.clone(), ..issuer.settings.clone() };
        let said = token.said(&meant, now)?;
        token.answers(&sign_in.client_id, &attempt.nonce())?;
        let step_up = issuer.settings.lacking(said.acr.as_deref());
        Ok(Identity { issuer: meant.url, subject: said.subject, step_up, bound_to: None, is_long: false })
    }
}

/// Code → tokens, as the provider sent them.
async fn redeem(
    issuer: &Arc<Issuer>,
    sign_in: &SignInSettings,
    attempt: &Attempt<'_>,
    (code, now): (&str, DateTime<Utc>),
) -> Result<Bytes> {
    let endpoint = issuer.endpoints(now).await?.token;
    let verifier = attempt.verifier();
    let mut fields = vec![
        ("grant_type", "authorization_code"),
        ("code", code),
        ("redirect_uri", attempt.redirect),
        ("code_verifier", verifier.as_str()),
    ];
    let authorization = match &sign_in.client_secret_file {
        None => {
            fields.push(("client_id", sign_in.client_id.as_str()));
            None
        }
        Some(path) => {
            let secret = tokio::fs::read_to_string(path).await.map_err(|error| {
                tracing::error!(path = %path.display(), %error, "the secret for signing in cannot be read");
                Error::IssuerUnavailable
            })?;
            let pair = format!("{}:{}", encoded(&sign_in.client_id), encoded(secret.trim()));
            Some(format!("Basic {}", STANDARD.encode(pair)))
        }
    };
    let answer = issuer.fetch.post(&endpoint, form(&fields), authorization.as_deref()).await;
    answer.map_err(|error| {
        tracing::warn!(issuer = issuer.settings.url, %error, "a code for signing in was not taken");
        match error {
            FetchError::Status(status) if status.is_client_error() => {
                Error::Unauthenticated(Credential::TokenInvalid)
            }
            FetchError::Address(_)
            | FetchError::TimedOut
            | FetchError::Io(_)
            | FetchError::Http(_)
            | FetchError::Status(_)
            | FetchError::Document(_)
            | FetchError::Authorities(_) => Error::IssuerUnavailable,
        }
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_follows_from_a_secret_differs_by_its_use_and_by_the_provider() {
        let attempt = Attempt { at: 0, secret: "s", redirect: "https://schakel.example/sign-in/back" };
        let other = Attempt { at: 1, ..attempt };
        let all = [attempt.state(), attempt.nonce(), attempt.verifier(), other.state(), other.verifier()];
        for (at, one) in all.iter().enumerate() {
            // RFC 7636 §4.1: 43 to 128 characters.
            assert_eq!(one.len(), 43);
            assert!(all[at + 1..].iter().all(|two| one != two));
        }
    }

    #[test]
    fn a_form_is_read_by_all_as_it_was_meant() {
        assert_eq!(form(&[("a", "x y&z"), ("b", "https://é~")]), "a=x%20y%26z&b=https%3A%2F%2F%C3%A9%7E");
    }
}
