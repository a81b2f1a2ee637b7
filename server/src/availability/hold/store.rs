//! Holds in the database. Whom they keep free stands in the calendars.

use chrono::{DateTime, Utc};
use schakel_domain::{
    consultation::Place,
    ids::{HoldId, PersonId, SchoolId},
    time::Period,
};
use sea_orm::{
    ActiveValue::Set, ColumnTrait, EntityTrait, PaginatorTrait, QueryFilter, QueryOrder, QuerySelect,
};
use uuid::Uuid;

use crate::{
    entity::hold::{ActiveModel, Column, Entity, Model},
    error::{Error, Result},
    store::{
        Read, Tx,
        instant::{from_column, to_column},
    },
    wire::page::Page,
};

/// A hold.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Hold {
    /// Which.
    pub id: HoldId,
    /// Whose.
    pub owner: PersonId,
    /// When.
    pub time: Period,
    /// Where it would be.
    pub place: Place,
    /// At or for which school.
    pub school: Option<SchoolId>,
    /// Until when it counts.
    pub expires: DateTime<Utc>,
}

/// The caller's own hold, to be ended by this transaction alone.
///
/// # Errors
/// `HOLD_NOT_FOUND`, also when it is somebody else's.
pub(super) async fn to_end(tx: &Tx, id: HoldId) -> Result<Hold> {
    let row = Entity::find_by_id((tx.region(), id.0)).lock_exclusive().one(&tx.db()).await?;
    let own = row.filter(|row| tx.grant().actor() == Some(row.owner_id));
    hold(&own.ok_or(Error::NotFound("HOLD"))?)
}

/// How many `owner` has that still count.
pub(super) async fn count(read: &Read, owner: PersonId) -> Result<u64> {
    let own = Entity::find()
        .filter(Column::RegionId.eq(read.region()))
        .filter(Column::OwnerId.eq(owner.0))
        .filter(Column::ExpiresAt.gt(to_column(read.now())));
    Ok(own.count(&read.db()).await?)
}

/// A page of those of `owner` that still count, oldest first.
pub(super) async fn list(read: &Read, owner: PersonId, page: &Page<Uuid>) -> Result<Vec<Hold>> {
    let mut query = Entity::find()
        .filter(Column::RegionId.eq(read.region()))
        .filter(Column::OwnerId.eq(owner.0))
        .filter(Column::ExpiresAt.gt(to_column(read.now())));
    if let Some(after) = page.after {
        query = query.filter(Column::Id.gt(after));
    }
    let rows = query.order_by_asc(Column::Id).limit(page.size + 1).all(&read.db()).await?;
    rows.iter().map(hold).collect()
}

/// Those that expired by now, at most `most`, for this transaction alone.
pub(super) async fn expired(tx: &Tx, most: u64) -> Result<Vec<Uuid>> {
    let rows = Entity::find()
        .filter(Column::RegionId.eq(tx.region()))
        .filter(Column::ExpiresAt.lte(to_column(tx.now())))
        .order_by_asc(Column::Id)
        .limit(most)
        .lock_exclusive()
        .all(&tx.db())
        .await?;
    Ok(rows.into_iter().map(|row| row.id).collect())
}

/// Keeps a new one.
pub(super) async fn insert(tx: &Tx, hold: &Hold) -> Result<()> {
    let row = ActiveModel {
        region_id: Set(tx.region()),
        id: Set(hold.id.0),
        owner_id: Set(hold.owner.0),
        starts_at: Set(to_column(hold.time.start())),
        ends_at: Set(to_column(hold.time.end())),
        place: Set(hold.place.to_string()),
        school_id: Set(hold.school.map(|school| school.0)),
        expires_at: Set(to_column(hold.expires)),
        created_at: Set(to_column(tx.now())),
    };
    Entity::insert(row).exec_without_returning(&tx.db()).await?;
    Ok(())
}

/// Lets these go; their calendars are freed elsewhere.
pub(super) async fn delete(tx: &Tx, ids: &[Uuid]) -> Result<()> {
    Entity::delete_many()
        .filter(Column::RegionId.eq(tx.region()))
        .filter(Column::Id.is_in(ids.iter().copied()))
        .exec(&tx.db())
        .await?;
    Ok(())
}

fn hold(row: &Model) -> Result<Hold> {
    let corrupt = |column| Error::Corrupt { table: "hold", column };
    let time = Period::new(from_column(row.starts_at)?, from_column(row.ends_at)?);
    Ok(Hold {
        id: HoldId(row.id),
        owner: PersonId(row.owner_id),
        time: time.map_err(|_| corrupt("ends_at"))?,
        place: row.place.parse().map_err(|_| corrupt("place"))?,
        school: row.school_id.map(SchoolId),
        expires: from_column(row.expires_at)?,
    })
}
