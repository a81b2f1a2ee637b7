//! A provider of our own for development: anybody on this machine may be anybody, and nobody elsewhere.
//!
//! Its tokens go through the same checks as every provider's; only its key is made here, anew
//! at each start.

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use chrono::{DateTime, TimeDelta, Utc};
use ring::signature::{Ed25519KeyPair, KeyPair};
use schakel_domain::{
    access::Role,
    ids::{PersonId, RegionId},
    text::Name,
};
use sea_orm::{ColumnTrait, EntityTrait, ExprTrait, QueryFilter, QueryOrder};
use serde_json::{Value, json};

use crate::{
    access::{
        Grant, Worker,
        authenticate::today,
        login::{self, Who},
        professional, region,
    },
    app::{App, Ids},
    entity::affiliation,
    error::{Error, Result},
    settings::{Algorithm, IssuerSettings, Network},
};

/// How long its tokens live.
pub const LIFETIME: TimeDelta = TimeDelta::hours(1);

/// The provider.
pub struct Builtin {
    url: String,
    audience: String,
    kid: String,
    key: Ed25519KeyPair,
}

impl Builtin {
    /// Below `public_url`, with a key that nobody else has.
    pub(super) fn new(public_url: &str, ids: &dyn Ids) -> Self {
        let (mut seed, mut kid) = ([0; 32], [0; 8]);
        ids.fill(&mut seed);
        ids.fill(&mut kid);
        let key = Ed25519KeyPair::from_seed_unchecked(&seed).expect("any 32 bytes are a seed");
        let kid = URL_SAFE_NO_PAD.encode(kid);
        Self { url: format!("{public_url}/dev"), audience: public_url.to_owned(), kid, key }
    }

    /// How it is believed: as any other on this machine.
    pub(super) fn settings(&self) -> IssuerSettings {
        IssuerSettings {
            url: self.url.clone(),
            audience: self.audience.clone(),
            algorithms: vec![Algorithm::EdDsa],
            ca_file: None,
            network: Network::Loopback,
            key_hosts: Vec::new(),
            required_acr: Vec::new(),
            user_lifetime_seconds: 3600,
            system_lifetime_seconds: 3600,
            sign_in: None,
        }
    }

    /// Its discovery document.
    pub fn discovery(&self) -> Value {
        let url = &self.url;
        json!({
            "issuer": url,
            "jwks_uri": format!("{url}/jwks"),
            "token_endpoint": format!("{url}/token"),
            "response_types_supported": [],
            "subject_types_supported": ["public"],
            "id_token_signing_alg_values_supported": ["EdDSA"],
        })
    }

    /// Its key.
    pub fn keys(&self) -> Value {
        let x = URL_SAFE_NO_PAD.encode(self.key.public_key());
        json!({"keys": [{"kty": "OKP", "crv": "Ed25519", "use": "sig", "alg": "EdDSA", "kid": self.kid, "x": x}]})
    }

    fn sign(&self, subject: &str, now: DateTime<Utc>) -> String {
        let part = |value: Value| URL_SAFE_NO_PAD.encode(value.to_string());
        let header = part(json!({"alg": "EdDSA", "typ": "at+jwt", "kid": self.kid}));
        let (iat, exp) = (now.timestamp(), (now + LIFETIME).timestamp());
        let claims =
            part(json!({"iss": self.url, "sub": subject, "aud": self.audience, "iat": iat, "exp": exp}));
        let message = format!("{header}.{claims}");
        let signature = URL_SAFE_NO_PAD.encode(self.key.sign(message.as_bytes()));
        format!("{message}.{signature}")
    }

    /// A token of the person with this code, or of the first with this role, in whichever
    /// region there is one.
    ///
    /// # Errors
    /// `PERSON_NOT_FOUND`.
    pub async fn token(&self, app: &App, wanted: &Wanted) -> Result<String> {
        let now = app.now();
        for region in region::all(app).await? {
            let Some(person) = wanted.find(app, region, now).await? else { continue };
            let login = self.login(app, region, person).await?;
            return Ok(self.sign(&login.subject, now));
        }
        Err(Error::NotFound("PERSON"))
    }

    /// The login here of `person`, who has a role in `region`.
    ///
    /// # Errors
    /// `PERSON_NOT_FOUND`.
    pub async fn login(&self, app: &App, region: RegionId, person: PersonId) -> Result<login::Model> {
        let bound = &person.0.to_string();
        let grant = Grant::worker(Worker::Setup, region);
        app.write(
            &grant,
            None,
            |tx| async move { login::bind(&tx, &self.url, bound, Who::Person(person)).await },
        )
        .await
    }
}

/// Whom a token is to stand for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Wanted {
    /// The person with this code in the region's own files.
    Code(Name),
    /// The first person who has this role today.
    Role(Role),
}

impl Wanted {
    async fn find(&self, app: &App, region: RegionId, now: DateTime<Utc>) -> Result<Option<PersonId>> {
        let role = match self {
            Self::Code(code) => {
                let read = app.read(Grant::worker(Worker::Setup, region));
                return match professional::by_code(&read, code.as_str()).await {
                    Ok(person) => Ok(Some(person)),
                    Err(Error::NotFound(_)) => Ok(None),
                    Err(error) => Err(error),
                };
            }
            Self::Role(role) => role,
        };
        let today = today(now);
        let found = affiliation::Entity::find()
            .filter(affiliation::Column::RegionId.eq(region.0))
            .filter(affiliation::Column::Role.eq(role.to_string()))
            .filter(affiliation::Column::ValidFrom.lte(today))
            .filter(affiliation::Column::ValidUntil.is_null().or(affiliation::Column::ValidUntil.gte(today)))
            .order_by_asc(affiliation::Column::Id)
            .one(app.database.reader())
            .await?;
        Ok(found.map(|row| PersonId(row.person_id)))
    }
}
