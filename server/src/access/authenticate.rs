//! From what a call shows to a [`Caller`]: the person, the organisation acted for, the roles there today.

use std::{str::FromStr, sync::Arc};

use chrono::{DateTime, NaiveDate, Utc};
use http::HeaderMap;
use schakel_domain::{
    access::Role,
    ids::{OrganisationId, PersonId, RegionId},
    refusal::{Language, Refusal, Violation},
    time::Validity,
};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter};

use super::{
    Call, Caller, Membership,
    credential::{self, shown},
    emergency,
    system_client::{self, SystemClient},
};
use crate::{
    app::App,
    entity::{affiliation, organisation},
    error::{Credential, Error, Result, language},
    store::memory::Memory,
};

const ACTING_FOR: &str = "schakel-acting-for";
const ON_BEHALF_OF: &str = "schakel-on-behalf-of";

/// The day in the Netherlands at `now`.
pub fn today(now: DateTime<Utc>) -> NaiveDate {
    now.with_timezone(&chrono_tz::Europe::Amsterdam).date_naive()
}

/// Who it is that calls.
///
/// # Errors
/// Unauthenticated without good credentials; `ACCOUNT_DISABLED` without a membership that is
/// valid today; `ACTING_FOR_REQUIRED` when there is more than one organisation to act for;
/// `EMERGENCY_NOT_FOUND` when it says that it uses one that does not last.
pub async fn authenticate(app: &App, call: &Call) -> Result<Caller> {
    let headers = &call.headers;
    let now = app.now();
    let today = today(now);
    let shown = shown(app, call, now, today).await?;
    let Whom { person, acting, memberships } = match (&shown.system, shown.person) {
        (Some(system), person) => through(app, headers, system, person, today).await?,
        (None, Some(person)) => oneself(app, headers, person, today).await?,
        (None, None) => return Err(Error::Unauthenticated(Credential::AccountDisabled)),
    };
    if let Some(first_use) = &shown.first_use {
        credential::remember(app, &credential::remembering(acting[0].region), first_use, today).await;
    }
    let purpose = named(headers, "schakel-purpose")?;
    let origin = call.peer.map(|peer| peer.address.to_string()).unwrap_or_default();
    let (client, scopes) = shown.system.map(|system| (system.row.id, system.scopes)).unzip();
    let caller = Caller {
        person,
        acting,
        memberships,
        purpose,
        today,
        client,
        scopes,
        step_up: shown.step_up,
        emergency: None,
        origin,
        method: call.method.clone(),
    };
    let Some(id) = named(headers, "schakel-emergency")? else { return Ok(caller) };
    let emergency = Some(emergency::used(app, &caller, id).await?);
    Ok(Caller { emergency, ..caller })
}

/// The person for whom a call is made, and what that person is.
struct Whom {
    person: PersonId,
    acting: Vec<Membership>,
    memberships: Vec<Membership>,
}

/// What the header `name` says, when it is there.
pub(super) fn named<T: FromStr>(headers: &HeaderMap, name: &'static str) -> Result<Option<T>> {
    let Some(value) = headers.get(name) else { return Ok(None) };
    let named = value.to_str().ok().and_then(|text| text.parse().ok());
    named.map(Some).ok_or_else(|| Error::field(name, Refusal::FieldInvalid))
}

/// Somebody who calls in person.
async fn oneself(app: &App, headers: &HeaderMap, person: PersonId, today: NaiveDate) -> Result<Whom> {
    if headers.contains_key(ON_BEHALF_OF) {
        let form = match language() {
            Language::Dutch => {
                "Alleen een systeem zegt voor wie het iets doet; dit is het token van een persoon."
            }
            Language::English => "Only a system says for whom it acts; this is the token of a person.",
        };
        let form = Some(form.to_owned());
        return Err(Error::Invalid(vec![Violation {
            form,
            ..Violation::new(ON_BEHALF_OF, Refusal::FieldInvalid)
        }]));
    }
    let memberships = memberships(app, person, today).await?;
    if memberships.is_empty() {
        return Err(Error::Unauthenticated(Credential::AccountDisabled));
    }
    let acting = acting(headers, &memberships)?;
    let region = acting[0].region;
    let memberships = memberships.into_iter().filter(|membership| membership.region == region).collect();
    Ok(Whom { person, acting, memberships })
}

