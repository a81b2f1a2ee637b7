//! Hours of single dates in the database.

use chrono::NaiveDate;
use schakel_domain::{
    availability::{Hours, Override},
    ids::{AffiliationId, OrganisationId, PersonId},
    time::{DayTime, zone},
};
use sea_orm::{
    ActiveModelTrait, ColumnTrait, Condition, EntityTrait, IntoActiveModel, QueryFilter, QueryOrder,
    QuerySelect,
};
use uuid::Uuid;

pub(super) use crate::entity::date_override::Model;
use crate::{
    entity::date_override::{ActiveModel, Column, Entity},
    error::{Error, Result},
    store::{Read, Tx},
    wire::page::Page,
};

fn corrupt(column: &'static str) -> Error {
    Error::Corrupt { table: "date_override", column }
}

/// As a column.
pub(super) fn written(hours: &[Hours]) -> String {
    let stretches = hours.iter().map(|one| format!("{}-{}", one.from.minutes(), one.until.minutes()));
    stretches.collect::<Vec<_>>().join(" ")
}

/// From a column.
pub(super) fn read(column: &str) -> Result<Vec<Hours>> {
    let time = |text: &str| DayTime::new(text.parse().ok()?).ok();
    let stretch = |text: &str| {
        let (from, until) = text.split_once('-')?;
        Some(Hours { from: time(from)?, until: time(until)? })
    };
    column.split_whitespace().map(|text| stretch(text).ok_or(corrupt("hours"))).collect()
}

/// One.
pub(super) async fn get(read: &Read, id: Uuid) -> Result<Model> {
    let row = Entity::find_by_id((read.region(), id)).one(&read.db()).await?;
    row.ok_or(Error::NotFound("DATE_OVERRIDE"))
}

/// One, held until the end of the transaction.
pub(super) async fn hold(tx: &Tx, id: Uuid) -> Result<Model> {
    let row = Entity::find_by_id((tx.region(), id)).lock_exclusive().one(&tx.db()).await?;
    row.ok_or(Error::NotFound("DATE_OVERRIDE"))
}

/// That of one date, held until the end of the transaction.
pub(super) async fn of_date(tx: &Tx, affiliation: AffiliationId, date: NaiveDate) -> Result<Option<Model>> {
    let found = Entity::find()
        .filter(Column::RegionId.eq(tx.region()))
        .filter(Column::AffiliationId.eq(affiliation.0))
        .filter(Column::Date.eq(date))
        .lock_exclusive();
    Ok(found.one(&tx.db()).await?)
}

/// Those that `asked` is true of; one more than the page holds when there are more.
pub(super) async fn list(read: &Read, asked: Condition, page: &Page<Uuid>) -> Result<Vec<Model>> {
    let mut query = Entity::find().filter(Column::RegionId.eq(read.region())).filter(asked);
    if let Some(after) = page.after {
        query = query.filter(Column::Id.gt(after));
    }
    Ok(query.order_by_asc(Column::Id).limit(page.size + 1).all(&read.db()).await?)
}

/// Those of several people in this region, past ones too, in one statement.
pub(in super::super) async fn of(read: &Read, persons: &[PersonId]) -> Result<Vec<(PersonId, Override)>> {
    if persons.is_empty() {
        return Ok(Vec::new());
    }
    let rows = Entity::find()
        .filter(Column::PersonId.is_in(persons.iter().map(|person| person.0)))
        .filter(Column::RegionId.eq(read.region()))
        .order_by_asc(Column::Id)
        .all(&read.db())
        .await?;
    rows.iter().map(|row| Ok((PersonId(row.person_id), day(row)?))).collect()
}

fn day(row: &Model) -> Result<Override> {
    let zone = zone(&row.time_zone).map_err(|_| corrupt("time_zone"))?;
    Override::new(AffiliationId(row.affiliation_id), (row.date, zone), read(&row.hours)?)
        .map(|day| day.at(row.school_id.map(OrganisationId)))
        .map_err(|_| corrupt("hours"))
}

/// Keeps a new one, or writes one back.
pub(super) async fn put(tx: &Tx, row: Model, is_new: bool) -> Result<()> {
    if is_new {
        Entity::insert(ActiveModel::from(row)).exec_without_returning(&tx.db()).await?;
    } else {
        Entity::update(row.into_active_model().reset_all()).exec(&tx.db()).await?;
    }
    Ok(())
}

/// Takes one out.
pub(super) async fn remove(tx: &Tx, id: Uuid) -> Result<()> {
    Entity::delete_by_id((tx.region(), id)).exec(&tx.db()).await?;
    Ok(())
}
