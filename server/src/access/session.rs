//! Who is signed in to the pages: begun at a sign-in, kept by the hash of what the browser holds,
//! over after half an hour of rest or twelve hours.
//!
//! A session names a login and an organisation, never a role: what somebody may is asked anew at
//! each call, so that a login that is removed and a membership that ends open nothing more.

use std::sync::Arc;

use chrono::TimeDelta;
use schakel_domain::ids::{LoginId, OrganisationId, PersonId, RegionId};
use sea_orm::{
    ActiveModelTrait, ActiveValue::Set, ColumnTrait, Condition, EntityTrait, QueryFilter, QuerySelect,
    sea_query::Expr,
};
use uuid::Uuid;

use super::{
    Grant, Membership, Worker,
    authenticate::{memberships, today},
    oidc::Identity,
    professional,
    token::{self, Opens},
};
use crate::{
    app::App,
    entity::{
        login, token as tokens,
        web_session::{ActiveModel, Column, Entity, Model},
    },
    error::{Credential, Error, Result},
    store::{Tx, instant::to_column},
};

/// For how long somebody may rest: a screen that was left is soon nobody's (BIO 9.4, NIST 800-63B AAL2).
pub const IDLE: TimeDelta = TimeDelta::minutes(30);
/// A working day; then the provider is asked again who it is.
pub const LONGEST: TimeDelta = TimeDelta::hours(12);
/// How exactly the last use is kept: each page would otherwise be a write.
const EXACT: TimeDelta = TimeDelta::minutes(1);

/// Through which session a call of the pages is made. Travels as an extension of a request inside
/// this program, where nothing from the network comes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SignedIn {
    /// Whose it is.
    pub login: LoginId,
    /// What `acr` the sign-in lacks to see more than envelopes.
    pub step_up: Option<Arc<str>>,
}

/// A session that lasts, of somebody who has a role today.
#[derive(Debug, Clone)]
pub struct Session {
    /// Which.
    pub id: Uuid,
    /// Whose.
    pub signed_in: SignedIn,
    /// All roles at the organisation acted for; never empty.
    pub acting: Vec<Membership>,
    /// One role at each organisation that can be acted for, by their names.
    pub organisations: Vec<Membership>,
}

/// The person of a login that is not removed; systems have none.
pub(super) async fn person(app: &App, login: LoginId) -> Result<Option<PersonId>> {
    let row = login::Entity::find_by_id(login.0)
        .filter(login::Column::RemovedAt.is_null())
        .one(app.database.reader())
        .await?;
    Ok(row.and_then(|row| row.person_id).map(PersonId))
}

fn leave(region: RegionId) -> Grant {
    Grant::worker(Worker::Tokens, region)
}

/// Whom a provider has recognised → signed in.
///
/// # Errors
/// `ACCOUNT_DISABLED` when that is nobody who may come in today.
pub async fn begin_as(app: &App, identity: Identity) -> Result<String> {
    let row = login::Entity::find()
        .filter(login::Column::Issuer.eq(identity.issuer))
        .filter(login::Column::Subject.eq(identity.subject))
        .filter(login::Column::RemovedAt.is_null())
        .one(app.database.reader())
        .await?;
    let row = row.ok_or(Error::Unauthenticated(Credential::AccountDisabled))?;
    begin(app, SignedIn { login: LoginId(row.id), step_up: identity.step_up }).await
}

/// Nothing → signed in; gives what the browser is to hold, which is kept nowhere.
///
/// # Errors
/// `ACCOUNT_DISABLED`.
pub async fn begin(app: &App, signed_in: SignedIn) -> Result<String> {
    let disabled = || Error::Unauthenticated(Credential::AccountDisabled);
    let person = person(app, signed_in.login).await?.ok_or_else(disabled)?;
    let first = memberships(app, person, today(app.now())).await?.into_iter().next().ok_or_else(disabled)?;
    let secret = token::mint(Opens::Session, app.ids.as_ref());
    let hash = &token::hash(Opens::Session, &secret).ok_or_else(disabled)?;
    let (signed_in, first) = (&signed_in, &first);
    app.write(&leave(first.region), None, |tx| async move {
        let now = tx.now();
        let row = Model {
            id: tx.new_id(),
            hash: hash.clone(),
            login_id: signed_in.login.0,
            region_id: first.region.0,
            organisation_id: first.organisation.0,
            step_up: signed_in.step_up.as_deref().map(str::to_owned),
            created_at: to_column(now),
            used_at: to_column(now),
            ends_at: to_column(now + LONGEST),
        };
        Entity::insert(ActiveModel::from(row)).exec_without_returning(&tx.db()).await?;
        Ok(())
    })
    .await?;
    Ok(secret)
}

async fn find(app: &App, secret: &str) -> Result<Option<Model>> {
    let Some(hash) = token::hash(Opens::Session, secret) else { return Ok(None) };
    Ok(Entity::find().filter(Column::Hash.eq(hash)).one(app.database.reader()).await?)
}

