//! Table `plan_milestone`: which steps of a plan's cycle are done.

use sea_orm::entity::prelude::*;

/// A step of the cycle of an ondersteuningsplan or jeugdplan that is done.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "plan_milestone")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub region_id: Uuid,
    #[sea_orm(primary_key, auto_increment = false)]
    pub plan: String,
    /// Of a jeugdplan; else empty.
    #[sea_orm(primary_key, auto_increment = false)]
    pub gemeente_code: String,
    #[sea_orm(primary_key, auto_increment = false)]
    pub year: i32,
    #[sea_orm(primary_key, auto_increment = false)]
    pub step: String,
    /// From 1.
    #[sea_orm(primary_key, auto_increment = false)]
    pub round: i32,
    pub done_on: Date,
}

/// Tables are joined by their stores.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
