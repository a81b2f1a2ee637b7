//! Proposals in the database.

use std::collections::HashMap;

use chrono::TimeDelta;
use schakel_domain::{
    consultation::poll::{State, Vote},
    ids::{CaseId, ConsultationId, PersonId, SchoolId, TimePollId},
};
use sea_orm::{
    ActiveValue::Set, ColumnTrait, Condition, EntityTrait, ExprTrait, QueryFilter, QueryOrder, QuerySelect,
    sea_query::Expr,
};
use uuid::Uuid;

use super::{TimePoll, Voter};
use crate::{
    entity::{time_poll, time_poll_option, time_poll_voter},
    error::{Error, Result},
    store::{
        Read, Tx,
        instant::{from_column, to_column},
    },
    wire::page::Page,
};

/// What is not there, and what is not the caller's, alike.
pub(super) const MISSING: Error = Error::NotFound("TIME_POLL");

/// One proposal, whoever asks: the caller of this owes the policy.
///
/// # Errors
/// `TIME_POLL_NOT_FOUND`.
pub async fn get(read: &Read, id: TimePollId) -> Result<TimePoll> {
    let row = time_poll::Entity::find_by_id((read.region(), id.0)).one(&read.db()).await?;
    whole(read, row.into_iter().collect()).await?.pop().ok_or(MISSING)
}

/// One, to be changed by this transaction alone.
///
/// # Errors
/// `TIME_POLL_NOT_FOUND`.
pub async fn get_to_change(tx: &Tx, id: TimePollId) -> Result<TimePoll> {
    let row = time_poll::Entity::find_by_id((tx.region(), id.0)).lock_exclusive().one(&tx.db()).await?;
    whole(tx, row.into_iter().collect()).await?.pop().ok_or(MISSING)
}

/// What a list is narrowed to: a case, or who made them.
#[derive(Debug, Clone, Copy)]
pub(super) enum Of {
    Case(CaseId),
    Maker(PersonId),
}

/// A page of them, newest first; one more than the page holds when there are more.
pub(super) async fn list(read: &Read, of: Of, closed: bool, page: &Page<Uuid>) -> Result<Vec<TimePoll>> {
    let mut all = Condition::all().add(time_poll::Column::RegionId.eq(read.region()));
    all = match of {
        Of::Case(case) => all.add(time_poll::Column::CaseId.eq(case.0)),
        Of::Maker(person) => all.add(time_poll::Column::MadeBy.eq(person.0)),
    };
    if !closed {
        all = all.add(time_poll::Column::State.is_in(undecided_states()));
    }
    if let Some(after) = page.after {
        all = all.add(time_poll::Column::Id.lt(after));
    }
    let rows = time_poll::Entity::find()
        .filter(all)
        .order_by_desc(time_poll::Column::Id)
        .limit(page.size + 1)
        .all(&read.db())
        .await?;
    whole(read, rows).await
}

/// All about a case, oldest first.
pub async fn of_case(read: &Read, case: CaseId) -> Result<Vec<TimePoll>> {
    let rows = time_poll::Entity::find()
        .filter(time_poll::Column::RegionId.eq(read.region()))
        .filter(time_poll::Column::CaseId.eq(case.0))
        .order_by_asc(time_poll::Column::Id)
        .all(&read.db())
        .await?;
    whole(read, rows).await
}

/// Those about a case that are open, or expired and not decided, oldest first, to be changed by this
/// transaction alone.
pub(super) async fn undecided(tx: &Tx, case: CaseId) -> Result<Vec<TimePoll>> {
    let rows = time_poll::Entity::find()
        .filter(time_poll::Column::RegionId.eq(tx.region()))
        .filter(time_poll::Column::CaseId.eq(case.0))
        .filter(time_poll::Column::State.is_in(undecided_states()))
        .order_by_asc(time_poll::Column::Id)
        .lock_exclusive()
        .all(&tx.db())
        .await?;
    whole(tx, rows).await
}

fn undecided_states() -> [String; 2] {
    [State::Open, State::Expired].map(|state| state.to_string())
}

/// Calls several off that this transaction holds, in one statement.
pub(super) async fn cancelled(tx: &Tx, ids: &[Uuid]) -> Result<()> {
    time_poll::Entity::update_many()
        .col_expr(time_poll::Column::State, Expr::value(State::Cancelled.to_string()))
        .col_expr(time_poll::Column::UpdatedAt, Expr::value(to_column(tx.now())))
        .col_expr(time_poll::Column::Version, Expr::col(time_poll::Column::Version).add(1))
        .filter(time_poll::Column::RegionId.eq(tx.region()))
        .filter(time_poll::Column::Id.is_in(ids.iter().copied()))
        .exec(&tx.db())
        .await?;
    Ok(())
}

