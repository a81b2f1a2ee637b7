//! The register in the database.

use schakel_domain::ids::PersonId;
use sea_orm::EntityTrait;

use crate::{
    entity::professional,
    error::{Error, Result},
    store::Read,
};

/// The region's registration of a person.
pub async fn professional(read: &Read, person: PersonId) -> Result<professional::Model> {
    professional::Entity::find_by_id((read.region(), person.0))
        .one(&read.db())
        .await?
        .ok_or(Error::NotFound("PERSON"))
}
