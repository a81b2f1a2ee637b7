//! Table `subscription`: systems of organisations that are told when something changes in a case.

use sea_orm::entity::prelude::*;

/// Systems of organisations that are told when something changes in a case.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "subscription")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub region_id: Uuid,
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub organisation_id: Uuid,
    pub host: String,
    /// Separated by spaces; empty for all.
    pub kinds: String,
    pub state: String,
    /// Under the organisation's own key.
    pub sealed_address: Vec<u8>,
    pub sealed_secret: Vec<u8>,
    pub sealed_former_secret: Option<Vec<u8>>,
    /// Microseconds since 1970, UTC.
    pub former_until: Option<i64>,
    /// Microseconds since 1970, UTC.
    pub created_at: i64,
    /// Microseconds since 1970, UTC.
    pub tried_at: Option<i64>,
    /// Microseconds since 1970, UTC.
    pub delivered_at: Option<i64>,
    pub failures: i32,
    /// Microseconds since 1970, UTC.
    pub failing_since: Option<i64>,
    pub last_error: String,
    /// Microseconds since 1970, UTC.
    pub paused_at: Option<i64>,
}

/// Tables are joined by their stores.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
