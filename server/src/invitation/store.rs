//! What each participant was last told, in the database.

use chrono::{DateTime, Utc};
use schakel_domain::{
    ids::{ConsultationId, PersonId},
    invitation::{Agreed, Told},
};
use sea_orm::{
    ActiveValue::Set, ColumnTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect, sea_query::OnConflict,
};

use crate::{
    entity::invitation::{ActiveModel, Column, Entity, Model},
    error::{Error, Result},
    store::{
        Read, Tx,
        instant::{from_column, to_column},
    },
};

/// What one person was told about one meeting.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Record {
    /// The last message.
    pub(super) told: Told,
    /// How many messages there were.
    pub(super) notices: i32,
    /// The `Message-ID` of the first, by which mail programs keep them together.
    pub(super) first_message_id: String,
}

/// What everybody was told about the meeting.
pub(super) async fn of_meeting(read: &Read, id: ConsultationId) -> Result<Vec<Record>> {
    let rows = Entity::find()
        .filter(Column::RegionId.eq(read.region()))
        .filter(Column::ConsultationId.eq(id.0))
        .all(&read.db())
        .await?;
    rows.into_iter().map(record).collect()
}

/// What everybody was told about several meetings, as it is kept, oldest first.
pub async fn of_meetings(read: &Read, ids: &[uuid::Uuid]) -> Result<Vec<Model>> {
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
        kind: row.kind.parse().map_err(|_| corrupt("kind"))?,
        agreed,
    };
    Ok(Record { told, notices: row.notices, first_message_id: row.first_message_id })
}

/// What everybody was told about several meetings.
pub(super) async fn records(read: &Read, ids: &[uuid::Uuid]) -> Result<Vec<(ConsultationId, Record)>> {
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
        ])
        .to_owned();
    Entity::insert_many(rows).on_conflict(told_before).exec_without_returning(&tx.db()).await?;
    Ok(())
}

/// Forgets what was to be told to `persons` and never left the house.
pub(super) async fn forget(tx: &Tx, id: ConsultationId, persons: &[PersonId]) -> Result<()> {
    if persons.is_empty() {
        return Ok(());
    }
    Entity::delete_many()
        .filter(Column::RegionId.eq(tx.region()))
        .filter(Column::ConsultationId.eq(id.0))
        .filter(Column::PersonId.is_in(persons.iter().map(|person| person.0)))
        .exec(&tx.db())
        .await?;
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
