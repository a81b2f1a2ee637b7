//! Table `plan_goal`: what was agreed in an ondersteuningsplan.

use sea_orm::entity::prelude::*;

/// Something that was agreed in an ondersteuningsplan, and how far it is in practice.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "plan_goal")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub region_id: Uuid,
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    /// Of the plan.
    pub year: i32,
    pub agreement: String,
    pub state: String,
    pub since_on: Date,
    /// Of what did not come about.
    pub why: Option<String>,
    /// None of a program.
    pub told_by: Option<Uuid>,
    pub told_at: i64,
    pub version: i32,
}

/// Tables are joined by their stores.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
