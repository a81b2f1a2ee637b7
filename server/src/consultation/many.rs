//! Several meetings at once in the database, in a constant number of statements.

use schakel_domain::ids::{ConsultationId, SeriesId};
use sea_orm::{
    ColumnTrait, EntityTrait, Iterable, QueryFilter, QueryOrder, QuerySelect, sea_query::OnConflict,
};

use super::{meeting::Meeting, store};
use crate::{
    entity::{consultation, consultation_room, participant},
    error::Result,
    store::{Read, Tx},
};

/// How many values SQLite takes in a statement.
const VALUES: usize = 32_766;

/// As many rows of a table with these columns as go into one statement.
fn some<C: Iterable>() -> usize {
    VALUES / C::iter().count()
}

/// Keeps new meetings.
pub(super) async fn insert(tx: &Tx, meetings: &[Meeting]) -> Result<()> {
    for slice in meetings.chunks(some::<consultation::Column>()) {
        let rows = slice.iter().map(|meeting| store::row(tx, meeting));
        consultation::Entity::insert_many(rows).exec_without_returning(&tx.db()).await?;
    }
    insert_tables(tx, meetings).await?;
    insert_rooms(tx, meetings).await
}

/// Writes meetings, their tables and rooms back, which this transaction holds since [`of_series_to_change`].
/// Raises versions and times of change.
pub(super) async fn update(tx: &Tx, meetings: &mut [Meeting]) -> Result<()> {
    use consultation::Column;
    for meeting in meetings.iter_mut() {
        meeting.version += 1;
        // Watchers ask for what changed since: a clock that went back must not hide a change.
        meeting.updated = tx.now().max(meeting.updated + chrono::TimeDelta::microseconds(1));
    }
    for slice in meetings.chunks(some::<consultation::Column>()) {
        let anew = OnConflict::columns([Column::RegionId, Column::Id])
            .update_columns([
                Column::State,
                Column::StartsAt,
                Column::EndsAt,
                Column::Place,
                Column::Sequence,
                Column::UpdatedAt,
                Column::Version,
                Column::SeriesId,
                Column::OriginalStart,
                Column::Apart,
            ])
            .to_owned();
        let rows = slice.iter().map(|meeting| store::row(tx, meeting));
        consultation::Entity::insert_many(rows).on_conflict(anew).exec_without_returning(&tx.db()).await?;
        participant::Entity::delete_many()
            .filter(participant::Column::RegionId.eq(tx.region()))
            .filter(participant::Column::ConsultationId.is_in(slice.iter().map(|meeting| meeting.id.0)))
            .exec(&tx.db())
            .await?;
        consultation_room::Entity::delete_many()
            .filter(consultation_room::Column::RegionId.eq(tx.region()))
            .filter(consultation_room::Column::ConsultationId.is_in(slice.iter().map(|meeting| meeting.id.0)))
            .exec(&tx.db())
            .await?;
    }
    insert_tables(tx, meetings).await?;
    insert_rooms(tx, meetings).await
}

async fn insert_rooms(tx: &Tx, meetings: &[Meeting]) -> Result<()> {
    for slice in meetings.chunks(some::<consultation::Column>()) {
        store::insert_rooms(tx, &slice.iter().collect::<Vec<_>>()).await?;
    }
    Ok(())
}

async fn insert_tables(tx: &Tx, meetings: &[Meeting]) -> Result<()> {
    let seats: Vec<_> = meetings.iter().flat_map(|meeting| store::table_rows(tx, meeting)).collect();
    for slice in seats.chunks(some::<participant::Column>()) {
        participant::Entity::insert_many(slice.iter().cloned()).exec_without_returning(&tx.db()).await?;
    }
    Ok(())
}

/// The meetings of several series, whoever asks, by when their rule has them.
pub(super) async fn of_series(read: &Read, series: &[SeriesId]) -> Result<Vec<Meeting>> {
    let rows = consultation::Entity::find()
        .filter(consultation::Column::RegionId.eq(read.region()))
        .filter(consultation::Column::SeriesId.is_in(series.iter().map(|series| series.0)))
        .order_by_asc(consultation::Column::OriginalStart)
        .order_by_asc(consultation::Column::Id)
        .all(&read.db())
        .await?;
    store::with_tables(read, rows).await
}

/// The meetings of one series, to be changed by this transaction alone.
pub(super) async fn of_series_to_change(tx: &Tx, series: SeriesId) -> Result<Vec<Meeting>> {
    let rows = consultation::Entity::find()
        .filter(consultation::Column::RegionId.eq(tx.region()))
        .filter(consultation::Column::SeriesId.eq(series.0))
        .order_by_asc(consultation::Column::Id)
        .lock_exclusive()
        .all(&tx.db())
        .await?;
    let mut meetings = store::with_tables(tx, rows).await?;
    meetings.sort_by_key(|meeting| (meeting.member.map(|part| part.original), meeting.id));
    Ok(meetings)
}

/// The parts of these meetings, cancelled ones too.
pub(super) async fn parts_of(read: &Read, meetings: &[Meeting]) -> Result<Vec<Meeting>> {
    let wholes: Vec<ConsultationId> = meetings.iter().map(|meeting| meeting.id).collect();
    store::parts_of(read, &wholes).await
}
