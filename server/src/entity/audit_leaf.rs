//! Table `audit_leaf`: the place of each audit line in the sealed order; append-only.

use sea_orm::entity::prelude::*;

/// The place of an audit line in the sealed order; append-only.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "audit_leaf")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub region_id: Uuid,
    #[sea_orm(primary_key, auto_increment = false)]
    /// From 1, without gaps.
    pub seq: i64,
    pub row_id: Uuid,
    /// SHA-256 of the whole line.
    pub leaf: Vec<u8>,
}

/// Tables are joined by their stores.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
