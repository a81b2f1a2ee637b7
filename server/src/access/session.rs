//! Who is signed in to the pages: begun at a sign-in, kept by the hash of what the browser holds,
//! over after half an hour of rest or twelve hours.
//!
//! A session names a login and an organisation, never a role: what somebody may is asked anew at
//! each call, so that a login that is removed and a membership that ends open nothing more.

use std::sync::Arc;

use chrono::TimeDelta;
use schakel_domain::{
    access::{self, Action, Class, Classes, Denied, Purpose, Role},
    ids::{LoginId, OrganisationId, PersonId, RegionId, SessionId},
};
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
    store::{
        Tx,
        audit::{Deed, Line},
        instant::to_column,
    },
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
    /// Which; none before it is begun.
    pub session: Option<SessionId>,
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
    /// For what its person works, where they chose it and still may; else each call says it by itself.
    pub purpose: Option<Purpose>,
    /// What can be chosen.
    pub purposes: Vec<Purpose>,
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
    begin(app, SignedIn { session: None, login: LoginId(row.id), step_up: identity.step_up }).await
}

/// Nothing → signed in; gives what the browser is to hold, which is kept nowhere.
///
/// # Errors
/// `ACCOUNT_DISABLED`.
pub async fn begin(app: &App, signed_in: SignedIn) -> Result<String> {
    let disabled = || Error::Unauthenticated(Credential::AccountDisabled);
    let person = person(app, signed_in.login).await?.ok_or_else(disabled)?;
    let all = memberships(app, person, today(app.now())).await?;
    let at = all.first().map(|first| (first.region, first.organisation)).ok_or_else(disabled)?;
    let secret = token::mint(Opens::Session, app.ids.as_ref());
    let hash = &token::hash(Opens::Session, &secret).ok_or_else(disabled)?;
    let ((region, organisation), signed_in) = (at, &signed_in);
    app.write(&Grant::session(at, Some(person), &all), None, |tx| async move {
        let now = tx.now();
        let row = Model {
            id: tx.new_id(),
            hash: hash.clone(),
            login_id: signed_in.login.0,
            region_id: region.0,
            organisation_id: organisation.0,
            step_up: signed_in.step_up.as_deref().map(str::to_owned),
            created_at: to_column(now),
            used_at: to_column(now),
            ends_at: to_column(now + LONGEST),
            purpose: None,
        };
        let id = row.id;
        Entity::insert(ActiveModel::from(row)).exec_without_returning(&tx.db()).await?;
        note(&tx, Deed::C, id).await
    })
    .await?;
    Ok(secret)
}

/// What the log says of a session.
pub(super) fn line(deed: Deed, id: Uuid) -> Line {
    Line { deed, object: "session", id: Some(id), subject: None, classes: Classes::of(&[Class::K0]) }
}

/// Writes down that it was begun, ended or led to another organisation.
async fn note(tx: &Tx, deed: Deed, id: Uuid) -> Result<()> {
    tx.audit(line(deed, id)).await
}

/// Leave of whoever signed in with `login` to change their own session.
async fn own(app: &App, login: LoginId, at: (RegionId, OrganisationId)) -> Result<Grant> {
    let person = person(app, login).await?;
    let all = match person {
        Some(person) => memberships(app, person, today(app.now())).await?,
        None => Vec::new(),
    };
    Ok(Grant::session(at, person, &all))
}

async fn find(app: &App, hash: Vec<u8>) -> Result<Option<Model>> {
    Ok(Entity::find().filter(Column::Hash.eq(hash)).one(app.database.reader()).await?)
}

