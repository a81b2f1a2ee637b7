//! Table `on_call_shift`: who can be called when.

use sea_orm::entity::prelude::*;

/// Who can be called when.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "on_call_shift")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub region_id: Uuid,
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub team_id: Uuid,
    pub person_id: Uuid,
    pub role: String,
    /// Microseconds since 1970, UTC.
    pub starts_at: i64,
    /// Microseconds since 1970, UTC.
    pub ends_at: i64,
    pub phone_order: i32,
    pub version: i32,
}

/// Tables are joined by their stores.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
