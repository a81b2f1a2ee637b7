//! Which roles people have where on a day, for whoever must know that somebody may come as that.

use std::{collections::HashMap, sync::Arc};

use chrono::NaiveDate;
use schakel_domain::{
    access::Role,
    ids::{OrganisationId, PersonId},
    time::Validity,
};
use sea_orm::{
    ColumnTrait, Condition, EntityTrait, QueryFilter, QueryOrder, QuerySelect,
    sea_query::{Query, SelectStatement},
};

use uuid::Uuid;

use crate::{
    entity::affiliation::{Column, Entity, Model},
    error::{Error, Result},
    store::{Read, memory::Memory},
};

/// What people are, were or will be in a region, in a fixed order.
pub type Remembered = Memory<(Uuid, PersonId), Arc<Vec<(Post, Validity)>>>;

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

fn days(row: &Model) -> Result<Validity> {
    let corrupt = |_| Error::Corrupt { table: "affiliation", column: "valid_until" };
    Validity::new(row.valid_from, row.valid_until).map_err(corrupt)
}

/// What `persons` are in this region on `day`, each in a fixed order, in one statement at most.
pub async fn of(read: &Read, persons: &[PersonId], day: NaiveDate) -> Result<Vec<Post>> {
    if persons.is_empty() {
        return Ok(Vec::new());
    }
    let ever = all_of(read, persons).await?;
    let posts = persons.iter().filter_map(|person| ever.get(person)).flat_map(|posts| posts.iter());
    Ok(posts.filter(|(_, days)| days.holds_on(day)).map(|(post, _)| *post).collect())
}

/// What `persons` are, were or will be in this region, in one statement at most beside that of the count.
pub async fn all_of(
    read: &Read,
    persons: &[PersonId],
) -> Result<HashMap<PersonId, Arc<Vec<(Post, Validity)>>>> {
    let (region, count) = (read.region(), read.register_count().await?);
    let memory = &read.app().remembered.posts;
    let (mut known, missing) = memory.of(count, persons.iter().map(|person| (region, *person)));
    if !missing.is_empty() {
        let rows = Entity::find()
            .filter(Column::RegionId.eq(region))
            .filter(Column::PersonId.is_in(missing.iter().map(|(_, person)| person.0)))
            .order_by_asc(Column::Id)
            .all(&read.db())
            .await?;
        let mut found: HashMap<_, Vec<_>> = missing.into_iter().map(|key| (key, Vec::new())).collect();
        for row in &rows {
            found.entry((region, PersonId(row.person_id))).or_default().push((post(row)?, days(row)?));
        }
        let found: HashMap<_, _> = found.into_iter().map(|(key, posts)| (key, Arc::new(posts))).collect();
        memory.keep(count, found.clone());
        known.extend(found);
    }
    Ok(known.into_iter().map(|((_, person), posts)| (person, posts)).collect())
}

/// Everybody at one organisation on `day`, in a fixed order.
pub async fn at(read: &Read, organisation: OrganisationId, day: NaiveDate) -> Result<Vec<Post>> {
    at_any(read, &[organisation], day).await
}

/// Everybody at these organisations on `day`, in a fixed order, in one statement.
pub async fn at_any(read: &Read, organisations: &[OrganisationId], day: NaiveDate) -> Result<Vec<Post>> {
    if organisations.is_empty() {
        return Ok(Vec::new());
    }
    let rows = Entity::find()
        .filter(Column::RegionId.eq(read.region()))
        .filter(Column::OrganisationId.is_in(organisations.iter().map(|one| one.0)))
        .filter(valid(day))
        .order_by_asc(Column::Id)
        .all(&read.db())
        .await?;
    rows.iter().map(post).collect()
}

/// What somebody is, was or will be in this region, and on which days.
pub async fn ever(read: &Read, person: PersonId) -> Result<Vec<(Post, Validity)>> {
    let rows = Entity::find()
        .filter(Column::RegionId.eq(read.region()))
        .filter(Column::PersonId.eq(person.0))
        .order_by_asc(Column::Id)
        .all(&read.db())
        .await?;
    rows.iter().map(|row| Ok((post(row)?, days(row)?))).collect()
}

/// The days on which each of `persons` has some role in this region, in one statement.
pub async fn days_of(read: &Read, persons: &[PersonId]) -> Result<Vec<(PersonId, Validity)>> {
    if persons.is_empty() {
        return Ok(Vec::new());
    }
    let rows = Entity::find()
        .filter(Column::RegionId.eq(read.region()))
        .filter(Column::PersonId.is_in(persons.iter().map(|person| person.0)))
        .all(&read.db())
        .await?;
    rows.iter().map(|row| Ok((PersonId(row.person_id), days(row)?))).collect()
}

/// Whose roles in this region may end: as a part of a statement.
pub fn ending(read: &Read) -> SelectStatement {
    Query::select()
        .column(Column::PersonId)
        .from(Entity)
        .cond_where(
            Condition::all().add(Column::RegionId.eq(read.region())).add(Column::ValidUntil.is_not_null()),
        )
        .to_owned()
}

/// What is asked of the people of an organisation.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Of {
    /// Who they are.
    Person,
    /// As what they are there.
    Role,
}

/// Those at `organisation` on `day`, or their roles: as a part of a statement.
pub fn column_at(read: &Read, organisation: OrganisationId, of: Of, day: NaiveDate) -> SelectStatement {
    let column = match of {
        Of::Person => Column::PersonId,
        Of::Role => Column::Role,
    };
    let there = Condition::all()
        .add(Column::RegionId.eq(read.region()))
        .add(Column::OrganisationId.eq(organisation.0))
        .add(valid(day));
    Query::select().column(column).from(Entity).cond_where(there).to_owned()
}

/// So many of those who have a role in this region on `day`, by their ids, after `after`, each once.
pub async fn next(read: &Read, day: NaiveDate, (after, count): (Uuid, u64)) -> Result<Vec<PersonId>> {
    let found: Vec<Uuid> = Entity::find()
        .select_only()
        .column(Column::PersonId)
        .distinct()
        .filter(Column::RegionId.eq(read.region()))
        .filter(Column::PersonId.gt(after))
        .filter(valid(day))
        .order_by_asc(Column::PersonId)
        .limit(count)
        .into_tuple()
        .all(&read.db())
        .await?;
    Ok(found.into_iter().map(PersonId).collect())
}

/// Who has a role in this region on `day`: as a part of a statement.
pub fn working(read: &Read, day: NaiveDate) -> SelectStatement {
    those(read, valid(day))
}

/// Who has a role in this region on `day` or will have one: as a part of a statement.
pub fn staying(read: &Read, day: NaiveDate) -> SelectStatement {
    those(read, Condition::any().add(Column::ValidUntil.is_null()).add(Column::ValidUntil.gte(day)))
}

fn those(read: &Read, when: Condition) -> SelectStatement {
    Query::select()
        .column(Column::PersonId)
        .from(Entity)
        .cond_where(Condition::all().add(Column::RegionId.eq(read.region())).add(when))
        .to_owned()
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
