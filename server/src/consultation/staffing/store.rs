//! Meetings that stand in the way, and children in crisis, in the database.

use chrono::{DateTime, Utc};
use schakel_domain::{
    consultation::{Kind, State},
    ids::{CaseId, ConsultationId},
};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect};

use crate::{
    consultation::{meeting::Meeting, store::with_tables},
    entity::consultation::{Column, Entity},
    error::Result,
    store::{Read, Tx, instant::to_column},
};

/// Several meetings, each to be changed by this transaction alone, whoever asks: the caller of
/// this owes the policy. What is not there is left out.
pub(super) async fn hold_all(tx: &Tx, ids: &[ConsultationId]) -> Result<Vec<Meeting>> {
    if ids.is_empty() {
        return Ok(Vec::new());
    }
    let rows = Entity::find()
        .filter(Column::RegionId.eq(tx.region()))
        .filter(Column::Id.is_in(ids.iter().map(|id| id.0)))
        .order_by_asc(Column::Id)
        .lock_exclusive()
        .all(&tx.db())
        .await?;
    with_tables(tx, rows).await
}

/// Of `cases` those about which a meeting of one of these kinds is planned, or ended after `since`.
pub(super) async fn with_kind(
    read: &Read,
    cases: &[CaseId],
    (kinds, since): (&[Kind], DateTime<Utc>),
) -> Result<Vec<CaseId>> {
    if cases.is_empty() {
        return Ok(Vec::new());
    }
    let rows = Entity::find()
        .filter(Column::RegionId.eq(read.region()))
        .filter(Column::CaseId.is_in(cases.iter().map(|case| case.0)))
        .filter(Column::Kind.is_in(kinds.iter().map(ToString::to_string)))
        .filter(Column::State.ne(State::Cancelled.to_string()))
        .filter(Column::EndsAt.gt(to_column(since)))
        .all(&read.db())
        .await?;
    Ok(rows.into_iter().filter_map(|row| row.case_id.map(CaseId)).collect())
}
