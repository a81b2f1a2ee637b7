//! Birthdays that change who consents, with a task in time before each.

use chrono::NaiveDate;

use super::{deadline::DeadlineState, profile::Profile};
use crate::dutch::{
    SchoolCalendar,
    consent_age::{ConsentHolder, holder_on, next_change},
};

/// Consent that must be asked anew because the child grows up.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ConsentTask {
    /// The birthday on which the answer changes.
    pub birthday: NaiveDate,
    /// Who consents up to the day before.
    pub before: ConsentHolder,
    /// Who consents from then on.
    pub after: ConsentHolder,
    /// The day on which somebody is to start asking.
    pub task_on: NaiveDate,
    /// How it stands: `MET` once consent was renewed since `task_on`, `DUE_SOON` from then
    /// on, `OVERDUE` from the birthday.
    pub state: DeadlineState,
}

/// The tasks of a case that was opened on `opened`, oldest first. `renewed` are the days on
/// which consent was given. None without a notice in the profile.
#[must_use]
pub fn consent_tasks(
    profile: &Profile,
    (birth, opened): (NaiveDate, NaiveDate),
    renewed: &[NaiveDate],
    school: &SchoolCalendar,
    today: NaiveDate,
) -> Vec<ConsentTask> {
    let Some(notice) = profile.consent_notice else { return Vec::new() };
    let mut tasks = Vec::new();
    let mut from = opened;
    while let Some(birthday) = next_change(birth, from) {
        let start = notice.clock.back(birthday, notice.length, school).value.unwrap_or(from);
        // A case that is opened shortly before a birthday has the task at once.
        let task_on = start.max(opened);
        let next = next_change(birth, birthday);
        let given =
            renewed.iter().any(|on| (task_on..=today).contains(on) && next.is_none_or(|next| *on < next));
        let state = match (given, today) {
            (true, _) => DeadlineState::Met,
            (false, today) if today >= birthday => DeadlineState::Overdue,
            (false, today) if today >= task_on => DeadlineState::DueSoon,
            (false, _) => DeadlineState::Running,
        };
        let day_before = birthday.pred_opt().unwrap_or(birthday);
        let (before, after) = (holder_on(birth, day_before), holder_on(birth, birthday));
        tasks.push(ConsentTask { birthday, before, after, task_on, state });
        from = birthday;
    }
    tasks
}

#[cfg(test)]
#[path = "consent_task_tests.rs"]
mod tests;
