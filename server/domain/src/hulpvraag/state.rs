//! The steps of a request, and the roles that take them.

use crate::{
    access::Role,
    ids::{ConsultationId, PersonId, TeamId},
    refusal::Refusal,
};

/// Why a team does not take a request.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, strum::Display, strum::EnumString, strum::EnumIter)]
#[strum(serialize_all = "SCREAMING_SNAKE_CASE")]
pub enum DeclineReason {
    /// Nobody has time before the wanted date.
    NoCapacity,
    /// The team does not do this.
    NotOurTask,
    /// Somebody already helps.
    AlreadyHelped,
    /// The school took it back.
    Withdrawn,
}

/// Where a request is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
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
    Declined {
        /// Why.
        reason: DeclineReason,
    },
    /// A meeting is booked.
    Planned {
        /// Who takes it.
        by: PersonId,
        /// The meeting.
        consultation: ConsultationId,
    },
    /// The meeting was held. Final.
    Done {
        /// The meeting.
        consultation: ConsultationId,
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
    Decline {
        /// Why.
        reason: DeclineReason,
    },
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

/// The state after a step; `HULPVRAAG_STATE` where the step does not start.
///
/// A request can be sent on until somebody accepts it. One that was accepted or planned
/// can still be declined: people fall ill and schools take requests back.
pub fn after(state: State, step: Step) -> Result<State, Refusal> {
    match (state, step) {
        (State::Requested | State::Forwarded { .. }, Step::Accept { by })
        | (State::Planned { by, .. }, Step::Unplan) => Ok(State::Accepted { by }),
        (State::Forwarded { to: from }, Step::Forward { to }) if from == to => Err(Refusal::HulpvraagState),
        (State::Requested | State::Forwarded { .. }, Step::Forward { to }) => Ok(State::Forwarded { to }),
        (
            State::Requested | State::Forwarded { .. } | State::Accepted { .. } | State::Planned { .. },
            Step::Decline { reason },
        ) => Ok(State::Declined { reason }),
        (State::Accepted { by }, Step::Plan { consultation }) => Ok(State::Planned { by, consultation }),
        (State::Planned { consultation, .. }, Step::Finish) => Ok(State::Done { consultation }),
        (State::Requested | State::Forwarded { .. }, Step::Plan { .. } | Step::Unplan | Step::Finish)
        | (
            State::Accepted { .. },
            Step::Accept { .. } | Step::Forward { .. } | Step::Unplan | Step::Finish,
        )
        | (State::Planned { .. }, Step::Accept { .. } | Step::Forward { .. } | Step::Plan { .. })
        | (
            State::Declined { .. } | State::Done { .. },
            Step::Accept { .. }
            | Step::Decline { .. }
            | Step::Forward { .. }
            | Step::Plan { .. }
            | Step::Unplan
            | Step::Finish,
        ) => Err(Refusal::HulpvraagState),
    }
}

const TEAM: [Role; 6] = [
    Role::WijkteamCoordinator,
    Role::Smw,
    Role::Gezinswerker,
    Role::Jeugdarts,
    Role::Jeugdverpleegkundige,
    Role::Indicatiesteller,
];
const SCHOOL: [Role; 3] = [Role::Iber, Role::Zorgcoordinator, Role::Directeur];

/// Whether a role takes a step, apart from whether the request is its team's or school's.
/// The team answers; the coordinator alone sends on; both sides plan and finish; the
/// school takes back, and nothing else does so in its name.
pub fn may(role: Role, step: Step) -> bool {
    let (team, school) = (TEAM.contains(&role), SCHOOL.contains(&role));
    match step {
        Step::Decline { reason: DeclineReason::Withdrawn } => school,
        Step::Accept { .. }
        | Step::Decline {
            reason: DeclineReason::NoCapacity | DeclineReason::NotOurTask | DeclineReason::AlreadyHelped,
        } => team,
        Step::Forward { .. } => role == Role::WijkteamCoordinator,
        Step::Plan { .. } | Step::Unplan | Step::Finish => team || school,
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
        assert_eq!(walk(&[accept, plan, Step::Finish]), Ok(State::Done { consultation: MEETING }));
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
    fn only_the_school_takes_a_request_back_and_only_the_coordinator_sends_it_on() {
        let back = Step::Decline { reason: DeclineReason::Withdrawn };
        assert_eq!([Role::Iber, Role::Smw].map(|role| may(role, back)), [true, false]);
        let on = Step::Forward { to: OTHER };
        assert_eq!([Role::WijkteamCoordinator, Role::Smw].map(|role| may(role, on)), [true, false]);
        assert!(!may(Role::Ouder, Step::Finish) && !may(Role::Beheerder, Step::Accept { by: BY }));
    }

    fn step() -> impl Strategy<Value = Step> {
        prop_oneof![
            Just(Step::Accept { by: BY }),
            Just(Step::Decline { reason: DeclineReason::NoCapacity }),
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
            let is_final = matches!(state, State::Declined { .. } | State::Done { .. });
            prop_assert!(!is_final || after(state, last).is_err());
        }
    }
}
