//! Table `busy`: when people are taken; the database refuses overlap.

use sea_orm::entity::prelude::*;

/// When people are taken; the database refuses overlap.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "busy")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub person_id: Uuid,
    #[sea_orm(primary_key, auto_increment = false)]
    pub consultation_id: Uuid,
    pub region_id: Uuid,
    /// Microseconds since 1970, UTC.
    pub starts_at: i64,
    /// Microseconds since 1970, UTC.
    pub ends_at: i64,
}

/// Tables are joined by their stores.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
