//! Table `waiting_entry`: meetings for which there is no time yet.

use sea_orm::entity::prelude::*;

/// Meetings for which there is no time yet.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "waiting_entry")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub region_id: Uuid,
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub state: String,
    pub kind: String,
    pub case_id: Option<Uuid>,
    pub school_id: Option<Uuid>,
    pub place: String,
    pub minutes: i32,
    pub parent_exception: String,
    pub urgency: String,
    pub target_date: Option<Date>,
    /// Microseconds since 1970, UTC.
    pub since: i64,
    pub requested_by: Uuid,
    /// Under which the offered time is taken in the calendars.
    pub hold_id: Option<Uuid>,
    /// Microseconds since 1970, UTC.
    pub offer_starts_at: Option<i64>,
    /// Microseconds since 1970, UTC.
    pub offer_expires_at: Option<i64>,
    /// Microseconds since 1970, UTC.
    pub rests_until: Option<i64>,
    pub replaces_id: Option<Uuid>,
    pub consultation_id: Option<Uuid>,
    pub version: i32,
}

/// Tables are joined by their stores.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
