//! Table `weekly_hours`: blocks of people's weeks.

use sea_orm::entity::prelude::*;

/// Blocks of people's weeks.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "weekly_hours")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub region_id: Uuid,
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub affiliation_id: Uuid,
    pub person_id: Uuid,
    pub weekday: i32,
    pub from_minute: i32,
    pub until_minute: i32,
    pub time_zone: String,
    pub school_id: Option<Uuid>,
    pub valid_from: Date,
    pub valid_until: Option<Date>,
    pub version: i32,
}

/// Tables are joined by their stores.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
