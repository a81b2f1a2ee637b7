//! Table `signal`: what professionals notice of how things go.

use sea_orm::entity::prelude::*;

/// What professionals notice of how things go.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "signal")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub region_id: Uuid,
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub state: String,
    pub category: String,
    pub school_id: Option<Uuid>,
    /// That of the school, where it is about one.
    pub wijk_code: Option<String>,
    /// Sealed under the signal's own key, as is the answer.
    pub sealed_text: Vec<u8>,
    pub children: Option<i32>,
    pub reporter_id: Uuid,
    pub organisation_id: Uuid,
    pub reported_on: Date,
    pub consultation_id: Option<Uuid>,
    pub sealed_answer: Option<Vec<u8>>,
    pub answered_on: Option<Date>,
    pub version: i32,
}

/// Tables are joined by their stores.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
