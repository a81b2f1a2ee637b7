//! Table `case_event`: the timeline of a case; append-only.

use sea_orm::entity::prelude::*;

/// The timeline of a case; append-only.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "case_event")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub region_id: Uuid,
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub case_id: Uuid,
    /// Microseconds since 1970, UTC.
    pub at: i64,
    pub kind: String,
    pub actor_id: Option<Uuid>,
    pub organisation_id: Option<Uuid>,
    pub role: String,
    pub subject: String,
    pub sealed_detail: Option<Vec<u8>>,
}

/// Tables are joined by their stores.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
