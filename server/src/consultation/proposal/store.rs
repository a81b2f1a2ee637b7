//! Proposals in the database.

use chrono::{DateTime, Utc};
use schakel_domain::{
    consultation::{self, proposal::State},
    ids::{ConsultationId, PersonId, ProposalId},
    time::Period,
};
use sea_orm::{
    ActiveValue::Set,
    ColumnTrait, Condition, EntityTrait, ExprTrait, QueryFilter, QueryOrder, QuerySelect,
    sea_query::{Expr, Query, SelectStatement},
};
use uuid::Uuid;

use super::Proposal;
use crate::{
    entity::{
        consultation as meeting,
        counter_proposal::{ActiveModel, Column, Entity, Model},
        participant,
    },
    error::{Error, Result},
    store::{
        Read, Tx,
        instant::{from_column, to_column},
    },
    wire::page::Page,
};

/// What is not there, and what is not the caller's, alike.
pub(super) const MISSING: Error = Error::NotFound("PROPOSAL");

/// One proposal, whoever asks: the caller of this owes the policy.
///
/// # Errors
/// `PROPOSAL_NOT_FOUND`.
pub async fn get(read: &Read, id: ProposalId) -> Result<Proposal> {
    let row = Entity::find_by_id((read.region(), id.0)).one(&read.db()).await?;
    proposal(row.ok_or(MISSING)?)
}

/// What a list is narrowed to.
#[derive(Debug, Clone, Copy)]
pub(super) enum Of {
    /// A meeting.
    Meeting(ConsultationId),
    /// The meetings that somebody booked.
    Booker(PersonId),
}

/// A page of them, newest first; one more than the page holds when there are more.
pub(super) async fn list(read: &Read, of: Of, decided: bool, page: &Page<Uuid>) -> Result<Vec<Proposal>> {
    let mut all = Condition::all().add(Column::RegionId.eq(read.region()));
    all = match of {
        Of::Meeting(id) => all.add(Column::ConsultationId.eq(id.0)),
        Of::Booker(person) => all.add(Column::ConsultationId.in_subquery(booked_by(read, person))),
    };
    if !decided {
        all = all.add(Column::State.eq(State::Open.to_string()));
        all = all.add(Expr::exists(their_meeting(read.now()))).add(Expr::exists(their_seat()));
    }
    if let Some(after) = page.after {
        all = all.add(Column::Id.lt(after));
    }
    let rows =
        Entity::find().filter(all).order_by_desc(Column::Id).limit(page.size + 1).all(&read.db()).await?;
    rows.into_iter().map(proposal).collect()
}

fn booked_by(read: &Read, person: PersonId) -> SelectStatement {
    Query::select()
        .column(meeting::Column::Id)
        .from(meeting::Entity)
        .and_where(meeting::Column::RegionId.eq(read.region()))
        .and_where(meeting::Column::BookedBy.eq(person.0))
        .to_owned()
}

/// The meeting of a row, when it is still what the proposal was made for.
fn their_meeting(now: DateTime<Utc>) -> SelectStatement {
    use meeting::Column as Of;
    let same = |own: Of, other: Column| Expr::col((meeting::Entity, own)).equals((Entity, other));
    Query::select()
        .expr(Expr::val(1))
        .from(meeting::Entity)
        .and_where(same(Of::RegionId, Column::RegionId))
        .and_where(same(Of::Id, Column::ConsultationId))
        .and_where(same(Of::Sequence, Column::Sequence))
        .and_where(Of::State.eq(consultation::State::Planned.to_string()))
        .and_where(Of::StartsAt.gt(to_column(now)))
        .to_owned()
}

/// The seat of who made a row.
fn their_seat() -> SelectStatement {
    use participant::Column as Of;
    let same = |own: Of, other: Column| Expr::col((participant::Entity, own)).equals((Entity, other));
    Query::select()
        .expr(Expr::val(1))
        .from(participant::Entity)
        .and_where(same(Of::RegionId, Column::RegionId))
        .and_where(same(Of::ConsultationId, Column::ConsultationId))
        .and_where(same(Of::PersonId, Column::PersonId))
        .to_owned()
}

/// All for these meetings, oldest first.
pub async fn of_meetings(read: &Read, meetings: &[Uuid]) -> Result<Vec<Proposal>> {
    let rows = Entity::find()
        .filter(Column::RegionId.eq(read.region()))
        .filter(Column::ConsultationId.is_in(meetings.iter().copied()))
        .order_by_asc(Column::Id)
        .all(&read.db())
        .await?;
    rows.into_iter().map(proposal).collect()
}

