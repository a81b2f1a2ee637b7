//! Table `counter_proposal`: what people proposed for a meeting.

use sea_orm::entity::prelude::*;

/// What people proposed for a meeting.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "counter_proposal")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub region_id: Uuid,
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub consultation_id: Uuid,
    pub person_id: Uuid,
    pub kind: String,
    pub state: String,
    pub source: String,
    pub sequence: i32,
    /// Microseconds since 1970, UTC.
    pub starts_at: Option<i64>,
    /// Microseconds since 1970, UTC.
    pub ends_at: Option<i64>,
    pub sealed_substitute: Option<Vec<u8>>,
    pub subject_id: Uuid,
    /// Microseconds since 1970, UTC.
    pub created_at: i64,
    /// Microseconds since 1970, UTC.
    pub decided_at: Option<i64>,
    pub decided_by: Option<Uuid>,
    pub version: i32,
}

/// Tables are joined by their stores.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
