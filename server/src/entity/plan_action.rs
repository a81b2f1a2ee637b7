//! Table `plan_action`: who does what for a child.

use sea_orm::entity::prelude::*;

/// Who does what for a child.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "plan_action")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub region_id: Uuid,
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub case_id: Uuid,
    pub side: String,
    pub organisation_id: Uuid,
    pub person_id: Option<Uuid>,
    pub start_date: Date,
    pub due_date: Date,
    pub state: String,
    pub done_on: Option<Date>,
    pub sealed_text: Vec<u8>,
    pub sealed_reason: Option<Vec<u8>>,
    pub version: i32,
}

/// Tables are joined by their stores.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
