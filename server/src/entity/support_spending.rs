//! Table `support_spending`: what is spent in a wijk on support that is offered or bought.

use sea_orm::entity::prelude::*;

/// What is spent in one way.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "support_spending")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub region_id: Uuid,
    /// Of the school year.
    #[sea_orm(primary_key, auto_increment = false)]
    pub first_day: Date,
    #[sea_orm(primary_key, auto_increment = false)]
    pub wijk_code: String,
    #[sea_orm(primary_key, auto_increment = false)]
    pub way: String,
    pub euros: i32,
    pub children: i32,
    pub version: i32,
}

/// Tables are joined by their stores.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
