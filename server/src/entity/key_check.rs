//! Table `key_check`: what shows that a key file is the one of this database.

use sea_orm::entity::prelude::*;

/// What shows that a key file is the one of this database.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "key_check")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: String,
    /// A MAC under the key; it opens nothing.
    pub proof: Vec<u8>,
    /// Microseconds since 1970, UTC.
    pub created_at: i64,
}

/// Tables are joined by their stores.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
