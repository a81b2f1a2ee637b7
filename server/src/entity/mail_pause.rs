//! Table `mail_pause`: a restored database mails nothing while this holds its one row.

use sea_orm::entity::prelude::*;

/// A restored database mails nothing while this holds its one row.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "mail_pause")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: i32,
    /// Microseconds since 1970, UTC.
    pub since: i64,
}

/// Tables are joined by their stores.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
