//! Table `busy_span`: the rows of `busy` in the form that a search reads.

use sea_orm::entity::prelude::*;

/// The rows of `busy` in the form that a search reads.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "busy_span")]
pub struct Model {
    /// A person or a room.
    #[sea_orm(primary_key, auto_increment = false)]
    pub calendar_id: Uuid,
    /// Stretches of 91 days since 1970; a span stands in that of its start.
    #[sea_orm(primary_key, auto_increment = false)]
    pub chunk: i32,
    /// Another one with each change of the form; the database sees to that.
    pub version: Uuid,
    /// The compact form; empty when it is yet to be made.
    pub spans: Vec<u8>,
}

/// Tables are joined by their stores.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
