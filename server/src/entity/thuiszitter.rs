//! Table `thuiszitter`: cases of children at home.

use sea_orm::entity::prelude::*;

/// Cases of children at home.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "thuiszitter")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub region_id: Uuid,
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub reference: String,
    pub state: String,
    pub stage: String,
    pub escalation_level: i32,
    pub child_index: Vec<u8>,
    pub first_absence_day: Date,
    pub sealed_facts: Vec<u8>,
    pub sealed_question: Option<Vec<u8>>,
    pub regisseur_id: Option<Uuid>,
    pub next_action_date: Option<Date>,
    pub outcome: Option<String>,
    pub outcome_date: Option<Date>,
    /// Microseconds since 1970, UTC.
    pub opened_at: i64,
    /// Microseconds since 1970, UTC.
    pub closed_at: Option<i64>,
    pub reopened: i32,
    pub version: i32,
    pub sealed_references: Option<Vec<u8>>,
}

/// Tables are joined by their stores.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
