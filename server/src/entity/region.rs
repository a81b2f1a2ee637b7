//! Table `region`: the working area of one samenwerkingsverband.

use sea_orm::entity::prelude::*;

/// The working area of one samenwerkingsverband.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "region")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub swv_code: String,
    pub display_name: String,
    pub sender_name: String,
    /// Microseconds since 1970, UTC.
    pub created_at: i64,
}

/// Tables are joined by their stores.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
