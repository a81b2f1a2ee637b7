//! Table `case_decision`: what was decided with doorzettingsmacht.

use sea_orm::entity::prelude::*;

/// What was decided with doorzettingsmacht.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "case_decision")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub region_id: Uuid,
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub case_id: Uuid,
    /// Who holds the power.
    pub decider_id: Uuid,
    pub decided_on: Date,
    pub sealed_text: Vec<u8>,
    /// Which organisation has to do it.
    pub obliged_id: Uuid,
    pub due_on: Date,
    /// Microseconds since 1970, UTC.
    pub recorded_at: i64,
    pub actor_id: Option<Uuid>,
    pub organisation_id: Option<Uuid>,
    pub role: String,
    pub version: i32,
}

/// Tables are joined by their stores.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
