//! Hours of the week that people keep for a school. The caller owes the policy.

use std::collections::HashMap;

use chrono::NaiveDate;
use schakel_domain::{
    access::Role,
    availability::WeeklyHours,
    ids::{PersonId, SchoolId},
    time::Validity,
};
use sea_orm::{ColumnTrait, Condition, EntityTrait, QueryFilter, QueryOrder};
use uuid::Uuid;

use super::store;
use crate::{
    directory::affiliated,
    entity::weekly_hours::{Column, Entity},
    error::{Error, Result},
    store::Read,
};

/// A block of somebody's week at a school.
#[derive(Debug, Clone)]
pub struct Kept {
    /// Who.
    pub person: PersonId,
    /// As what.
    pub role: Role,
    /// Where.
    pub school: SchoolId,
    /// When; no longer than they hold the post that it is of.
    pub block: WeeklyHours,
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
    let posts: HashMap<Uuid, affiliated::Model> =
        affiliated::all(read).await?.into_iter().map(|post| (post.id, post)).collect();
    let mut kept = Vec::with_capacity(rows.len());
    for row in rows {
        let (Some(school), Some(post)) = (row.school_id, posts.get(&row.affiliation_id)) else { continue };
        let mut block = store::block(&row)?;
        // A post that was ended before it began has no days.
        let held = Validity::new(post.valid_from, post.valid_until).ok();
        let Some(both) = held.and_then(|held| held.within(block.validity)) else { continue };
        block.validity = both;
        kept.push(Kept {
            person: PersonId(row.person_id),
            role: post.role.parse().map_err(|_| Error::Corrupt { table: "affiliation", column: "role" })?,
            school: SchoolId(school),
            block,
        });
    }
    Ok(kept)
}
