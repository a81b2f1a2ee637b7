//! Who works where: affiliations, as the subjects above the register read them.

use chrono::NaiveDate;
use schakel_domain::ids::{AffiliationId, PersonId};
use sea_orm::{ColumnTrait, Condition, EntityTrait, QueryFilter, QueryOrder};

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

/// What `persons` are on `day`, in one statement.
pub async fn of(read: &Read, persons: &[PersonId], day: NaiveDate) -> Result<Vec<Model>> {
    if persons.is_empty() {
        return Ok(Vec::new());
    }
    let still = Condition::any().add(Column::ValidUntil.is_null()).add(Column::ValidUntil.gte(day));
    Ok(Entity::find()
        .filter(Column::RegionId.eq(read.region()))
        .filter(Column::PersonId.is_in(persons.iter().map(|person| person.0)))
        .filter(Column::ValidFrom.lte(day))
        .filter(still)
        .order_by_asc(Column::Id)
        .all(&read.db())
        .await?)
}
