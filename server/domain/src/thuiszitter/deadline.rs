//! The deadlines of a case or an organisation, computed from a profile and the facts as
//! they stand on a day.

use std::collections::BTreeSet;

use chrono::NaiveDate;

use super::{
    count,
    course::Course,
    facts::Facts,
    moment::{Moment, Moments},
    profile::{EscalationLevel, Norm, Profile, Rule, Subject},
    reason::Reason,
    stage::Stage,
};
use crate::dutch::{SchoolCalendar, Warning};

/// How a deadline stands.
#[derive(
    Debug,
    Clone,
    Copy,
    PartialEq,
    Eq,
    Hash,
    strum::Display,
    strum::EnumString,
    strum::EnumIter,
    strum::IntoStaticStr,
)]
#[strum(serialize_all = "SCREAMING_SNAKE_CASE")]
pub enum DeadlineState {
    /// Time is left, or the due date is not known.
    Running,
    /// Few days are left, or it is today.
    DueSoon,
    /// The last day has passed.
    Overdue,
    /// Done; late if `met_on` is after `due_on`.
    Met,
    /// The clock stands still; the due date moves along with today.
    Suspended,
}

/// One norm applied to one case. Store it with its reason; compute it anew when facts,
/// calendar or profile change.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Deadline<'p> {
    /// Its id, names, basis, rule and the roles that act.
    pub norm: &'p Norm,
    /// The profile it was computed with.
    pub profile_version: &'p str,
    /// The day it is counted from; a planned day that lies ahead where the rule counts back.
    pub started_on: NaiveDate,
    /// The first day on which it can be met, where the norm gives one.
    pub opens_on: Option<NaiveDate>,
    /// The last day on which it can be met, or the first for a norm that says how early;
    /// none while the school holidays that it counts past are not known.
    pub due_on: Option<NaiveDate>,
    /// When it was met.
    pub met_on: Option<NaiveDate>,
    /// How it stands.
    pub state: DeadlineState,
    /// Why the date is what it is.
    pub reason: Reason,
}

impl Deadline<'_> {
    /// How many calendar days after its last day it was met; none of what was met in time or is not met.
    /// What says how early something may be is never met late.
    #[must_use]
    pub fn met_late_by(&self) -> Option<u32> {
        let (due, met) = self.due_on.zip(self.met_on)?;
        let days = u32::try_from((met - due).num_days()).ok()?;
        (days > 0 && !self.norm.earliest).then_some(days)
    }
}

/// Every deadline of a case that runs or was met, by due date and then id, those without a
/// due date last; and the school years whose holidays are missing for it. In a closed case
/// only what was met remains: what else is told of one, `Known::deadlines` knows.
#[must_use]
pub fn deadlines<'p>(
    profile: &'p Profile,
    facts: &Facts,
    stage: Stage,
    today: NaiveDate,
) -> (Vec<Deadline<'p>>, Vec<Warning>) {
    let course = facts.course(profile, today);
    let (mut found, mut warnings) = every(profile, Subject::Case, &course.value, today);
    found.retain(|deadline| {
        let matters = deadline.norm.until_stage.is_none_or(|last| stage <= last);
        deadline.met_on.is_some() || (stage != Stage::Gesloten && matters)
    });
    // The hours themselves can be in doubt before any deadline starts from them.
    warnings.extend(course.warnings);
    (found, warnings.into_iter().collect())
}

/// Every deadline of a samenwerkingsverband or gemeente, in the same order.
#[must_use]
pub fn duties<'p>(
    profile: &'p Profile,
    about: Subject,
    course: &Course<'_>,
    today: NaiveDate,
) -> Vec<Deadline<'p>> {
    every(profile, about, course, today).0
}

