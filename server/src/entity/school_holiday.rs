//! Table `school_holiday`: the published school holidays that a region was told.

use sea_orm::entity::prelude::*;

/// The published school holidays that a region was told.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "school_holiday")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub region_id: Uuid,
    /// As `2027-2028`.
    #[sea_orm(primary_key, auto_increment = false)]
    pub school_year: String,
    #[sea_orm(primary_key, auto_increment = false)]
    pub holiday_region: String,
    #[sea_orm(primary_key, auto_increment = false)]
    pub kind: String,
    pub first_day: Date,
    pub last_day: Date,
}

/// Tables are joined by their stores.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
