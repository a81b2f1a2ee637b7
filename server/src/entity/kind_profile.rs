//! Table `kind_profile`: what a region makes of a kind of meeting, and from when.

use sea_orm::entity::prelude::*;

/// What a region makes of a kind of meeting, and from when.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "kind_profile")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub region_id: Uuid,
    #[sea_orm(primary_key, auto_increment = false)]
    pub kind: String,
    #[sea_orm(primary_key, auto_increment = false)]
    pub version: i32,
    pub valid_from: Date,
    pub body: String,
    pub set_by: Uuid,
    /// Microseconds since 1970, UTC.
    pub set_at: i64,
}

/// Tables are joined by their stores.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
