//! Table `mail_address`: addresses that took no mail, as hashes.

use sea_orm::entity::prelude::*;

/// An address that took no mail.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "mail_address")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub region_id: Uuid,
    #[sea_orm(primary_key, auto_increment = false)]
    pub address_index: Vec<u8>,
    pub failures: i32,
    pub last_reason: String,
    /// Microseconds since 1970, UTC.
    pub updated_at: i64,
}

/// Tables are joined by their stores.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
