//! Table `decision_check`: whether what was decided was done; append-only.

use sea_orm::entity::prelude::*;

/// Whether what was decided was done; append-only.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "decision_check")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub region_id: Uuid,
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub case_id: Uuid,
    pub decision_id: Uuid,
    pub checked_on: Date,
    pub complied: bool,
    pub sealed_found: Vec<u8>,
    /// Microseconds since 1970, UTC.
    pub recorded_at: i64,
    pub actor_id: Option<Uuid>,
    pub organisation_id: Option<Uuid>,
    pub role: String,
}

/// Tables are joined by their stores.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
