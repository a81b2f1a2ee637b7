//! What each participant was last told, in the database.

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};
use schakel_domain::{
    ids::{ConsultationId, PersonId},
    invitation::{Agreed, Told, ToldKind},
};
use sea_orm::{
    ActiveValue::{NotSet, Set},
    ColumnTrait, Condition, EntityTrait, ExprTrait, QueryFilter, QueryOrder, QuerySelect,
    sea_query::{Expr, OnConflict},
};
use uuid::Uuid;

use super::reply_tag;
use crate::{
    entity::invitation::{ActiveModel, Column, Entity, Model},
    error::{Error, Result},
    store::{
        Read, Tx,
        instant::{from_column, to_column},
    },
};

/// How somebody was told.
#[derive(Debug, Clone, Copy, PartialEq, Eq, strum::Display, strum::EnumString)]
#[strum(serialize_all = "SCREAMING_SNAKE_CASE")]
pub(super) enum Channel {
    /// By mail.
    Mail,
    /// By a letter that somebody printed.
    Paper,
}

/// What one person was told about one meeting.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Record {
    /// The last message.
    pub(super) told: Told,
    /// How many messages there were.
    pub(super) notices: i32,
    /// The `Message-ID` of the first, by which mail programs keep them together; empty while there
    /// was only paper.
    pub(super) first_message_id: String,
    /// How the last message came.
    pub(super) channel: Channel,
    /// When it is looked whether to remind them.
    pub(super) remind: Option<DateTime<Utc>>,
}

impl Record {
    /// The mail that the next one answers to, if there was one.
    pub(super) fn thread(&self) -> Option<&str> {
        Some(self.first_message_id.as_str()).filter(|id| !id.is_empty())
    }
}

/// What everybody was told about several meetings, as it is kept, oldest first.
pub async fn of_meetings(read: &Read, ids: &[Uuid]) -> Result<Vec<Model>> {
    Ok(Entity::find()
        .filter(Column::RegionId.eq(read.region()))
        .filter(Column::ConsultationId.is_in(ids.iter().copied()))
        .order_by_asc(Column::ToldAt)
        .all(&read.db())
        .await?)
}

fn record(row: Model) -> Result<Record> {
    let corrupt = |column| Error::Corrupt { table: "invitation", column };
    let agreed = Agreed {
        start: from_column(row.starts_at)?,
        end: from_column(row.ends_at)?,
        place: row.place.parse().map_err(|_| corrupt("place"))?,
    };
    let told = Told {
        person: PersonId(row.person_id),
        sequence: u32::try_from(row.sequence).map_err(|_| corrupt("sequence"))?,
        standing: u32::try_from(row.standing).map_err(|_| corrupt("standing"))?,
        kind: row.kind.parse().map_err(|_| corrupt("kind"))?,
        agreed,
    };
    let channel = row.channel.parse().map_err(|_| corrupt("channel"))?;
    let remind = row.remind_at.map(from_column).transpose()?;
    Ok(Record { told, notices: row.notices, first_message_id: row.first_message_id, channel, remind })
}

/// What everybody was told about several meetings.
pub(super) async fn records(read: &Read, ids: &[Uuid]) -> Result<Vec<(ConsultationId, Record)>> {
    let rows = of_meetings(read, ids).await?;
    rows.into_iter().map(|row| Ok((ConsultationId(row.consultation_id), record(row)?))).collect()
}

/// Keeps what was told now, in place of what was told before.
pub(super) async fn keep(tx: &Tx, id: ConsultationId, records: &[Record]) -> Result<()> {
    let records: Vec<_> = records.iter().map(|record| (id, record.clone())).collect();
    keep_all(tx, &records).await
}

/// The same of several meetings.
pub(super) async fn keep_all(tx: &Tx, records: &[(ConsultationId, Record)]) -> Result<()> {
    // SQLite takes 32,766 values in a statement.
    for some in records.chunks(2_500) {
        keep_some(tx, some).await?;
    }
    Ok(())
}

async fn keep_some(tx: &Tx, records: &[(ConsultationId, Record)]) -> Result<()> {
    let secret = |id, person| reply_tag::secret(&tx.app().keys, tx.region(), id, person);
    let rows = records.iter().map(|(id, record)| ActiveModel {
        region_id: Set(tx.region()),
        consultation_id: Set(id.0),
        person_id: Set(record.told.person.0),
        kind: Set(record.told.kind.to_string()),
        sequence: Set(i32::try_from(record.told.sequence).unwrap_or(i32::MAX)),
        starts_at: Set(to_column(record.told.agreed.start)),
        ends_at: Set(to_column(record.told.agreed.end)),
        place: Set(record.told.agreed.place.to_string()),
        notices: Set(record.notices),
        first_message_id: Set(record.first_message_id.clone()),
        told_at: Set(to_column(tx.now())),
        channel: Set(record.channel.to_string()),
        reply_hash: Set(Some(reply_tag::hash(&secret(*id, record.told.person)))),
        answer_made_at: NotSet,
        answer_sequence: NotSet,
        confirm_sent_at: NotSet,
        standing: Set(i32::try_from(record.told.standing).unwrap_or(i32::MAX)),
        remind_at: Set(record.remind.map(to_column)),
        reminded_at: Set(None),
    });
    let told_before = OnConflict::columns([Column::RegionId, Column::ConsultationId, Column::PersonId])
        .update_columns([
            Column::Kind,
            Column::Sequence,
            Column::StartsAt,
            Column::EndsAt,
            Column::Place,
            Column::Notices,
            Column::FirstMessageId,
            Column::ToldAt,
            Column::Channel,
            Column::ReplyHash,
            Column::Standing,
            Column::RemindAt,
        ])
        .to_owned();
    Entity::insert_many(rows).on_conflict(told_before).exec_without_returning(&tx.db()).await?;
    Ok(())
}

