//! Table `consultation`: meetings.

use sea_orm::entity::prelude::*;

/// Meetings.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "consultation")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub region_id: Uuid,
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub reference: String,
    pub uid: String,
    pub kind: String,
    pub state: String,
    pub case_id: Option<Uuid>,
    pub subject_id: Uuid,
    pub hulpvraag_id: Option<Uuid>,
    /// Microseconds since 1970, UTC.
    pub starts_at: i64,
    /// Microseconds since 1970, UTC.
    pub ends_at: i64,
    pub place: String,
    pub school_id: Option<Uuid>,
    pub parent_exception: String,
    pub sequence: i32,
    pub sealed_outcome: Option<Vec<u8>>,
    pub child_heard: Option<String>,
    pub jgt_hulp_gewenst: Option<String>,
    pub booked_by: Uuid,
    /// Microseconds since 1970, UTC.
    pub created_at: i64,
    /// Microseconds since 1970, UTC.
    pub updated_at: i64,
    pub version: i32,
    pub series_id: Option<Uuid>,
    /// Microseconds since 1970, UTC.
    pub original_start: Option<i64>,
    pub apart: bool,
    /// Why one professional goes alone to a home; empty when nobody does.
    pub alone_because: String,
    pub within_id: Option<Uuid>,
    pub short_notice: Option<String>,
    pub sealed_provider_reason: Option<Vec<u8>>,
}

/// Tables are joined by their stores.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
