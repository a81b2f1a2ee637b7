//! Rows of the audit log and its seals.

use std::collections::HashMap;

use sea_orm::{
    ColumnTrait, Condition, ConnectionTrait, EntityTrait, ExprTrait, PaginatorTrait, QueryFilter, QueryOrder,
    QuerySelect, Select, Statement,
    sea_query::{Expr, Query},
};
use uuid::Uuid;

use super::read::Wanted;
use crate::{
    entity::{
        audit::{self, Model},
        audit_leaf, audit_seal,
    },
    error::{Error, Result},
    store::{Read, Tx, instant::to_column},
    wire::page::Page,
};

/// What is to be sealed.
pub(super) struct Unsealed {
    /// In the order of their transactions.
    pub(super) rows: Vec<Model>,
    /// With these sealed, every line of an earlier transaction is.
    pub(super) sealed_below: i64,
}

/// The newest seal of the region.
pub(super) async fn newest(read: &Read) -> Result<Option<audit_seal::Model>> {
    Ok(audit_seal::Entity::find()
        .filter(audit_seal::Column::RegionId.eq(read.region()))
        .order_by_desc(audit_seal::Column::Batch)
        .one(&read.db())
        .await?)
}

/// The seals from `batch` on, at most `most`.
pub(super) async fn seals(read: &Read, batch: i64, most: u64) -> Result<Vec<audit_seal::Model>> {
    Ok(audit_seal::Entity::find()
        .filter(audit_seal::Column::RegionId.eq(read.region()))
        .filter(audit_seal::Column::Batch.gte(batch))
        .order_by_asc(audit_seal::Column::Batch)
        .limit(most)
        .all(&read.db())
        .await?)
}

/// The leaves from `first` to `last`.
pub(super) async fn leaves(read: &Read, first: i64, last: i64) -> Result<Vec<audit_leaf::Model>> {
    Ok(audit_leaf::Entity::find()
        .filter(audit_leaf::Column::RegionId.eq(read.region()))
        .filter(audit_leaf::Column::Seq.between(first, last))
        .order_by_asc(audit_leaf::Column::Seq)
        .all(&read.db())
        .await?)
}

/// The lines that those leaves are of.
pub(super) async fn lines_of_leaves(read: &Read, first: i64, last: i64) -> Result<Vec<Model>> {
    let ids = Query::select()
        .column(audit_leaf::Column::RowId)
        .from(audit_leaf::Entity)
        .cond_where(
            Condition::all()
                .add(audit_leaf::Column::RegionId.eq(read.region()))
                .add(audit_leaf::Column::Seq.between(first, last)),
        )
        .to_owned();
    Ok(of_region(read).filter(audit::Column::Id.in_subquery(ids)).all(&read.db()).await?)
}

/// The lowest place that no seal covers, when there is one.
pub(super) async fn beyond(read: &Read) -> Result<Option<i64>> {
    let region = read.region();
    let covered = Query::select()
        .expr(Expr::cust("COALESCE(MAX(last_seq), 0)"))
        .from(audit_seal::Entity)
        .cond_where(audit_seal::Column::RegionId.eq(region))
        .to_owned();
    // One statement: seals and leaves may grow meanwhile, together.
    Ok(audit_leaf::Entity::find()
        .select_only()
        .column(audit_leaf::Column::Seq)
        .filter(audit_leaf::Column::RegionId.eq(region))
        .filter(Expr::col(audit_leaf::Column::Seq).gt(Expr::SubQuery(None, Box::new(covered.into()))))
        .order_by_asc(audit_leaf::Column::Seq)
        .into_tuple()
        .one(&read.db())
        .await?)
}

/// How many places there are from `first` on.
pub(super) async fn places(read: &Read, first: i64) -> Result<i64> {
    let places: Option<i64> = audit_leaf::Entity::find()
        .select_only()
        .expr(Expr::cust("COUNT(*)"))
        .filter(audit_leaf::Column::RegionId.eq(read.region()))
        .filter(audit_leaf::Column::Seq.gte(first))
        .into_tuple()
        .one(&read.db())
        .await?;
    Ok(places.unwrap_or_default())
}

