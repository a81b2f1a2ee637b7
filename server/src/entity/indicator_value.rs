//! Table `indicator_value`: what was typed in for a school year of an indicator.

use sea_orm::entity::prelude::*;

/// What was typed in for a school year.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "indicator_value")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub region_id: Uuid,
    #[sea_orm(primary_key, auto_increment = false)]
    pub indicator_id: Uuid,
    /// Of the school year.
    #[sea_orm(primary_key, auto_increment = false)]
    pub first_day: Date,
    pub value_tenths: i32,
    pub version: i32,
}

/// Tables are joined by their stores.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
