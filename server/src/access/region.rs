//! Regions as such: which there are, and under which name each mails.

use std::collections::HashMap;

use chrono::{DateTime, Utc};
use schakel_domain::{ids::RegionId, text::Name};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QuerySelect};
use uuid::Uuid;

use crate::{
    app::App,
    entity::region::{Column, Entity},
    error::{Error, Result},
    store::{Read, instant::from_column},
};

/// Every region. Workers ask this before they hold a grant for one.
pub async fn all(app: &App) -> Result<Vec<RegionId>> {
    let ids: Vec<Uuid> =
        Entity::find().select_only().column(Column::Id).into_tuple().all(app.database.reader()).await?;
    Ok(ids.into_iter().map(RegionId).collect())
}

/// Under which name the region mails; neutral, because it stands in every inbox.
pub async fn sender_name(read: &Read) -> Result<Name> {
    let corrupt = Error::Corrupt { table: "region", column: "sender_name" };
    let row = Entity::find_by_id(read.region()).one(&read.db()).await?.ok_or(Error::NotFound("REGION"))?;
    row.sender_name.parse().map_err(|_| corrupt)
}

/// The region of a samenwerkingsverband, when it has been founded.
pub async fn of_swv(app: &App, swv_code: &str) -> Result<Option<RegionId>> {
    let row = Entity::find().filter(Column::SwvCode.eq(swv_code)).one(app.database.reader()).await?;
    Ok(row.map(|row| RegionId(row.id)))
}

/// The code of the samenwerkingsverband of the region.
pub async fn swv_code(read: &Read) -> Result<String> {
    let row = Entity::find_by_id(read.region()).one(&read.db()).await?;
    Ok(row.ok_or(Error::NotFound("REGION"))?.swv_code)
}

/// When the region was founded.
pub async fn founded(read: &Read) -> Result<DateTime<Utc>> {
    let row = Entity::find_by_id(read.region()).one(&read.db()).await?;
    from_column(row.ok_or(Error::NotFound("REGION"))?.created_at)
}

/// What the region is called: the name of its samenwerkingsverband.
pub async fn display_name(read: &Read) -> Result<String> {
    let row = Entity::find_by_id(read.region()).one(&read.db()).await?;
    Ok(row.ok_or(Error::NotFound("REGION"))?.display_name)
}

/// The codes and the names of the samenwerkingsverbanden of other regions, in one statement.
pub(super) async fn called(read: &Read, regions: &[Uuid]) -> Result<HashMap<Uuid, (String, String)>> {
    let rows = Entity::find().filter(Column::Id.is_in(regions.iter().copied())).all(&read.db()).await?;
    Ok(rows.into_iter().map(|row| (row.id, (row.swv_code, row.display_name))).collect())
}
