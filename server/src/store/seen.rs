//! What the audit log and the outbox know about one person: who saw it, which mail went to whom.

use sea_orm::{ColumnTrait, EntityTrait, FromQueryResult, QueryFilter, QueryOrder, QuerySelect};
use uuid::Uuid;

use super::{Read, outbox::Kind};
use crate::{
    entity::{audit, outbox},
    error::Result,
};

/// A line about a person: who is named by organisation and function only.
#[derive(Debug, Clone, PartialEq, Eq, FromQueryResult)]
pub struct Seen {
    /// Microseconds since 1970, UTC.
    pub at: i64,
    /// `user`, `link` or a worker's kind.
    pub actor_kind: String,
    /// For which organisation.
    pub organisation_id: Option<Uuid>,
    /// By which roles.
    pub role: String,
    /// What for.
    pub purpose: String,
    /// One of [`super::audit::Deed`].
    pub action: String,
    /// The kind of thing.
    pub object_type: String,
    /// Of which classes.
    pub field_classes: String,
    /// The emergency access that was used, when it was.
    pub emergency_id: Option<Uuid>,
}

/// Every line about `subject` in this region, oldest first.
pub async fn lines_of(read: &Read, subject: Uuid) -> Result<Vec<Seen>> {
    Ok(audit::Entity::find()
        .select_only()
        .columns([
            audit::Column::At,
            audit::Column::ActorKind,
            audit::Column::OrganisationId,
            audit::Column::Role,
            audit::Column::Purpose,
            audit::Column::Action,
            audit::Column::ObjectType,
            audit::Column::FieldClasses,
            audit::Column::EmergencyId,
        ])
        .filter(audit::Column::RegionId.eq(read.region()))
        .filter(audit::Column::SubjectRef.eq(read.subject_ref(subject)))
        .order_by_asc(audit::Column::At)
        .order_by_asc(audit::Column::Id)
        .into_model::<Seen>()
        .all(&read.db())
        .await?)
}

/// A mail as the outbox remembers it, without its text.
#[derive(Debug, Clone, PartialEq, Eq, FromQueryResult)]
pub struct Mailed {
    /// What it is about.
    pub subject_id: Uuid,
    /// To whom.
    pub recipient_id: Option<Uuid>,
    /// Without angle brackets.
    pub message_id: Option<String>,
    /// Of the calendar object.
    pub sequence: i32,
    /// One of [`super::outbox::State`].
    pub state: String,
    /// How often it was tried.
    pub attempts: i32,
    /// Why the last try failed.
    pub last_error: Option<String>,
    /// Microseconds since 1970, UTC.
    pub created_at: i64,
    /// The same.
    pub done_at: Option<i64>,
}

/// The mails about `subjects`, oldest first.
pub async fn mails_about(read: &Read, subjects: &[Uuid]) -> Result<Vec<Mailed>> {
    let kind: &str = Kind::Mail.into();
    Ok(outbox::Entity::find()
        .select_only()
        .columns([
            outbox::Column::SubjectId,
            outbox::Column::RecipientId,
            outbox::Column::MessageId,
            outbox::Column::Sequence,
            outbox::Column::State,
            outbox::Column::Attempts,
            outbox::Column::LastError,
            outbox::Column::CreatedAt,
            outbox::Column::DoneAt,
        ])
        .filter(outbox::Column::RegionId.eq(read.region()))
        .filter(outbox::Column::Kind.eq(kind))
        .filter(outbox::Column::SubjectId.is_in(subjects.iter().copied()))
        .order_by_asc(outbox::Column::Id)
        .into_model::<Mailed>()
        .all(&read.db())
        .await?)
}
