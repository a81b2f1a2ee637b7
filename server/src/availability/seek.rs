//! Times for a table that is to be booked by the program itself: found as `FindSlots` finds them.

use chrono::{DateTime, Utc};
use schakel_domain::{
    access::Role,
    availability::{self as search, CalendarId, USUAL_WEIGHT},
    consultation::Place,
    ids::{CaseId, PersonId, SchoolId},
    time::Period,
};

use super::{
    find,
    question::{Question, Seat, Who},
    table,
};
use crate::{
    error::{Error, Result},
    store::Tx,
};

/// What is wanted.
#[derive(Debug, Clone)]
pub struct Wanted {
    /// The school at which, or for which, it is.
    pub school: Option<SchoolId>,
    /// The case that it is about.
    pub case: Option<CaseId>,
    /// Where people come together.
    pub place: Place,
    /// Who has to come, and who may stay away.
    pub seats: Vec<(Who, bool)>,
    /// How long, a multiple of 5.
    pub minutes: u16,
    /// When at all.
    pub window: Period,
}

/// A time, and who would take each seat; none only for an optional one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Time {
    /// When it starts.
    pub start: DateTime<Utc>,
    /// Per seat.
    pub chosen: Vec<Option<(PersonId, Role)>>,
}

/// The best time at which everybody can and wants; none when there is none, or nobody has a
/// role that is asked for. A constant number of statements; the wishes of parents that are opened
/// for it are in the log.
pub async fn seek(tx: &Tx, wanted: &Wanted) -> Result<Option<Time>> {
    let seat =
        |(who, optional): &(Who, bool)| Seat { who: who.clone(), optional: *optional, weight: USUAL_WEIGHT };
    let question = Question {
        school: wanted.school,
        case: wanted.case,
        seats: wanted.seats.iter().map(seat).collect(),
        minutes: wanted.minutes,
        window: wanted.window,
        limit: 1,
        place: Some(wanted.place),
        quorum: None,
        excluded: Vec::new(),
        // Who books for itself counts the notice in its window.
        notice_of: None,
    };
    let table = match table::lay(tx, &question).await {
        Ok(table) => table,
        // People and teams leave: there is nobody to wait for.
        Err(Error::Refused(..) | Error::Invalid(_) | Error::NotFound(_)) => return Ok(None),
        Err(error) => return Err(error),
    };
    let closed = find::closed_days(tx, &question, &table).await?;
    let (plan, lines) = find::plan(tx, &question, &table, &closed).await?;
    tx.audit_all(&lines).await?;
    let found = search::find(&plan).map_err(Error::Invalid)?;
    let role = |seat: usize, who: CalendarId| {
        let mut candidates = plan.seats[seat].candidates.iter();
        candidates.find(|one| plan.people[one.person].id == who).and_then(|one| one.role)
    };
    Ok(found.slots.into_iter().next().map(|slot| {
        let chosen = slot.chosen.iter().enumerate();
        let chosen = chosen.map(|(seat, who)| who.and_then(|who| Some((PersonId(who.0), role(seat, who)?))));
        Time { start: slot.start, chosen: chosen.collect() }
    }))
}
