//! Hours of the week that people keep for a school. The caller owes the policy.

use std::collections::HashMap;

use chrono::NaiveDate;
use schakel_domain::{
    access::Role,
    ids::{PersonId, SchoolId},
    time::Validity,
};
use sea_orm::{ColumnTrait, Condition, EntityTrait, QueryFilter, QueryOrder};
use uuid::Uuid;

use crate::{
    directory::affiliated,
    entity::weekly_hours::{Column, Entity},
    error::{Error, Result},
    store::Read,
};

/// A block of somebody's week at a school.
#[derive(Debug, Clone, Copy)]
pub struct Kept {
    /// Who.
    pub person: PersonId,
    /// As what.
    pub role: Role,
    /// Where.
    pub school: SchoolId,
    /// 1 is Monday.
    pub weekday: u32,
    /// How long.
    pub minutes: u32,
    /// From when until when.
    pub days: Validity,
}

fn corrupt(column: &'static str) -> Error {
    Error::Corrupt { table: "weekly_hours", column }
}

/// All that hold on some day from `from` up to `until`, in two statements.
pub async fn at_schools(read: &Read, from: NaiveDate, until: NaiveDate) -> Result<Vec<Kept>> {
    let lasts = Condition::any().add(Column::ValidUntil.is_null()).add(Column::ValidUntil.gte(from));
    let rows = Entity::find()
        .filter(Column::RegionId.eq(read.region()))
        .filter(Column::SchoolId.is_not_null())
        .filter(Column::ValidFrom.lte(until))
        .filter(lasts)
        .order_by_asc(Column::Id)
        .all(&read.db())
        .await?;
    let posts: HashMap<Uuid, String> =
        affiliated::all(read).await?.into_iter().map(|post| (post.id, post.role)).collect();
    let mut kept = Vec::with_capacity(rows.len());
    for row in rows {
        let (Some(school), Some(role)) = (row.school_id, posts.get(&row.affiliation_id)) else { continue };
        kept.push(Kept {
            person: PersonId(row.person_id),
            role: role.parse().map_err(|_| Error::Corrupt { table: "affiliation", column: "role" })?,
            school: SchoolId(school),
            weekday: u32::try_from(row.weekday).map_err(|_| corrupt("weekday"))?,
            minutes: u32::try_from(row.until_minute - row.from_minute)
                .map_err(|_| corrupt("until_minute"))?,
            days: Validity::new(row.valid_from, row.valid_until).map_err(|_| corrupt("valid_until"))?,
        });
    }
    Ok(kept)
}
