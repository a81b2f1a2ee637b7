//! Table `absence`: days on which people are away.

use sea_orm::entity::prelude::*;

/// Days on which people are away.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "absence")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub region_id: Uuid,
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub person_id: Uuid,
    pub kind: String,
    pub valid_from: Date,
    pub valid_until: Option<Date>,
    /// Minutes since midnight of the first day; none means its start.
    pub from_minute: Option<i32>,
    /// Minutes since midnight of the last day; none means its end.
    pub until_minute: Option<i32>,
    pub version: i32,
}

/// Tables are joined by their stores.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
