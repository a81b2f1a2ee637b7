//! Table `time_poll`: time proposals.

use sea_orm::entity::prelude::*;

/// Time proposals.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "time_poll")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub region_id: Uuid,
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub reference: String,
    pub kind: String,
    pub state: String,
    pub case_id: Option<Uuid>,
    pub subject_id: Uuid,
    pub school_id: Option<Uuid>,
    /// Microseconds.
    pub length: i64,
    pub place: String,
    pub parent_exception: String,
    /// Microseconds since 1970, UTC.
    pub deadline: i64,
    pub consultation_id: Option<Uuid>,
    pub made_by: Uuid,
    /// Microseconds since 1970, UTC.
    pub noted_at: Option<i64>,
    /// Microseconds since 1970, UTC.
    pub created_at: i64,
    /// Microseconds since 1970, UTC.
    pub updated_at: i64,
    pub version: i32,
}

/// Tables are joined by their stores.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
