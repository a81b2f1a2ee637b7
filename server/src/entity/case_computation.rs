//! Table `case_computation`: how the deadlines of a case were last computed.

use sea_orm::entity::prelude::*;

/// How the deadlines of a case were last computed.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "case_computation")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub region_id: Uuid,
    /// That of the case.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub day: Date,
    /// Numbers of the calendar and the profile.
    pub basis: Vec<u8>,
    pub sealed_computation: Vec<u8>,
}

/// Tables are joined by their stores.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
