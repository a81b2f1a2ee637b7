//! Table `rectification`: a fact that was put right, or a statement beside one that was not.

use sea_orm::entity::prelude::*;

/// A fact that was put right, or a statement beside one that was not.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "rectification")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub region_id: Uuid,
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub case_id: Uuid,
    pub person_id: Uuid,
    pub kind: String,
    pub fields: String,
    pub asked_by: String,
    pub sealed_before: Option<Vec<u8>>,
    pub sealed_statement: Option<Vec<u8>>,
    pub sealed_reason: Vec<u8>,
    pub made_by: Uuid,
    pub made_at: i64,
}

/// Tables are joined by their stores.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
