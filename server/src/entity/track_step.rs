//! Table `track_step`: what happened in a track.

use sea_orm::entity::prelude::*;

/// What happened in a track.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "track_step")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub region_id: Uuid,
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub case_id: Uuid,
    pub track_id: Uuid,
    pub kind: String,
    pub taken_on: Date,
    pub until_on: Option<Date>,
    pub school_id: Option<Uuid>,
    pub consultation_id: Option<Uuid>,
    pub sealed_note: Option<Vec<u8>>,
    pub fact_id: Option<Uuid>,
    pub withdraws_id: Option<Uuid>,
}

/// Tables are joined by their stores.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