/// The ids of all for these meetings.
pub async fn ids_of(read: &Read, meetings: &[Uuid]) -> Result<Vec<Uuid>> {
    Ok(Entity::find()
        .select_only()
        .column(Column::Id)
        .filter(Column::RegionId.eq(read.region()))
        .filter(Column::ConsultationId.is_in(meetings.iter().copied()))
        .into_tuple()
        .all(&read.db())
        .await?)
}

/// All that `person` proposed for a meeting, oldest first.
pub async fn of_person(read: &Read, meeting: ConsultationId, person: PersonId) -> Result<Vec<Proposal>> {
    let all = of_meetings(read, &[meeting.0]).await?;
    Ok(all.into_iter().filter(|one| one.person == person).collect())
}

/// Keeps a new one.
pub(super) async fn insert(tx: &Tx, proposal: &Proposal) -> Result<()> {
    Entity::insert(row(tx, proposal)).exec_without_returning(&tx.db()).await?;
    Ok(())
}

/// Writes one back, and raises its version. Whoever calls holds its meeting.
pub(super) async fn update(tx: &Tx, proposal: &mut Proposal) -> Result<()> {
    proposal.version += 1;
    Entity::update(row(tx, proposal)).exec(&tx.db()).await?;
    Ok(())
}

/// Ends the open ones that can no longer be decided, and forgets whom they named; says how many.
pub(super) async fn end_outdated(tx: &Tx) -> Result<u64> {
    let stands = Condition::all().add(Expr::exists(their_meeting(tx.now()))).add(Expr::exists(their_seat()));
    let ended = Entity::update_many()
        .col_expr(Column::State, Expr::value(State::Outdated.to_string()))
        .col_expr(Column::SealedSubstitute, Expr::value(None::<Vec<u8>>))
        .col_expr(Column::Version, Expr::col(Column::Version).add(1))
        .filter(Column::RegionId.eq(tx.region()))
        .filter(Column::State.eq(State::Open.to_string()))
        .filter(stands.not())
        .exec(&tx.db())
        .await?;
    Ok(ended.rows_affected)
}

fn row(tx: &Tx, proposal: &Proposal) -> ActiveModel {
    ActiveModel {
        region_id: Set(tx.region()),
        id: Set(proposal.id.0),
        consultation_id: Set(proposal.meeting.0),
        person_id: Set(proposal.person.0),
        kind: Set(proposal.kind.to_string()),
        state: Set(proposal.state.to_string()),
        source: Set(proposal.source.to_string()),
        sequence: Set(i32::try_from(proposal.sequence).unwrap_or(i32::MAX)),
        starts_at: Set(proposal.time.map(|time| to_column(time.start()))),
        ends_at: Set(proposal.time.map(|time| to_column(time.end()))),
        sealed_substitute: Set(proposal.sealed_substitute.clone()),
        subject_id: Set(proposal.subject),
        created_at: Set(to_column(proposal.created)),
        decided_at: Set(proposal.decided.map(to_column)),
        decided_by: Set(proposal.decided_by.map(|person| person.0)),
        version: Set(proposal.version),
    }
}

fn corrupt(column: &'static str) -> Error {
    Error::Corrupt { table: "counter_proposal", column }
}

fn proposal(row: Model) -> Result<Proposal> {
    let time = match row.starts_at.zip(row.ends_at) {
        Some((start, end)) => {
            let time = Period::new(from_column(start)?, from_column(end)?);
            Some(time.map_err(|_| corrupt("ends_at"))?)
        }
        None => None,
    };
    Ok(Proposal {
        id: ProposalId(row.id),
        meeting: ConsultationId(row.consultation_id),
        person: PersonId(row.person_id),
        kind: row.kind.parse().map_err(|_| corrupt("kind"))?,
        state: row.state.parse().map_err(|_| corrupt("state"))?,
        source: row.source.parse().map_err(|_| corrupt("source"))?,
        sequence: u32::try_from(row.sequence).map_err(|_| corrupt("sequence"))?,
        time,
        sealed_substitute: row.sealed_substitute,
        subject: row.subject_id,
        created: from_column(row.created_at)?,
        decided: row.decided_at.map(from_column).transpose()?,
        decided_by: row.decided_by.map(PersonId),
        version: row.version,
    })
}
