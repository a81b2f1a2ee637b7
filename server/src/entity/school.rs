//! Table `school`: vestigingen.

use sea_orm::entity::prelude::*;

/// Vestigingen.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "school")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub region_id: Uuid,
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub vestigingscode: String,
    pub display_name: String,
    pub board_code: String,
    pub street: String,
    pub house_number: String,
    pub postcode: String,
    pub city: String,
    pub gemeente_code: String,
    pub wijk_code: String,
    pub denomination: String,
    pub phone: String,
    pub website: String,
    pub holiday_region: String,
    pub sector: String,
    pub valid_from: Date,
    pub valid_until: Option<Date>,
    pub version: i32,
}

/// Tables are joined by their stores.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
