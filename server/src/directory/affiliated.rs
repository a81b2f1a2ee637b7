//! Who works where: affiliations, as the subjects above the register read them.

use schakel_domain::ids::AffiliationId;
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter};

pub use crate::entity::affiliation::Model;
use crate::{
    entity::affiliation::{Column, Entity},
    error::{Error, Result},
    store::Read,
};

/// One affiliation.
///
/// # Errors
/// `AFFILIATION_NOT_FOUND`.
pub async fn get(read: &Read, id: AffiliationId) -> Result<Model> {
    let row = Entity::find_by_id((read.region(), id.0)).one(&read.db()).await?;
    row.ok_or(Error::NotFound("AFFILIATION"))
}

/// Every affiliation of the region, ended ones too.
pub async fn all(read: &Read) -> Result<Vec<Model>> {
    Ok(Entity::find().filter(Column::RegionId.eq(read.region())).all(&read.db()).await?)
}
