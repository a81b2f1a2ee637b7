//! How a meeting stands to its caller: through its case, its school, or a seat at its table.

use schakel_domain::{
    access::Classes,
    ids::{ConsultationId, PersonId},
    refusal::Refusal,
};
use uuid::Uuid;

use super::{meeting::Meeting, store};
use crate::{
    access::{
        Reached,
        circle::{self, Circle},
    },
    error::{Error, Result},
    store::{Read, Tx},
};

/// What the case of a meeting says about who reaches it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Around {
    /// Which case.
    pub case: Uuid,
    /// The child's school.
    pub school: Option<Uuid>,
    /// Where the child lives.
    pub gemeente: String,
    /// Whether the case is open.
    pub open: bool,
}

impl From<&Circle> for Around {
    fn from(circle: &Circle) -> Self {
        Self {
            case: circle.case.0,
            school: circle.school.map(|school| school.0),
            gemeente: circle.gemeente.clone(),
            open: circle.open,
        }
    }
}

/// Whether `meeting` stands to `actor` as `reached` says. A meeting about a case is reached
/// through the case alone: another school that lends a room learns nothing. One about no case
/// is reached through its school, and by whoever booked it.
pub fn holds(meeting: &Meeting, around: Option<&Around>, actor: Option<Uuid>, reached: &Reached) -> bool {
    let around = around.filter(|around| meeting.case.is_some_and(|case| case.0 == around.case));
    let own = meeting.case.is_none() && actor == Some(meeting.booked_by.0);
    match reached {
        Reached::Region => true,
        Reached::School(school) => {
            let at = if meeting.case.is_some() {
                around.and_then(|around| around.school)
            } else {
                meeting.school.map(|school| school.0)
            };
            own || at == Some(*school)
        }
        Reached::Residence(gemeente) => own || around.is_some_and(|around| around.gemeente == *gemeente),
        Reached::Invited(person) => meeting.seat(PersonId(*person)).is_some(),
        Reached::Team(_) | Reached::Own(_) => false,
    }
}

/// What the grant shows of `meeting`.
///
/// # Errors
/// Not allowed, or `CONSULTATION_NOT_FOUND` when the caller may not even read it.
pub fn classes(read: &Read, meeting: &Meeting, around: Option<&Around>) -> Result<Classes> {
    let grant = read.grant();
    grant.to("CONSULTATION", |reached| holds(meeting, around, grant.actor(), reached))
}

/// The cases of several meetings, in one statement.
pub async fn around(read: &Read, meetings: &[Meeting]) -> Result<Vec<Around>> {
    let cases: Vec<Uuid> = meetings.iter().filter_map(|meeting| meeting.case).map(|case| case.0).collect();
    if cases.is_empty() {
        return Ok(Vec::new());
    }
    let rows = circle::of_cases(read, &cases).await?.into_iter();
    Ok(rows
        .map(|row| Around {
            case: row.case_id,
            school: row.school_id,
            gemeente: row.gemeente_code,
            open: row.open,
        })
        .collect())
}

/// Those of `meetings` that the grant reaches, each with what it shows.
pub async fn reached(read: &Read, meetings: Vec<Meeting>) -> Result<Vec<(Meeting, Classes)>> {
    let around = around(read, &meetings).await?;
    let of = |meeting: &Meeting| {
        around.iter().find(|around| meeting.case.is_some_and(|case| case.0 == around.case))
    };
    let seen = meetings.into_iter().filter_map(|meeting| {
        let classes = classes(read, &meeting, of(&meeting)).ok()?;
        Some((meeting, classes))
    });
    Ok(seen.collect())
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
pub(super) struct Loaded {
    /// As it stands.
    pub meeting: Meeting,
    /// The circle of its case.
    pub circle: Option<Circle>,
}

impl Loaded {
    /// Refuses another version than the caller read.
    pub(super) fn is(self, etag: i32) -> Result<Self> {
        if self.meeting.version == etag { Ok(self) } else { Err(Error::Stale) }
    }

    /// Refuses a closed case.
    pub(super) fn in_open_case(self) -> Result<Self> {
        match &self.circle {
            Some(circle) if !circle.open => Err(Refusal::CaseClosed.into()),
            Some(_) | None => Ok(self),
        }
    }
}

/// Loads what the grant lets the caller change.
pub(super) async fn load(tx: &Tx, id: ConsultationId) -> Result<Loaded> {
    let meeting = store::get_to_change(tx, id).await?;
    let circle = match meeting.case {
        Some(case) => circle::find(tx, case).await?,
        None => None,
    };
    let around = circle.as_ref().map(Around::from);
    classes(tx, &meeting, around.as_ref())?;
    Ok(Loaded { meeting, circle })
}
