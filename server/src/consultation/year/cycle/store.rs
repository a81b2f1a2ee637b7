//! What is marked as done, and the meetings of overleg, in the database.

use std::collections::{BTreeMap, HashMap};

use chrono::{DateTime, NaiveDate, Utc};
use schakel_domain::consultation::{
    Kind, State,
    year::{Step, cycle::Plan},
};
use sea_orm::{
    ActiveValue::Set, ColumnTrait, Condition, EntityTrait, QueryFilter, QueryOrder, QuerySelect,
    sea_query::OnConflict,
};

use super::show::Which;
use crate::{
    access::authenticate::today,
    entity::{consultation, plan_milestone},
    error::{Error, Result},
    store::{
        Read, Tx,
        instant::{from_column, to_column},
    },
};

const CORRUPT: Error = Error::Corrupt { table: "plan_milestone", column: "step" };

/// The kinds of meetings that are a step.
const OVERLEG: [(Kind, Step); 2] =
    [(Kind::OogoAmbtelijk, Step::OogoAmbtelijk), (Kind::OogoBestuurlijk, Step::OogoBestuurlijk)];

/// Those of the plan, in one statement.
fn of_plan(read: &Read, which: &Which) -> Condition {
    use plan_milestone::Column;
    Condition::all()
        .add(Column::RegionId.eq(read.region()))
        .add(Column::Plan.eq(which.plan.to_string()))
        .add(Column::GemeenteCode.eq(which.gemeente.as_str()))
        .add(Column::Year.eq(which.year))
}

/// On which day each step was done, and which time it was taken, of those of which somebody said so.
pub(super) type Marked = HashMap<(Step, usize), NaiveDate>;

/// Those of a plan.
pub(super) async fn done(read: &Read, which: &Which) -> Result<Marked> {
    let rows = plan_milestone::Entity::find().filter(of_plan(read, which)).all(&read.db()).await?;
    rows.iter().map(marked).collect()
}

fn marked(row: &plan_milestone::Model) -> Result<((Step, usize), NaiveDate)> {
    let step: Step = row.step.parse().map_err(|_| CORRUPT)?;
    Ok(((step, usize::try_from(row.round).unwrap_or_default()), row.done_on))
}

/// Those of every plan of the region by its year, by the plan and, of a jeugdplan, its gemeente; in one statement.
pub(super) async fn all_done(read: &Read) -> Result<HashMap<(Plan, String), BTreeMap<i32, Marked>>> {
    let of_region = plan_milestone::Column::RegionId.eq(read.region());
    let rows = plan_milestone::Entity::find().filter(of_region).all(&read.db()).await?;
    let mut plans: HashMap<(Plan, String), BTreeMap<i32, Marked>> = HashMap::new();
    for row in &rows {
        let plan =
            row.plan.parse().map_err(|_| Error::Corrupt { table: "plan_milestone", column: "plan" })?;
        let (step, day) = marked(row)?;
        let years = plans.entry((plan, row.gemeente_code.clone())).or_default();
        years.entry(row.year).or_default().insert(step, day);
    }
    Ok(plans)
}

/// Notes that a step was done on a day, or that it is not.
pub(super) async fn mark(
    tx: &Tx,
    which: &Which,
    (step, round): (Step, usize),
    day: Option<NaiveDate>,
) -> Result<()> {
    use plan_milestone::Column;
    let round = i32::try_from(round).unwrap_or(i32::MAX);
    let Some(day) = day else {
        plan_milestone::Entity::delete_many()
            .filter(of_plan(tx, which))
            .filter(Column::Step.eq(step.to_string()))
            .filter(Column::Round.eq(round))
            .exec(&tx.db())
            .await?;
        return Ok(());
    };
    let row = plan_milestone::ActiveModel {
        region_id: Set(tx.region()),
        plan: Set(which.plan.to_string()),
        gemeente_code: Set(which.gemeente.clone()),
        year: Set(which.year),
        step: Set(step.to_string()),
        round: Set(round),
        done_on: Set(day),
    };
    let key =
        [Column::RegionId, Column::Plan, Column::GemeenteCode, Column::Year, Column::Step, Column::Round];
    let again = OnConflict::columns(key).update_column(Column::DoneOn).to_owned();
    plan_milestone::Entity::insert(row).on_conflict(again).exec_without_returning(&tx.db()).await?;
    Ok(())
}

/// An overleg that was held, or is to be.
#[derive(Debug, Clone, Copy)]
pub(super) struct Overleg {
    pub step: Step,
    /// When it begins.
    pub at: DateTime<Utc>,
    /// The day of that.
    pub day: NaiveDate,
    pub held: bool,
}

/// Those that began from `from` up to `until` and were not called off, oldest first, in one statement.
pub(super) async fn overleg(read: &Read, from: DateTime<Utc>, until: DateTime<Utc>) -> Result<Vec<Overleg>> {
    use consultation::Column;
    let kinds = OVERLEG.map(|(kind, _)| kind.to_string());
    let rows: Vec<(String, String, i64)> = consultation::Entity::find()
        .select_only()
        .columns([Column::Kind, Column::State, Column::StartsAt])
        .filter(Column::RegionId.eq(read.region()))
        .filter(Column::Kind.is_in(kinds))
        .filter(Column::StartsAt.between(to_column(from), to_column(until)))
        .order_by_asc(Column::StartsAt)
        .order_by_asc(Column::Id)
        .into_tuple()
        .all(&read.db())
        .await?;
    let mut found = Vec::new();
    for (kind, state, starts) in rows {
        let state: State =
            state.parse().map_err(|_| Error::Corrupt { table: "consultation", column: "state" })?;
        let held = match state {
            State::Held => true,
            State::Planned => false,
            State::Cancelled => continue,
        };
        let known = OVERLEG.into_iter().find(|(of, _)| of.to_string() == kind);
        let Some((_, step)) = known else { continue };
        let at = from_column(starts)?;
        found.push(Overleg { step, at, day: today(at), held });
    }
    Ok(found)
}