/// A system, for a person of its own organisation or for nobody. `signed_in` is the person whose
/// own token it shows; without one it is believed on its word, and audited with it.
async fn through(
    app: &App,
    headers: &HeaderMap,
    system: &SystemClient,
    signed_in: Option<PersonId>,
    today: NaiveDate,
) -> Result<Whom> {
    let (region, organisation) = (RegionId(system.row.region_id), OrganisationId(system.row.organisation_id));
    if named::<OrganisationId>(headers, ACTING_FOR)?.is_some_and(|other| other != organisation) {
        return Err(Error::field(ACTING_FOR, Refusal::ActingForRequired));
    }
    let wanted: Option<PersonId> = named(headers, ON_BEHALF_OF)?;
    let unknown = || Error::field(ON_BEHALF_OF, Refusal::PersonNotFound);
    if signed_in.is_some_and(|own| wanted.is_some_and(|other| other != own)) {
        return Err(unknown());
    }
    let Some(person) = signed_in.or(wanted) else {
        let itself = system_client::itself(app, system).await?;
        let (acting, memberships) = (vec![itself.clone()], vec![itself]);
        return Ok(Whom { person: PersonId(system.row.id), acting, memberships });
    };
    let mut acting = memberships(app, person, today).await?;
    acting.retain(|membership| membership.region == region && membership.organisation == organisation);
    if acting.is_empty() {
        return Err(if signed_in.is_some() {
            Error::Unauthenticated(Credential::AccountDisabled)
        } else {
            unknown()
        });
    }
    Ok(Whom { person, memberships: acting.clone(), acting })
}

/// What people are, were or will be, in every region.
pub type Remembered = Memory<PersonId, Arc<Vec<(Membership, Validity)>>>;

/// What `person` is today.
pub(super) async fn memberships(app: &App, person: PersonId, today: NaiveDate) -> Result<Vec<Membership>> {
    let count = app.register_count().await?;
    let memory = &app.remembered.memberships;
    let ever = if let Some(known) = memory.one(count, &person) {
        known
    } else {
        let read = Arc::new(ever(app, person).await?);
        memory.keep(count, [(person, Arc::clone(&read))]);
        read
    };
    let valid = ever.iter().filter(|(_, days)| days.holds_on(today));
    Ok(valid.map(|(membership, _)| membership.clone()).collect())
}

/// By the names of the organisations.
async fn ever(app: &App, person: PersonId) -> Result<Vec<(Membership, Validity)>> {
    let affiliations = affiliation::Entity::find()
        .filter(affiliation::Column::PersonId.eq(person.0))
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
        let corrupt = |column| Error::Corrupt { table: "affiliation", column };
        let at =
            organisations.iter().find(|at| at.id == row.organisation_id && at.region_id == row.region_id);
        let (Some(at), Ok(role)) = (at, row.role.parse::<Role>()) else {
            return Err(corrupt("role"));
        };
        let days = Validity::new(row.valid_from, row.valid_until).map_err(|_| corrupt("valid_until"))?;
        let membership = Membership {
            region: RegionId(row.region_id),
            organisation: OrganisationId(row.organisation_id),
            kind: at.kind.clone(),
            code: at.code.clone(),
            display_name: at.display_name.clone(),
            role,
        };
        memberships.push((membership, days));
    }
    memberships.sort_by(|(a, _), (b, _)| (&a.display_name, a.role).cmp(&(&b.display_name, b.role)));
    Ok(memberships)
}

/// Who `person` is in `region` on `today`, once for each organisation: for what is shown in their
/// name while they do not call. Empty when they have no role there.
pub async fn away(
    app: &App,
    region: RegionId,
    person: PersonId,
    today: NaiveDate,
    method: &str,
) -> Result<Vec<Caller>> {
    let mut memberships = memberships(app, person, today).await?;
    memberships.retain(|membership| membership.region == region);
    let mut callers: Vec<Caller> = Vec::new();
    for membership in &memberships {
        if callers.iter().any(|caller| caller.organisation().organisation == membership.organisation) {
            continue;
        }
        let at = |other: &&Membership| other.organisation == membership.organisation;
        callers.push(Caller {
            person,
            acting: memberships.iter().filter(at).cloned().collect(),
            memberships: memberships.clone(),
            purpose: None,
            today,
            client: None,
            scopes: None,
            step_up: None,
            emergency: None,
            origin: String::new(),
            method: method.to_owned(),
        });
    }
    Ok(callers)
}

/// The roles at the organisation that the caller names, or at its only one.
fn acting(headers: &HeaderMap, memberships: &[Membership]) -> Result<Vec<Membership>> {
    let required = || {
        let form = Some(one_of(memberships));
        Error::Invalid(vec![Violation { form, ..Violation::new(ACTING_FOR, Refusal::ActingForRequired) }])
    };
    let organisation = if let Some(organisation) = named::<OrganisationId>(headers, ACTING_FOR)? {
        organisation
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

/// More organisations than this are not told with a refusal, which travels in a header.
const MOST_TOLD: usize = 20;

/// Between which organisations the caller has to choose: its own, told to nobody else.
fn one_of(memberships: &[Membership]) -> String {
    let mut told: Vec<String> = memberships
        .iter()
        .map(|membership| format!("{} ({})", membership.organisation, membership.display_name))
        .collect();
    told.dedup();
    told.truncate(MOST_TOLD);
    let start = match language() {
        Language::Dutch => "Kies uit",
        Language::English => "Choose from",
    };
    format!("{start}: {}.", told.join(", "))
}
