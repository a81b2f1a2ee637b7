//! How a meeting stands to its caller: through its case, its school, or a seat at its table.

use chrono::{DateTime, Utc};
use schakel_domain::{
    access::{Classes, Standing},
    consultation::{Kind, State},
    ids::{ConsultationId, PersonId},
};
use sea_orm::ColumnTrait;
use uuid::Uuid;

use super::{meeting::Meeting, store};
use crate::{
    access::{
        Reached,
        circle::{self, Circle},
        consent,
    },
    entity::consultation::Column,
    error::{Error, Result},
    store::{Read, Tx, instant::to_column},
};

/// Whether `meeting` stands to `actor` as `reached` says. A meeting about a case is reached
/// through the case alone: another school that lends a room learns nothing. One about no case
/// is reached through its school, and by whoever booked it.
pub fn holds(meeting: &Meeting, around: Option<&Standing>, actor: Option<Uuid>, reached: &Reached) -> bool {
    let seated = |person: Uuid| meeting.seat(PersonId(person)).is_some();
    if let Some(case) = meeting.case {
        let around = around.filter(|around| around.case == case.0);
        return around.is_some_and(|around| around.holds(reached, seated));
    }
    let own = actor == Some(meeting.booked_by.0);
    match reached {
        Reached::Region => true,
        Reached::School(school) => own || meeting.school.is_some_and(|at| at.0 == *school),
        Reached::Residence(_) => own,
        Reached::Invited(person) => seated(*person),
        Reached::SchoolEscalated(_)
        | Reached::Escalated(_)
        | Reached::Team(_)
        | Reached::Own(_)
        | Reached::Case(_)
        | Reached::Held => false,
    }
}

/// What the grant shows of `meeting`.
///
/// # Errors
/// Not allowed, or `CONSULTATION_NOT_FOUND` when the caller may not even read it.
pub fn classes(read: &Read, meeting: &Meeting, around: Option<&Standing>) -> Result<Classes> {
    let grant = read.grant();
    grant.to("CONSULTATION", |reached| holds(meeting, around, grant.actor(), reached))
}

/// How the cases of several meetings stand, in one statement.
pub async fn around(read: &Read, meetings: &[Meeting]) -> Result<Vec<Standing>> {
    let cases: Vec<Uuid> = meetings.iter().filter_map(|meeting| meeting.case).map(|case| case.0).collect();
    circle::standings(read, &cases).await
}

/// Those of `meetings` that the grant reaches, each with what it shows, also by consent.
pub async fn reached(read: &Read, meetings: Vec<Meeting>) -> Result<Vec<(Meeting, Classes)>> {
    let around = around(read, &meetings).await?;
    let of = |meeting: &Meeting| {
        around.iter().find(|around| meeting.case.is_some_and(|case| case.0 == around.case))
    };
    let grant = read.grant();
    let mut seen = Vec::with_capacity(meetings.len());
    let mut ways = Vec::new();
    for meeting in meetings {
        let around = of(&meeting);
        let Ok(classes) = classes(read, &meeting, around) else { continue };
        if let Some(case) = meeting.case {
            let by = grant.by_consent(|reached| holds(&meeting, around, grant.actor(), reached));
            ways.push((case.0, by));
        }
        seen.push((meeting, classes));
    }
    let opened = consent::opened(read, &ways).await?;
    for (meeting, classes) in &mut seen {
        let opened = meeting.case.and_then(|case| opened.get(&case.0));
        *classes = classes.or(opened.copied().unwrap_or_default());
    }
    Ok(seen)
}

/// More meetings of one kind than a region has in a year.
const MOST: u64 = 10_000;

/// The meetings of a kind about one child that start within these bounds and that the grant reaches, by
/// start, each with what it shows; those that were called off left out.
pub async fn reached_of_kind(
    read: &Read,
    kind: Kind,
    (from, until): (DateTime<Utc>, DateTime<Utc>),
) -> Result<Vec<(Meeting, Classes)>> {
    let condition = store::reached(read)
        .add(Column::Kind.eq(kind.to_string()))
        .add(Column::CaseId.is_not_null())
        .add(Column::State.ne(State::Cancelled.to_string()))
        .add(Column::StartsAt.gte(to_column(from)))
        .add(Column::StartsAt.lt(to_column(until)));
    let meetings = store::list(read, condition, None, MOST).await?;
    reached(read, meetings).await
}

/// A meeting to be changed, as the caller read it.
#[derive(Debug, Clone, Copy)]
pub struct Known {
    /// Which.
    pub id: ConsultationId,
    /// The version that was read.
    pub etag: i32,
}

/// A meeting that the caller may change, with the circle of its case.
pub struct Loaded {
    /// As it stands.
    pub meeting: Meeting,
    /// The circle of its case.
    pub circle: Option<Circle>,
    /// Its parts, cancelled ones too.
    pub parts: Vec<Meeting>,
}

impl Loaded {
    /// Refuses another version than the caller read.
    pub(super) fn is(self, etag: i32) -> Result<Self> {
        if self.meeting.version == etag { Ok(self) } else { Err(Error::Stale) }
    }
}

/// Loads what the grant lets the caller change.
///
/// # Errors
/// `CONSULTATION_NOT_FOUND`, not allowed, `CASE_CLOSED`, `CASE_RESTRICTED`.
pub async fn load(tx: &Tx, id: ConsultationId) -> Result<Loaded> {
    let meeting = store::get_to_change(tx, id).await?;
    let circle = match meeting.case {
        Some(case) => circle::find(tx, case).await?,
        None => None,
    };
    let around = circle.as_ref().map(Circle::standing);
    classes(tx, &meeting, around.as_ref())?;
    if let Some(around) = around {
        tx.grant().allows(around.state())?;
    }
    let parts = if meeting.may_have_parts() { store::parts_of(tx, &[id]).await? } else { Vec::new() };
    Ok(Loaded { meeting, circle, parts })
}
