//! Table `case_track`: placements, exemptions, complaints, objections and disputes of a case.

use sea_orm::entity::prelude::*;

/// A placement, exemption, complaint, objection or dispute of a case.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "case_track")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub region_id: Uuid,
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub case_id: Uuid,
    pub kind: String,
    pub ground: Option<String>,
    pub coordinator_id: Uuid,
    pub started_on: Date,
    pub next_on: Option<Date>,
    pub state: String,
    pub outcome: Option<String>,
    pub closed_on: Option<Date>,
    pub version: i32,
}

/// Tables are joined by their stores.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
