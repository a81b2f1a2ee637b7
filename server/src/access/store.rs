//! Tokens in the database.

use sea_orm::{
    ActiveValue::Set, ColumnTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect, sea_query::Expr,
};
use uuid::Uuid;

use crate::{
    entity::token::{Column, Entity, Model},
    error::{Error, Result},
    store::{Read, Tx, instant::to_column},
    wire::page::Page,
};

/// Keeps a token by its hash.
pub(super) async fn insert(tx: &Tx, token: Model) -> Result<()> {
    let row = crate::entity::token::ActiveModel {
        id: Set(token.id),
        hash: Set(token.hash),
        person_id: Set(token.person_id),
        display_name: Set(token.display_name),
        created_at: Set(token.created_at),
        expires_at: Set(token.expires_at),
        revoked_at: Set(token.revoked_at),
        last_used_on: Set(token.last_used_on),
    };
    Entity::insert(row).exec_without_returning(&tx.db()).await?;
    Ok(())
}

/// One of `person`'s tokens.
pub(super) async fn get(read: &Read, person: Uuid, id: Uuid) -> Result<Model> {
    Entity::find_by_id(id)
        .filter(Column::PersonId.eq(person))
        .one(&read.db())
        .await?
        .ok_or(Error::NotFound("TOKEN"))
}

/// `person`'s tokens, newest first; one more than the page holds when there are more.
pub(super) async fn list(read: &Read, person: Uuid, page: &Page<Uuid>) -> Result<Vec<Model>> {
    let mut query = Entity::find().filter(Column::PersonId.eq(person));
    if let Some(after) = page.after {
        query = query.filter(Column::Id.lt(after));
    }
    Ok(query.order_by_desc(Column::Id).limit(page.size + 1).all(&read.db()).await?)
}

/// Ends a token now, if it has not ended before.
pub(super) async fn revoke(tx: &Tx, person: Uuid, id: Uuid) -> Result<()> {
    Entity::update_many()
        .col_expr(Column::RevokedAt, Expr::value(to_column(tx.now())))
        .filter(Column::Id.eq(id))
        .filter(Column::PersonId.eq(person))
        .filter(Column::RevokedAt.is_null())
        .exec(&tx.db())
        .await?;
    Ok(())
}
