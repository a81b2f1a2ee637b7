//! Table `hulpvraag`: requests for a helper by role.

use sea_orm::entity::prelude::*;

/// Requests for a helper by role.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "hulpvraag")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub region_id: Uuid,
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub state: String,
    pub school_id: Uuid,
    pub team_id: Uuid,
    pub role: String,
    pub target_date: Date,
    pub case_id: Option<Uuid>,
    pub subject_id: Uuid,
    pub sealed_question: Vec<u8>,
    pub person_id: Option<Uuid>,
    pub sealed_reason: Option<Vec<u8>>,
    pub consultation_id: Option<Uuid>,
    pub created_by: Uuid,
    /// Microseconds since 1970, UTC.
    pub created_at: i64,
    /// Microseconds since 1970, UTC.
    pub answered_at: Option<i64>,
    pub answer_due_date: Date,
    pub version: i32,
    /// What it is about, of a short list; none where nobody said.
    pub category: Option<String>,
}

/// Tables are joined by their stores.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
