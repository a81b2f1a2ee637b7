//! The regions of this database.

use schakel_domain::ids::RegionId;
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter};

use crate::{app::App, entity::region, error::Result, store::Read};

/// Every region; workers go round them.
pub async fn all(app: &App) -> Result<Vec<RegionId>> {
    let rows = region::Entity::find().all(app.database.reader()).await?;
    Ok(rows.into_iter().map(|row| RegionId(row.id)).collect())
}

/// The region of a samenwerkingsverband, when it has been founded.
pub async fn of_swv(app: &App, swv_code: &str) -> Result<Option<RegionId>> {
    let row = region::Entity::find()
        .filter(region::Column::SwvCode.eq(swv_code))
        .one(app.database.reader())
        .await?;
    Ok(row.map(|row| RegionId(row.id)))
}

/// Under which name this region sends mail.
pub async fn sender_name(read: &Read) -> Result<String> {
    let row = region::Entity::find_by_id(read.region()).one(&read.db()).await?;
    Ok(row.map_or_else(|| "Overleg".to_owned(), |row| row.sender_name))
}
