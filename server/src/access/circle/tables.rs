//! Who is invited to which meeting about a case.

use schakel_domain::ids::{CaseId, ConsultationId, PersonId};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter};

use crate::{entity::case_guest, error::Result, store::Read};

/// Every seat at a meeting about `case`, to come or over, whoever asks: the caller of this owes the policy.
pub async fn tables(read: &Read, case: CaseId) -> Result<Vec<(ConsultationId, PersonId)>> {
    let rows = case_guest::Entity::find()
        .filter(case_guest::Column::RegionId.eq(read.region()))
        .filter(case_guest::Column::CaseId.eq(case.0))
        .all(&read.db())
        .await?;
    Ok(rows.iter().map(|row| (ConsultationId(row.consultation_id), PersonId(row.person_id))).collect())
}
