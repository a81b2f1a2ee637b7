//! Which sessions of a person last, and how they end before their time.

use schakel_domain::ids::{PersonId, SessionId};
use sea_orm::{
    ColumnTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect, Select,
    sea_query::{Query, SelectStatement},
};
use uuid::Uuid;

use super::{
    professional,
    session::{IDLE, line},
};
pub(super) use crate::entity::web_session::Model;
use crate::{
    entity::{
        login,
        web_session::{Column, Entity},
    },
    error::{Error, Result},
    store::{
        Read, Tx,
        audit::{Deed, Line},
        instant::to_column,
    },
    wire::page::Page,
};

/// Sessions that end in one statement: SQLite takes 32,766 values.
const BATCH: usize = 1_000;

/// Those that open something: of a login that was removed none do.
fn logins_of(person: PersonId) -> SelectStatement {
    Query::select()
        .column(login::Column::Id)
        .from(login::Entity)
        .and_where(login::Column::PersonId.eq(person.0))
        .and_where(login::Column::RemovedAt.is_null())
        .to_owned()
}

/// A login is a person's in every region at once, and so are the sessions that it began.
fn lasting(read: &Read, person: PersonId) -> Select<Entity> {
    let now = read.now();
    Entity::find()
        .filter(Column::LoginId.in_subquery(logins_of(person)))
        .filter(Column::EndsAt.gt(to_column(now)))
        .filter(Column::UsedAt.gt(to_column(now - IDLE)))
}

/// The sessions of `person` that last, newest first; one more than the page holds when there are more.
pub(super) async fn list(read: &Read, person: PersonId, page: &Page<Uuid>) -> Result<Vec<Model>> {
    let mut query = lasting(read, person);
    if let Some(after) = page.after {
        query = query.filter(Column::Id.lt(after));
    }
    Ok(query.order_by_desc(Column::Id).limit(page.size + 1).all(&read.db()).await?)
}

/// Lasts → over: one of `person`'s own.
///
/// # Errors
/// `SESSION_NOT_FOUND`.
pub(super) async fn end(tx: &Tx, person: PersonId, id: SessionId) -> Result<Model> {
    let found = lasting(tx, person).filter(Column::Id.eq(id.0)).one(&tx.db()).await?;
    let row = found.ok_or(Error::NotFound("SESSION"))?;
    forget(tx, &[row.id]).await?;
    Ok(row)
}

/// Last → over: all of `person`'s own but one; says how many.
pub(super) async fn end_others(tx: &Tx, person: PersonId, kept: Option<SessionId>) -> Result<usize> {
    let mut query = lasting(tx, person);
    if let Some(kept) = kept {
        query = query.filter(Column::Id.ne(kept.0));
    }
    let ids: Vec<Uuid> = query.select_only().column(Column::Id).into_tuple().all(&tx.db()).await?;
    forget(tx, &ids).await?;
    Ok(ids.len())
}

/// Last → over: all of a professional of the region; says how many.
///
/// # Errors
/// `PERSON_NOT_FOUND`, also of another region's.
pub(super) async fn end_of_person(tx: &Tx, person: PersonId) -> Result<usize> {
    professional::get(tx, person).await?;
    end_others(tx, person, None).await
}

async fn forget(tx: &Tx, ids: &[Uuid]) -> Result<()> {
    for some in ids.chunks(BATCH) {
        let gone = Entity::delete_many().filter(Column::Id.is_in(some.iter().copied()));
        gone.exec(&tx.db()).await?;
    }
    let lines: Vec<Line> = ids.iter().map(|id| line(Deed::D, *id)).collect();
    tx.audit_all(&lines).await
}
