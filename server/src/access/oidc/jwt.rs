//! A signed token in its compact form (RFC 7515 §7.1, RFC 7519), read strictly.

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use chrono::{DateTime, TimeDelta, Utc};
use serde::Deserialize;
use serde_json::Value;

use crate::{
    error::{Credential, Error, Result},
    settings::IssuerSettings,
};

/// No token of use here is longer; all headers of a call together may have 16 KiB.
const LONGEST: usize = 8 << 10;
/// How far two clocks may be apart.
const LEEWAY: TimeDelta = TimeDelta::seconds(30);
/// `OpenID` Connect Core §2: a `sub` has at most 255 ASCII characters.
const LONGEST_SUBJECT: usize = 255;

/// The fields of the header that mean something here. `jku`, `jwk` and `x5u`, by which a
/// token would bring its own key, are not among them.
#[derive(Deserialize)]
struct Header {
    alg: String,
    kid: Option<String>,
    typ: Option<String>,
    crit: Option<Value>,
}

/// Claims of any type; which type each must have is told one by one.
#[derive(Deserialize)]
struct Claims {
    iss: Option<Value>,
    sub: Option<Value>,
    aud: Option<Value>,
    exp: Option<Value>,
    iat: Option<Value>,
    nbf: Option<Value>,
    acr: Option<Value>,
    cnf: Option<Value>,
    azp: Option<Value>,
    nonce: Option<Value>,
}

/// A token, taken apart. Nothing in it is believed yet.
pub(super) struct Token<'a> {
    header: Header,
    claims: Claims,
    /// What was signed.
    pub(super) message: &'a [u8],
    /// The signature.
    pub(super) signature: Vec<u8>,
}

/// What a token says, once its signature was checked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Said {
    /// Who.
    pub(super) subject: String,
    /// How long it was given to live.
    pub(super) lifetime: TimeDelta,
    /// How well the person was recognised.
    pub(super) acr: Option<String>,
    /// SHA-256 of the certificate that must come with it.
    pub(super) bound_to: Option<Vec<u8>>,
}

fn wrong(claim: &'static str) -> Error {
    Error::Unauthenticated(Credential::TokenClaimInvalid(claim))
}

impl<'a> Token<'a> {
    /// Takes `text` apart.
    ///
    /// # Errors
    /// `MALFORMED_TOKEN`.
    pub(super) fn parse(text: &'a str) -> Result<Self> {
        Self::read(text).ok_or(Error::Unauthenticated(Credential::MalformedToken))
    }

    fn read(text: &'a str) -> Option<Self> {
        let (message, signature) = text.rsplit_once('.').filter(|_| text.len() <= LONGEST)?;
        let (header, claims) = message.split_once('.').filter(|(_, claims)| !claims.contains('.'))?;
        let bytes = |part: &str| URL_SAFE_NO_PAD.decode(part).ok();
        let header: Header = serde_json::from_slice(&bytes(header)?).ok()?;
        let claims: Claims = serde_json::from_slice(&bytes(claims)?).ok()?;
        let typ = header.typ.as_deref().map(str::to_ascii_lowercase);
        let known = typ
            .is_none_or(|typ| matches!(typ.strip_prefix("application/").unwrap_or(&typ), "at+jwt" | "jwt"));
        // Nothing that a token calls critical is known here (RFC 7515 §4.1.11).
        (known && header.crit.is_none()).then_some(Self {
            header,
            claims,
            message: message.as_bytes(),
            signature: bytes(signature)?,
        })
    }

    /// How it says that it is signed.
    pub(super) fn alg(&self) -> &str {
        &self.header.alg
    }

    /// With which key; without a name no key is found.
    pub(super) fn kid(&self) -> &str {
        self.header.kid.as_deref().unwrap_or_default()
    }

    /// Who it says that made it.
    pub(super) fn issuer(&self) -> Result<&str> {
        self.claims.iss.as_ref().and_then(Value::as_str).ok_or_else(|| wrong("iss"))
    }

