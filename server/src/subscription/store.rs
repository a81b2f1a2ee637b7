//! Subscriptions in the database.

use chrono::{DateTime, Utc};
use schakel_domain::{
    ids::{OrganisationId, SubscriptionId},
    subscription::{State, Tries},
    thuiszitter::ChangeKind,
};
use sea_orm::{
    ActiveModelTrait, ColumnTrait, EntityTrait, IntoActiveModel, PaginatorTrait, QueryFilter, QueryOrder,
    QuerySelect,
};
use uuid::Uuid;

pub(super) use crate::entity::subscription::Model;
use crate::{
    entity::subscription::{ActiveModel, Column, Entity},
    error::{Error, Result},
    store::{
        Read, Tx,
        instant::{from_column, to_column},
        vault::Place,
    },
    wire::page::Page,
};

fn corrupt(column: &'static str) -> Error {
    Error::Corrupt { table: "subscription", column }
}

/// Where a sealed value stands.
pub(super) fn place(column: &'static str, row: Uuid) -> Place {
    Place { table: "subscription", column, row }
}

/// How its tries went.
pub(super) fn tries(row: &Model) -> Result<Tries> {
    Ok(Tries {
        state: row.state.parse().map_err(|_| corrupt("state"))?,
        failures: u32::try_from(row.failures).map_err(|_| corrupt("failures"))?,
        failing_since: row.failing_since.map(from_column).transpose()?,
    })
}

/// `row` after those tries, the last of them at `now`.
pub(super) fn tried(row: Model, tries: Tries, now: DateTime<Utc>) -> Model {
    let paused = match tries.state {
        State::Active => None,
        State::PausedAfterFailures => row.paused_at.or(Some(to_column(now))),
    };
    Model {
        state: tries.state.to_string(),
        failures: i32::try_from(tries.failures).unwrap_or(i32::MAX),
        failing_since: tries.failing_since.map(to_column),
        tried_at: Some(to_column(now)),
        paused_at: paused,
        ..row
    }
}

/// Of which kinds it is told; none: of all.
pub(super) fn kinds(row: &Model) -> Result<Vec<ChangeKind>> {
    let words = row.kinds.split(' ').filter(|word| !word.is_empty());
    words.map(|word| word.parse().map_err(|_| corrupt("kinds"))).collect()
}

/// How many an organisation has.
pub(super) async fn count(read: &Read, organisation: OrganisationId) -> Result<u64> {
    Ok(Entity::find()
        .filter(Column::RegionId.eq(read.region()))
        .filter(Column::OrganisationId.eq(organisation.0))
        .count(&read.db())
        .await?)
}

/// An organisation's, newest first; one more than the page holds when there are more.
pub(super) async fn list(read: &Read, organisation: OrganisationId, page: &Page<Uuid>) -> Result<Vec<Model>> {
    let mut query = Entity::find()
        .filter(Column::RegionId.eq(read.region()))
        .filter(Column::OrganisationId.eq(organisation.0));
    if let Some(after) = page.after {
        query = query.filter(Column::Id.lt(after));
    }
    Ok(query.order_by_desc(Column::Id).limit(page.size + 1).all(&read.db()).await?)
}

/// One that the organisation has, held until the end of the transaction.
///
/// # Errors
/// `SUBSCRIPTION_NOT_FOUND`.
pub(super) async fn hold(tx: &Tx, organisation: OrganisationId, id: SubscriptionId) -> Result<Model> {
    let row = Entity::find_by_id((tx.region(), id.0))
        .filter(Column::OrganisationId.eq(organisation.0))
        .lock_exclusive()
        .one(&tx.db())
        .await?;
    row.ok_or(Error::NotFound("SUBSCRIPTION"))
}

/// One of the region, whosever.
pub(super) async fn find(read: &Read, id: SubscriptionId) -> Result<Option<Model>> {
    Ok(Entity::find_by_id((read.region(), id.0)).one(&read.db()).await?)
}

/// Those of the region that are told anything, oldest first.
pub(super) async fn active(read: &Read) -> Result<Vec<Model>> {
    Ok(Entity::find()
        .filter(Column::RegionId.eq(read.region()))
        .filter(Column::State.eq(State::Active.to_string()))
        .order_by_asc(Column::Id)
        .all(&read.db())
        .await?)
}

/// Keeps a new one.
pub(super) async fn insert(tx: &Tx, row: Model) -> Result<()> {
    Entity::insert(row.into_active_model()).exec_without_returning(&tx.db()).await?;
    Ok(())
}

/// Writes a held one back.
pub(super) async fn update(tx: &Tx, row: Model) -> Result<()> {
    ActiveModel::from(row).reset_all().update(&tx.db()).await?;
    Ok(())
}

/// Forgets one, with its address and its secrets.
pub(super) async fn delete(tx: &Tx, id: Uuid) -> Result<()> {
    Entity::delete_by_id((tx.region(), id)).exec(&tx.db()).await?;
    Ok(())
}
