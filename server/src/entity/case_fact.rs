//! Table `case_fact`: the log of what is known of a case; append-only.

use sea_orm::entity::prelude::*;

/// The log of what is known of a case; append-only.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "case_fact")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub region_id: Uuid,
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub case_id: Uuid,
    /// Microseconds since 1970, UTC.
    pub told_at: i64,
    pub actor_id: Option<Uuid>,
    pub organisation_id: Option<Uuid>,
    pub role: String,
    pub corrects_id: Option<Uuid>,
    /// None takes the corrected entry back.
    pub sealed_fact: Option<Vec<u8>>,
    /// Of what is told only with a reason.
    pub sealed_reason: Option<Vec<u8>>,
}

/// Tables are joined by their stores.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
