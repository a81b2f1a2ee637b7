//! When people are taken: one row per person and meeting; the database refuses overlap.

use schakel_domain::{
    ids::{ConsultationId, PersonId},
    time::Period,
};
use sea_orm::{ActiveValue::Set, ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, Statement};

use crate::{
    entity::busy::{ActiveModel, Column, Entity},
    error::Result,
    store::{
        Read, Tx,
        instant::{from_column, to_column},
    },
};

/// Locks the calendars of `persons` until the transaction ends, always in the same order,
/// so that two bookings wait for each other instead of deadlocking. SQLite has one writer.
pub async fn lock(tx: &Tx, persons: &[PersonId]) -> Result<()> {
    if !tx.is_postgres() {
        return Ok(());
    }
    let mut keys: Vec<i64> = persons.iter().map(|person| person.0.as_u64_pair().1.cast_signed()).collect();
    keys.sort_unstable();
    keys.dedup();
    let places: Vec<String> = (1..=keys.len()).map(|at| format!("(${at}::bigint)")).collect();
    let sql = format!(
        "SELECT pg_advisory_xact_lock(key) FROM (SELECT key FROM (VALUES {}) AS keys (key) ORDER BY key) AS sorted",
        places.join(", ")
    );
    let values = keys.into_iter().map(sea_orm::Value::from);
    let statement = Statement::from_sql_and_values(tx.db().get_database_backend(), sql, values);
    tx.db().query_all_raw(statement).await?;
    Ok(())
}

/// Takes `persons` for `meeting`. Call [`lock`] first.
///
/// # Errors
/// `TIME_CONFLICT` when one of them is taken already, by whichever region.
pub async fn take(tx: &Tx, meeting: ConsultationId, time: Period, persons: &[PersonId]) -> Result<()> {
    let rows = persons.iter().map(|person| ActiveModel {
        person_id: Set(person.0),
        consultation_id: Set(meeting.0),
        region_id: Set(tx.region()),
        starts_at: Set(to_column(time.start())),
        ends_at: Set(to_column(time.end())),
    });
    Entity::insert_many(rows).exec_without_returning(&tx.db()).await?;
    Ok(())
}

/// Frees everybody whom `meeting` had taken.
pub async fn release(tx: &Tx, meeting: ConsultationId) -> Result<()> {
    Entity::delete_many().filter(Column::ConsultationId.eq(meeting.0)).exec(&tx.db()).await?;
    Ok(())
}

/// When `persons` are taken during `window`, in every region; by which meeting is not told.
pub async fn of(read: &Read, persons: &[PersonId], window: Period) -> Result<Vec<(PersonId, Period)>> {
    let rows = Entity::find()
        .filter(Column::PersonId.is_in(persons.iter().map(|person| person.0)))
        .filter(Column::EndsAt.gt(to_column(window.start())))
        .filter(Column::StartsAt.lt(to_column(window.end())))
        .all(&read.db())
        .await?;
    rows.into_iter()
        .map(|row| {
            let time = Period::new(from_column(row.starts_at)?, from_column(row.ends_at)?)?;
            Ok((PersonId(row.person_id), time))
        })
        .collect()
}
