//! Proposals to destroy in the database. A part that is to go is named until it is gone.

use chrono::{DateTime, Utc};
use schakel_domain::{
    ids::{CaseId, DestructionId},
    privacy::{ErasureGround, PartKind},
};
use sea_orm::{
    ActiveValue::Set, ColumnTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect, sea_query::Expr,
};
use uuid::Uuid;

use super::plan::{Going, Plan};
use crate::{
    entity::{destruction, destruction_part},
    error::{Error, Result},
    store::{
        Read, Tx,
        instant::{from_column, to_column},
    },
    wire::page::Page,
};

/// Rows of one statement: PostgreSQL takes 65,535 values, SQLite half of that.
const BATCH: usize = 5_000;

/// Why it is destroyed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, strum::Display, strum::EnumString, strum::IntoStaticStr)]
#[strum(serialize_all = "SCREAMING_SNAKE_CASE")]
pub(super) enum Kind {
    /// By somebody's right.
    Erasure,
    /// Because its term has ended.
    Retention,
}

/// Where it stands. `Running` is seen by no other transaction: the database lets the
/// timeline go only then.
#[derive(Debug, Clone, Copy, PartialEq, Eq, strum::Display, strum::EnumString, strum::IntoStaticStr)]
#[strum(serialize_all = "SCREAMING_SNAKE_CASE")]
pub(super) enum State {
    Proposed,
    Running,
    Done,
}

/// A proposal, and what became of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Destruction {
    pub id: DestructionId,
    pub kind: Kind,
    pub state: State,
    pub ground: Option<ErasureGround>,
    /// Of an erasure that is not done yet.
    pub case: Option<CaseId>,
    pub plan: Plan,
    pub proposed_by: Uuid,
    pub proposed_as: String,
    pub proposed: DateTime<Utc>,
    pub approved_by: Option<Uuid>,
    pub approved_as: String,
    pub approved: Option<DateTime<Utc>>,
    /// The signed file.
    pub statement: Option<String>,
}

fn corrupt(column: &'static str) -> Error {
    Error::Corrupt { table: "destruction", column }
}

fn row(tx: &Tx, one: &Destruction) -> Result<destruction::ActiveModel> {
    Ok(destruction::ActiveModel {
        region_id: Set(tx.region()),
        id: Set(one.id.0),
        kind: Set(one.kind.to_string()),
        state: Set(one.state.to_string()),
        ground: Set(one.ground.map(|ground| ground.to_string())),
        case_id: Set(one.case.map(|case| case.0)),
        plan: Set(serde_json::to_string(&one.plan).map_err(|_| corrupt("plan"))?),
        proposed_by: Set(one.proposed_by),
        proposed_as: Set(one.proposed_as.clone()),
        proposed_at: Set(to_column(one.proposed)),
        approved_by: Set(one.approved_by),
        approved_as: Set(one.approved_as.clone()),
        approved_at: Set(one.approved.map(to_column)),
        statement: Set(one.statement.clone()),
    })
}

fn opened(row: destruction::Model) -> Result<Destruction> {
    Ok(Destruction {
        id: DestructionId(row.id),
        kind: row.kind.parse().map_err(|_| corrupt("kind"))?,
        state: row.state.parse().map_err(|_| corrupt("state"))?,
        ground: row.ground.map(|ground| ground.parse()).transpose().map_err(|_| corrupt("ground"))?,
        case: row.case_id.map(CaseId),
        plan: serde_json::from_str(&row.plan).map_err(|_| corrupt("plan"))?,
        proposed_by: row.proposed_by,
        proposed_as: row.proposed_as,
        proposed: from_column(row.proposed_at)?,
        approved_by: row.approved_by,
        approved_as: row.approved_as,
        approved: row.approved_at.map(from_column).transpose()?,
        statement: row.statement,
    })
}

