//! Table `legal_hold`: a reason for which nothing of a case is destroyed.

use sea_orm::entity::prelude::*;

/// A reason for which nothing of a case is destroyed.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "legal_hold")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub region_id: Uuid,
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub case_id: Uuid,
    pub sealed_reason: Vec<u8>,
    pub set_by: Uuid,
    pub set_at: i64,
    pub lifted_by: Option<Uuid>,
    pub lifted_at: Option<i64>,
}

/// Tables are joined by their stores.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
