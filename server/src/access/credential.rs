//! What a call shows of who calls: a token of ours, a provider's token, a client certificate, a
//! session on the pages.
//! With `authenticate`, the only code that reads without a grant.

use std::sync::Arc;

use chrono::{DateTime, NaiveDate, Utc};
use http::HeaderMap;
use schakel_domain::{
    access::Action,
    ids::{OrganisationId, PersonId},
};
use sea_orm::{
    ActiveModelTrait, ActiveValue::Set, ColumnTrait, EntityTrait, FromQueryResult, QueryFilter, QuerySelect,
};
use uuid::Uuid;

use super::{
    Call, Grant, Worker,
    mtls::Certificate,
    oidc::Identity,
    session,
    system_client::{self, SystemClient},
    token::{self, Opens},
};
use crate::{
    app::App,
    entity::{login, system_token, token as tokens},
    error::{Credential, Error, Result},
    store::{instant::to_column, memory},
};

/// Whose the credentials are.
#[derive(Default)]
pub(super) struct Shown {
    /// The person who signed in.
    pub(super) person: Option<PersonId>,
    /// The system that calls.
    pub(super) system: Option<SystemClient>,
    /// What `acr` the person lacks to see more than envelopes.
    pub(super) step_up: Option<Arc<str>>,
    /// The token of ours, when this is its first use today.
    pub(super) first_use: Option<FirstUse>,
}

/// A token that was not used before on this day.
pub(super) enum FirstUse {
    /// A person's.
    Person(Uuid),
    /// A system's.
    System(Uuid),
}

/// A person's token, and the register's count, which every call asks for next.
#[derive(FromQueryResult)]
struct Bearer {
    id: Uuid,
    person_id: Uuid,
    last_used_on: Option<NaiveDate>,
    count: i64,
}

fn refused(credential: Credential) -> Error {
    Error::Unauthenticated(credential)
}

/// Whose credentials `call` bears.
///
/// # Errors
/// Unauthenticated, with the first thing that is wrong; `ACCOUNT_DISABLED` when they are good
/// and stand for nobody who may come in today.
pub(super) async fn shown(app: &App, call: &Call, now: DateTime<Utc>, today: NaiveDate) -> Result<Shown> {
    if let Some(signed_in) = &call.signed_in {
        let person = session::person(app, signed_in.login).await?;
        let person = Some(person.ok_or(refused(Credential::AccountDisabled))?);
        return Ok(Shown { person, step_up: signed_in.step_up.clone(), ..Shown::default() });
    }
    let certificate = call.certificate.as_deref();
    if let Some(certificate) = certificate {
        certificate.check().map_err(refused)?;
    }
    let headers = &call.headers;
    match (bearer(headers)?, certificate) {
        (None, None) => Err(refused(Credential::MissingToken)),
        (None, Some(certificate)) => {
            let system = Some(by_certificate(app, certificate, headers, today).await?);
            Ok(Shown { system, ..Shown::default() })
        }
        // It is bound to no certificate.
        (Some(secret), Some(_)) if secret.starts_with(Opens::Api.prefix()) => {
            Err(refused(Credential::TokenBinding))
        }
        (Some(secret), None) if secret.starts_with(Opens::Api.prefix()) => own(app, secret, now, today).await,
        (Some(token), certificate) => {
            let identity = app.issuers.verify(token, now).await?;
            if identity.bound_to.as_deref() != certificate.map(Certificate::fingerprint) {
                return Err(refused(Credential::TokenBinding));
            }
            let mut shown = signed_in(app, identity, today).await?;
            if let Some(certificate) = certificate {
                let system = by_certificate(app, certificate, headers, today).await?;
                // A system's own token and its certificate must name the same system.
                if shown.system.is_some_and(|own| own.row.id != system.row.id) {
                    return Err(refused(Credential::TokenBinding));
                }
                shown.system = Some(system);
            }
            Ok(shown)
        }
    }
}

/// The one bearer token of the call, when it has one.
fn bearer(headers: &HeaderMap) -> Result<Option<&str>> {
    let mut values = headers.get_all(http::header::AUTHORIZATION).iter();
    let Some(value) = values.next() else { return Ok(None) };
    if values.next().is_some() {
        return Err(refused(Credential::MalformedToken));
    }
    let token = value.to_str().ok().and_then(|text| text.strip_prefix("Bearer "));
    token.map(Some).ok_or(refused(Credential::MalformedToken))
}

