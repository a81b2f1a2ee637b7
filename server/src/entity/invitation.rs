//! Table `invitation`: what each participant was last told.

use sea_orm::entity::prelude::*;

/// What each participant was last told.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "invitation")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub region_id: Uuid,
    #[sea_orm(primary_key, auto_increment = false)]
    pub consultation_id: Uuid,
    #[sea_orm(primary_key, auto_increment = false)]
    pub person_id: Uuid,
    pub kind: String,
    pub sequence: i32,
    /// Microseconds since 1970, UTC.
    pub starts_at: i64,
    /// Microseconds since 1970, UTC.
    pub ends_at: i64,
    pub place: String,
    pub notices: i32,
    pub first_message_id: String,
    /// Microseconds since 1970, UTC.
    pub told_at: i64,
    /// `MAIL` or `PAPER`.
    pub channel: String,
    /// Of the secret in the address to which answers go.
    pub reply_hash: Option<Vec<u8>>,
    /// Microseconds since 1970, UTC: when the last answer by mail was made, or came.
    pub answer_made_at: Option<i64>,
    /// Of the version that it was about.
    pub answer_sequence: Option<i32>,
    /// Microseconds since 1970, UTC: when it was last asked whether a mail was theirs.
    pub confirm_sent_at: Option<i64>,
    /// The meeting's own SEQUENCE when it was told.
    pub standing: i32,
    /// Microseconds since 1970, UTC: when it is looked whether to remind them.
    pub remind_at: Option<i64>,
    /// Microseconds since 1970, UTC: when they were last reminded.
    pub reminded_at: Option<i64>,
}

/// Tables are joined by their stores.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