/// Every deadline about `about` on a course, whatever the stage.
pub(super) fn every<'p>(
    profile: &'p Profile,
    about: Subject,
    course: &Course<'_>,
    today: NaiveDate,
) -> (Vec<Deadline<'p>>, BTreeSet<Warning>) {
    let mut warnings = BTreeSet::new();
    let mut found = Vec::new();
    for norm in profile.norms.iter().filter(|norm| norm.about == about) {
        let Some(counted) = count::deadline(profile, norm, course, today) else { continue };
        if counted.value.due_on.is_none() {
            warnings.extend(counted.warnings);
        }
        found.push(counted.value);
    }
    in_order(&mut found);
    (found, warnings)
}

/// By due date and then id, those without a due date last.
pub(super) fn in_order(found: &mut [Deadline<'_>]) {
    found.sort_by_key(|deadline| (deadline.due_on.unwrap_or(NaiveDate::MAX), &deadline.norm.id));
}

/// By what an organisation says that it met a norm; none of a norm about a child or a plan.
#[must_use]
pub fn told_by(norm: &Norm) -> Option<Moment> {
    norm.ends_when.iter().copied().find(|moment| moment.is_of_duty()).filter(|_| norm.about != Subject::Case)
}

/// What an organisation owes of which it says itself that it did so, by due date. A term that runs from
/// the time before, of which there is none, runs from the day on which the region `began`; what was due
/// before that day is none of its business.
#[must_use]
pub fn owed<'p>(
    profile: &'p Profile,
    about: Subject,
    (done, began): (&Moments, NaiveDate),
    (calendar, today): (&SchoolCalendar, NaiveDate),
) -> Vec<Deadline<'p>> {
    let mut moments = done.clone();
    for norm in profile.norms.iter().filter(|norm| norm.about == about && told_by(norm).is_some()) {
        if norm.starts_at.is_of_duty() && moments.last(norm.starts_at, today).is_none() {
            moments.add(norm.starts_at, began);
        }
    }
    let course = Course::of_organisation(moments, calendar, today);
    let mut owed = duties(profile, about, &course, today);
    owed.retain(|duty| told_by(duty.norm).is_some() && duty.due_on.is_none_or(|due| due >= began));
    owed
}

/// From which day on what an organisation says that it did is of this round of the duty. What came before is of
/// an earlier one, and does nothing for this. Of what comes back after each time, and of which nothing is `done`
/// yet, the time before may have been up to a term before it runs.
#[must_use]
pub fn told_from(duty: &Deadline<'_>, done: &Moments) -> NaiveDate {
    let again = duty.norm.starts_at;
    let term = duty.due_on.map(|due| due - duty.started_on).filter(|_| again.is_of_duty());
    match term {
        Some(term) if done.last(again, duty.started_on).is_none() => {
            duty.started_on.checked_sub_signed(term).unwrap_or(duty.started_on)
        }
        Some(_) | None => duty.started_on,
    }
}

/// The level that the case should be taken to now: the highest whose time has come
/// without having been met; `L0` if none waits.
#[must_use]
pub fn suggested_level(deadlines: &[Deadline<'_>], today: NaiveDate) -> EscalationLevel {
    deadlines
        .iter()
        .filter(|deadline| match deadline.state {
            DeadlineState::Running | DeadlineState::DueSoon | DeadlineState::Overdue => true,
            DeadlineState::Met | DeadlineState::Suspended => false,
        })
        .filter(|deadline| deadline.due_on.is_some_and(|due| due <= today))
        .filter_map(|deadline| deadline.norm.escalates_to)
        .max()
        .unwrap_or_default()
}

/// How something stands that is not met, does not stand still and is due on that day.
pub(super) fn unmet(norm: &Norm, due: Option<NaiveDate>, today: NaiveDate, soon: u16) -> DeadlineState {
    let Some(due) = due else { return DeadlineState::Running };
    if norm.rule == Rule::First {
        // What had to come first did not.
        DeadlineState::Overdue
    } else if norm.earliest {
        DeadlineState::Running
    } else if today > due {
        DeadlineState::Overdue
    } else if (due - today).num_days() <= i64::from(soon) {
        DeadlineState::DueSoon
    } else {
        DeadlineState::Running
    }
}

#[cfg(test)]
#[path = "deadline_tests.rs"]
mod tests;
