//! Which roles people have where on a day, for whoever must know that somebody may come as that.

use chrono::NaiveDate;
use schakel_domain::{
    access::Role,
    ids::{OrganisationId, PersonId},
};
use sea_orm::{ColumnTrait, Condition, EntityTrait, QueryFilter, QueryOrder};

use crate::{
    entity::affiliation::{Column, Entity, Model},
    error::{Error, Result},
    store::Read,
};

/// A role that a person has on some day.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Post {
    /// Who.
    pub person: PersonId,
    /// Where.
    pub organisation: OrganisationId,
    /// As what.
    pub role: Role,
}

fn valid(day: NaiveDate) -> Condition {
    let open = Condition::any().add(Column::ValidUntil.is_null()).add(Column::ValidUntil.gte(day));
    Condition::all().add(Column::ValidFrom.lte(day)).add(open)
}

fn post(row: &Model) -> Result<Post> {
    Ok(Post {
        person: PersonId(row.person_id),
        organisation: OrganisationId(row.organisation_id),
        role: row.role.parse().map_err(|_| Error::Corrupt { table: "affiliation", column: "role" })?,
    })
}

/// What `persons` are in this region on `day`, in one statement.
pub async fn of(read: &Read, persons: &[PersonId], day: NaiveDate) -> Result<Vec<Post>> {
    if persons.is_empty() {
        return Ok(Vec::new());
    }
    let rows = Entity::find()
        .filter(Column::RegionId.eq(read.region()))
        .filter(Column::PersonId.is_in(persons.iter().map(|person| person.0)))
        .filter(valid(day))
        .order_by_asc(Column::Id)
        .all(&read.db())
        .await?;
    rows.iter().map(post).collect()
}

/// Everybody in this region who has `role` on `day`.
pub async fn with_role(read: &Read, role: Role, day: NaiveDate) -> Result<Vec<PersonId>> {
    let rows = Entity::find()
        .filter(Column::RegionId.eq(read.region()))
        .filter(Column::Role.eq(role.to_string()))
        .filter(valid(day))
        .all(&read.db())
        .await?;
    Ok(rows.into_iter().map(|row| PersonId(row.person_id)).collect())
}

/// Everybody in this region who has one of `roles` on `day`, and where, in one statement.
pub async fn holding(read: &Read, roles: &[Role], day: NaiveDate) -> Result<Vec<Post>> {
    let rows = Entity::find()
        .filter(Column::RegionId.eq(read.region()))
        .filter(Column::Role.is_in(roles.iter().map(ToString::to_string)))
        .filter(valid(day))
        .order_by_asc(Column::Id)
        .all(&read.db())
        .await?;
    rows.iter().map(post).collect()
}