/// Every region that has rows of the log, founded or not.
pub(super) async fn regions(read: &Read) -> Result<Vec<Uuid>> {
    let db = read.db();
    let lines: Vec<Uuid> = audit::Entity::find()
        .select_only()
        .column(audit::Column::RegionId)
        .distinct()
        .into_tuple()
        .all(&db)
        .await?;
    let leaves: Vec<Uuid> = audit_leaf::Entity::find()
        .select_only()
        .column(audit_leaf::Column::RegionId)
        .distinct()
        .into_tuple()
        .all(&db)
        .await?;
    let seals: Vec<Uuid> = audit_seal::Entity::find()
        .select_only()
        .column(audit_seal::Column::RegionId)
        .distinct()
        .into_tuple()
        .all(&db)
        .await?;
    Ok([lines, leaves, seals].concat())
}

fn of_region(read: &Read) -> Select<audit::Entity> {
    audit::Entity::find().filter(audit::Column::RegionId.eq(read.region()))
}

/// Lines that have no leaf.
fn without_leaf(read: &Read) -> Select<audit::Entity> {
    let leaf = Query::select()
        .expr(Expr::val(1))
        .from(audit_leaf::Entity)
        .cond_where(
            Condition::all().add(audit_leaf::Column::RegionId.eq(read.region())).add(
                Expr::col((audit_leaf::Entity, audit_leaf::Column::RowId))
                    .equals((audit::Entity, audit::Column::Id)),
            ),
        )
        .to_owned();
    of_region(read).filter(Expr::exists(leaf).not())
}

/// All lines that have no leaf, in the order of their ids, from after `after` on.
pub(super) async fn all_unsealed(read: &Read, after: Option<Uuid>, most: u64) -> Result<Vec<Model>> {
    let mut query = without_leaf(read);
    if let Some(after) = after {
        query = query.filter(audit::Column::Id.gt(after));
    }
    Ok(query.order_by_asc(audit::Column::Id).limit(most).all(&read.db()).await?)
}

/// Where transactions stand: all below the first number have ended, and none has begun from
/// the second on. SQLite's one writer leaves no such gap.
async fn horizon(read: &Read) -> Result<Option<i64>> {
    let db = read.db();
    if db.get_database_backend() != sea_orm::DbBackend::Postgres {
        return Ok(None);
    }
    let asked = "SELECT pg_snapshot_xmin(pg_current_snapshot())::text::bigint";
    let row = db.query_one_raw(Statement::from_string(db.get_database_backend(), asked)).await?;
    let row = row.ok_or(Error::Corrupt { table: "audit", column: "transaction_id" })?;
    Ok(Some(row.try_get_by_index(0)?))
}

/// Lines that can be sealed: nothing can come before them any more.
async fn sealable(
    read: &Read,
    before: Option<&audit_seal::Model>,
) -> Result<(Select<audit::Entity>, Option<i64>)> {
    let low = before.map_or(0, |before| before.sealed_below);
    let horizon = horizon(read).await?;
    let number = audit::Column::TransactionId;
    let range = match horizon {
        None => Condition::all().add(number.gte(low)),
        Some(high) if high >= low => Condition::all().add(number.gte(low)).add(number.lt(high)),
        // PostgreSQL counts anew: the database was restored into another cluster. What came
        // with it has ended, whatever its number.
        Some(high) => Condition::any().add(number.gte(low)).add(number.lt(high)),
    };
    Ok((without_leaf(read).filter(range), horizon))
}

/// Whether anything is to be sealed.
pub(super) async fn is_due(read: &Read) -> Result<bool> {
    let before = newest(read).await?;
    let (query, _) = sealable(read, before.as_ref()).await?;
    Ok(query.one(&read.db()).await?.is_some())
}

/// What is to be sealed now, at most `most` lines.
pub(super) async fn unsealed(read: &Read, before: Option<&audit_seal::Model>, most: u64) -> Result<Unsealed> {
    let (query, horizon) = sealable(read, before).await?;
    let rows = query
        .order_by_asc(audit::Column::TransactionId)
        .order_by_asc(audit::Column::Id)
        .limit(most)
        .all(&read.db())
        .await?;
    let low = before.map_or(0, |before| before.sealed_below);
    let last = rows.last().map_or(low, |row| row.transaction_id);
    let is_all = u64::try_from(rows.len()).is_ok_and(|count| count < most);
    let sealed_below = match horizon {
        // While the lines of another cluster are not all sealed, they are looked for again.
        Some(high) if high < low && !is_all => low,
        Some(high) if is_all => high,
        Some(_) | None => last,
    };
    Ok(Unsealed { rows, sealed_below })
}

