//! Table `duty_done`: on which days organisations did what they owe.

use sea_orm::entity::prelude::*;

/// A day on which an organisation did what it owes by law or agreement.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "duty_done")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub region_id: Uuid,
    #[sea_orm(primary_key, auto_increment = false)]
    pub organisation_id: Uuid,
    /// What happened, as norms name it.
    #[sea_orm(primary_key, auto_increment = false)]
    pub moment: String,
    #[sea_orm(primary_key, auto_increment = false)]
    pub done_on: Date,
}

/// Tables are joined by their stores.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
