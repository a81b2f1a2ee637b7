//! Those who wait, in the database.

use std::collections::HashMap;

use schakel_domain::{
    consultation::waiting::State,
    ids::{CaseId, ConsultationId, OrganisationId, PersonId, SchoolId, TeamId, WaitingEntryId},
};
use sea_orm::{
    ActiveModelTrait, ColumnTrait, Condition, EntityTrait, IntoActiveModel, QueryFilter, QueryOrder,
    QuerySelect,
    sea_query::{Query, SelectStatement},
};
use uuid::Uuid;

use super::{Entry, Offer, Seat};
use crate::{
    access::{affiliation, authenticate::today},
    entity::{waiting_entry, waiting_seat},
    error::{Error, Result},
    store::{
        Read, Tx,
        instant::{from_column, to_column},
    },
};

fn corrupt(column: &'static str) -> Error {
    Error::Corrupt { table: "waiting_entry", column }
}

/// One, whoever asks: the caller of this owes the policy.
///
/// # Errors
/// `WAITING_ENTRY_NOT_FOUND`.
pub async fn get(read: &Read, id: WaitingEntryId) -> Result<Entry> {
    let row = waiting_entry::Entity::find_by_id((read.region(), id.0)).one(&read.db()).await?;
    one(read, row).await
}

/// One, held until the end of the transaction.
///
/// # Errors
/// `WAITING_ENTRY_NOT_FOUND`.
pub async fn hold(tx: &Tx, id: WaitingEntryId) -> Result<Entry> {
    let row = waiting_entry::Entity::find_by_id((tx.region(), id.0)).lock_exclusive().one(&tx.db()).await?;
    one(tx, row).await
}

async fn one(read: &Read, row: Option<waiting_entry::Model>) -> Result<Entry> {
    let row = row.ok_or(Error::NotFound("WAITING_ENTRY"))?;
    with_seats(read, &[row]).await?.pop().ok_or(Error::NotFound("WAITING_ENTRY"))
}

/// All in `state`, longest waiting first.
pub async fn in_state(read: &Read, state: State) -> Result<Vec<Entry>> {
    listed(read, Condition::all().add(waiting_entry::Column::State.eq(state.to_string()))).await
}

/// All that wait or have an offer and fulfil `condition`, in two statements.
pub async fn open(read: &Read, condition: Condition) -> Result<Vec<Entry>> {
    let states = [State::Waiting, State::Offered].map(|state| state.to_string());
    listed(read, condition.add(waiting_entry::Column::State.is_in(states))).await
}

/// The entries at whose table somebody of `team` is wanted, by name or by a role that the team has:
/// as a part of a statement.
pub fn wanting(read: &Read, team: Uuid) -> SelectStatement {
    let today = today(read.now());
    let of = |column| affiliation::column_at(read, OrganisationId::from(TeamId(team)), column, today);
    let role = Condition::all()
        .add(waiting_seat::Column::PersonId.is_null())
        .add(waiting_seat::Column::Role.in_subquery(of(affiliation::Of::Role)));
    let either = Condition::any()
        .add(waiting_seat::Column::PersonId.in_subquery(of(affiliation::Of::Person)))
        .add(role);
    Query::select()
        .column(waiting_seat::Column::EntryId)
        .from(waiting_seat::Entity)
        .cond_where(Condition::all().add(waiting_seat::Column::RegionId.eq(read.region())).add(either))
        .to_owned()
}

/// All about `case` that wait or have an offer, held until the end of the transaction.
pub async fn open_of_case(tx: &Tx, case: CaseId) -> Result<Vec<Entry>> {
    let states = [State::Waiting, State::Offered].map(|state| state.to_string());
    let rows = waiting_entry::Entity::find()
        .filter(waiting_entry::Column::RegionId.eq(tx.region()))
        .filter(waiting_entry::Column::CaseId.eq(case.0))
        .filter(waiting_entry::Column::State.is_in(states))
        .order_by_asc(waiting_entry::Column::Id)
        .lock_exclusive()
        .all(&tx.db())
        .await?;
    with_seats(tx, &rows).await
}

/// All about `case`, ended ones too, longest waiting first.
pub async fn of_case(read: &Read, case: CaseId) -> Result<Vec<Entry>> {
    listed(read, Condition::all().add(waiting_entry::Column::CaseId.eq(case.0))).await
}

async fn listed(read: &Read, condition: Condition) -> Result<Vec<Entry>> {
    let rows = waiting_entry::Entity::find()
        .filter(waiting_entry::Column::RegionId.eq(read.region()))
        .filter(condition)
        .order_by_asc(waiting_entry::Column::Since)
        .order_by_asc(waiting_entry::Column::Id)
        .all(&read.db())
        .await?;
    with_seats(read, &rows).await
}

