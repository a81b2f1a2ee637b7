//! Table `outside_calendar`: calendars that people keep elsewhere, and when those make busy.

use sea_orm::entity::prelude::*;

/// Calendars that people keep elsewhere, and when those make busy.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "outside_calendar")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub region_id: Uuid,
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub person_id: Uuid,
    /// None of an upload.
    pub sealed_address: Option<Vec<u8>>,
    pub host: String,
    pub etag: Option<String>,
    pub last_modified: Option<String>,
    /// Eight octets a stretch: its first and last minute since 1970, UTC.
    pub busy: Vec<u8>,
    /// Microseconds since 1970, UTC.
    pub known_until: Option<i64>,
    /// Microseconds since 1970, UTC.
    pub read_at: Option<i64>,
    /// Microseconds since 1970, UTC.
    pub fetched_at: Option<i64>,
    /// Microseconds since 1970, UTC.
    pub next_fetch_at: Option<i64>,
    pub failures: i32,
    pub last_error: String,
    pub unread: i32,
    pub unread_reason: String,
    pub lease_token: Option<Uuid>,
    /// Microseconds since 1970, UTC.
    pub leased_until: Option<i64>,
}

/// Tables are joined by their stores.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
