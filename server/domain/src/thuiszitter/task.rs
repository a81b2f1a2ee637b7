//! What waits for whom: deadlines, plan actions, consents, and the alarms of a case that stands still.

use chrono::{Days, NaiveDate};

use super::{
    consent_task::ConsentTask,
    deadline::{Deadline, DeadlineState},
    moment::Moment,
    outcome::FollowUp,
    profile::Norm,
};
use crate::access::Role;

/// What is wrong with a case that nobody works on.
#[derive(
    Debug,
    Clone,
    Copy,
    PartialEq,
    Eq,
    PartialOrd,
    Ord,
    Hash,
    strum::Display,
    strum::EnumIter,
    strum::IntoStaticStr,
)]
#[strum(serialize_all = "SCREAMING_SNAKE_CASE")]
pub enum Alarm {
    /// Nobody keeps it together.
    NoRegisseur,
    /// Nothing is planned.
    NoNextAction,
    /// What was planned should have been.
    NextActionPassed,
}

/// How a case is minded.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Minded {
    /// Whether anybody is to work on it: it is open, and not put aside (AVG art. 18).
    pub worked_on: bool,
    /// Whether somebody keeps it together.
    pub kept: bool,
    /// When something happens next.
    pub next_action: Option<NaiveDate>,
}

impl Minded {
    /// The alarms of the case today: none exactly when it is kept and something is to come, or
    /// nobody is to work on it.
    #[must_use]
    pub fn alarms(self, today: NaiveDate) -> Vec<Alarm> {
        if !self.worked_on {
            return Vec::new();
        }
        let regisseur = (!self.kept).then_some(Alarm::NoRegisseur);
        let next = match self.next_action {
            None => Some(Alarm::NoNextAction),
            Some(day) if day < today => Some(Alarm::NextActionPassed),
            Some(_) => None,
        };
        regisseur.into_iter().chain(next).collect()
    }
}

/// Whether somebody with `roles` hears the alarms of a case that it reaches: who keeps the register,
/// who guides, and the case's regisseur.
#[must_use]
pub fn hears_alarms(roles: &[Role], is_regisseur: bool) -> bool {
    is_regisseur
        || roles.iter().any(|role| matches!(role, Role::Thuiszitterscoordinator | Role::Trajectbegeleider))
}

/// Whether somebody with `roles` has to act on what a norm asks.
#[must_use]
pub fn acts_on(norm: &Norm, roles: &[Role]) -> bool {
    norm.roles.iter().any(|role| roles.contains(role))
}

/// Within how long after its end a case is handed over to who goes on with the child. No law says so: it is
/// as long as a request for help waits when nobody says by when.
const HAND_OVER: Days = Days::new(14);

/// By which day a case that is closed on `day` is to be handed over; none when its end asks for that of nobody.
#[must_use]
pub fn hand_over_by(follow_up: FollowUp, day: NaiveDate) -> Option<NaiveDate> {
    if follow_up.hands_over() { day.checked_add_days(HAND_OVER) } else { None }
}

/// Whether what happened on `day` hands a child over that was away since `first_day`: what was before, was to
/// somebody else.
#[must_use]
pub fn is_hand_over(moment: Moment, day: NaiveDate, first_day: NaiveDate) -> bool {
    matches!(moment, Moment::WarmlyHandedOver) && day >= first_day
}

/// Whether somebody with `roles` has to see to it that a case is handed over: its regisseur, and where it is
/// not kept by one who can, whoever knows every case of the gemeente or the region.
#[must_use]
pub fn hands_over(roles: &[Role], is_regisseur: bool, is_kept: bool) -> bool {
    let knows = |role: &Role| matches!(role, Role::Leerplichtambtenaar | Role::Thuiszitterscoordinator);
    is_regisseur || (!is_kept && roles.iter().any(knows))
}

/// Whether a deadline still waits for somebody, near or not: its time runs towards a last day.
#[must_use]
pub fn still_waits(deadline: &Deadline<'_>) -> bool {
    let ahead = deadline.state == DeadlineState::Running && !deadline.norm.earliest;
    is_pressing(deadline.state) || (ahead && deadline.due_on.is_some())
}

/// The consents to be asked for now: those of the birthdays that are near, and of the last one if
/// nobody did since.
#[must_use]
pub fn consents_to_ask(tasks: &[ConsentTask], today: NaiveDate) -> Vec<ConsentTask> {
    let past = tasks.iter().take_while(|task| task.birthday <= today).count();
    let current = tasks.iter().skip(past.saturating_sub(1));
    current.filter(|task| is_pressing(task.state)).copied().collect()
}

/// How something stands that is to be done by `due`: it is soon from so many days before.
#[must_use]
pub fn due_state(due: NaiveDate, today: NaiveDate, soon: u16) -> DeadlineState {
    if today > due {
        DeadlineState::Overdue
    } else if (due - today).num_days() <= i64::from(soon) {
        DeadlineState::DueSoon
    } else {
        DeadlineState::Running
    }
}

/// Whether it is time to do something: it is near, or has passed.
#[must_use]
pub fn is_pressing(state: DeadlineState) -> bool {
    match state {
        DeadlineState::DueSoon | DeadlineState::Overdue => true,
        DeadlineState::Running | DeadlineState::Met | DeadlineState::Suspended => false,
    }
}

#[cfg(test)]
#[path = "task_tests.rs"]
mod tests;
