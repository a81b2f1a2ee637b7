//! Table `time_poll_voter`: who is asked, and what they answered.

use sea_orm::entity::prelude::*;

/// Who is asked, and what they answered.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "time_poll_voter")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub region_id: Uuid,
    #[sea_orm(primary_key, auto_increment = false)]
    pub poll_id: Uuid,
    #[sea_orm(primary_key, auto_increment = false)]
    pub person_id: Uuid,
    pub position: i32,
    pub role: String,
    pub optional: bool,
    /// One for each option, separated by spaces.
    pub votes: Option<String>,
    /// Microseconds since 1970, UTC.
    pub answered_at: Option<i64>,
    /// Microseconds since 1970, UTC.
    pub asked_at: Option<i64>,
    /// Microseconds since 1970, UTC.
    pub reminded_at: Option<i64>,
    /// Microseconds since 1970, UTC.
    pub released_at: Option<i64>,
}

/// Tables are joined by their stores.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
