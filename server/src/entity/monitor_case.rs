//! Table `monitor_case`: what the monitor counts of a case, as it was last worked out.

use sea_orm::entity::prelude::*;

/// What the monitor counts of a case, as it was last worked out.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "monitor_case")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub region_id: Uuid,
    /// That of the case.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    /// Of the case as it was then.
    pub case_version: i32,
    /// On which day.
    pub day: Date,
    /// A number of the register and the profile.
    pub basis: Vec<u8>,
    pub sealed_life: Vec<u8>,
}

/// Tables are joined by their stores.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
