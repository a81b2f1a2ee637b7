//! Table `professional`: a region's registration of a person who works there.

use sea_orm::entity::prelude::*;

/// A region's registration of a person who works there.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "professional")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub region_id: Uuid,
    #[sea_orm(primary_key, auto_increment = false)]
    pub person_id: Uuid,
    pub code: String,
    pub display_name: String,
    pub email: String,
    pub phone: String,
    pub valid_from: Date,
    pub valid_until: Option<Date>,
    pub version: i32,
}

/// Tables are joined by their stores.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