/// Whether this process may seal the region now: on PostgreSQL one of them, until its
/// transaction ends.
pub(super) async fn leads(tx: &Tx) -> Result<bool> {
    if !tx.is_postgres() {
        return Ok(true);
    }
    let db = tx.db();
    let asked = "SELECT pg_try_advisory_xact_lock(hashtextextended('schakel.seal.' || $1, 0))";
    let lock =
        Statement::from_sql_and_values(db.get_database_backend(), asked, [tx.region().to_string().into()]);
    let row = db.query_one_raw(lock).await?;
    Ok(row.map(|row| row.try_get_by_index(0)).transpose()?.unwrap_or_default())
}

/// Keeps a batch.
pub(super) async fn insert(tx: &Tx, leaves: Vec<audit_leaf::Model>, seal: audit_seal::Model) -> Result<()> {
    let leaves = leaves.into_iter().map(audit_leaf::ActiveModel::from);
    audit_leaf::Entity::insert_many(leaves).exec_without_returning(&tx.db()).await?;
    audit_seal::Entity::insert(audit_seal::ActiveModel::from(seal)).exec_without_returning(&tx.db()).await?;
    Ok(())
}

fn wanted_lines(read: &Read, wanted: &Wanted) -> Select<audit::Entity> {
    let (from, until) = wanted.bounds();
    let mut query = of_region(read);
    if let Some(subject) = wanted.subject_ref(read) {
        query = query.filter(audit::Column::SubjectRef.eq(subject));
    }
    if let Some(actor) = wanted.actor {
        query = query.filter(audit::Column::ActorId.eq(actor.0));
    }
    if let Some(from) = from {
        query = query.filter(audit::Column::At.gte(to_column(from)));
    }
    if let Some(until) = until {
        query = query.filter(audit::Column::At.lt(to_column(until)));
    }
    query
}

/// A page, newest first; one more than it holds when there are more.
pub(super) async fn newest_lines(read: &Read, wanted: &Wanted, page: &Page<Uuid>) -> Result<Vec<Model>> {
    let mut query = wanted_lines(read, wanted);
    if let Some(after) = page.after {
        query = query.filter(audit::Column::Id.lt(after));
    }
    Ok(query.order_by_desc(audit::Column::Id).limit(page.size + 1).all(&read.db()).await?)
}

/// The next lines behind `after`, oldest first.
pub(super) async fn next_lines(
    read: &Read,
    wanted: &Wanted,
    after: Option<Uuid>,
    most: u64,
) -> Result<Vec<Model>> {
    let mut query = wanted_lines(read, wanted);
    if let Some(after) = after {
        query = query.filter(audit::Column::Id.gt(after));
    }
    Ok(query.order_by_asc(audit::Column::Id).limit(most).all(&read.db()).await?)
}

/// How many lines are wanted.
pub(super) async fn count(read: &Read, wanted: &Wanted) -> Result<usize> {
    Ok(usize::try_from(wanted_lines(read, wanted).count(&read.db()).await?).unwrap_or(usize::MAX))
}

/// The places of these lines in the sealed order.
pub(super) async fn places_of(read: &Read, ids: &[Uuid]) -> Result<HashMap<Uuid, i64>> {
    let leaves: Vec<(Uuid, i64)> = audit_leaf::Entity::find()
        .select_only()
        .column(audit_leaf::Column::RowId)
        .column(audit_leaf::Column::Seq)
        .filter(audit_leaf::Column::RegionId.eq(read.region()))
        .filter(audit_leaf::Column::RowId.is_in(ids.iter().copied()))
        .into_tuple()
        .all(&read.db())
        .await?;
    Ok(leaves.into_iter().collect())
}

/// When, for which organisation, in which role, as what kind of actor, doing what, what for,
/// by which emergency access, which classes, and who.
pub(super) type Sight =
    (i64, Option<Uuid>, String, String, String, String, Option<Uuid>, String, Option<Uuid>);

/// What a line tells of who saw somebody.
pub(super) async fn seen(read: &Read, wanted: &Wanted) -> Result<Vec<Sight>> {
    Ok(wanted_lines(read, wanted)
        .select_only()
        .columns([
            audit::Column::At,
            audit::Column::OrganisationId,
            audit::Column::Role,
            audit::Column::ActorKind,
            audit::Column::Action,
            audit::Column::Purpose,
            audit::Column::EmergencyId,
            audit::Column::FieldClasses,
            audit::Column::ActorId,
        ])
        .into_tuple()
        .all(&read.db())
        .await?)
}
