//! The circles of all cases of one gemeente that are worked on.

use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QuerySelect};
use uuid::Uuid;

use super::{Circle, find_each};
use crate::{entity::case_circle, error::Result, store::Read};

/// The circles of the open cases of children who live in `gemeente`, in four statements, whoever asks:
/// none that is put aside. The caller of this owes the policy.
pub async fn open_in(read: &Read, gemeente: &str) -> Result<Vec<Circle>> {
    let open: Vec<Uuid> = case_circle::Entity::find()
        .select_only()
        .column(case_circle::Column::CaseId)
        .filter(case_circle::Column::RegionId.eq(read.region()))
        .filter(case_circle::Column::GemeenteCode.eq(gemeente))
        .filter(case_circle::Column::Open.eq(true))
        .filter(case_circle::Column::Hold.is_null())
        .into_tuple()
        .all(&read.db())
        .await?;
    find_each(read, &open).await
}
