//! Table `system_client`: programs of organisations.

use sea_orm::entity::prelude::*;

/// Programs of organisations.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "system_client")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub region_id: Uuid,
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub organisation_id: Uuid,
    pub display_name: String,
    /// Organisatie-identificatienummer: twenty digits.
    pub oin: Option<String>,
    /// Actions, separated by spaces.
    pub scopes: String,
    pub valid_from: Date,
    pub valid_until: Option<Date>,
    /// Microseconds since 1970, UTC.
    pub disabled_at: Option<i64>,
    /// Microseconds since 1970, UTC.
    pub created_at: i64,
    pub version: i32,
}

/// Tables are joined by their stores.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
