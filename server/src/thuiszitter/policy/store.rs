//! The versions of a region's norms, in the database.

use chrono::NaiveDate;
use schakel_domain::thuiszitter::Profile;
use sea_orm::{ActiveValue::Set, ColumnTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect};

use crate::{
    entity::policy_profile::{ActiveModel, Column, Entity},
    error::{Error, Result},
    store::{Read, Tx},
};

/// A version, and from which day.
pub(super) type Version = (String, NaiveDate);

/// Those of the region, oldest first, in one statement.
pub(super) async fn versions(read: &Read) -> Result<Vec<Version>> {
    Ok(Entity::find()
        .select_only()
        .columns([Column::Version, Column::ValidFrom])
        .filter(Column::RegionId.eq(read.region()))
        .order_by_asc(Column::ValidFrom)
        .order_by_asc(Column::Version)
        .into_tuple()
        .all(&read.db())
        .await?)
}

/// The text of what is in use on `day`; before the region's first, the shipped one.
pub(super) async fn text(read: &Read, day: NaiveDate) -> Result<String> {
    let row = Entity::find()
        .filter(Column::RegionId.eq(read.region()))
        .filter(Column::ValidFrom.lte(day))
        .order_by_desc(Column::ValidFrom)
        .order_by_desc(Column::Version)
        .one(&read.db())
        .await?;
    Ok(row.map_or_else(|| Profile::shipped_text().to_owned(), |row| row.body))
}

/// Keeps another version.
///
/// # Errors
/// `ETAG_MISMATCH` when somebody else kept it in between.
pub(super) async fn keep(tx: &Tx, profile: &Profile, body: &str) -> Result<()> {
    let row = ActiveModel {
        region_id: Set(tx.region()),
        version: Set(profile.version.clone()),
        valid_from: Set(profile.valid_from),
        body: Set(body.to_owned()),
    };
    match Entity::insert(row).exec_without_returning(&tx.db()).await.map_err(Error::from) {
        Ok(_) => Ok(()),
        Err(error) if error.is_duplicate() => Err(Error::Stale),
        Err(error) => Err(error),
    }
}
