//! On which days organisations did what they owe, in the database.

use chrono::NaiveDate;
use schakel_domain::{
    ids::OrganisationId,
    thuiszitter::{Moment, Moments},
};
use sea_orm::{ActiveValue::Set, ColumnTrait, EntityTrait, QueryFilter, sea_query::OnConflict};

use crate::{
    entity::duty_done::{ActiveModel, Column, Entity},
    error::{Error, Result},
    store::{Read, Tx, written::is_written},
};

/// All that the organisation did, in one statement.
pub(super) async fn done(read: &Read, organisation: OrganisationId) -> Result<Moments> {
    let rows = Entity::find()
        .filter(Column::RegionId.eq(read.region()))
        .filter(Column::OrganisationId.eq(organisation.0))
        .all(&read.db())
        .await?;
    let corrupt = |_| Error::Corrupt { table: "duty_done", column: "moment" };
    rows.into_iter()
        .map(|row| {
            let moment: Moment = row.moment.parse().map_err(corrupt)?;
            Ok((moment, row.done_on))
        })
        .collect()
}

/// Notes that it was done on a day; the same day twice is once.
pub(super) async fn mark(
    tx: &Tx,
    organisation: OrganisationId,
    (moment, day): (Moment, NaiveDate),
) -> Result<()> {
    let row = ActiveModel {
        region_id: Set(tx.region()),
        organisation_id: Set(organisation.0),
        moment: Set(moment.to_string()),
        done_on: Set(day),
    };
    let key = [Column::RegionId, Column::OrganisationId, Column::Moment, Column::DoneOn];
    let known = OnConflict::columns(key).do_nothing().to_owned();
    is_written(Entity::insert(row).on_conflict(known).exec_without_returning(&tx.db()).await)?;
    Ok(())
}

/// Notes that it was not done on that day.
pub(super) async fn take_back(
    tx: &Tx,
    organisation: OrganisationId,
    (moment, day): (Moment, NaiveDate),
) -> Result<()> {
    Entity::delete_many()
        .filter(Column::RegionId.eq(tx.region()))
        .filter(Column::OrganisationId.eq(organisation.0))
        .filter(Column::Moment.eq(moment.to_string()))
        .filter(Column::DoneOn.eq(day))
        .exec(&tx.db())
        .await?;
    Ok(())
}
