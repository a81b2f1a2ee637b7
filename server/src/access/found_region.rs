//! Founds a region: its samenwerkingsverband, its policy, and the first administrator.

use chrono::TimeDelta;
use schakel_domain::{
    access::{Class, Classes, Role},
    ids::{OrganisationId, PersonId, RegionId},
    refusal::Refusal,
    text::{EmailAddress, Name},
    thuiszitter::Profile,
};
use sea_orm::{ActiveValue::Set, EntityTrait};

use super::{
    Grant, Worker,
    authenticate::today,
    issue_token::issue_token,
    organisation::{self, OrganisationKind},
    person, professional,
};
use crate::{
    app::App,
    entity::{
        affiliation, organisation as organisations, policy_profile, professional as professionals, region,
    },
    error::{Error, Result},
    store::{
        Tx,
        audit::{Deed, Line},
        instant::to_column,
    },
};

/// The region to be founded.
#[derive(Debug, Clone)]
pub struct Founding {
    /// The samenwerkingsverband's code, for example `PO9901`.
    pub swv_code: String,
    /// Its name.
    pub display_name: Name,
    /// Under which name mail is sent.
    pub sender_name: Name,
    /// The first administrator's code, name and work address.
    pub administrator: (Name, Name, EmailAddress),
}

/// What founding gives: the region, its samenwerkingsverband, and the administrator's token.
#[derive(Debug, Clone)]
pub struct Founded {
    /// The region.
    pub region: RegionId,
    /// The organisation that the administrator acts for.
    pub organisation: OrganisationId,
    /// The administrator.
    pub administrator: PersonId,
    /// `ska_…`, told once.
    pub secret: String,
}

/// How long the first token works.
const FIRST_TOKEN: TimeDelta = TimeDelta::days(366);

/// Founds a region.
///
/// # Errors
/// `ALREADY_EXISTS` when the code is in use.
pub async fn found_region(app: &App, founding: &Founding) -> Result<Founded> {
    let region = RegionId(app.ids.next(app.now()));
    app.write(&Grant::worker(Worker::Setup, region), None, |tx| async move {
        let id = |tx: &Tx| tx.new_id();
        let mut founded = Founded {
            region,
            organisation: OrganisationId(id(&tx)),
            administrator: PersonId(id(&tx)),
            secret: String::new(),
        };
        let row = region::ActiveModel {
            id: Set(region.0),
            swv_code: Set(founding.swv_code.clone()),
            display_name: Set(founding.display_name.as_str().to_owned()),
            sender_name: Set(founding.sender_name.as_str().to_owned()),
            created_at: Set(to_column(tx.now())),
        };
        let kept = region::Entity::insert(row).exec_without_returning(&tx.db()).await;
        kept.map_err(|error| Error::from(error).or_duplicate(Refusal::AlreadyExists))?;
        let swv = organisations::Model {
            region_id: region.0,
            id: founded.organisation.0,
            kind: OrganisationKind::Samenwerkingsverband.to_string(),
            code: founding.swv_code.clone(),
            display_name: founding.display_name.as_str().to_owned(),
        };
        organisation::insert(&tx, vec![swv]).await?;
        founded.secret = appoint(&tx, &founded, founding).await?;
        keep_policy(&tx).await?;
        let all = Classes::of(&[Class::K0]);
        tx.audit(Line { deed: Deed::C, object: "region", id: Some(region.0), subject: None, classes: all })
            .await?;
        Ok(founded)
    })
    .await
}

/// Registers the administrator; gives the first token's secret.
async fn appoint(tx: &Tx, founded: &Founded, founding: &Founding) -> Result<String> {
    let administrator = founded.administrator;
    let (code, name, email) = &founding.administrator;
    let day = today(tx.now());
    person::insert_professionals(tx, &[founded.administrator]).await?;
    let registration = professionals::Model {
        region_id: tx.region(),
        person_id: founded.administrator.0,
        code: code.as_str().to_owned(),
        display_name: name.as_str().to_owned(),
        email: email.as_str().to_owned(),
        phone: String::new(),
        valid_from: day,
        valid_until: None,
        version: 1,
    };
    professional::insert(tx, vec![registration]).await?;
    let role = affiliation::ActiveModel {
        region_id: Set(tx.region()),
        id: Set(tx.new_id()),
        person_id: Set(founded.administrator.0),
        organisation_id: Set(founded.organisation.0),
        role: Set(Role::Beheerder.to_string()),
        valid_from: Set(day),
        valid_until: Set(None),
        version: Set(1),
    };
    affiliation::Entity::insert(role).exec_without_returning(&tx.db()).await?;
    let first = "first".parse()?;
    Ok(issue_token(tx, administrator, &first, FIRST_TOKEN).await?.1)
}

/// The shipped norms, as this region's own from now on.
async fn keep_policy(tx: &Tx) -> Result<()> {
    let profile = Profile::shipped();
    let row = policy_profile::ActiveModel {
        region_id: Set(tx.region()),
        version: Set(profile.version.clone()),
        valid_from: Set(profile.valid_from),
        body: Set(Profile::shipped_text().to_owned()),
    };
    policy_profile::Entity::insert(row).exec_without_returning(&tx.db()).await?;
    Ok(())
}
