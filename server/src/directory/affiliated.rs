//! Who works where: affiliations, as the subjects above the register read them.

use schakel_domain::ids::AffiliationId;
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter};

pub use crate::entity::affiliation::Model;
use crate::{
    entity::affiliation::{Column, Entity},
    error::Result,
    store::Read,
};

/// One affiliation, when the region has it.
pub async fn find(read: &Read, id: AffiliationId) -> Result<Option<Model>> {
    Ok(Entity::find_by_id((read.region(), id.0)).one(&read.db()).await?)
}

/// Every affiliation of the region, ended ones too.
pub async fn all(read: &Read) -> Result<Vec<Model>> {
    Ok(Entity::find().filter(Column::RegionId.eq(read.region())).all(&read.db()).await?)
}
