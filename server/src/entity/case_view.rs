//! Table `case_view`: how the parties see a case, and what they answer; append-only.

use sea_orm::entity::prelude::*;

/// How the parties see a case, and what they answer; append-only.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "case_view")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub region_id: Uuid,
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub case_id: Uuid,
    pub about: String,
    pub decision_id: Option<Uuid>,
    /// The view to which it is a rejoinder.
    pub answers_id: Option<Uuid>,
    /// The child or parent whose it is.
    pub person_id: Option<Uuid>,
    /// Or the organisation.
    pub party_id: Option<Uuid>,
    pub sealed_text: Vec<u8>,
    /// Microseconds since 1970, UTC.
    pub recorded_at: i64,
    pub actor_id: Option<Uuid>,
    /// For which organisation it was written down.
    pub organisation_id: Option<Uuid>,
    pub role: String,
}

/// Tables are joined by their stores.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
