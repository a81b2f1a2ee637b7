//! Table `request`: answers already given, by request id.

use sea_orm::entity::prelude::*;

/// Answers already given, by request id.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "request")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub region_id: Uuid,
    #[sea_orm(primary_key, auto_increment = false)]
    pub principal_id: Uuid,
    #[sea_orm(primary_key, auto_increment = false)]
    pub method: String,
    #[sea_orm(primary_key, auto_increment = false)]
    pub request_id: Uuid,
    pub hash: Vec<u8>,
    pub sealed_answer: Vec<u8>,
    /// Microseconds since 1970, UTC.
    pub created_at: i64,
    /// The key that sealed the answer; none for answers from before keys were rotated.
    pub kek_id: Option<String>,
}

/// Tables are joined by their stores.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
