//! Which case is spoken of by a reference.

use schakel_domain::{ids::CaseId, reference::Reference};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter};

use crate::{
    entity::thuiszitter::{Column, Entity},
    error::{Error, Result},
    store::Tx,
};

/// The case that is spoken of by `reference`, whoever asks: the caller of this owes the policy.
///
/// # Errors
/// `CASE_NOT_FOUND`.
pub async fn by_reference(tx: &Tx, reference: &Reference) -> Result<CaseId> {
    let row = Entity::find()
        .filter(Column::RegionId.eq(tx.region()))
        .filter(Column::Reference.eq(reference.to_string()))
        .one(&tx.db())
        .await?;
    row.map(|row| CaseId(row.id)).ok_or(Error::NotFound("CASE"))
}
