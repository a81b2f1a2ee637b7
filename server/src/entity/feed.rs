//! Table `feed`: calendar subscriptions, by the hash of their token.

use sea_orm::entity::prelude::*;

/// Calendar subscriptions, by the hash of their token.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "feed")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub region_id: Uuid,
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub hash: Vec<u8>,
    pub person_id: Uuid,
    /// Microseconds since 1970, UTC.
    pub created_at: i64,
    /// Microseconds since 1970, UTC.
    pub expires_at: i64,
    /// Microseconds since 1970, UTC.
    pub revoked_at: Option<i64>,
    /// Whose meetings: OWN, SCHOOL, TEAM or CLUSTER.
    pub scope: String,
    pub scope_id: Option<Uuid>,
    /// Kinds of meetings, separated by spaces; empty: all.
    pub kinds: String,
    /// How much of them.
    pub detail: String,
    /// The feed that came in its place.
    pub replaced_by: Option<Uuid>,
    /// Microseconds since 1970, UTC; until then it works beside the feed in its place.
    pub overlap_until: Option<i64>,
    /// The last day in the Netherlands on which a whole calendar was fetched.
    pub last_used: Option<Date>,
}

/// Tables are joined by their stores.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
