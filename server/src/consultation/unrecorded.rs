//! Meetings that are over and of which nothing was recorded.

use std::collections::HashSet;

use chrono::{NaiveDate, TimeDelta};
use schakel_domain::{
    consultation::State,
    ids::{ConsultationId, PersonId},
};
use sea_orm::{ColumnTrait, Condition};

use super::{meeting::Meeting, reach, store};
use crate::{
    entity::consultation::Column,
    error::Result,
    store::{Read, instant::to_column},
};

/// Nobody knows any more what came of what was longer ago.
const REMEMBERED: TimeDelta = TimeDelta::days(365);
/// More than anybody leaves unrecorded.
const MOST: u64 = 5_000;

/// One of them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Unrecorded {
    /// Which.
    pub consultation: ConsultationId,
    /// As people call it.
    pub reference: String,
    /// The day on which it was.
    pub day: NaiveDate,
}

/// Those of which `person` is to say what came of them, by the grant to record that: what they booked, and
/// where they sit while who booked it does not; of the past year. Not those about a case that is closed or put aside,
/// nor the whole while parts of it wait. A constant number of statements.
///
/// # Errors
/// When the database fails.
pub async fn unrecorded(read: &Read, person: PersonId) -> Result<Vec<Unrecorded>> {
    let theirs = Condition::any()
        .add(Column::BookedBy.eq(person.0))
        .add(Column::Id.in_subquery(store::at_whose_table(read.region(), person)));
    let over = store::reached(read)
        .add(theirs)
        .add(Column::State.eq(State::Planned.to_string()))
        .add(Column::EndsAt.lte(to_column(read.now())))
        .add(Column::EndsAt.gte(to_column(read.now() - REMEMBERED)));
    let mut found = store::list(read, over, None, MOST).await?;
    found.retain(|one| one.booked_by == person || one.seat(one.booked_by).is_none());
    let meetings: Vec<Meeting> =
        reach::reached(read, found).await?.into_iter().map(|(meeting, _)| meeting).collect();
    let meetings = worked_on(read, meetings).await?;
    let wholes: Vec<ConsultationId> =
        meetings.iter().filter(|meeting| meeting.may_have_parts()).map(|meeting| meeting.id).collect();
    let parts = store::parts_of(read, &wholes).await?;
    let waiting = worked_on(read, parts).await?.into_iter().filter(|part| part.state == State::Planned);
    let waiting: HashSet<ConsultationId> = waiting.filter_map(|part| part.within).collect();
    let one = |meeting: &Meeting| Unrecorded {
        consultation: meeting.id,
        reference: meeting.reference.clone(),
        day: meeting.day(),
    };
    Ok(meetings.iter().filter(|meeting| !waiting.contains(&meeting.id)).map(one).collect())
}

/// Those of `meetings` about no case, or about one that is open and not put aside.
async fn worked_on(read: &Read, mut meetings: Vec<Meeting>) -> Result<Vec<Meeting>> {
    let around = reach::around(read, &meetings).await?;
    let open: HashSet<_> = (around.iter())
        .filter(|around| around.open && around.hold.is_none())
        .map(|around| around.case)
        .collect();
    meetings.retain(|meeting| meeting.case.is_none_or(|case| open.contains(&case.0)));
    Ok(meetings)
}
