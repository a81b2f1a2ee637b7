//! Table `hold`: times that somebody keeps free for a while.

use sea_orm::entity::prelude::*;

/// Times that somebody keeps free for a while.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "hold")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub region_id: Uuid,
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    /// Who holds it.
    pub owner_id: Uuid,
    /// Microseconds since 1970, UTC.
    pub starts_at: i64,
    /// Microseconds since 1970, UTC.
    pub ends_at: i64,
    pub place: String,
    pub school_id: Option<Uuid>,
    /// Microseconds since 1970, UTC.
    pub expires_at: i64,
    /// Microseconds since 1970, UTC.
    pub created_at: i64,
}

/// Tables are joined by their stores.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
