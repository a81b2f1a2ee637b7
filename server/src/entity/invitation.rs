//! Table `invitation`: what each participant was last told.

use sea_orm::entity::prelude::*;

/// What each participant was last told.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "invitation")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub region_id: Uuid,
    #[sea_orm(primary_key, auto_increment = false)]
    pub consultation_id: Uuid,
    #[sea_orm(primary_key, auto_increment = false)]
    pub person_id: Uuid,
    pub kind: String,
    pub sequence: i32,
    /// Microseconds since 1970, UTC.
    pub starts_at: i64,
    /// Microseconds since 1970, UTC.
    pub ends_at: i64,
    pub place: String,
    pub notices: i32,
    pub first_message_id: String,
    /// Microseconds since 1970, UTC.
    pub told_at: i64,
}

/// Tables are joined by their stores.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
