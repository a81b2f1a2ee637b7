//! Table `web_session`: who is signed in to the pages.

use sea_orm::entity::prelude::*;

/// Who is signed in to the pages.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "web_session")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    /// Of the secret that the browser keeps.
    pub hash: Vec<u8>,
    pub login_id: Uuid,
    /// Of the organisation acted for.
    pub region_id: Uuid,
    pub organisation_id: Uuid,
    /// The `acr` values of which the sign-in had none.
    pub step_up: Option<String>,
    /// Microseconds since 1970, UTC.
    pub created_at: i64,
    /// Microseconds since 1970, UTC; to the minute.
    pub used_at: i64,
    /// Microseconds since 1970, UTC.
    pub ends_at: i64,
    /// For what its person works, when they chose it.
    pub purpose: Option<String>,
}

/// Tables are joined by their stores.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
