//! Table `meeting_limits`: how many meetings people take.

use sea_orm::entity::prelude::*;

/// How many meetings people take.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "meeting_limits")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub region_id: Uuid,
    #[sea_orm(primary_key, auto_increment = false)]
    pub person_id: Uuid,
    pub per_day: Option<i32>,
    pub per_week: Option<i32>,
    pub buffer_minutes: i32,
    pub notice_hours: i32,
    pub version: i32,
}

/// Tables are joined by their stores.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
