//! Professionals as a region has registered them: name, work address, number (K0).

use std::collections::HashMap;

use schakel_domain::ids::PersonId;
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter};

pub use crate::entity::professional::Model;
use crate::{
    entity::professional::{ActiveModel, Column, Entity},
    error::{Error, Result},
    store::{Read, Tx},
};

/// The region's registration of a person.
///
/// # Errors
/// `PERSON_NOT_FOUND`.
pub async fn get(read: &Read, person: PersonId) -> Result<Model> {
    Entity::find_by_id((read.region(), person.0)).one(&read.db()).await?.ok_or(Error::NotFound("PERSON"))
}

/// The registrations of several persons, in one statement; parents and children have none.
pub async fn of(read: &Read, persons: &[PersonId]) -> Result<HashMap<PersonId, Model>> {
    if persons.is_empty() {
        return Ok(HashMap::new());
    }
    let rows = Entity::find()
        .filter(Column::RegionId.eq(read.region()))
        .filter(Column::PersonId.is_in(persons.iter().map(|person| person.0)))
        .all(&read.db())
        .await?;
    Ok(rows.into_iter().map(|row| (PersonId(row.person_id), row)).collect())
}

/// Registers persons; a code in use is refused.
pub async fn insert(tx: &Tx, rows: Vec<Model>) -> Result<()> {
    if rows.is_empty() {
        return Ok(());
    }
    let rows = rows.into_iter().map(ActiveModel::from);
    Entity::insert_many(rows).exec_without_returning(&tx.db()).await?;
    Ok(())
}

/// The person whom this region registered under `code`.
///
/// # Errors
/// `PERSON_NOT_FOUND`.
pub async fn by_code(read: &Read, code: &str) -> Result<PersonId> {
    Entity::find()
        .filter(Column::RegionId.eq(read.region()))
        .filter(Column::Code.eq(code))
        .one(&read.db())
        .await?
        .map(|row| PersonId(row.person_id))
        .ok_or(Error::NotFound("PERSON"))
}

/// Every registration of the region, ended ones too.
pub async fn all(read: &Read) -> Result<Vec<Model>> {
    Ok(Entity::find().filter(Column::RegionId.eq(read.region())).all(&read.db()).await?)
}