/// Forgets that `persons` were asked by these proposals, and what they answered.
pub(super) async fn ask_no_more(tx: &Tx, ids: &[Uuid], persons: &[Uuid]) -> Result<()> {
    time_poll_voter::Entity::delete_many()
        .filter(time_poll_voter::Column::RegionId.eq(tx.region()))
        .filter(time_poll_voter::Column::PollId.is_in(ids.iter().copied()))
        .filter(time_poll_voter::Column::PersonId.is_in(persons.iter().copied()))
        .exec(&tx.db())
        .await?;
    time_poll::Entity::update_many()
        .col_expr(time_poll::Column::UpdatedAt, Expr::value(to_column(tx.now())))
        .col_expr(time_poll::Column::Version, Expr::col(time_poll::Column::Version).add(1))
        .filter(time_poll::Column::RegionId.eq(tx.region()))
        .filter(time_poll::Column::Id.is_in(ids.iter().copied()))
        .exec(&tx.db())
        .await?;
    Ok(())
}

/// The ids of those about a case.
pub async fn ids_of_case(read: &Read, case: CaseId) -> Result<Vec<Uuid>> {
    Ok(time_poll::Entity::find()
        .select_only()
        .column(time_poll::Column::Id)
        .filter(time_poll::Column::RegionId.eq(read.region()))
        .filter(time_poll::Column::CaseId.eq(case.0))
        .into_tuple()
        .all(&read.db())
        .await?)
}

/// Whether a proposal of the region has this reference.
pub(super) async fn is_taken(read: &Read, reference: &str) -> Result<bool> {
    let row = time_poll::Entity::find()
        .filter(time_poll::Column::RegionId.eq(read.region()))
        .filter(time_poll::Column::Reference.eq(reference))
        .one(&read.db())
        .await?;
    Ok(row.is_some())
}

/// Keeps a new proposal.
pub(super) async fn insert(tx: &Tx, poll: &TimePoll) -> Result<()> {
    time_poll::Entity::insert(row(tx, poll)).exec_without_returning(&tx.db()).await?;
    let mut holds = poll.holds.iter();
    let options = poll.options.iter().zip(0..).map(|(start, position)| time_poll_option::ActiveModel {
        region_id: Set(tx.region()),
        poll_id: Set(poll.id.0),
        position: Set(position),
        starts_at: Set(to_column(*start)),
        hold_id: Set(holds.next().copied()),
    });
    time_poll_option::Entity::insert_many(options).exec_without_returning(&tx.db()).await?;
    let voters = poll.voters.iter().zip(0..).map(|(voter, position)| time_poll_voter::ActiveModel {
        region_id: Set(tx.region()),
        poll_id: Set(poll.id.0),
        person_id: Set(voter.person.0),
        position: Set(position),
        role: Set(voter.role.to_string()),
        optional: Set(voter.optional),
        votes: Set(None),
        answered_at: Set(None),
        asked_at: Set(None),
        reminded_at: Set(None),
        released_at: Set(None),
    });
    time_poll_voter::Entity::insert_many(voters).exec_without_returning(&tx.db()).await?;
    Ok(())
}

/// Writes a proposal back, and raises its version. Its times and who is asked stay.
pub(super) async fn update(tx: &Tx, poll: &mut TimePoll) -> Result<()> {
    poll.version += 1;
    poll.updated = tx.now();
    time_poll::Entity::update(row(tx, poll)).exec(&tx.db()).await?;
    Ok(())
}

/// Notes when the maker heard that the deadline passed.
pub async fn note(tx: &Tx, poll: &TimePoll) -> Result<()> {
    let row = time_poll::ActiveModel {
        region_id: Set(tx.region()),
        id: Set(poll.id.0),
        noted_at: Set(Some(to_column(tx.now()))),
        ..Default::default()
    };
    time_poll::Entity::update(row).exec(&tx.db()).await?;
    Ok(())
}

/// What a voter's row says was told.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Told {
    /// Asked.
    Asked,
    /// Asked once more.
    Reminded,
    /// That it is off.
    Released,
}

/// Notes what `persons` were told now.
pub async fn told(tx: &Tx, id: TimePollId, told: Told, persons: &[PersonId]) -> Result<()> {
    if persons.is_empty() {
        return Ok(());
    }
    let column = match told {
        Told::Asked => time_poll_voter::Column::AskedAt,
        Told::Reminded => time_poll_voter::Column::RemindedAt,
        Told::Released => time_poll_voter::Column::ReleasedAt,
    };
    time_poll_voter::Entity::update_many()
        .col_expr(column, Expr::value(to_column(tx.now())))
        .filter(time_poll_voter::Column::RegionId.eq(tx.region()))
        .filter(time_poll_voter::Column::PollId.eq(id.0))
        .filter(time_poll_voter::Column::PersonId.is_in(persons.iter().map(|person| person.0)))
        .exec(&tx.db())
        .await?;
    Ok(())
}

/// Keeps what `person` answered now.
pub(super) async fn vote(tx: &Tx, id: TimePollId, person: PersonId, votes: &[Vote]) -> Result<()> {
    let row = time_poll_voter::ActiveModel {
        region_id: Set(tx.region()),
        poll_id: Set(id.0),
        person_id: Set(person.0),
        votes: Set(Some(written(votes))),
        answered_at: Set(Some(to_column(tx.now()))),
        ..Default::default()
    };
    time_poll_voter::Entity::update(row).exec(&tx.db()).await?;
    Ok(())
}

