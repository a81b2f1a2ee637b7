//! Table `consent`: what a child or its parents agreed to share about a case.

use sea_orm::entity::prelude::*;

/// What a child or its parents agreed to share about a case.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "consent")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub region_id: Uuid,
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub case_id: Uuid,
    pub purpose: String,
    pub gives: String,
    pub receives: String,
    pub classes: String,
    pub given_on: Date,
    pub meeting_on: Date,
    pub expires_on: Date,
    pub exception: Option<String>,
    pub sealed_note: Option<Vec<u8>>,
    pub recorded_by: Uuid,
    pub recorded_at: i64,
    pub withdrawn_at: Option<i64>,
    pub withdrawn_by: Option<Uuid>,
    pub sealed_withdrawal: Option<Vec<u8>>,
    pub version: i32,
}

/// Tables are joined by their stores.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
