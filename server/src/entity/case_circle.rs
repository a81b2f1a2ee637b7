//! Table `case_circle`: whose case it is: what decides who reaches it.

use sea_orm::entity::prelude::*;

/// Whose case it is: what decides who reaches it.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "case_circle")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub region_id: Uuid,
    #[sea_orm(primary_key, auto_increment = false)]
    pub case_id: Uuid,
    pub school_id: Option<Uuid>,
    pub gemeente_code: String,
    pub child_id: Uuid,
    pub open: bool,
    pub hold: Option<String>,
    pub escalation_level: i32,
    pub escalated_on: Option<Date>,
}

/// Tables are joined by their stores.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
