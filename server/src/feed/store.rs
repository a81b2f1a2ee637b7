//! Feeds in the database.

use chrono::{DateTime, NaiveDate, Utc};
use sea_orm::{
    ColumnTrait, Condition, EntityTrait, IntoActiveModel, QueryFilter, QueryOrder, QuerySelect,
    sea_query::Expr,
};
use uuid::Uuid;

use crate::{
    app::App,
    entity::feed::{Column, Entity, Model},
    error::{Error, Result},
    store::{Read, Tx, instant::to_column},
    wire::page::Page,
};

/// Keeps a feed by the hash of its secret.
pub(super) async fn insert(tx: &Tx, feed: Model) -> Result<()> {
    Entity::insert(feed.into_active_model()).exec_without_returning(&tx.db()).await?;
    Ok(())
}

/// One of `person`'s feeds.
pub(super) async fn get(read: &Read, person: Uuid, id: Uuid) -> Result<Model> {
    Entity::find_by_id((read.region(), id))
        .filter(Column::PersonId.eq(person))
        .one(&read.db())
        .await?
        .ok_or(Error::NotFound("FEED"))
}

/// `person`'s feeds, newest first; one more than the page holds when there are more.
pub(super) async fn list(read: &Read, person: Uuid, page: &Page<Uuid>) -> Result<Vec<Model>> {
    let mut query =
        Entity::find().filter(Column::RegionId.eq(read.region())).filter(Column::PersonId.eq(person));
    if let Some(after) = page.after {
        query = query.filter(Column::Id.lt(after));
    }
    Ok(query.order_by_desc(Column::Id).limit(page.size + 1).all(&read.db()).await?)
}

/// Ends a feed now, if it has not ended before, and the one in whose place it came.
pub(super) async fn revoke(tx: &Tx, person: Uuid, id: Uuid) -> Result<()> {
    Entity::update_many()
        .col_expr(Column::RevokedAt, Expr::value(to_column(tx.now())))
        .filter(Column::RegionId.eq(tx.region()))
        .filter(Condition::any().add(Column::Id.eq(id)).add(Column::ReplacedBy.eq(id)))
        .filter(Column::PersonId.eq(person))
        .filter(Column::RevokedAt.is_null())
        .exec(&tx.db())
        .await?;
    Ok(())
}

/// Has `newer` come in the place of a feed, which works until `overlap` still. Says whether it
/// could: not when it has ended, or somebody else was faster.
pub(super) async fn replace(tx: &Tx, feed: &Model, newer: Uuid, overlap: DateTime<Utc>) -> Result<bool> {
    let done = Entity::update_many()
        .col_expr(Column::ReplacedBy, Expr::value(newer))
        .col_expr(Column::OverlapUntil, Expr::value(to_column(overlap)))
        .filter(Column::RegionId.eq(tx.region()))
        .filter(Column::Id.eq(feed.id))
        .filter(Column::PersonId.eq(feed.person_id))
        .filter(Column::ReplacedBy.is_null())
        .filter(live_at(tx.now()))
        .exec(&tx.db())
        .await?;
    Ok(done.rows_affected == 1)
}

/// Remembers the last day on which a feed was fetched.
pub(super) async fn used(tx: &Tx, id: Uuid, day: NaiveDate) -> Result<()> {
    let before = Condition::any().add(Column::LastUsed.is_null()).add(Column::LastUsed.lt(day));
    Entity::update_many()
        .col_expr(Column::LastUsed, Expr::value(day))
        .filter(Column::RegionId.eq(tx.region()))
        .filter(Column::Id.eq(id))
        .filter(before)
        .exec(&tx.db())
        .await?;
    Ok(())
}

/// The live feed of a secret. The hash is what lets in: no grant is held before it.
pub(super) async fn live(app: &App, hash: &[u8]) -> Result<Option<Model>> {
    Ok(Entity::find()
        .filter(Column::Hash.eq(hash.to_vec()))
        .filter(live_at(app.now()))
        .one(app.database.reader())
        .await?)
}

fn live_at(now: DateTime<Utc>) -> Condition {
    let now = to_column(now);
    let overlaps = Condition::any().add(Column::OverlapUntil.is_null()).add(Column::OverlapUntil.gt(now));
    Condition::all().add(Column::RevokedAt.is_null()).add(Column::ExpiresAt.gt(now)).add(overlaps)
}
