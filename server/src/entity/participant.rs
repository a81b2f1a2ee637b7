//! Table `participant`: who is at a table.

use sea_orm::entity::prelude::*;

/// Who is at a table.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "participant")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub region_id: Uuid,
    #[sea_orm(primary_key, auto_increment = false)]
    pub consultation_id: Uuid,
    #[sea_orm(primary_key, auto_increment = false)]
    pub person_id: Uuid,
    pub position: i32,
    pub role: String,
    pub optional: bool,
    pub answer: String,
    /// Microseconds since 1970, UTC.
    pub answered_at: Option<i64>,
    pub attended: Option<bool>,
    pub fixed: bool,
    pub decline_reason: Option<String>,
}

/// Tables are joined by their stores.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
