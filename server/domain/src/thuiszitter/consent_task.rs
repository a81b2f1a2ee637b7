//! Birthdays that change who consents, with a task in time before each.

use chrono::NaiveDate;

use super::{deadline::DeadlineState, profile::Profile};
use crate::{
    access::consent::{Consent, Family},
    dutch::{
        SchoolCalendar,
        consent_age::{ConsentHolder, holder_on, next_change},
    },
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
    /// How it stands: `MET` while a consent stands that was given since `task_on` and signed by
    /// whoever must from the birthday on, `DUE_SOON` from `task_on`, `OVERDUE` from the birthday.
    pub state: DeadlineState,
}

/// The tasks of a case about `family` that was opened on `opened`, oldest first. `given` is all that
/// was agreed to. None without a notice in the profile, or while nobody knows when the child was born.
#[must_use]
pub fn consent_tasks(
    profile: &Profile,
    (family, opened): (&Family, NaiveDate),
    given: &[Consent],
    school: &SchoolCalendar,
    today: NaiveDate,
) -> Vec<ConsentTask> {
    let (Some(notice), Some(birth)) = (profile.consent_notice, family.birth) else { return Vec::new() };
    let mut tasks = Vec::new();
    let mut from = opened;
    while let Some(birthday) = next_change(birth, from) {
        let start = notice.clock.back(birthday, notice.length, school).value.unwrap_or(from);
        // A case that is opened shortly before a birthday has the task at once.
        let task_on = start.max(opened);
        let next = next_change(birth, birthday);
        let renewed = |consent: &Consent| {
            let anew = (task_on..=today).contains(&consent.given);
            anew && next.is_none_or(|next| consent.given < next)
                && consent.holds_on(family, asked_for(birthday, next, today))
        };
        let state = match (given.iter().any(renewed), today) {
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

/// The day on which a consent must hold to be the one that a birthday asks for: the birthday itself until
/// it comes, and from then on today, as long as the same persons sign. What the parents sign alone before
/// the twelfth birthday holds today, and not on that day.
fn asked_for(birthday: NaiveDate, next: Option<NaiveDate>, today: NaiveDate) -> NaiveDate {
    let last = next.and_then(|next| next.pred_opt()).unwrap_or(NaiveDate::MAX);
    today.clamp(birthday, last)
}

#[cfg(test)]
#[path = "consent_task_tests.rs"]
mod tests;
