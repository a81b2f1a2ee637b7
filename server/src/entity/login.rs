//! Table `login`: who an identity provider's subject is here.

use sea_orm::entity::prelude::*;

/// Who an identity provider's subject is here.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "login")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    /// Its address, exactly as in its tokens.
    pub issuer: String,
    /// Exactly as in its tokens.
    pub subject: String,
    /// A person, or else a system.
    pub person_id: Option<Uuid>,
    pub client_id: Option<Uuid>,
    /// Microseconds since 1970, UTC.
    pub created_at: i64,
    /// Microseconds since 1970, UTC. The row stays: a subject is never another's.
    pub removed_at: Option<i64>,
}

/// Tables are joined by their stores.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
