//! Table `information_request`: what a partner is asked to tell about a child.

use sea_orm::entity::prelude::*;

/// What a partner is asked to tell about a child.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "information_request")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub region_id: Uuid,
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub case_id: Uuid,
    pub kind: String,
    pub organisation_id: Uuid,
    pub role: String,
    pub person_id: Option<Uuid>,
    pub asked_on: Date,
    pub due_on: Date,
    pub state: String,
    pub ended_on: Option<Date>,
    pub sealed_note: Option<Vec<u8>>,
    pub version: i32,
}

/// Tables are joined by their stores.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
