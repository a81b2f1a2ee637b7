//! Table `school_team_link`: whom a school calls.

use sea_orm::entity::prelude::*;

/// Whom a school calls.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "school_team_link")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub region_id: Uuid,
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub school_id: Uuid,
    pub team_id: Uuid,
    pub role: String,
    pub person_id: Uuid,
    pub deputy_id: Option<Uuid>,
    pub valid_from: Date,
    pub valid_until: Option<Date>,
    pub version: i32,
}

/// Tables are joined by their stores.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