    /// Whether it answers the question in which `nonce` was sent, as `client` (`OpenID` Connect Core
    /// §3.1.3.7).
    pub(super) fn answers(&self, client: &str, nonce: &str) -> Result<()> {
        if self.claims.nonce.as_ref().and_then(Value::as_str) != Some(nonce) {
            return Err(wrong("nonce"));
        }
        let others = audiences(self.claims.aud.as_ref())?.len() > 1;
        match self.claims.azp.as_ref() {
            None if !others => Ok(()),
            Some(party) if party.as_str() == Some(client) => Ok(()),
            None | Some(_) => Err(wrong("azp")),
        }
    }

    /// What it says, when it is meant for us and now.
    pub(super) fn said(&self, issuer: &IssuerSettings, now: DateTime<Utc>) -> Result<Said> {
        let Claims { sub, aud, exp, iat, nbf, acr, cnf, .. } = &self.claims;
        let exp = instant(exp.as_ref(), "exp")?.ok_or_else(|| wrong("exp"))?;
        let iat = instant(iat.as_ref(), "iat")?.ok_or_else(|| wrong("iat"))?;
        let nbf = instant(nbf.as_ref(), "nbf")?;
        let lifetime = exp - iat;
        if now >= exp + LEEWAY {
            return Err(Error::Unauthenticated(Credential::TokenExpired));
        }
        if iat > now + LEEWAY {
            return Err(wrong("iat"));
        }
        if nbf.is_some_and(|nbf| nbf > now + LEEWAY) {
            return Err(wrong("nbf"));
        }
        let longest = TimeDelta::seconds(issuer.system_lifetime_seconds.into());
        if lifetime <= TimeDelta::zero() || lifetime > longest {
            return Err(wrong("exp"));
        }
        if !audiences(aud.as_ref())?.contains(&issuer.audience.as_str()) {
            return Err(Error::Unauthenticated(Credential::TokenAudience));
        }
        let subject = sub.as_ref().and_then(Value::as_str);
        let subject = subject
            .filter(|sub| {
                (1..=LONGEST_SUBJECT).contains(&sub.len()) && sub.bytes().all(|b| (b' '..=b'~').contains(&b))
            })
            .ok_or_else(|| wrong("sub"))?;
        let acr = acr.as_ref().map(|acr| acr.as_str().ok_or_else(|| wrong("acr"))).transpose()?;
        Ok(Said {
            subject: subject.to_owned(),
            lifetime,
            acr: acr.map(str::to_owned),
            bound_to: cnf.as_ref().map(thumbprint),
        })
    }
}

/// A `NumericDate` (RFC 7519 §2); a number in quotes is none.
fn instant(value: Option<&Value>, claim: &'static str) -> Result<Option<DateTime<Utc>>> {
    let Some(value) = value else { return Ok(None) };
    #[expect(clippy::cast_possible_truncation, reason = "a fraction of a second may go; the rest is checked")]
    let seconds = value.as_i64().or_else(|| value.as_f64().map(|seconds| seconds.floor() as i64));
    let seconds = seconds.filter(|seconds| (0..=253_402_300_799).contains(seconds));
    let instant = seconds.and_then(|seconds| DateTime::from_timestamp(seconds, 0));
    instant.map(Some).ok_or_else(|| wrong(claim))
}

/// One audience or a list (RFC 7519 §4.1.3).
fn audiences(value: Option<&Value>) -> Result<Vec<&str>> {
    let all = match value {
        Some(Value::String(one)) => Some(vec![one.as_str()]),
        Some(Value::Array(all)) => all.iter().map(Value::as_str).collect(),
        Some(Value::Null | Value::Bool(_) | Value::Number(_) | Value::Object(_)) | None => None,
    };
    all.ok_or_else(|| wrong("aud"))
}

/// RFC 8705 §3.1. A binding of another kind is bound to nothing that could be shown.
fn thumbprint(cnf: &Value) -> Vec<u8> {
    let text = cnf.get("x5t#S256").and_then(Value::as_str).unwrap_or_default();
    URL_SAFE_NO_PAD.decode(text).unwrap_or_default()
}
