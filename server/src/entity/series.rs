//! Table `series`: meetings that were booked together.

use sea_orm::entity::prelude::*;

/// Meetings that were booked together.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "series")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub region_id: Uuid,
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub kind: String,
    /// An RRULE; empty for dates that were chosen one by one.
    pub recurrence: String,
    pub first_date: Date,
    pub start_minute: i32,
    pub length_minutes: i32,
    pub time_zone: String,
    pub on_closed: String,
    pub place: String,
    pub school_id: Option<Uuid>,
    pub cluster_id: Option<Uuid>,
    pub follows: Option<Uuid>,
    pub booked_by: Uuid,
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
