//! What a request says, and what of it is seen before somebody accepts it.

use chrono::{DateTime, NaiveDate, Utc};

use super::state::State;
use crate::{
    access::Role,
    ids::{CaseId, HulpvraagId, SchoolId},
    text::FreeText,
};

/// How soon it must be.
#[derive(
    Debug,
    Clone,
    Copy,
    PartialEq,
    Eq,
    Hash,
    PartialOrd,
    Ord,
    strum::Display,
    strum::EnumString,
    strum::EnumIter,
)]
#[strum(serialize_all = "SCREAMING_SNAKE_CASE")]
pub enum Urgency {
    /// Within the service terms.
    Normal,
    /// This week.
    Soon,
    /// Today or tomorrow.
    Crisis,
}

/// A school asks for a helper by function.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Hulpvraag {
    /// The request.
    pub id: HulpvraagId,
    /// The school that asks.
    pub school: SchoolId,
    /// The function asked for.
    pub role: Role,
    /// When it was asked.
    pub requested_at: DateTime<Utc>,
    /// By when the meeting is wanted.
    pub wanted_by: NaiveDate,
    /// How soon it must be.
    pub urgency: Urgency,
    /// The child's case, if there is one.
    pub case: Option<CaseId>,
    /// What is asked: about a child.
    pub question: FreeText,
    /// Where it is.
    pub state: State,
}

/// What a reader gets of a request.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Seen<'a> {
    /// Enough to plan by: time, school and function, nothing of the child.
    Envelope {
        /// The request.
        id: HulpvraagId,
        /// The school that asks.
        school: SchoolId,
        /// The function asked for.
        role: Role,
        /// When it was asked.
        requested_at: DateTime<Utc>,
        /// By when the meeting is wanted.
        wanted_by: NaiveDate,
        /// How soon it must be.
        urgency: Urgency,
    },
    /// All of it.
    Whole(&'a Hulpvraag),
}

impl Hulpvraag {
    /// What a coordinator of the team gets: the envelope until somebody of the team has
    /// accepted (Jeugdwet art. 7.3.11: who is not yet involved in the help is another).
    pub fn for_coordinator(&self) -> Seen<'_> {
        match self.state {
            State::Requested | State::Forwarded { .. } | State::Declined { .. } => Seen::Envelope {
                id: self.id,
                school: self.school,
                role: self.role,
                requested_at: self.requested_at,
                wanted_by: self.wanted_by,
                urgency: self.urgency,
            },
            State::Accepted { .. } | State::Planned { .. } | State::Done { .. } => Seen::Whole(self),
        }
    }
}

#[cfg(test)]
mod tests {
    use uuid::Uuid;

    use super::*;
    use crate::ids::PersonId;

    #[test]
    fn a_coordinator_sees_the_question_only_after_acceptance() {
        let mut asked = Hulpvraag {
            id: HulpvraagId(Uuid::from_u128(1)),
            school: SchoolId(Uuid::from_u128(2)),
            role: Role::Smw,
            requested_at: DateTime::UNIX_EPOCH,
            wanted_by: NaiveDate::MAX,
            urgency: Urgency::Soon,
            case: Some(CaseId(Uuid::from_u128(3))),
            question: "Kan iemand meedenken?".parse().unwrap(),
            state: State::Requested,
        };
        assert!(matches!(asked.for_coordinator(), Seen::Envelope { role: Role::Smw, .. }));
        asked.state = State::Accepted { by: PersonId(Uuid::from_u128(4)) };
        assert_eq!(asked.for_coordinator(), Seen::Whole(&asked));
    }
}
