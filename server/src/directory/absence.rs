//! Days on which people are away, in the database: routing reads them, availability changes them.

use chrono::Days;
use schakel_domain::{ids::PersonId, time::Validity};
use sea_orm::{
    ActiveModelTrait, ColumnTrait, Condition, EntityTrait, IntoActiveModel, QueryFilter, QueryOrder,
    QuerySelect,
    sea_query::{Query, SelectStatement},
};
use uuid::Uuid;

pub use crate::entity::absence::Model;
use crate::{
    entity::absence::{ActiveModel, Column, Entity},
    error::{Error, Result},
    store::{Read, Tx},
    wire::page::Page,
};

/// SQLite takes 32,766 values in a statement.
const ROWS: usize = 4_000;

/// Whole days on which `persons` are away during `days`, as any region knows it, in one statement.
pub async fn of(read: &Read, persons: &[PersonId], days: Validity) -> Result<Vec<(PersonId, Validity)>> {
    let rows = during(read, persons, days).await?;
    let mut away = Vec::with_capacity(rows.len());
    for row in &rows {
        let whole = whole_days(row)?.filter(|whole| whole.overlaps(days));
        away.extend(whole.map(|whole| (PersonId(row.person_id), whole)));
    }
    Ok(away)
}

/// The absences of `persons` that touch `days`, as any region knows it, in one statement.
pub async fn during(read: &Read, persons: &[PersonId], days: Validity) -> Result<Vec<Model>> {
    if persons.is_empty() {
        return Ok(Vec::new());
    }
    let mut query = Entity::find()
        .filter(Column::PersonId.is_in(persons.iter().map(|person| person.0)))
        .filter(Condition::any().add(Column::ValidUntil.is_null()).add(Column::ValidUntil.gte(days.from())));
    if let Some(last) = days.until() {
        query = query.filter(Column::ValidFrom.lte(last));
    }
    Ok(query.all(&read.db()).await?)
}

/// The absences of `persons`, past ones too, as any region knows it, in one statement.
pub async fn ever(read: &Read, persons: &[PersonId]) -> Result<Vec<Model>> {
    if persons.is_empty() {
        return Ok(Vec::new());
    }
    let own = Column::PersonId.is_in(persons.iter().map(|person| person.0));
    Ok(Entity::find().filter(own).order_by_asc(Column::Id).all(&read.db()).await?)
}

/// Who is away on some day from `day` on, in any region: as a part of a statement.
pub fn from_day(day: chrono::NaiveDate) -> SelectStatement {
    Query::select()
        .column(Column::PersonId)
        .from(Entity)
        .cond_where(Condition::any().add(Column::ValidUntil.is_null()).add(Column::ValidUntil.gte(day)))
        .to_owned()
}

/// The days of a row.
pub fn validity(row: &Model) -> Result<Validity> {
    let corrupt = Error::Corrupt { table: "absence", column: "valid_until" };
    Validity::new(row.valid_from, row.valid_until).map_err(|_| corrupt)
}

/// The days of a row that are away from their start to their end; none when it is a part of
/// a day only.
fn whole_days(row: &Model) -> Result<Option<Validity>> {
    let days = validity(row)?;
    let from = if row.from_minute.is_some_and(|minute| minute > 0) {
        days.from() + Days::new(1)
    } else {
        days.from()
    };
    let cut = row.until_minute.is_some_and(|minute| minute < 1_440);
    let until = days.until().map(|last| if cut { last - Days::new(1) } else { last });
    Ok(Validity::new(from, until).ok())
}

/// One absence.
pub async fn get(read: &Read, id: Uuid) -> Result<Model> {
    let row = Entity::find_by_id((read.region(), id)).one(&read.db()).await?;
    row.ok_or(Error::NotFound("ABSENCE"))
}

/// One absence, held until the end of the transaction.
pub async fn hold(tx: &Tx, id: Uuid) -> Result<Model> {
    let row = Entity::find_by_id((tx.region(), id)).lock_exclusive().one(&tx.db()).await?;
    row.ok_or(Error::NotFound("ABSENCE"))
}

/// The absences that `asked` is true of; one more than the page holds when there are more.
pub async fn list(read: &Read, asked: Condition, page: &Page<Uuid>) -> Result<Vec<Model>> {
    let mut query = Entity::find().filter(Column::RegionId.eq(read.region())).filter(asked);
    if let Some(after) = page.after {
        query = query.filter(Column::Id.gt(after));
    }
    Ok(query.order_by_asc(Column::Id).limit(page.size + 1).all(&read.db()).await?)
}

/// Every absence of the region, past ones too.
pub async fn all(read: &Read) -> Result<Vec<Model>> {
    Ok(Entity::find().filter(Column::RegionId.eq(read.region())).all(&read.db()).await?)
}

/// Keeps new absences.
pub async fn insert(tx: &Tx, rows: Vec<Model>) -> Result<()> {
    for batch in rows.chunks(ROWS) {
        let batch = batch.iter().cloned().map(ActiveModel::from);
        Entity::insert_many(batch).exec_without_returning(&tx.db()).await?;
    }
    Ok(())
}

/// Writes a changed absence back.
pub async fn update(tx: &Tx, row: Model) -> Result<()> {
    Entity::update(row.into_active_model().reset_all()).exec(&tx.db()).await?;
    Ok(())
}

/// Takes absences out, to be put back changed.
pub async fn remove(tx: &Tx, ids: &[Uuid]) -> Result<()> {
    for ids in ids.chunks(ROWS) {
        Entity::delete_many()
            .filter(Column::RegionId.eq(tx.region()))
            .filter(Column::Id.is_in(ids.iter().copied()))
            .exec(&tx.db())
            .await?;
    }
    Ok(())
}