async fn with_seats(read: &Read, rows: &[waiting_entry::Model]) -> Result<Vec<Entry>> {
    if rows.is_empty() {
        return Ok(Vec::new());
    }
    let seats = waiting_seat::Entity::find()
        .filter(waiting_seat::Column::RegionId.eq(read.region()))
        .filter(waiting_seat::Column::EntryId.is_in(rows.iter().map(|row| row.id)))
        .order_by_asc(waiting_seat::Column::Position)
        .all(&read.db())
        .await?;
    let mut tables: HashMap<Uuid, Vec<Seat>> = HashMap::new();
    for row in seats {
        tables.entry(row.entry_id).or_default().push(Seat {
            person: row.person_id.map(PersonId),
            role: row.role.parse().map_err(|_| corrupt("role"))?,
            optional: row.optional,
            offered: row.offered_id.map(PersonId),
        });
    }
    rows.iter().map(|row| entry(row, &mut tables)).collect()
}

fn entry(row: &waiting_entry::Model, tables: &mut HashMap<Uuid, Vec<Seat>>) -> Result<Entry> {
    let parent_exception = match row.parent_exception.as_str() {
        "" => None,
        why => Some(why.parse().map_err(|_| corrupt("parent_exception"))?),
    };
    let offer = match (row.hold_id, row.offer_starts_at, row.offer_expires_at) {
        (Some(hold), Some(start), Some(expires)) => {
            Some(Offer { hold, start: from_column(start)?, expires: from_column(expires)? })
        }
        (_, _, _) => None,
    };
    Ok(Entry {
        id: WaitingEntryId(row.id),
        state: row.state.parse().map_err(|_| corrupt("state"))?,
        kind: row.kind.parse().map_err(|_| corrupt("kind"))?,
        case: row.case_id.map(CaseId),
        school: row.school_id.map(SchoolId),
        place: row.place.parse().map_err(|_| corrupt("place"))?,
        minutes: u16::try_from(row.minutes).map_err(|_| corrupt("minutes"))?,
        parent_exception,
        urgency: row.urgency.parse().map_err(|_| corrupt("urgency"))?,
        target: row.target_date,
        since: from_column(row.since)?,
        requested_by: PersonId(row.requested_by),
        offer,
        rests_until: row.rests_until.map(from_column).transpose()?,
        replaces: row.replaces_id.map(ConsultationId),
        consultation: row.consultation_id.map(ConsultationId),
        version: row.version,
        seats: tables.remove(&row.id).unwrap_or_default(),
    })
}

fn row(tx: &Tx, entry: &Entry) -> waiting_entry::Model {
    waiting_entry::Model {
        region_id: tx.region(),
        id: entry.id.0,
        state: entry.state.to_string(),
        kind: entry.kind.to_string(),
        case_id: entry.case.map(|case| case.0),
        school_id: entry.school.map(|school| school.0),
        place: entry.place.to_string(),
        minutes: entry.minutes.into(),
        parent_exception: entry.parent_exception.map(|why| why.to_string()).unwrap_or_default(),
        urgency: entry.urgency.to_string(),
        target_date: entry.target,
        since: to_column(entry.since),
        requested_by: entry.requested_by.0,
        hold_id: entry.offer.map(|offer| offer.hold),
        offer_starts_at: entry.offer.map(|offer| to_column(offer.start)),
        offer_expires_at: entry.offer.map(|offer| to_column(offer.expires)),
        rests_until: entry.rests_until.map(to_column),
        replaces_id: entry.replaces.map(|meeting| meeting.0),
        consultation_id: entry.consultation.map(|meeting| meeting.0),
        version: entry.version,
    }
}

fn seat_rows(tx: &Tx, entry: &Entry) -> Vec<waiting_seat::ActiveModel> {
    let row = |(seat, position): (&Seat, i32)| waiting_seat::Model {
        region_id: tx.region(),
        entry_id: entry.id.0,
        position,
        person_id: seat.person.map(|person| person.0),
        role: seat.role.to_string(),
        optional: seat.optional,
        offered_id: seat.offered.map(|person| person.0),
    };
    entry.seats.iter().zip(0..).map(row).map(waiting_seat::ActiveModel::from).collect()
}

/// Keeps a new one.
pub async fn insert(tx: &Tx, entry: &Entry) -> Result<()> {
    let row = waiting_entry::ActiveModel::from(row(tx, entry));
    waiting_entry::Entity::insert(row).exec_without_returning(&tx.db()).await?;
    waiting_seat::Entity::insert_many(seat_rows(tx, entry)).exec_without_returning(&tx.db()).await?;
    Ok(())
}

/// Writes one back, and raises its version.
pub async fn update(tx: &Tx, entry: &mut Entry) -> Result<()> {
    entry.version += 1;
    let row = row(tx, entry).into_active_model().reset_all();
    waiting_entry::Entity::update(row).exec(&tx.db()).await?;
    waiting_seat::Entity::delete_many()
        .filter(waiting_seat::Column::RegionId.eq(tx.region()))
        .filter(waiting_seat::Column::EntryId.eq(entry.id.0))
        .exec(&tx.db())
        .await?;
    waiting_seat::Entity::insert_many(seat_rows(tx, entry)).exec_without_returning(&tx.db()).await?;
    Ok(())
}
