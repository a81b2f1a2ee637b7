//! Table `outbox`: work that follows a commit.

use sea_orm::entity::prelude::*;

/// Work that follows a commit.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "outbox")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub region_id: Uuid,
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub kind: String,
    pub dedupe: String,
    pub subject_id: Uuid,
    pub recipient_id: Option<Uuid>,
    pub message_id: Option<String>,
    pub sequence: i32,
    pub sealed_payload: Option<Vec<u8>>,
    pub state: String,
    /// Microseconds since 1970, UTC.
    pub due_at: i64,
    pub attempts: i32,
    /// Microseconds since 1970, UTC.
    pub lease_until: Option<i64>,
    pub lease_token: Option<Uuid>,
    /// Microseconds since 1970, UTC.
    pub expires_at: Option<i64>,
    pub last_error: Option<String>,
    /// Microseconds since 1970, UTC.
    pub created_at: i64,
    /// Microseconds since 1970, UTC.
    pub done_at: Option<i64>,
    /// Of a mail that was sent: to which address, as a hash under a key of the region's own.
    pub address_index: Option<Vec<u8>>,
}

/// Tables are joined by their stores.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
