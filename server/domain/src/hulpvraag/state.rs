//! The steps of a request, and the roles that take them.

use crate::{
    access::Role,
    ids::{ConsultationId, PersonId, TeamId},
    refusal::Refusal,
};

/// The roles that a school can ask for, of a wijkteam or of the JGZ.
pub const ASKED: [Role; 5] =
    [Role::Smw, Role::Gezinswerker, Role::Jeugdarts, Role::Jeugdverpleegkundige, Role::Indicatiesteller];

/// Where a request is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, strum::IntoStaticStr)]
#[strum(serialize_all = "SCREAMING_SNAKE_CASE")]
pub enum State {
    /// With the responsible team.
    Requested,
    /// Sent on to another team, which now answers.
    Forwarded {
        /// That team.
        to: TeamId,
    },
    /// Somebody takes it.
    Accepted {
        /// Who.
        by: PersonId,
    },
    /// Nobody does. Final.
    Declined,
    /// A meeting is booked.
    Planned {
        /// Who takes it.
        by: PersonId,
        /// The meeting.
        consultation: ConsultationId,
    },
    /// It has been answered. Final.
    Done {
        /// Who took it.
        by: PersonId,
        /// The meeting, when there was one.
        consultation: Option<ConsultationId>,
    },
}

/// What is done with a request.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Step {
    /// Somebody of the team takes it.
    Accept {
        /// Who.
        by: PersonId,
    },
    /// It is not taken.
    Decline,
    /// It is sent on.
    Forward {
        /// To which team.
        to: TeamId,
    },
    /// A meeting is booked.
    Plan {
        /// The meeting.
        consultation: ConsultationId,
    },
    /// The meeting is cancelled; another must be booked.
    Unplan,
    /// The meeting was held.
    Finish,
}

/// The request after a step.
///
/// # Errors
/// `HULPVRAAG_STATE` when the step does not begin where the request is.
pub fn after(state: State, step: Step) -> Result<State, Refusal> {
    match (state, step) {
        (State::Requested | State::Forwarded { .. }, Step::Accept { by })
        | (State::Planned { by, .. }, Step::Unplan) => Ok(State::Accepted { by }),
        (State::Forwarded { to: from }, Step::Forward { to }) if from == to => Err(Refusal::HulpvraagState),
        (State::Requested | State::Forwarded { .. }, Step::Forward { to }) => Ok(State::Forwarded { to }),
        (State::Requested | State::Forwarded { .. }, Step::Decline) => Ok(State::Declined),
        (State::Accepted { by }, Step::Plan { consultation }) => Ok(State::Planned { by, consultation }),
        (State::Accepted { by }, Step::Finish) => Ok(State::Done { by, consultation: None }),
        (State::Planned { by, consultation }, Step::Finish) => {
            Ok(State::Done { by, consultation: Some(consultation) })
        }
        (State::Requested | State::Forwarded { .. }, Step::Plan { .. } | Step::Unplan | Step::Finish)
        | (
            State::Accepted { .. },
            Step::Accept { .. } | Step::Decline | Step::Forward { .. } | Step::Unplan,
        )
        | (
            State::Planned { .. },
            Step::Accept { .. } | Step::Decline | Step::Forward { .. } | Step::Plan { .. },
        )
        | (
            State::Declined | State::Done { .. },
            Step::Accept { .. }
            | Step::Decline
            | Step::Forward { .. }
            | Step::Plan { .. }
            | Step::Unplan
            | Step::Finish,
        ) => Err(Refusal::HulpvraagState),
    }
}

impl State {
    /// Whether the team may see the question and the case: a coordinator plans by time, school
    /// and role until somebody takes it (Jeugdwet art. 7.3.11: no more than is needed).
    pub fn shows_question(self) -> bool {
        match self {
            Self::Requested | Self::Forwarded { .. } | Self::Declined => false,
            Self::Accepted { .. } | Self::Planned { .. } | Self::Done { .. } => true,
        }
    }

    /// Who takes it.
    pub fn person(self) -> Option<PersonId> {
        match self {
            Self::Accepted { by } | Self::Planned { by, .. } | Self::Done { by, .. } => Some(by),
            Self::Requested | Self::Forwarded { .. } | Self::Declined => None,
        }
    }

    /// The meeting that answers it.
    pub fn consultation(self) -> Option<ConsultationId> {
        match self {
            Self::Planned { consultation, .. } => Some(consultation),
            Self::Done { consultation, .. } => consultation,
            Self::Requested | Self::Forwarded { .. } | Self::Accepted { .. } | Self::Declined => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use uuid::Uuid;

    use super::*;

    const BY: PersonId = PersonId(Uuid::from_u128(1));
    const OTHER: TeamId = TeamId(Uuid::from_u128(2));
    const MEETING: ConsultationId = ConsultationId(Uuid::from_u128(3));

    fn walk(steps: &[Step]) -> Result<State, Refusal> {
        steps.iter().try_fold(State::Requested, |state, step| after(state, *step))
    }

    #[test]
    fn a_request_is_accepted_planned_and_done() {
        let accept = Step::Accept { by: BY };
        let plan = Step::Plan { consultation: MEETING };
        assert_eq!(
            walk(&[accept, plan, Step::Finish]),
            Ok(State::Done { by: BY, consultation: Some(MEETING) })
        );
        assert_eq!(walk(&[accept, plan, Step::Unplan]), Ok(State::Accepted { by: BY }));
        assert_eq!(walk(&[Step::Forward { to: OTHER }, accept]), Ok(State::Accepted { by: BY }));
    }

    #[test]
    fn what_is_not_accepted_is_not_planned_and_what_is_accepted_is_not_sent_on() {
        assert_eq!(walk(&[Step::Plan { consultation: MEETING }]), Err(Refusal::HulpvraagState));
        let on = Step::Forward { to: OTHER };
        assert_eq!(walk(&[Step::Accept { by: BY }, on]), Err(Refusal::HulpvraagState));
        assert_eq!(walk(&[on, on]), Err(Refusal::HulpvraagState), "not to where it is");
    }

    #[test]
    fn the_question_is_shown_once_somebody_takes_it() {
        let shown = |steps: &[Step]| walk(steps).unwrap().shows_question();
        assert!(!shown(&[]) && !shown(&[Step::Forward { to: OTHER }]) && !shown(&[Step::Decline]));
        assert!(shown(&[Step::Accept { by: BY }]) && shown(&[Step::Accept { by: BY }, Step::Finish]));
    }

    fn step() -> impl Strategy<Value = Step> {
        prop_oneof![
            Just(Step::Accept { by: BY }),
            Just(Step::Decline),
            Just(Step::Forward { to: OTHER }),
            Just(Step::Plan { consultation: MEETING }),
            Just(Step::Unplan),
            Just(Step::Finish),
        ]
    }

    proptest! {
        #[test]
        fn nothing_leaves_a_final_state(steps in prop::collection::vec(step(), 0..12), last in step()) {
            let state = steps.iter().fold(State::Requested, |state, step| after(state, *step).unwrap_or(state));
            let is_final = matches!(state, State::Declined | State::Done { .. });
            prop_assert!(!is_final || after(state, last).is_err());
        }
    }
}
