//! Table `action`: actions agreed at a meeting.

use sea_orm::entity::prelude::*;

/// Actions agreed at a meeting.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "action")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub region_id: Uuid,
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub consultation_id: Uuid,
    pub position: i32,
    pub owner_id: Uuid,
    pub due_date: Date,
    pub sealed_text: Vec<u8>,
    pub done_on: Option<Date>,
    pub done_by: Option<Uuid>,
}

/// Tables are joined by their stores.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
