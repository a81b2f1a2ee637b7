//! Weekly hours in the database.

use schakel_domain::{
    availability::{Hours, WeeklyHours},
    ids::{AffiliationId, OrganisationId, PersonId},
    time::{DayTime, Validity, zone},
};
use sea_orm::{
    ActiveModelTrait, ColumnTrait, Condition, EntityTrait, IntoActiveModel, QueryFilter, QueryOrder,
    QuerySelect,
};
use uuid::Uuid;

pub(super) use crate::entity::weekly_hours::Model;
use crate::{
    entity::weekly_hours::{ActiveModel, Column, Entity},
    error::{Error, Result},
    store::{Read, Tx},
    wire::page::Page,
};

/// SQLite takes 32,766 values in a statement.
const ROWS: usize = 2_500;

/// One block.
pub(super) async fn get(read: &Read, id: Uuid) -> Result<Model> {
    let row = Entity::find_by_id((read.region(), id)).one(&read.db()).await?;
    row.ok_or(Error::NotFound("WEEKLY_HOURS"))
}

/// One block, held until the end of the transaction.
pub(super) async fn hold(tx: &Tx, id: Uuid) -> Result<Model> {
    let row = Entity::find_by_id((tx.region(), id)).lock_exclusive().one(&tx.db()).await?;
    row.ok_or(Error::NotFound("WEEKLY_HOURS"))
}

/// The blocks that `asked` is true of; one more than the page holds when there are more.
pub(super) async fn list(read: &Read, asked: Condition, page: &Page<Uuid>) -> Result<Vec<Model>> {
    let mut query = Entity::find().filter(Column::RegionId.eq(read.region())).filter(asked);
    if let Some(after) = page.after {
        query = query.filter(Column::Id.gt(after));
    }
    Ok(query.order_by_asc(Column::Id).limit(page.size + 1).all(&read.db()).await?)
}

/// Every block of the region, past ones too.
pub(super) async fn all(read: &Read) -> Result<Vec<Model>> {
    Ok(Entity::find().filter(Column::RegionId.eq(read.region())).all(&read.db()).await?)
}

/// The blocks of several people in this region, in one statement: hours worked for another
/// region are no time for this one.
pub(super) async fn of(read: &Read, persons: &[PersonId]) -> Result<Vec<(PersonId, WeeklyHours)>> {
    if persons.is_empty() {
        return Ok(Vec::new());
    }
    let rows = Entity::find()
        .filter(Column::PersonId.is_in(persons.iter().map(|person| person.0)))
        .filter(Column::RegionId.eq(read.region()))
        .order_by_asc(Column::Id)
        .all(&read.db())
        .await?;
    rows.iter().map(|row| Ok((PersonId(row.person_id), block(row)?))).collect()
}

/// A row as the search knows it.
pub(super) fn block(row: &Model) -> Result<WeeklyHours> {
    let corrupt = |column| Error::Corrupt { table: "weekly_hours", column };
    let time = |minute: i32| u16::try_from(minute).ok().and_then(|minute| DayTime::new(minute).ok());
    let weekday = u8::try_from(row.weekday - 1).ok().and_then(|day| chrono::Weekday::try_from(day).ok());
    let hours = Hours {
        from: time(row.from_minute).ok_or(corrupt("from_minute"))?,
        until: time(row.until_minute).ok_or(corrupt("until_minute"))?,
    };
    let zone = zone(&row.time_zone).map_err(|_| corrupt("time_zone"))?;
    let validity = Validity::new(row.valid_from, row.valid_until).map_err(|_| corrupt("valid_until"))?;
    let weekday = weekday.ok_or(corrupt("weekday"))?;
    WeeklyHours::new(AffiliationId(row.affiliation_id), (weekday, hours), zone, validity)
        .map(|block| block.at(row.school_id.map(OrganisationId)))
        .map_err(|_| corrupt("until_minute"))
}

/// Keeps new blocks.
pub(super) async fn insert(tx: &Tx, rows: Vec<Model>) -> Result<()> {
    for batch in rows.chunks(ROWS) {
        let batch = batch.iter().cloned().map(ActiveModel::from);
        Entity::insert_many(batch).exec_without_returning(&tx.db()).await?;
    }
    Ok(())
}

/// Writes a changed block back.
pub(super) async fn update(tx: &Tx, row: Model) -> Result<()> {
    Entity::update(row.into_active_model().reset_all()).exec(&tx.db()).await?;
    Ok(())
}

/// Takes blocks out, to be put back changed or not at all because they never began.
pub(super) async fn remove(tx: &Tx, ids: &[Uuid]) -> Result<()> {
    for ids in ids.chunks(ROWS) {
        Entity::delete_many()
            .filter(Column::RegionId.eq(tx.region()))
            .filter(Column::Id.is_in(ids.iter().copied()))
            .exec(&tx.db())
            .await?;
    }
    Ok(())
}
