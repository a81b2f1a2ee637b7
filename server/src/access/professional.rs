//! Professionals as a region has registered them: name, work address, number (K0).

use std::{collections::HashMap, sync::Arc};

use schakel_domain::ids::PersonId;
use sea_orm::{
    ColumnTrait, EntityTrait, ExprTrait, QueryFilter,
    sea_query::{Expr, Func},
};
use uuid::Uuid;

pub use crate::entity::professional::Model;
use crate::{
    entity::professional::{ActiveModel, Column, Entity},
    error::{Error, Result},
    store::{Read, Tx, memory::Memory},
};

/// How people are registered in a region, if they are.
pub type Remembered = Memory<(Uuid, PersonId), Option<Arc<Model>>>;

/// The region's registration of a person.
///
/// # Errors
/// `PERSON_NOT_FOUND`.
pub async fn get(read: &Read, person: PersonId) -> Result<Model> {
    Entity::find_by_id((read.region(), person.0)).one(&read.db()).await?.ok_or(Error::NotFound("PERSON"))
}

/// The registrations of several persons, in one statement at most; parents and children have none.
pub async fn of(read: &Read, persons: &[PersonId]) -> Result<HashMap<PersonId, Arc<Model>>> {
    if persons.is_empty() {
        return Ok(HashMap::new());
    }
    let (region, count) = (read.region(), read.register_count().await?);
    let memory = &read.app().remembered.professionals;
    let (mut known, missing) = memory.of(count, persons.iter().map(|person| (region, *person)));
    if !missing.is_empty() {
        let rows = Entity::find()
            .filter(Column::RegionId.eq(region))
            .filter(Column::PersonId.is_in(missing.iter().map(|(_, person)| person.0)))
            .all(&read.db())
            .await?;
        let mut found: HashMap<_, _> = missing.into_iter().map(|key| (key, None)).collect();
        found.extend(rows.into_iter().map(|row| ((region, PersonId(row.person_id)), Some(Arc::new(row)))));
        memory.keep(count, found.clone());
        known.extend(found);
    }
    Ok(known.into_iter().filter_map(|((_, person), row)| Some((person, row?))).collect())
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

/// Whom the region registered with these addresses, by the address in lower case; an address that
/// several have is nobody's. One statement, or none.
pub async fn by_emails(read: &Read, emails: &[String]) -> Result<HashMap<String, PersonId>> {
    if emails.is_empty() {
        return Ok(HashMap::new());
    }
    let lower = Expr::expr(Func::lower(Expr::col(Column::Email)));
    let rows = Entity::find()
        .filter(Column::RegionId.eq(read.region()))
        .filter(lower.is_in(emails.iter().map(|email| email.to_lowercase())))
        .all(&read.db())
        .await?;
    let mut found: HashMap<String, Option<PersonId>> = HashMap::new();
    for row in rows {
        let person = PersonId(row.person_id);
        found.entry(row.email.to_lowercase()).and_modify(|one| *one = None).or_insert(Some(person));
    }
    Ok(found.into_iter().filter_map(|(email, person)| Some((email, person?))).collect())
}
