//! Table `survey_school`: the schools that a round of questions went to, and what each answered.

use sea_orm::entity::prelude::*;

/// A school that is asked.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "survey_school")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub region_id: Uuid,
    #[sea_orm(primary_key, auto_increment = false)]
    pub survey_id: Uuid,
    #[sea_orm(primary_key, auto_increment = false)]
    pub school_id: Uuid,
    /// The last day on which its contact was told.
    pub told_on: Option<Date>,
    /// Microseconds since 1970, UTC; none while it has not answered.
    pub answered_at: Option<i64>,
    /// A value for each question, as JSON.
    pub answers: Option<String>,
    /// The last day on which its contact was to be told, whether there was a mail that says nothing or not.
    pub tried_on: Option<Date>,
}

/// Tables are joined by their stores.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
