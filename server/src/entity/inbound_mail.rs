//! Table `inbound_mail`: what came by mail about a meeting, for a month.

use sea_orm::entity::prelude::*;

/// A mail that came about a meeting.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "inbound_mail")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub region_id: Uuid,
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    /// Of its `Message-ID`, or of the whole when it has none.
    pub message_hash: Vec<u8>,
    pub consultation_id: Uuid,
    /// Who writes, when that is known.
    pub person_id: Option<Uuid>,
    /// Microseconds since 1970, UTC.
    pub received_at: i64,
    /// Of its calendar; empty when it has none.
    pub method: String,
    /// What it says, as it was understood; empty when it says nothing.
    pub answer: String,
    /// Why it changed nothing; empty when it was taken.
    pub reason: String,
    /// Under whose key the rest is sealed.
    pub subject_id: Uuid,
    pub sealed_from: Option<Vec<u8>>,
    pub sealed_text: Option<Vec<u8>>,
    /// Microseconds since 1970, UTC.
    pub dismissed_at: Option<i64>,
}

/// Tables are joined by their stores.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
