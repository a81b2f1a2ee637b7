//! The hours that were put into each wijk for a school year: kept, changed, read.

use std::collections::HashMap;

use schakel_domain::{
    access::{Class, Classes},
    dutch::{SchoolYear, codes::WijkCode},
    monitor::report::Source,
};
use schakel_proto::v1 as pb;
use sea_orm::{ActiveValue::Set, ColumnTrait, EntityTrait, QueryFilter, QuerySelect, sea_query::OnConflict};

use crate::{
    directory::places::places,
    entity::granted_hours::{ActiveModel, Column, Entity},
    error::{Error, Result},
    store::{
        Read, Tx,
        audit::{Deed, Line},
        written::is_written,
    },
    wire::enums::number,
};

/// Hours as somebody wants them.
#[derive(Debug, Clone)]
pub(super) struct Wish {
    pub year: SchoolYear,
    pub wijk: WijkCode,
    pub source: Source,
    pub hours: i32,
    /// What was read.
    pub version: i32,
}

impl Wish {
    fn to_wire(&self, version: i32) -> pb::GrantedHours {
        pb::GrantedHours {
            school_year: self.year.to_string(),
            wijk_code: self.wijk.to_string(),
            source: number("HOURS_SOURCE", self.source.into(), pb::HoursSource::from_str_name),
            hours: self.hours,
            etag: version.to_string(),
        }
    }
}

/// Sets them.
///
/// # Errors
/// `AREA_NOT_FOUND` for a wijk that is not of the region; stale when somebody else set them since.
pub(super) async fn set(tx: &Tx, wish: &Wish) -> Result<pb::GrantedHours> {
    let places = places(tx, wish.year.first_day()).await?;
    if !places.has_wijk(&wish.wijk) {
        return Err(Error::NotFound("AREA"));
    }
    let (wijk, source) = (wish.wijk.as_str().to_owned(), wish.source.to_string());
    let key = (tx.region(), wish.year.first_day(), wijk, source);
    let before = Entity::find_by_id(key).one(&tx.db()).await?.map_or(0, |row| row.version);
    // Another may set them between this look and the writing.
    if before != wish.version || !keep(tx, wish, before).await? {
        return Err(Error::Stale);
    }
    let (object, classes) = ("granted_hours", Classes::of(&[Class::K0]));
    tx.audit(Line { deed: Deed::U, object, id: None, subject: None, classes }).await?;
    Ok(wish.to_wire(before + 1))
}

/// Writes them in place of those of version `before`, 0 of none; says whether they still stood.
async fn keep(tx: &Tx, wish: &Wish, before: i32) -> Result<bool> {
    let row = ActiveModel {
        region_id: Set(tx.region()),
        first_day: Set(wish.year.first_day()),
        wijk_code: Set(wish.wijk.as_str().to_owned()),
        source: Set(wish.source.to_string()),
        hours: Set(wish.hours),
        version: Set(before + 1),
    };
    if before == 0 {
        let key = [Column::RegionId, Column::FirstDay, Column::WijkCode, Column::Source];
        let first = OnConflict::columns(key).do_nothing().to_owned();
        return is_written(Entity::insert(row).on_conflict(first).exec_without_returning(&tx.db()).await);
    }
    let written = Entity::update_many()
        .set(row)
        .filter(Column::RegionId.eq(tx.region()))
        .filter(Column::FirstDay.eq(wish.year.first_day()))
        .filter(Column::WijkCode.eq(wish.wijk.as_str()))
        .filter(Column::Source.eq(wish.source.to_string()))
        .filter(Column::Version.eq(before))
        .exec(&tx.db())
        .await?;
    Ok(written.rows_affected > 0)
}

/// Hours and version, by wijk and source, in one statement.
pub(super) async fn of(read: &Read, year: SchoolYear) -> Result<HashMap<(String, Source), (i32, i32)>> {
    let rows: Vec<(String, String, i32, i32)> = Entity::find()
        .select_only()
        .columns([Column::WijkCode, Column::Source, Column::Hours, Column::Version])
        .filter(Column::RegionId.eq(read.region()))
        .filter(Column::FirstDay.eq(year.first_day()))
        .into_tuple()
        .all(&read.db())
        .await?;
    rows.into_iter()
        .map(|(wijk, source, hours, version)| {
            let corrupt = |_| Error::Corrupt { table: "granted_hours", column: "source" };
            Ok(((wijk, source.parse().map_err(corrupt)?), (hours, version)))
        })
        .collect()
}
