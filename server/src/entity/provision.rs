//! Table `provision`: places for children that need more, and how many wait.

use sea_orm::entity::prelude::*;

/// What an organisation has for children that need more than basic support.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "provision")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub region_id: Uuid,
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub topic: String,
    pub display_name: String,
    pub organisation_id: Uuid,
    pub audience: String,
    pub places: i32,
    pub taken: i32,
    pub waiting: i32,
    pub valid_from: Date,
    pub valid_until: Option<Date>,
    pub version: i32,
}

/// Tables are joined by their stores.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
