//! Table `mail_wishes`: how somebody who works here wants to be told by mail.

use sea_orm::entity::prelude::*;

/// How somebody who works here wants to be told by mail.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "mail_wishes")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub region_id: Uuid,
    #[sea_orm(primary_key, auto_increment = false)]
    pub person_id: Uuid,
    pub body: String,
    pub version: i32,
    /// Microseconds since 1970, UTC.
    pub updated_at: i64,
}

/// Tables are joined by their stores.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
