//! Table `busy`: when people and rooms are taken; the database refuses overlap.

use sea_orm::entity::prelude::*;

/// When people and rooms are taken; the database refuses overlap.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "busy")]
pub struct Model {
    /// A person or a room.
    #[sea_orm(primary_key, auto_increment = false)]
    pub calendar_id: Uuid,
    /// A consultation or a hold.
    #[sea_orm(primary_key, auto_increment = false)]
    pub booking_id: Uuid,
    pub region_id: Uuid,
    /// Microseconds since 1970, UTC.
    pub starts_at: i64,
    /// Microseconds since 1970, UTC.
    pub ends_at: i64,
    /// Microseconds that must stay free before it.
    pub lead: i64,
    /// By video or telephone, or of somebody who is held to no travel.
    pub remote: bool,
    /// The organisation where it is; absent and not remote: somewhere unknown.
    pub place_id: Option<Uuid>,
    /// Of a hold: when it ends. Microseconds since 1970, UTC.
    pub expires_at: Option<i64>,
}

/// Tables are joined by their stores.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