/// A token that this server issued, to a person or to a system.
async fn own(app: &App, secret: &str, now: DateTime<Utc>, today: NaiveDate) -> Result<Shown> {
    let hash = token::hash(Opens::Api, secret).ok_or(refused(Credential::MalformedToken))?;
    let reader = app.database.reader();
    let row = tokens::Entity::find()
        .select_only()
        .columns([tokens::Column::Id, tokens::Column::PersonId, tokens::Column::LastUsedOn])
        .expr_as(memory::counted(), "count")
        .filter(tokens::Column::Hash.eq(hash.as_slice()))
        .filter(tokens::Column::RevokedAt.is_null())
        .filter(tokens::Column::ExpiresAt.gt(to_column(now)))
        .into_model::<Bearer>()
        .one(reader)
        .await?;
    if let Some(row) = row {
        memory::told(row.count);
        let first_use = (row.last_used_on != Some(today)).then_some(FirstUse::Person(row.id));
        return Ok(Shown { person: Some(PersonId(row.person_id)), first_use, ..Shown::default() });
    }
    let row = system_token::Entity::find()
        .filter(system_token::Column::Hash.eq(hash))
        .filter(system_token::Column::RevokedAt.is_null())
        .filter(system_token::Column::ExpiresAt.gt(to_column(now)))
        .one(reader)
        .await?;
    let row = row.ok_or(refused(Credential::TokenInvalid))?;
    let mut system = system_client::live(app, row.client_id, today).await?;
    if row.register_only {
        system.scopes.retain(|scope| Action::is_of_the_register(*scope));
    }
    let first_use = (row.last_used_on != Some(today)).then_some(FirstUse::System(row.id));
    Ok(Shown { system: Some(system), first_use, ..Shown::default() })
}

/// Who a provider's subject is here.
async fn signed_in(app: &App, identity: Identity, today: NaiveDate) -> Result<Shown> {
    let Identity { issuer, subject, step_up, is_long, bound_to: _ } = identity;
    let row = login::Entity::find()
        .filter(login::Column::Issuer.eq(issuer))
        .filter(login::Column::Subject.eq(subject))
        .filter(login::Column::RemovedAt.is_null())
        .one(app.database.reader())
        .await?;
    let row = row.ok_or(refused(Credential::AccountDisabled))?;
    if let Some(client) = row.client_id {
        let system = system_client::live(app, client, today).await?;
        return Ok(Shown { system: Some(system), step_up, ..Shown::default() });
    }
    if is_long {
        return Err(refused(Credential::TokenClaimInvalid("exp")));
    }
    Ok(Shown { person: row.person_id.map(PersonId), step_up, ..Shown::default() })
}

/// The system of a certificate; of several with one OIN, the one of the organisation acted for.
async fn by_certificate(
    app: &App,
    certificate: &Certificate,
    headers: &HeaderMap,
    today: NaiveDate,
) -> Result<SystemClient> {
    let oin = certificate.oin().map_err(refused)?;
    let organisation: Option<OrganisationId> = super::authenticate::named(headers, "schakel-acting-for")?;
    system_client::by_oin(app, oin, organisation, today).await
}

/// Writes down that a token is used today. That it could not be written stops nobody.
pub(super) async fn remember(app: &App, grant: &Grant, first_use: &FirstUse, today: NaiveDate) {
    let written = app
        .write(grant, None, |tx| async move {
            match first_use {
                FirstUse::Person(id) => {
                    let row = tokens::ActiveModel {
                        id: Set(*id),
                        last_used_on: Set(Some(today)),
                        ..Default::default()
                    };
                    row.update(&tx.db()).await?;
                }
                FirstUse::System(id) => {
                    let row = system_token::ActiveModel {
                        id: Set(*id),
                        last_used_on: Set(Some(today)),
                        ..Default::default()
                    };
                    row.update(&tx.db()).await?;
                }
            }
            Ok(())
        })
        .await;
    if let Err(error) = written {
        tracing::warn!(%error, "the day on which a token was used could not be kept");
    }
}

/// By what right it is written down.
pub(super) fn remembering(region: schakel_domain::ids::RegionId) -> Grant {
    Grant::worker(Worker::Tokens, region)
}
