//! Table `audit`: who did or saw what; append-only.

use sea_orm::entity::prelude::*;

/// Who did or saw what; append-only.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "audit")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub region_id: Uuid,
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    /// Microseconds since 1970, UTC.
    pub at: i64,
    pub actor_kind: String,
    pub actor_id: Option<Uuid>,
    pub organisation_id: Option<Uuid>,
    pub role: String,
    pub purpose: String,
    pub action: String,
    pub method: String,
    pub rule_id: String,
    pub subject_ref: Option<Vec<u8>>,
    pub object_type: String,
    pub object_id: Option<Uuid>,
    pub field_classes: String,
    pub request_id: Option<Uuid>,
    pub row_mac: Vec<u8>,
    /// How `row_mac` was made: 1 is of before the step that added these columns.
    pub form: i32,
    pub client_id: Option<Uuid>,
    pub emergency_id: Option<Uuid>,
    pub origin: String,
    /// `OK`, or the gRPC code and reason of a refusal.
    pub outcome: String,
    pub row_count: i32,
    /// W3C `traceparent` as the caller sent it, or empty.
    pub trace: String,
    /// The processing activity, as a URI.
    pub activity: String,
    /// The server process that wrote it.
    pub instance: String,
    /// PostgreSQL's xid8 of the transaction; on SQLite a number that never falls.
    pub transaction_id: i64,
}

/// Tables are joined by their stores.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
