//! Table `destruction`: what was proposed to be destroyed, by whom, and what became of it.

use sea_orm::entity::prelude::*;

/// What was proposed to be destroyed, by whom, and what became of it.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "destruction")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub region_id: Uuid,
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub kind: String,
    pub state: String,
    pub ground: Option<String>,
    pub case_id: Option<Uuid>,
    pub plan: String,
    pub proposed_by: Uuid,
    pub proposed_as: String,
    pub proposed_at: i64,
    pub approved_by: Option<Uuid>,
    pub approved_as: String,
    pub approved_at: Option<i64>,
    pub statement: Option<String>,
}

/// Tables are joined by their stores.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