/// Forgets what was to be told to these and never left the house.
pub(super) async fn forget(tx: &Tx, unsaid: &[(ConsultationId, PersonId)]) -> Result<()> {
    if unsaid.is_empty() {
        return Ok(());
    }
    let mut any = Condition::any();
    for (meeting, person) in unsaid {
        any = any.add(Column::ConsultationId.eq(meeting.0).and(Column::PersonId.eq(person.0)));
    }
    Entity::delete_many().filter(Column::RegionId.eq(tx.region())).filter(any).exec(&tx.db()).await?;
    Ok(())
}

/// When `person` was last told anything; also of meetings from which they were taken off.
pub async fn last_told(read: &Read, person: PersonId) -> Result<Option<DateTime<Utc>>> {
    let newest: Option<Option<i64>> = Entity::find()
        .select_only()
        .column_as(Column::ToldAt.max(), "newest")
        .filter(Column::PersonId.eq(person.0))
        .filter(Column::RegionId.eq(read.region()))
        .into_tuple()
        .one(&read.db())
        .await?;
    newest.flatten().map(from_column).transpose()
}

fn of_those(tx: &Tx, id: ConsultationId, persons: &[PersonId]) -> Condition {
    Condition::all()
        .add(Column::RegionId.eq(tx.region()))
        .add(Column::ConsultationId.eq(id.0))
        .add(Column::PersonId.is_in(persons.iter().map(|person| person.0)))
}

/// Of whom it is to be looked now whether to remind them, the longest due first.
pub(super) async fn to_remind(read: &Read, most: u64) -> Result<Vec<(ConsultationId, PersonId)>> {
    let found = Entity::find()
        .select_only()
        .columns([Column::ConsultationId, Column::PersonId])
        .filter(Column::RegionId.eq(read.region()))
        .filter(Column::RemindAt.lte(to_column(read.now())))
        .order_by_asc(Column::RemindAt)
        .limit(most)
        .into_tuple::<(Uuid, Uuid)>()
        .all(&read.db())
        .await?;
    Ok(found.into_iter().map(|(meeting, person)| (ConsultationId(meeting), PersonId(person))).collect())
}

/// When those of `persons` last heard of the meeting of whom it is to be looked now whether to remind them.
pub(super) async fn heard(
    tx: &Tx,
    id: ConsultationId,
    persons: &[PersonId],
) -> Result<BTreeMap<PersonId, DateTime<Utc>>> {
    let rows = Entity::find()
        .filter(of_those(tx, id, persons))
        .filter(Column::RemindAt.lte(to_column(tx.now())))
        .all(&tx.db())
        .await?;
    let heard = rows.into_iter().map(|row| {
        let last = row.reminded_at.map_or(row.told_at, |at| Ord::max(at, row.told_at));
        Ok((PersonId(row.person_id), from_column(last)?))
    });
    heard.collect()
}

/// Notes when to look again whether to remind `persons`; none for never.
pub(super) async fn remind_at(
    tx: &Tx,
    id: ConsultationId,
    persons: &[PersonId],
    at: Option<DateTime<Utc>>,
) -> Result<()> {
    Entity::update_many()
        .col_expr(Column::RemindAt, Expr::value(at.map(to_column)))
        .filter(of_those(tx, id, persons))
        .exec(&tx.db())
        .await?;
    Ok(())
}

/// Notes that `persons` were reminded now.
pub(super) async fn reminded(tx: &Tx, id: ConsultationId, persons: &[PersonId]) -> Result<()> {
    if persons.is_empty() {
        return Ok(());
    }
    Entity::update_many()
        .col_expr(Column::RemindedAt, Expr::value(Some(to_column(tx.now()))))
        .filter(of_those(tx, id, persons))
        .exec(&tx.db())
        .await?;
    Ok(())
}

/// Has it looked now whether to remind `person`, or everybody, of what they are invited to and is to come.
pub(super) async fn look_again(tx: &Tx, person: Option<PersonId>) -> Result<()> {
    let now = to_column(tx.now());
    let mut coming = Condition::all()
        .add(Column::RegionId.eq(tx.region()))
        .add(Column::StartsAt.gt(now))
        .add(Column::Kind.eq(ToldKind::Invited.to_string()));
    if let Some(person) = person {
        coming = coming.add(Column::PersonId.eq(person.0));
    }
    Entity::update_many()
        .col_expr(Column::RemindAt, Expr::value(Some(now)))
        .filter(coming)
        .exec(&tx.db())
        .await?;
    Ok(())
}
