//! Table `system_token`: API tokens of systems, as hashes.

use sea_orm::entity::prelude::*;

/// API tokens of systems, as hashes.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "system_token")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub hash: Vec<u8>,
    pub client_id: Uuid,
    pub display_name: String,
    /// Made through the API: it opens the register, whatever the system's scopes.
    pub register_only: bool,
    /// Microseconds since 1970, UTC.
    pub created_at: i64,
    /// Microseconds since 1970, UTC.
    pub expires_at: i64,
    /// Microseconds since 1970, UTC.
    pub revoked_at: Option<i64>,
    /// In the Netherlands; none when it was never used.
    pub last_used_on: Option<Date>,
}

/// Tables are joined by their stores.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
