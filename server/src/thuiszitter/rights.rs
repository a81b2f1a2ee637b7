//! What the rights of the people concerned ask of a case: a line in its timeline, a name put right, its end.

use chrono::NaiveDate;
use schakel_domain::{
    access::Role,
    ids::{CaseId, PersonId},
    text::{FreeText, Name},
};
use sea_orm::{ColumnTrait, Condition, EntityTrait, QueryFilter, QueryOrder, QuerySelect};
use uuid::Uuid;

use super::{
    history::{self, Detail},
    store,
};
use crate::{
    access::{authenticate::today, person},
    entity::{
        case_computation, case_decision, case_event, case_fact, case_track, case_view, decision_check,
        information_request, plan_action, thuiszitter, track_step,
    },
    error::Result,
    store::{
        Read, Tx,
        instant::from_column,
        sweep::{Doomed, Sweep, Tally},
    },
};

/// Adds a line of `kind` to the timeline, with what was said about it.
pub async fn note(
    tx: &Tx,
    (case, child): (CaseId, PersonId),
    kind: &str,
    said: Option<&FreeText>,
) -> Result<()> {
    let detail = Detail { said: said.map(|said| said.as_str().to_owned()), ..Detail::default() };
    history::note(tx, (case, child), kind, &detail).await
}

/// By which roles the timeline of `case` was written, and the day on which it last was.
pub async fn acted(read: &Read, case: CaseId) -> Result<(Vec<Role>, NaiveDate)> {
    let lines: Vec<(String, i64)> = case_event::Entity::find()
        .select_only()
        .column(case_event::Column::Role)
        .column(case_event::Column::At)
        .filter(case_event::Column::RegionId.eq(read.region()))
        .filter(case_event::Column::CaseId.eq(case.0))
        .into_tuple()
        .all(&read.db())
        .await?;
    let mut roles: Vec<Role> =
        lines.iter().flat_map(|(roles, _)| roles.split(' ')).filter_map(|role| role.parse().ok()).collect();
    roles.sort_unstable();
    roles.dedup();
    let last = lines.iter().map(|(_, at)| *at).max().unwrap_or_default();
    Ok((roles, today(from_column(last)?)))
}

/// Finds the child by its right name and birth date from now on.
pub async fn find_again(
    tx: &Tx,
    (case, child): (CaseId, PersonId),
    name: &Name,
    birth: NaiveDate,
) -> Result<()> {
    store::in_turn(tx, case).await?;
    let mut case = store::get(tx, case, child).await?;
    case.child_index = person::child_index(tx, name, birth);
    store::update(tx, &mut case, child).await
}

/// The case, its timeline, its log, its plan, its decisions and views. The database refuses what cannot be
/// altered unless an approved,
/// destruction of this case runs.
pub async fn sweep(tx: &Tx, doomed: &Doomed, sweep: Sweep, tally: &mut Tally) -> Result<()> {
    if !doomed.whole {
        return Ok(());
    }
    let events = Condition::all()
        .add(case_event::Column::RegionId.eq(tx.region()))
        .add(case_event::Column::CaseId.eq(doomed.case));
    tx.sweep(case_event::Entity, events, sweep, tally).await?;
    let facts = Condition::all()
        .add(case_fact::Column::RegionId.eq(tx.region()))
        .add(case_fact::Column::CaseId.eq(doomed.case));
    tx.sweep(case_fact::Entity, facts, sweep, tally).await?;
    let planned = Condition::all()
        .add(plan_action::Column::RegionId.eq(tx.region()))
        .add(plan_action::Column::CaseId.eq(doomed.case));
    tx.sweep(plan_action::Entity, planned, sweep, tally).await?;
    let asked = Condition::all()
        .add(information_request::Column::RegionId.eq(tx.region()))
        .add(information_request::Column::CaseId.eq(doomed.case));
    tx.sweep(information_request::Entity, asked, sweep, tally).await?;
    let steps = Condition::all()
        .add(track_step::Column::RegionId.eq(tx.region()))
        .add(track_step::Column::CaseId.eq(doomed.case));
    tx.sweep(track_step::Entity, steps, sweep, tally).await?;
    let tracks = Condition::all()
        .add(case_track::Column::RegionId.eq(tx.region()))
        .add(case_track::Column::CaseId.eq(doomed.case));
    tx.sweep(case_track::Entity, tracks, sweep, tally).await?;
    let views = Condition::all()
        .add(case_view::Column::RegionId.eq(tx.region()))
        .add(case_view::Column::CaseId.eq(doomed.case));
    tx.sweep(case_view::Entity, views, sweep, tally).await?;
    let checks = Condition::all()
        .add(decision_check::Column::RegionId.eq(tx.region()))
        .add(decision_check::Column::CaseId.eq(doomed.case));
    tx.sweep(decision_check::Entity, checks, sweep, tally).await?;
    let decisions = Condition::all()
        .add(case_decision::Column::RegionId.eq(tx.region()))
        .add(case_decision::Column::CaseId.eq(doomed.case));
    tx.sweep(case_decision::Entity, decisions, sweep, tally).await?;
    let computed = Condition::all()
        .add(case_computation::Column::RegionId.eq(tx.region()))
        .add(case_computation::Column::Id.eq(doomed.case));
    tx.sweep(case_computation::Entity, computed, sweep, tally).await?;
    let case = Condition::all()
        .add(thuiszitter::Column::RegionId.eq(tx.region()))
        .add(thuiszitter::Column::Id.eq(doomed.case));
    tx.sweep(thuiszitter::Entity, case, sweep, tally).await
}

/// The cases of a child by its index, open and closed, oldest first.
pub async fn of_child(read: &Read, index: &[u8]) -> Result<Vec<Uuid>> {
    ids(read, thuiszitter::Column::ChildIndex.eq(index.to_vec())).await
}

/// The case with this spoken reference.
pub async fn of_reference(read: &Read, reference: &str) -> Result<Vec<Uuid>> {
    ids(read, thuiszitter::Column::Reference.eq(reference)).await
}

async fn ids(read: &Read, condition: sea_orm::sea_query::Expr) -> Result<Vec<Uuid>> {
    Ok(thuiszitter::Entity::find()
        .select_only()
        .column(thuiszitter::Column::Id)
        .filter(thuiszitter::Column::RegionId.eq(read.region()))
        .filter(condition)
        .order_by_asc(thuiszitter::Column::Id)
        .into_tuple()
        .all(&read.db())
        .await?)
}
