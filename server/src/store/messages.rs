//! Mails as they stand in the outbox, without their text.

use std::collections::HashSet;

use sea_orm::{
    ColumnTrait, Condition, EntityTrait, FromQueryResult, QueryFilter, QueryOrder, QuerySelect,
    sea_query::Expr,
};
use uuid::Uuid;

use super::{
    Read, Tx,
    instant::to_column,
    outbox::{Kind, State},
};
use crate::{entity::outbox, error::Result};

/// A mail as it stands, without its text.
#[derive(Debug, Clone, PartialEq, Eq, FromQueryResult)]
pub struct Message {
    /// Which.
    pub id: Uuid,
    /// What it is about.
    pub subject_id: Uuid,
    /// To whom.
    pub recipient_id: Option<Uuid>,
    /// Without angle brackets; none when nothing was written.
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
    /// The same: when it is tried next.
    pub due_at: i64,
    /// The same: when it ended.
    pub done_at: Option<i64>,
}

/// The mails about `subjects`, oldest first, only those to `person` when one is named. One more than
/// `most`, to know whether there is another.
pub async fn messages(
    read: &Read,
    subjects: &[Uuid],
    person: Option<Uuid>,
    (after, most): (Option<Uuid>, u64),
) -> Result<Vec<Message>> {
    let kind: &str = Kind::Mail.into();
    let mut found = outbox::Entity::find()
        .select_only()
        .columns([
            outbox::Column::Id,
            outbox::Column::SubjectId,
            outbox::Column::RecipientId,
            outbox::Column::MessageId,
            outbox::Column::Sequence,
            outbox::Column::State,
            outbox::Column::Attempts,
            outbox::Column::LastError,
            outbox::Column::CreatedAt,
            outbox::Column::DueAt,
            outbox::Column::DoneAt,
        ])
        .filter(outbox::Column::RegionId.eq(read.region()))
        .filter(outbox::Column::Kind.eq(kind))
        .filter(outbox::Column::SubjectId.is_in(subjects.iter().copied()));
    if let Some(person) = person {
        found = found.filter(outbox::Column::RecipientId.eq(person));
    }
    if let Some(after) = after {
        found = found.filter(outbox::Column::Id.gt(after));
    }
    Ok(found.order_by_asc(outbox::Column::Id).limit(most + 1).into_model::<Message>().all(&read.db()).await?)
}

/// When mails to each of `persons` were written since `since`, in microseconds since 1970; not those that
/// never went.
pub async fn mailed_since(read: &Read, persons: &[Uuid], since: i64) -> Result<Vec<(Uuid, i64)>> {
    if persons.is_empty() {
        return Ok(Vec::new());
    }
    let (kind, dead): (&str, &str) = (Kind::Mail.into(), State::Dead.into());
    let found = outbox::Entity::find()
        .select_only()
        .columns([outbox::Column::RecipientId, outbox::Column::CreatedAt])
        .filter(outbox::Column::RegionId.eq(read.region()))
        .filter(outbox::Column::RecipientId.is_in(persons.iter().copied()))
        .filter(outbox::Column::CreatedAt.gt(since))
        .filter(outbox::Column::Kind.eq(kind))
        .filter(outbox::Column::State.ne(dead))
        .into_tuple::<(Option<Uuid>, i64)>()
        .all(&read.db())
        .await?;
    Ok(found.into_iter().filter_map(|(person, at)| Some((person?, at))).collect())
}

/// How far the last mail to somebody about something came.
#[derive(Debug, Clone, PartialEq, Eq, FromQueryResult)]
pub struct MailState {
    /// What it is about.
    pub subject_id: Uuid,
    /// To whom.
    pub recipient_id: Option<Uuid>,
    /// One of [`State`].
    pub state: String,
    /// How often it was tried.
    pub attempts: i32,
    /// Of the calendar object.
    pub sequence: i32,
    /// Why the last try failed.
    pub last_error: Option<String>,
    /// Microseconds since 1970, UTC: when it is tried next.
    pub due_at: i64,
    /// The same: when it ended.
    pub done_at: Option<i64>,
}

