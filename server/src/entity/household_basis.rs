//! Table `household_basis`: why a region may ask who works with a household, each version as it was set.

use sea_orm::entity::prelude::*;

/// Why a region may ask who works with a household, each version as it was set.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "household_basis")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub region_id: Uuid,
    #[sea_orm(primary_key, auto_increment = false)]
    pub version: i32,
    pub legal_basis: String,
    pub valid_from: Date,
    pub valid_until: Date,
    pub set_by: Uuid,
    /// Microseconds since 1970, UTC.
    pub set_at: i64,
}

/// Tables are joined by their stores.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
