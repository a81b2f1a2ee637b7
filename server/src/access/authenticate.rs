//! From a bearer token to a [`Caller`]; the only code that reads without a grant.

use chrono::{DateTime, NaiveDate, Utc};
use http::HeaderMap;
use schakel_domain::{
    access::{Purpose, Role},
    ids::{EmergencyId, OrganisationId, PersonId, RegionId},
    refusal::Refusal,
};
use sea_orm::{ColumnTrait, Condition, EntityTrait, QueryFilter};

use super::{
    Call, Caller, Membership, emergency,
    token::{self, Opens},
};
use crate::{
    app::App,
    entity::{affiliation, organisation, token as tokens},
    error::{Credential, Error, Result},
    store::instant::to_column,
};

/// The day in the Netherlands at `now`.
pub fn today(now: DateTime<Utc>) -> NaiveDate {
    now.with_timezone(&chrono_tz::Europe::Amsterdam).date_naive()
}

/// Who it is that calls.
///
/// # Errors
/// Unauthenticated without a live token and a membership that is valid today;
/// `ACTING_FOR_REQUIRED` when there is more than one organisation to act for;
/// `EMERGENCY_NOT_FOUND` when it says that it uses one that does not last.
pub async fn authenticate(app: &App, call: &Call) -> Result<Caller> {
    let headers = &call.headers;
    let now = app.now();
    let person = bearer(app, headers, now).await?;
    let today = today(now);
    let memberships = memberships(app, person, today).await?;
    if memberships.is_empty() {
        return Err(Error::Unauthenticated(Credential::AccountDisabled));
    }
    let acting = acting(headers, &memberships)?;
    let region = acting[0].region;
    let memberships = memberships.into_iter().filter(|membership| membership.region == region).collect();
    let purpose = match headers.get("schakel-purpose") {
        None => None,
        Some(value) => Some(
            value
                .to_str()
                .ok()
                .and_then(|text| text.parse::<Purpose>().ok())
                .ok_or_else(|| Error::field("schakel-purpose", Refusal::FieldInvalid))?,
        ),
    };
    let origin = call.peer.map(|peer| peer.address.to_string()).unwrap_or_default();
    let caller = Caller {
        person,
        acting,
        memberships,
        purpose,
        today,
        client: None,
        emergency: None,
        origin,
        method: call.method.clone(),
    };
    let Some(value) = headers.get("schakel-emergency") else { return Ok(caller) };
    let id = value.to_str().ok().and_then(|text| text.parse::<EmergencyId>().ok());
    let id = id.ok_or_else(|| Error::field("schakel-emergency", Refusal::FieldInvalid))?;
    let emergency = Some(emergency::used(app, &caller, id).await?);
    Ok(Caller { emergency, ..caller })
}

async fn bearer(app: &App, headers: &HeaderMap, now: DateTime<Utc>) -> Result<PersonId> {
    let refused = Error::Unauthenticated;
    let mut values = headers.get_all(http::header::AUTHORIZATION).iter();
    let value = values.next().ok_or(refused(Credential::MissingToken))?;
    if values.next().is_some() {
        return Err(refused(Credential::MalformedToken));
    }
    let secret = value.to_str().ok().and_then(|text| text.strip_prefix("Bearer "));
    let secret = secret.ok_or(refused(Credential::MalformedToken))?;
    let hash = token::hash(Opens::Api, secret).ok_or(refused(Credential::MalformedToken))?;
    let row = tokens::Entity::find()
        .filter(tokens::Column::Hash.eq(hash))
        .filter(tokens::Column::RevokedAt.is_null())
        .filter(tokens::Column::ExpiresAt.gt(to_column(now)))
        .one(app.database.reader())
        .await?;
    row.map(|row| PersonId(row.person_id)).ok_or(refused(Credential::TokenInvalid))
}

async fn memberships(app: &App, person: PersonId, today: NaiveDate) -> Result<Vec<Membership>> {
    let valid = Condition::all().add(affiliation::Column::ValidFrom.lte(today)).add(
        Condition::any()
            .add(affiliation::Column::ValidUntil.is_null())
            .add(affiliation::Column::ValidUntil.gte(today)),
    );
    let affiliations = affiliation::Entity::find()
        .filter(affiliation::Column::PersonId.eq(person.0))
        .filter(valid)
        .all(app.database.reader())
        .await?;
    if affiliations.is_empty() {
        return Ok(Vec::new());
    }
    let organisations = organisation::Entity::find()
        .filter(organisation::Column::Id.is_in(affiliations.iter().map(|row| row.organisation_id)))
        .all(app.database.reader())
        .await?;
    let mut memberships = Vec::with_capacity(affiliations.len());
    for row in affiliations {
        let at =
            organisations.iter().find(|at| at.id == row.organisation_id && at.region_id == row.region_id);
        let role: Option<Role> = row.role.parse().ok();
        let (Some(at), Some(role)) = (at, role) else {
            return Err(Error::Corrupt { table: "affiliation", column: "role" });
        };
        memberships.push(Membership {
            region: RegionId(row.region_id),
            organisation: OrganisationId(row.organisation_id),
            kind: at.kind.clone(),
            code: at.code.clone(),
            display_name: at.display_name.clone(),
            role,
        });
    }
    memberships.sort_by(|a, b| (&a.display_name, a.role).cmp(&(&b.display_name, b.role)));
    Ok(memberships)
}

/// The roles at the organisation that the caller names, or at its only one.
fn acting(headers: &HeaderMap, memberships: &[Membership]) -> Result<Vec<Membership>> {
    let required = || Error::field("schakel-acting-for", Refusal::ActingForRequired);
    let organisation = if let Some(value) = headers.get("schakel-acting-for") {
        value
            .to_str()
            .ok()
            .and_then(|text| text.parse::<OrganisationId>().ok())
            .ok_or_else(|| Error::field("schakel-acting-for", Refusal::FieldInvalid))?
    } else {
        let first = memberships[0].organisation;
        if memberships.iter().any(|membership| membership.organisation != first) {
            return Err(required());
        }
        first
    };
    let acting: Vec<_> =
        memberships.iter().filter(|membership| membership.organisation == organisation).cloned().collect();
    // An organisation that is not the caller's own is told apart from none at all by nobody.
    if acting.is_empty() { Err(required()) } else { Ok(acting) }
}