fn written(votes: &[Vote]) -> String {
    votes.iter().map(|vote| <&str>::from(*vote)).collect::<Vec<_>>().join(" ")
}

fn row(tx: &Tx, poll: &TimePoll) -> time_poll::ActiveModel {
    time_poll::ActiveModel {
        region_id: Set(tx.region()),
        id: Set(poll.id.0),
        reference: Set(poll.reference.clone()),
        kind: Set(poll.kind.to_string()),
        state: Set(poll.state.to_string()),
        case_id: Set(poll.case.map(|case| case.0)),
        subject_id: Set(poll.subject),
        school_id: Set(poll.school.map(|school| school.0)),
        length: Set(poll.length.num_microseconds().unwrap_or(i64::MAX)),
        place: Set(poll.place.to_string()),
        parent_exception: Set(poll.parent_exception.map(|why| why.to_string()).unwrap_or_default()),
        deadline: Set(to_column(poll.deadline)),
        consultation_id: Set(poll.consultation.map(|meeting| meeting.0)),
        made_by: Set(poll.made_by.0),
        noted_at: Set(poll.noted.map(to_column)),
        created_at: Set(to_column(poll.created)),
        updated_at: Set(to_column(poll.updated)),
        version: Set(poll.version),
    }
}

fn corrupt(column: &'static str) -> Error {
    Error::Corrupt { table: "time_poll", column }
}

/// `rows` with their times and voters, in two statements.
async fn whole(read: &Read, rows: Vec<time_poll::Model>) -> Result<Vec<TimePoll>> {
    if rows.is_empty() {
        return Ok(Vec::new());
    }
    let ids: Vec<Uuid> = rows.iter().map(|row| row.id).collect();
    let mut options: HashMap<Uuid, (Vec<_>, Vec<Uuid>)> = HashMap::new();
    let found = time_poll_option::Entity::find()
        .filter(time_poll_option::Column::RegionId.eq(read.region()))
        .filter(time_poll_option::Column::PollId.is_in(ids.iter().copied()))
        .order_by_asc(time_poll_option::Column::Position)
        .all(&read.db())
        .await?;
    for row in found {
        let (starts, holds) = options.entry(row.poll_id).or_default();
        starts.push(from_column(row.starts_at)?);
        holds.extend(row.hold_id);
    }
    let mut voters: HashMap<Uuid, Vec<Voter>> = HashMap::new();
    let found = time_poll_voter::Entity::find()
        .filter(time_poll_voter::Column::RegionId.eq(read.region()))
        .filter(time_poll_voter::Column::PollId.is_in(ids))
        .order_by_asc(time_poll_voter::Column::Position)
        .all(&read.db())
        .await?;
    for row in found {
        voters.entry(row.poll_id).or_default().push(voter(&row)?);
    }
    rows.into_iter()
        .map(|row| {
            let (options, voters) = (options.remove(&row.id), voters.remove(&row.id));
            poll(row, options.unwrap_or_default(), voters.unwrap_or_default())
        })
        .collect()
}

fn voter(row: &time_poll_voter::Model) -> Result<Voter> {
    let votes = row.votes.as_deref().map(|votes| votes.split(' ').map(str::parse).collect());
    Ok(Voter {
        person: PersonId(row.person_id),
        role: row.role.parse().map_err(|_| corrupt("role"))?,
        optional: row.optional,
        votes: votes.transpose().map_err(|_| corrupt("votes"))?,
        answered: row.answered_at.map(from_column).transpose()?,
        asked: row.asked_at.map(from_column).transpose()?,
        reminded: row.reminded_at.map(from_column).transpose()?,
        released: row.released_at.map(from_column).transpose()?,
    })
}

fn poll(
    row: time_poll::Model,
    (options, holds): (Vec<chrono::DateTime<chrono::Utc>>, Vec<Uuid>),
    voters: Vec<Voter>,
) -> Result<TimePoll> {
    let parent_exception = match row.parent_exception.as_str() {
        "" => None,
        why => Some(why.parse().map_err(|_| corrupt("parent_exception"))?),
    };
    Ok(TimePoll {
        id: TimePollId(row.id),
        reference: row.reference,
        kind: row.kind.parse().map_err(|_| corrupt("kind"))?,
        state: row.state.parse().map_err(|_| corrupt("state"))?,
        case: row.case_id.map(CaseId),
        subject: row.subject_id,
        school: row.school_id.map(SchoolId),
        length: TimeDelta::microseconds(row.length),
        place: row.place.parse().map_err(|_| corrupt("place"))?,
        parent_exception,
        deadline: from_column(row.deadline)?,
        consultation: row.consultation_id.map(ConsultationId),
        made_by: PersonId(row.made_by),
        noted: row.noted_at.map(from_column).transpose()?,
        created: from_column(row.created_at)?,
        updated: from_column(row.updated_at)?,
        version: row.version,
        options,
        holds,
        voters,
    })
}