/// Keeps a new proposal with its parts.
pub(super) async fn insert(tx: &Tx, one: &Destruction, going: &[Going]) -> Result<()> {
    destruction::Entity::insert(row(tx, one)?).exec_without_returning(&tx.db()).await?;
    for going in going.chunks(BATCH) {
        let rows = going.iter().map(|part| destruction_part::ActiveModel {
            region_id: Set(tx.region()),
            destruction_id: Set(one.id.0),
            part_id: Set(part.id),
            case_id: Set(part.case),
            kind: Set(part.kind.to_string()),
        });
        destruction_part::Entity::insert_many(rows).exec_without_returning(&tx.db()).await?;
    }
    Ok(())
}

/// Writes a proposal back.
pub(super) async fn update(tx: &Tx, one: &Destruction) -> Result<()> {
    destruction::Entity::update(row(tx, one)?).exec(&tx.db()).await?;
    Ok(())
}

/// One, to be changed by this transaction alone.
///
/// # Errors
/// `DESTRUCTION_NOT_FOUND`.
pub(super) async fn get_to_change(tx: &Tx, id: DestructionId) -> Result<Destruction> {
    let row = destruction::Entity::find_by_id((tx.region(), id.0)).lock_exclusive().one(&tx.db()).await?;
    opened(row.ok_or(Error::NotFound("DESTRUCTION"))?)
}

/// One.
///
/// # Errors
/// `DESTRUCTION_NOT_FOUND`.
pub(super) async fn get(read: &Read, id: DestructionId) -> Result<Destruction> {
    let row = destruction::Entity::find_by_id((read.region(), id.0)).one(&read.db()).await?;
    opened(row.ok_or(Error::NotFound("DESTRUCTION"))?)
}

/// A page of them, newest first; one more than the page holds when there are more.
pub(super) async fn list(read: &Read, page: &Page<Uuid>) -> Result<Vec<Destruction>> {
    let mut query = destruction::Entity::find().filter(destruction::Column::RegionId.eq(read.region()));
    if let Some(after) = page.after {
        query = query.filter(destruction::Column::Id.lt(after));
    }
    let rows = query.order_by_desc(destruction::Column::Id).limit(page.size + 1).all(&read.db()).await?;
    rows.into_iter().map(opened).collect()
}

/// The parts that a proposal names.
pub(super) async fn parts(read: &Read, id: DestructionId) -> Result<Vec<Going>> {
    let rows = destruction_part::Entity::find()
        .filter(destruction_part::Column::RegionId.eq(read.region()))
        .filter(destruction_part::Column::DestructionId.eq(id.0))
        .order_by_asc(destruction_part::Column::PartId)
        .all(&read.db())
        .await?;
    rows.into_iter()
        .map(|row| {
            let kind: PartKind =
                row.kind.parse().map_err(|_| Error::Corrupt { table: "destruction_part", column: "kind" })?;
            Ok(Going { id: row.part_id, case: row.case_id, kind })
        })
        .collect()
}

/// Forgets which parts `id` named, and in every other proposal the parts of `cases`: they are gone.
pub(super) async fn forget_parts(tx: &Tx, id: DestructionId, cases: &[Uuid]) -> Result<()> {
    destruction_part::Entity::delete_many()
        .filter(destruction_part::Column::RegionId.eq(tx.region()))
        .filter(destruction_part::Column::DestructionId.eq(id.0))
        .exec(&tx.db())
        .await?;
    for cases in cases.chunks(BATCH) {
        destruction_part::Entity::delete_many()
            .filter(destruction_part::Column::RegionId.eq(tx.region()))
            .filter(destruction_part::Column::CaseId.is_in(cases.iter().copied()))
            .exec(&tx.db())
            .await?;
        destruction::Entity::update_many()
            .col_expr(destruction::Column::CaseId, Expr::value(None::<Uuid>))
            .filter(destruction::Column::RegionId.eq(tx.region()))
            .filter(destruction::Column::CaseId.is_in(cases.iter().copied()))
            .exec(&tx.db())
            .await?;
    }
    Ok(())
}
