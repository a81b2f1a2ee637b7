//! Feeds in the database.

use sea_orm::{
    ColumnTrait, EntityTrait, IntoActiveModel, QueryFilter, QueryOrder, QuerySelect, sea_query::Expr,
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

/// Ends a feed now, if it has not ended before.
pub(super) async fn revoke(tx: &Tx, person: Uuid, id: Uuid) -> Result<()> {
    Entity::update_many()
        .col_expr(Column::RevokedAt, Expr::value(to_column(tx.now())))
        .filter(Column::RegionId.eq(tx.region()))
        .filter(Column::Id.eq(id))
        .filter(Column::PersonId.eq(person))
        .filter(Column::RevokedAt.is_null())
        .exec(&tx.db())
        .await?;
    Ok(())
}

/// The live feed of a secret. The hash is what lets in: no grant is held before it.
pub(super) async fn live(app: &App, hash: Vec<u8>) -> Result<Option<Model>> {
    Ok(Entity::find()
        .filter(Column::Hash.eq(hash))
        .filter(Column::RevokedAt.is_null())
        .filter(Column::ExpiresAt.gt(to_column(app.now())))
        .one(app.database.reader())
        .await?)
}