/// The session of `secret`, which is hereby used; none when it is over or its login is.
pub async fn open(app: &App, secret: &str) -> Result<Option<Session>> {
    let Some(row) = find(app, secret).await? else { return Ok(None) };
    let now = app.now();
    if row.ends_at <= to_column(now) || row.used_at <= to_column(now - IDLE) {
        return Ok(None);
    }
    let signed_in = SignedIn { login: LoginId(row.login_id), step_up: row.step_up.as_deref().map(Arc::from) };
    let Some(person) = person(app, signed_in.login).await? else { return Ok(None) };
    let mut all = memberships(app, person, today(now)).await?;
    let chosen = |at: &&Membership| at.region.0 == row.region_id && at.organisation.0 == row.organisation_id;
    let Some(first) = all.iter().find(chosen).or(all.first()) else { return Ok(None) };
    let (region, organisation) = (first.region, first.organisation);
    let there = |at: &&Membership| at.region == region && at.organisation == organisation;
    let acting = all.iter().filter(there).cloned().collect();
    all.dedup_by_key(|membership| (membership.region, membership.organisation));
    if row.used_at <= to_column(now - EXACT) {
        use_now(app, &row).await;
    }
    Ok(Some(Session { id: row.id, signed_in, acting, organisations: all }))
}

/// Whether a session still lasts; asking does not use it, so that a page left open keeps nobody in.
pub async fn lasts(app: &App, session: &Session) -> Result<bool> {
    let Some(row) = Entity::find_by_id(session.id).one(app.database.reader()).await? else {
        return Ok(false);
    };
    let now = app.now();
    Ok(row.ends_at > to_column(now) && row.used_at > to_column(now - IDLE))
}

/// That it could not be written stops nobody: the session is then over sooner.
async fn use_now(app: &App, row: &Model) {
    let id = row.id;
    let written = app
        .write(&leave(RegionId(row.region_id)), None, |tx| async move {
            Entity::update_many()
                .col_expr(Column::UsedAt, Expr::value(to_column(tx.now())))
                .filter(Column::Id.eq(id))
                .exec(&tx.db())
                .await?;
            Ok(())
        })
        .await;
    if let Err(error) = written {
        tracing::warn!(%error, "the last use of a session could not be kept");
    }
}

/// From now on `session` acts for `organisation`.
///
/// # Errors
/// `ORGANISATION_NOT_FOUND` when its person has no role there today.
pub async fn act_for(app: &App, session: &Session, organisation: OrganisationId) -> Result<()> {
    let found = session.organisations.iter().find(|at| at.organisation == organisation);
    let chosen = found.ok_or(Error::NotFound("ORGANISATION"))?;
    let id = session.id;
    app.write(&leave(chosen.region), None, |tx| async move {
        let row = ActiveModel {
            id: Set(id),
            region_id: Set(chosen.region.0),
            organisation_id: Set(chosen.organisation.0),
            ..Default::default()
        };
        row.update(&tx.db()).await?;
        Ok(())
    })
    .await
}

/// Signed in → signed out; what opens nothing stays so.
pub async fn end(app: &App, secret: &str) -> Result<()> {
    let Some(row) = find(app, secret).await? else { return Ok(()) };
    app.write(&leave(RegionId(row.region_id)), None, |tx| async move {
        Entity::delete_by_id(row.id).exec(&tx.db()).await?;
        Ok(())
    })
    .await
}

/// Forgets the sessions of the region that are over; says how many.
pub async fn sweep(tx: &Tx) -> Result<u64> {
    let over = Condition::any()
        .add(Column::EndsAt.lte(to_column(tx.now())))
        .add(Column::UsedAt.lte(to_column(tx.now() - IDLE)));
    let gone = Entity::delete_many().filter(Column::RegionId.eq(tx.region())).filter(over);
    Ok(gone.exec(&tx.db()).await?.rows_affected)
}

/// An example person, where anybody may be anybody.
#[derive(Debug, Clone)]
pub struct Example {
    /// Who.
    pub person: PersonId,
    /// In which region.
    pub region: RegionId,
    /// Their name.
    pub display_name: String,
    /// What they are today.
    pub memberships: Vec<Membership>,
}

/// How many examples are shown at most.
const EXAMPLES: u64 = 50;

/// The people to whom the operator gave a token, each with what they are: those whom a demo tells
/// about. Only for where anybody may be anybody.
pub async fn examples(app: &App) -> Result<Vec<Example>> {
    let now = app.now();
    let people: Vec<Uuid> = tokens::Entity::find()
        .select_only()
        .column(tokens::Column::PersonId)
        .distinct()
        .filter(tokens::Column::RevokedAt.is_null())
        .filter(tokens::Column::ExpiresAt.gt(to_column(now)))
        .limit(EXAMPLES)
        .into_tuple()
        .all(app.database.reader())
        .await?;
    let mut examples = Vec::with_capacity(people.len());
    for person in people.into_iter().map(PersonId) {
        let memberships = memberships(app, person, today(now)).await?;
        let Some(region) = memberships.first().map(|first| first.region) else { continue };
        let read = app.read(leave(region));
        let display_name = professional::get(&read, person).await?.display_name;
        examples.push(Example { person, region, display_name, memberships });
    }
    examples.sort_by(|one, other| one.display_name.cmp(&other.display_name));
    Ok(examples)
}
