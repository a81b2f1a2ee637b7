//! Table `travel`: minutes from one organisation to another, where somebody said so.

use sea_orm::entity::prelude::*;

/// Minutes from one organisation to another, where somebody said so.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "travel")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub region_id: Uuid,
    #[sea_orm(primary_key, auto_increment = false)]
    pub from_id: Uuid,
    #[sea_orm(primary_key, auto_increment = false)]
    pub to_id: Uuid,
    pub minutes: i32,
}

/// Tables are joined by their stores.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
