//! Table `policy_profile`: a region's norms, as data.

use sea_orm::entity::prelude::*;

/// A region's norms, as data.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "policy_profile")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub region_id: Uuid,
    #[sea_orm(primary_key, auto_increment = false)]
    pub version: String,
    pub valid_from: Date,
    pub body: String,
}

/// Tables are joined by their stores.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
