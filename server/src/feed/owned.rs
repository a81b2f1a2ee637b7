//! A feed as its row has it, read once.

use chrono::{DateTime, Utc};
use schakel_domain::{
    consultation::Kind,
    feed::{Detail, Scope, scope},
    ids::{PersonId, RegionId},
};
use uuid::Uuid;

use crate::{
    entity::feed::Model,
    error::{Error, Result},
    store::instant::from_column,
};

/// What is asked of a new feed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Wish {
    /// Whose meetings.
    pub(super) scope: Scope,
    /// Of which kinds; without any all.
    pub(super) kinds: Vec<Kind>,
    /// How much of them.
    pub(super) detail: Detail,
}

/// A feed, without what its use changes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Owned {
    pub(super) region: RegionId,
    pub(super) id: Uuid,
    pub(super) person: PersonId,
    pub(super) wish: Wish,
    pub(super) created: DateTime<Utc>,
    /// The first instant at which it no longer works.
    pub(super) end: DateTime<Utc>,
}

fn corrupt(column: &'static str) -> Error {
    Error::Corrupt { table: "feed", column }
}

impl Wish {
    /// As it was kept.
    pub(super) fn of(row: &Model) -> Result<Self> {
        let kind = row.scope.parse().map_err(|_| corrupt("scope"))?;
        Ok(Self {
            scope: Scope::of(kind, row.scope_id).ok_or_else(|| corrupt("scope_id"))?,
            kinds: scope::kinds_of_text(&row.kinds).ok_or_else(|| corrupt("kinds"))?,
            detail: row.detail.parse().map_err(|_| corrupt("detail"))?,
        })
    }
}

impl Owned {
    /// Reads the row.
    pub(super) fn read(row: &Model) -> Result<Self> {
        let end = row.overlap_until.map_or(row.expires_at, |until| until.min(row.expires_at));
        Ok(Self {
            region: RegionId(row.region_id),
            id: row.id,
            person: PersonId(row.person_id),
            wish: Wish::of(row)?,
            created: from_column(row.created_at)?,
            end: from_column(end)?,
        })
    }
}
