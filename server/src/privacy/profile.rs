//! The terms of a region: its own, or before that the shipped ones.

use chrono::{DateTime, Utc};
use schakel_domain::{
    access::{Class, Classes},
    privacy::Profile,
};
use sea_orm::{ActiveValue::Set, ColumnTrait, EntityTrait, QueryFilter, QueryOrder};

use crate::{
    entity::retention_profile::{ActiveModel, Column, Entity},
    error::{Error, Result},
    store::{
        Read, Tx,
        audit::{Deed, Line},
        instant::{from_column, to_column},
    },
};

/// Terms, and since when.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Standing {
    pub profile: Profile,
    /// The etag; 0 for the shipped ones.
    pub version: i32,
    pub set: Option<DateTime<Utc>>,
}

const CORRUPT: Error = Error::Corrupt { table: "retention_profile", column: "body" };

/// Those in force.
pub(super) async fn get(read: &Read) -> Result<Standing> {
    let row = Entity::find()
        .filter(Column::RegionId.eq(read.region()))
        .order_by_desc(Column::Version)
        .one(&read.db())
        .await?;
    let Some(row) = row else {
        return Ok(Standing { profile: Profile::shipped(), version: 0, set: None });
    };
    let terms = serde_json::from_str(&row.body).map_err(|_| CORRUPT)?;
    Ok(Standing {
        profile: Profile::of(terms).map_err(|_| CORRUPT)?,
        version: row.version,
        set: Some(from_column(row.set_at)?),
    })
}

/// Sets new ones; the old ones stay on record.
///
/// # Errors
/// `ETAG_MISMATCH` when somebody else set others in between.
pub(super) async fn set(tx: &Tx, etag: i32, profile: &Profile) -> Result<Standing> {
    let standing = get(tx).await?;
    if standing.version != etag {
        return Err(Error::Stale);
    }
    let row = ActiveModel {
        region_id: Set(tx.region()),
        version: Set(etag + 1),
        body: Set(serde_json::to_string(profile).map_err(|_| CORRUPT)?),
        set_by: Set(tx.grant().actor().unwrap_or_default()),
        set_at: Set(to_column(tx.now())),
    };
    match Entity::insert(row).exec_without_returning(&tx.db()).await.map_err(Error::from) {
        Ok(_) => {}
        Err(error) if error.is_duplicate() => return Err(Error::Stale),
        Err(error) => return Err(error),
    }
    let classes = Classes::of(&[Class::K0]);
    tx.audit(Line { deed: Deed::U, object: "retention_profile", id: None, subject: None, classes }).await?;
    Ok(Standing { profile: profile.clone(), version: etag + 1, set: Some(tx.now()) })
}
