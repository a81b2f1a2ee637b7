//! Table `subject_key`: the wrapped key of one data subject.

use sea_orm::entity::prelude::*;

/// The wrapped key of one data subject.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "subject_key")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub subject_id: Uuid,
    #[sea_orm(primary_key, auto_increment = false)]
    pub version: i32,
    pub kek_id: String,
    pub wrapped: Vec<u8>,
    /// Microseconds since 1970, UTC.
    pub created_at: i64,
}

/// Tables are joined by their stores.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
