//! The register in the database, for every kind of thing alike.

use std::collections::{HashMap, HashSet};

use schakel_domain::refusal::Refusal;
use sea_orm::{
    ActiveModelTrait, Condition, EntityTrait, ExprTrait, IntoActiveModel, Iterable, PrimaryKeyToColumn,
    QueryFilter, QueryOrder, QuerySelect,
    sea_query::{Expr, OnConflict},
};
use uuid::Uuid;

use super::resource::{Head, Resource};
use crate::{
    error::{Error, Result},
    store::{Read, Tx},
    wire::page::Page,
};

/// SQLite takes 32,766 values in a statement.
const VALUES: usize = 32_000;

fn of_region(read: &Read) -> Condition {
    Condition::all().add(Expr::col("region_id").eq(read.region()))
}

/// One of them.
pub(super) async fn get<R: Resource>(read: &Read, id: Uuid) -> Result<R> {
    let found = R::Entity::find().filter(of_region(read)).filter(Expr::col(R::ID).eq(id));
    let rows = found.all(&read.db()).await?;
    R::of_rows(read, rows).await?.pop().ok_or(Error::NotFound(R::RESOURCE))
}

/// One of them, held until the end of the transaction.
pub(super) async fn hold<R: Resource>(tx: &Tx, id: Uuid) -> Result<R> {
    let found = R::Entity::find().filter(of_region(tx)).filter(Expr::col(R::ID).eq(id)).lock_exclusive();
    let rows = found.all(&tx.db()).await?;
    R::of_rows(tx, rows).await?.pop().ok_or(Error::NotFound(R::RESOURCE))
}

/// All of them, ended ones too.
pub(super) async fn all<R: Resource>(read: &Read) -> Result<Vec<R>> {
    let rows = R::Entity::find().filter(of_region(read)).all(&read.db()).await?;
    R::of_rows(read, rows).await
}

/// Those that `condition` asks for, in order; one more than the page holds when there are more.
pub(super) async fn list<R: Resource>(
    read: &Read,
    condition: Condition,
    page: &Page<(String, Uuid)>,
) -> Result<Vec<R>> {
    let mut query = R::Entity::find().filter(of_region(read)).filter(condition);
    if let Some((order, id)) = &page.after {
        let here = Condition::all().add(Expr::col(R::ORDER).eq(order.as_str())).add(Expr::col(R::ID).gt(*id));
        query = query.filter(Condition::any().add(Expr::col(R::ORDER).gt(order.as_str())).add(here));
    }
    let query = query.order_by_asc(Expr::col(R::ORDER)).order_by_asc(Expr::col(R::ID));
    let rows = query.limit(page.size + 1).all(&read.db()).await?;
    R::of_rows(read, rows).await
}

/// Writes rows, whether they are there or not.
pub(super) async fn put<E>(tx: &Tx, rows: Vec<E::Model>) -> Result<()>
where
    E: EntityTrait,
    E::Model: IntoActiveModel<E::ActiveModel>,
    E::ActiveModel: ActiveModelTrait<Entity = E> + Send,
{
    let keys: Vec<E::Column> = E::PrimaryKey::iter().map(PrimaryKeyToColumn::into_column).collect();
    let name = |column: &E::Column| sea_orm::IdenStatic::as_str(column);
    let is_key = |column: &E::Column| keys.iter().any(|key| name(key) == name(column));
    let others: Vec<E::Column> = E::Column::iter().filter(|column| !is_key(column)).collect();
    let width = E::Column::iter().count();
    let mut rows = rows.into_iter().map(IntoActiveModel::into_active_model).peekable();
    while rows.peek().is_some() {
        let batch: Vec<E::ActiveModel> = rows.by_ref().take(VALUES / width).collect();
        let again = OnConflict::columns(keys.clone()).update_columns(others.clone()).to_owned();
        E::insert_many(batch).on_conflict(again).exec_without_returning(&tx.db()).await?;
    }
    Ok(())
}

/// Parts by whole.
pub(super) fn by_parent<M>(parts: Vec<M>, parent: impl Fn(&M) -> Uuid) -> HashMap<Uuid, Vec<M>> {
    let mut of: HashMap<Uuid, Vec<M>> = HashMap::new();
    for part in parts {
        of.entry(parent(&part)).or_default().push(part);
    }
    of
}

/// The parts of some things, in order; `parent` is the column that names the whole.
pub(super) async fn parts<E: EntityTrait>(
    read: &Read,
    parent: &'static str,
    ids: &[Uuid],
) -> Result<Vec<E::Model>> {
    let mut found = Vec::new();
    for ids in ids.chunks(VALUES) {
        let query = E::find().filter(of_region(read)).filter(Expr::col(parent).is_in(ids.iter().copied()));
        let query = query.order_by_asc(Expr::col(parent)).order_by_asc(Expr::col("position"));
        found.extend(query.all(&read.db()).await?);
    }
    Ok(found)
}

/// Writes the parts of some things whole.
pub(super) async fn put_parts<E>(
    tx: &Tx,
    parent: &'static str,
    ids: &[Uuid],
    rows: Vec<E::Model>,
) -> Result<()>
where
    E: EntityTrait,
    E::Model: IntoActiveModel<E::ActiveModel>,
    E::ActiveModel: ActiveModelTrait<Entity = E> + Send,
{
    for ids in ids.chunks(VALUES) {
        let old = Condition::all().add(of_region(tx)).add(Expr::col(parent).is_in(ids.iter().copied()));
        E::delete_many().filter(old).exec(&tx.db()).await?;
    }
    put::<E>(tx, rows).await
}

/// Which of `ids` are in the register.
pub(super) async fn among<R: Resource>(read: &Read, ids: &[Uuid]) -> Result<HashSet<Uuid>> {
    let found = R::Entity::find().filter(of_region(read)).filter(Expr::col(R::ID).is_in(ids.iter().copied()));
    let rows = found.all(&read.db()).await?;
    Ok(R::of_rows(read, rows).await?.iter().map(Head::id).collect())
}

/// Refuses a thing that holds on a day on which one of `same` does.
pub(super) fn alone<R: Resource>(thing: &R, same: &[R]) -> Result<()> {
    let days = thing.validity();
    let both = |other: &R| days.zip(other.validity()).is_some_and(|(days, other)| days.overlaps(other));
    if same.iter().any(both) { Err(Refusal::AlreadyExists.into()) } else { Ok(()) }
}
