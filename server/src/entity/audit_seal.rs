//! Table `audit_seal`: batches of audit lines, chained and signed; append-only.

use sea_orm::entity::prelude::*;

/// A batch of audit lines, chained to the one before and signed; append-only.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "audit_seal")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub region_id: Uuid,
    #[sea_orm(primary_key, auto_increment = false)]
    /// From 1, without gaps.
    pub batch: i64,
    pub first_seq: i64,
    pub last_seq: i64,
    pub row_count: i32,
    /// Every line of a transaction below this one has been looked at.
    pub sealed_below: i64,
    pub prev_hash: Vec<u8>,
    /// SHA-256 of the leaves.
    pub root: Vec<u8>,
    /// Microseconds since 1970, UTC.
    pub sealed_at: i64,
    pub key_id: String,
    pub hash: Vec<u8>,
    /// Ed25519, of the hash.
    pub signature: Vec<u8>,
}

/// Tables are joined by their stores.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
