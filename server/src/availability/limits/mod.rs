//! How many meetings people take: kept, read, and held to when somebody is booked.

pub(super) mod rpc;

use std::collections::{BTreeSet, HashMap};

use schakel_domain::{
    availability::{Limits, limits::around},
    ids::PersonId,
    refusal::Refusal,
    time::Period,
};
use sea_orm::{ActiveModelTrait, ColumnTrait, EntityTrait, IntoActiveModel, QueryFilter, QuerySelect};
use uuid::Uuid;

use super::{busy, hours::USUAL_ZONE};
pub use crate::entity::meeting_limits::Model;
use crate::{
    entity::meeting_limits::{ActiveModel, Column, Entity},
    error::{Error, Result},
    store::{Read, Tx},
};

/// The limits of `persons`, the strictest of all their regions, in one statement; who has set
/// none is left out.
pub async fn of(read: &Read, persons: &[PersonId]) -> Result<HashMap<PersonId, Limits>> {
    let mut found: HashMap<PersonId, Limits> = HashMap::new();
    if persons.is_empty() {
        return Ok(found);
    }
    let rows = Entity::find()
        .filter(Column::PersonId.is_in(persons.iter().map(|person| person.0)))
        .all(&read.db())
        .await?;
    for row in &rows {
        let own = found.entry(PersonId(row.person_id)).or_default();
        *own = own.and(limits(row)?);
    }
    Ok(found)
}

fn limits(row: &Model) -> Result<Limits> {
    let corrupt = |column| Error::Corrupt { table: "meeting_limits", column };
    let small = |number: i32, column| u16::try_from(number).map_err(|_| corrupt(column));
    Ok(Limits {
        per_day: row.per_day.map(|most| small(most, "per_day")).transpose()?,
        per_week: row.per_week.map(|most| small(most, "per_week")).transpose()?,
        buffer: small(row.buffer_minutes, "buffer_minutes")?,
        notice: small(row.notice_hours, "notice_hours")?,
    })
}

/// Refuses what somebody does not take of these meetings, each with those whom it calls. They stand
/// in the calendars already, so that nobody else can fill the same day meanwhile; `own` are the
/// bookings that count for none of them, as a meeting and its parts are one. Two statements at most.
///
/// # Errors
/// `LIMIT_REACHED`, with `limit` and `person` in the metadata.
pub async fn keep(tx: &Tx, meetings: &[(Vec<PersonId>, Period)], own: &[Uuid]) -> Result<()> {
    let persons: BTreeSet<PersonId> = meetings.iter().flat_map(|(persons, _)| persons).copied().collect();
    let limits = of(tx, &persons.into_iter().collect::<Vec<_>>()).await?;
    let first = meetings.iter().map(|(_, time)| around(*time, USUAL_ZONE).start()).min();
    let last = meetings.iter().map(|(_, time)| around(*time, USUAL_ZONE).end()).max();
    let Some((first, last)) = first.zip(last).filter(|_| !limits.is_empty()) else { return Ok(()) };
    let bound: Vec<PersonId> = limits.keys().copied().collect();
    let taken = busy::of(tx, &bound, Period::new(first, last)?).await?;
    for (person, time) in meetings.iter().flat_map(|(all, time)| all.iter().map(|one| (*one, *time))) {
        let Some(limits) = limits.get(&person) else { continue };
        let others = taken.get(&person).into_iter().flatten().filter(|span| !own.contains(&span.booking));
        let others: Vec<Period> = others.map(|span| span.time).collect();
        if let Err(reached) = limits.allow(&others, time, (tx.now(), USUAL_ZONE)) {
            let limit: &str = reached.into();
            let which = [("limit".to_owned(), limit.to_owned()), ("person".to_owned(), person.to_string())];
            return Err(Error::Refused(Refusal::LimitReached, HashMap::from(which)));
        }
    }
    Ok(())
}

async fn find(read: &Read, person: PersonId) -> Result<Option<Model>> {
    Ok(Entity::find_by_id((read.region(), person.0)).one(&read.db()).await?)
}

async fn hold(tx: &Tx, person: PersonId) -> Result<Option<Model>> {
    Ok(Entity::find_by_id((tx.region(), person.0)).lock_exclusive().one(&tx.db()).await?)
}

async fn put(tx: &Tx, row: Model) -> Result<()> {
    if row.version == 1 {
        Entity::insert(ActiveModel::from(row)).exec_without_returning(&tx.db()).await?;
    } else {
        Entity::update(row.into_active_model().reset_all()).exec(&tx.db()).await?;
    }
    Ok(())
}
