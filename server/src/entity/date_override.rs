//! Table `date_override`: hours of single dates.

use sea_orm::entity::prelude::*;

/// Hours of single dates.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "date_override")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub region_id: Uuid,
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub affiliation_id: Uuid,
    pub person_id: Uuid,
    pub date: Date,
    /// Stretches as `540-720`, in minutes since midnight, separated by spaces; empty is a day off.
    pub hours: String,
    pub time_zone: String,
    pub school_id: Option<Uuid>,
    pub version: i32,
}

/// Tables are joined by their stores.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
