//! Table `excluded_postcode`: postcodes of a gemeente that another samenwerkingsverband serves.

use sea_orm::entity::prelude::*;

/// Postcodes of a gemeente that another samenwerkingsverband serves.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "excluded_postcode")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub region_id: Uuid,
    #[sea_orm(primary_key, auto_increment = false)]
    pub area_id: Uuid,
    #[sea_orm(primary_key, auto_increment = false)]
    pub position: i32,
    pub postcode: String,
    pub swv_code: String,
    pub swv_name: String,
    pub valid_from: Date,
    pub valid_until: Option<Date>,
}

/// Tables are joined by their stores.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
