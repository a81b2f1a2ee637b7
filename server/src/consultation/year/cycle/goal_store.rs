//! What was agreed in an ondersteuningsplan, in the database.

use std::collections::BTreeSet;

use chrono::{DateTime, NaiveDate, Utc};
use schakel_domain::{
    consultation::year::goal::GoalState,
    ids::{PersonId, PlanGoalId},
    text::Name,
};
use sea_orm::{ActiveValue::Set, ColumnTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect};

use crate::{
    entity::plan_goal::{ActiveModel, Column, Entity, Model},
    error::{Error, Result},
    store::{
        Read, Tx,
        instant::{from_column, to_column},
    },
};

/// Something that was agreed, as it stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Goal {
    pub id: PlanGoalId,
    /// Of the plan.
    pub year: i32,
    pub agreement: Name,
    pub state: GoalState,
    pub since: NaiveDate,
    /// Of what did not come about.
    pub why: Option<Name>,
    /// Who said so; none of a program.
    pub told_by: Option<PersonId>,
    pub told: DateTime<Utc>,
    /// The etag.
    pub version: i32,
}

/// One of them.
///
/// # Errors
/// `PLAN_GOAL_NOT_FOUND`.
pub(super) async fn get(read: &Read, id: PlanGoalId) -> Result<Goal> {
    let row = Entity::find_by_id((read.region(), id.0)).one(&read.db()).await?;
    goal(row.ok_or(Error::NotFound("PLAN_GOAL"))?)
}

/// Those of the plan of a year, as they were made.
pub(super) async fn of_year(read: &Read, year: i32) -> Result<Vec<Goal>> {
    let rows = Entity::find()
        .filter(Column::RegionId.eq(read.region()))
        .filter(Column::Year.eq(year))
        .order_by_asc(Column::Id)
        .all(&read.db())
        .await?;
    rows.into_iter().map(goal).collect()
}

/// The years of the plans in which something was agreed, in one statement.
pub(super) async fn years(read: &Read) -> Result<BTreeSet<i32>> {
    let years: Vec<i32> = Entity::find()
        .select_only()
        .column(Column::Year)
        .distinct()
        .filter(Column::RegionId.eq(read.region()))
        .into_tuple()
        .all(&read.db())
        .await?;
    Ok(years.into_iter().collect())
}

/// Keeps a new one.
pub(super) async fn insert(tx: &Tx, goal: &Goal) -> Result<()> {
    Entity::insert(row(tx, goal)).exec_without_returning(&tx.db()).await?;
    Ok(())
}

/// Writes one back and raises its version; somebody else's change in between is [`Error::Stale`].
pub(super) async fn update(tx: &Tx, goal: &mut Goal) -> Result<()> {
    let read = goal.version;
    goal.version += 1;
    let written = Entity::update_many()
        .set(row(tx, goal))
        .filter(Column::RegionId.eq(tx.region()))
        .filter(Column::Id.eq(goal.id.0))
        .filter(Column::Version.eq(read))
        .exec(&tx.db())
        .await?;
    if written.rows_affected == 0 { Err(Error::Stale) } else { Ok(()) }
}

fn row(tx: &Tx, goal: &Goal) -> ActiveModel {
    ActiveModel {
        region_id: Set(tx.region()),
        id: Set(goal.id.0),
        year: Set(goal.year),
        agreement: Set(goal.agreement.as_str().to_owned()),
        state: Set(goal.state.to_string()),
        since_on: Set(goal.since),
        why: Set(goal.why.as_ref().map(|why| why.as_str().to_owned())),
        told_by: Set(goal.told_by.map(|person| person.0)),
        told_at: Set(to_column(goal.told)),
        version: Set(goal.version),
    }
}

fn corrupt(column: &'static str) -> Error {
    Error::Corrupt { table: "plan_goal", column }
}

fn goal(row: Model) -> Result<Goal> {
    Ok(Goal {
        id: PlanGoalId(row.id),
        year: row.year,
        agreement: row.agreement.parse().map_err(|_| corrupt("agreement"))?,
        state: row.state.parse().map_err(|_| corrupt("state"))?,
        since: row.since_on,
        why: row.why.map(|why| why.parse()).transpose().map_err(|_| corrupt("why"))?,
        told_by: row.told_by.map(PersonId),
        told: from_column(row.told_at)?,
        version: row.version,
    })
}