/// The session of `secret`, which is hereby used; none when it is over or its login is.
///
/// # Errors
/// `TOKEN_INVALID` when it looks like a secret of ours and no session has it: long over, or a guess.
pub async fn open(app: &App, secret: &str) -> Result<Option<Session>> {
    let Some(hash) = token::hash(Opens::Session, secret) else { return Ok(None) };
    let unknown = || Error::Unauthenticated(Credential::TokenInvalid);
    let row = find(app, hash).await?.ok_or_else(unknown)?;
    let now = app.now();
    if row.ends_at <= to_column(now) || row.used_at <= to_column(now - IDLE) {
        return Ok(None);
    }
    let (session, login) = (Some(SessionId(row.id)), LoginId(row.login_id));
    let signed_in = SignedIn { session, login, step_up: row.step_up.as_deref().map(Arc::from) };
    let Some(person) = person(app, signed_in.login).await? else { return Ok(None) };
    let mut all = memberships(app, person, today(now)).await?;
    let chosen = |at: &&Membership| at.region.0 == row.region_id && at.organisation.0 == row.organisation_id;
    let Some(first) = all.iter().find(chosen).or(all.first()) else { return Ok(None) };
    let (region, organisation) = (first.region, first.organisation);
    let there = |at: &&Membership| at.region == region && at.organisation == organisation;
    let acting: Vec<Membership> = all.iter().filter(there).cloned().collect();
    let purposes = purposes(&acting);
    let named: Option<Purpose> = row.purpose.as_deref().and_then(|word| word.parse().ok());
    let purpose = named.filter(|purpose| purposes.contains(purpose));
    all.dedup_by_key(|membership| (membership.region, membership.organisation));
    if row.used_at <= to_column(now - EXACT) {
        use_now(app, &row).await;
    }
    Ok(Some(Session { id: row.id, signed_in, acting, organisations: all, purpose, purposes }))
}

/// For what somebody reads cases and meetings in these roles.
fn purposes(acting: &[Membership]) -> Vec<Purpose> {
    let roles: Vec<Role> = acting.iter().map(|at| at.role).collect();
    let mut all = access::purposes(&roles, Action::ReadCase);
    for purpose in access::purposes(&roles, Action::ReadConsultation) {
        if !all.contains(&purpose) {
            all.push(purpose);
        }
    }
    all
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

/// From now on `session` works for `purpose`; for none, each call says its usual one.
///
/// # Errors
/// `PURPOSE_NOT_ALLOWED` when that is no purpose of its person's task.
pub async fn work_for(app: &App, session: &Session, purpose: Option<Purpose>) -> Result<()> {
    if purpose.is_some_and(|named| !session.purposes.contains(&named)) {
        return Err(Denied::PurposeNotAllowed.into());
    }
    let Some(at) = session.acting.first() else { return Ok(()) };
    let id = session.id;
    let grant = own(app, session.signed_in.login, (at.region, at.organisation)).await?;
    app.write(&grant, None, |tx| async move {
        let row = ActiveModel {
            id: Set(id),
            purpose: Set(purpose.map(|purpose| purpose.to_string())),
            ..Default::default()
        };
        row.update(&tx.db()).await?;
        note(&tx, Deed::U, id).await
    })
    .await
}

/// From now on `session` acts for `organisation`, each call for its usual purpose.
///
/// # Errors
/// `ORGANISATION_NOT_FOUND` when its person has no role there today.
pub async fn act_for(app: &App, session: &Session, organisation: OrganisationId) -> Result<()> {
    let found = session.organisations.iter().find(|at| at.organisation == organisation);
    let chosen = found.ok_or(Error::NotFound("ORGANISATION"))?;
    let id = session.id;
    let grant = own(app, session.signed_in.login, (chosen.region, chosen.organisation)).await?;
    app.write(&grant, None, |tx| async move {
        let row = ActiveModel {
            id: Set(id),
            region_id: Set(chosen.region.0),
            organisation_id: Set(chosen.organisation.0),
            purpose: Set(None),
            ..Default::default()
        };
        row.update(&tx.db()).await?;
        note(&tx, Deed::U, id).await
    })
    .await
}

/// The provider at which the person of `session` signed in; none when that login is gone.
pub async fn issuer(app: &App, session: &Session) -> Result<Option<String>> {
    let row = login::Entity::find_by_id(session.signed_in.login.0).one(app.database.reader()).await?;
    Ok(row.map(|row| row.issuer))
}

/// Signed in → signed out; what opens nothing stays so.
pub async fn end(app: &App, secret: &str) -> Result<()> {
    let Some(hash) = token::hash(Opens::Session, secret) else { return Ok(()) };
    let Some(row) = find(app, hash).await? else { return Ok(()) };
    let at = (RegionId(row.region_id), OrganisationId(row.organisation_id));
    let grant = own(app, LoginId(row.login_id), at).await?;
    app.write(&grant, None, |tx| async move {
        Entity::delete_by_id(row.id).exec(&tx.db()).await?;
        note(&tx, Deed::D, row.id).await
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