/// Of every recipient the last mail about each of `subjects`, in one statement.
pub async fn mail_states(read: &Read, subjects: &[Uuid]) -> Result<Vec<MailState>> {
    if subjects.is_empty() {
        return Ok(Vec::new());
    }
    let kind: &str = Kind::Mail.into();
    let mut rows = outbox::Entity::find()
        .select_only()
        .columns([
            outbox::Column::SubjectId,
            outbox::Column::RecipientId,
            outbox::Column::State,
            outbox::Column::Attempts,
            outbox::Column::Sequence,
            outbox::Column::LastError,
            outbox::Column::DueAt,
            outbox::Column::DoneAt,
        ])
        .filter(outbox::Column::RegionId.eq(read.region()))
        .filter(outbox::Column::Kind.eq(kind))
        .filter(outbox::Column::SubjectId.is_in(subjects.iter().copied()))
        .order_by_desc(outbox::Column::Id)
        .into_model::<MailState>()
        .all(&read.db())
        .await?;
    let mut seen = HashSet::new();
    rows.retain(|row| seen.insert((row.subject_id, row.recipient_id)));
    Ok(rows)
}

/// A mail that was written: what it is about, and to whom.
#[derive(Debug, Clone, PartialEq, Eq, FromQueryResult)]
pub struct Sent {
    /// Which.
    pub id: Uuid,
    /// What it is about.
    pub subject_id: Uuid,
    /// To whom.
    pub recipient_id: Option<Uuid>,
    /// Of the address at which a relay took it.
    pub address_index: Option<Vec<u8>>,
}

fn mails(read: &Read) -> Condition {
    let kind: &str = Kind::Mail.into();
    Condition::all().add(outbox::Column::RegionId.eq(read.region())).add(outbox::Column::Kind.eq(kind))
}

async fn found(read: &Read, which: Condition) -> Result<Vec<Sent>> {
    Ok(outbox::Entity::find()
        .select_only()
        .columns([
            outbox::Column::Id,
            outbox::Column::SubjectId,
            outbox::Column::RecipientId,
            outbox::Column::AddressIndex,
        ])
        .filter(which)
        .into_model::<Sent>()
        .all(&read.db())
        .await?)
}

/// Those of the mails `ids` that are there.
pub async fn sent(read: &Read, ids: &[Uuid]) -> Result<Vec<Sent>> {
    if ids.is_empty() {
        return Ok(Vec::new());
    }
    found(read, mails(read).add(outbox::Column::Id.is_in(ids.iter().copied()))).await
}

/// By which addresses mails about `subjects` went out, and to whom.
pub async fn marks(read: &Read, subjects: &[Uuid]) -> Result<Vec<(Vec<u8>, Uuid)>> {
    let about = mails(read)
        .add(outbox::Column::SubjectId.is_in(subjects.iter().copied()))
        .add(outbox::Column::AddressIndex.is_not_null());
    let found = found(read, about).await?;
    Ok(found.into_iter().filter_map(|sent| sent.address_index.zip(sent.recipient_id)).collect())
}

/// The key of the mail `id` to who comes along with somebody to `meeting`. They are nobody whom the register
/// knows, and nothing else of the mail says what it is about.
pub fn along(meeting: Uuid, id: Uuid) -> String {
    format!("{}{id}", all_along(meeting))
}

fn all_along(meeting: Uuid) -> String {
    format!("along/{meeting}/")
}

impl Tx {
    /// Ends the mails about `subjects` to `recipients`, and those to who comes along with them to one of
    /// `meetings`, that have not gone; also those that wait until somebody decides after a restore.
    pub async fn withdraw(&self, subjects: &[Uuid], recipients: &[Uuid], meetings: &[Uuid]) -> Result<()> {
        let own = Condition::all()
            .add(outbox::Column::SubjectId.is_in(subjects.iter().copied()))
            .add(outbox::Column::RecipientId.is_in(recipients.iter().copied()));
        let mut any = Condition::any().add(own);
        for meeting in meetings {
            any = any.add(outbox::Column::Dedupe.starts_with(all_along(*meeting)));
        }
        let (pending, held): (&str, &str) = (State::Pending.into(), State::Held.into());
        self.take_back(mails(self).add(outbox::Column::State.is_in([pending, held])).add(any)).await
    }

    /// Notes that a mail which a relay took did not arrive, for `reason`. None when that is known already.
    pub async fn undelivered(&self, id: Uuid, reason: &str) -> Result<Option<Sent>> {
        let (dead, done): (&str, &str) = (State::Dead.into(), State::Done.into());
        let rows = outbox::Entity::update_many()
            .col_expr(outbox::Column::State, Expr::value(dead))
            .col_expr(outbox::Column::LastError, Expr::value(reason))
            .col_expr(outbox::Column::DoneAt, Expr::value(to_column(self.now())))
            .filter(mails(self).add(outbox::Column::Id.eq(id)).add(outbox::Column::State.eq(done)))
            .exec(&self.db())
            .await?;
        if rows.rows_affected == 0 {
            return Ok(None);
        }
        Ok(sent(self, &[id]).await?.pop())
    }
}
