//! The deadlines of a case, computed from a profile and the facts as they stand on a day.

use std::collections::BTreeSet;

use chrono::{Days, NaiveDate};

use super::{
    facts::{Facts, Moment},
    label::{Label, reached_on},
    profile::{EscalationLevel, Norm, Profile},
    stage::Stage,
};
use crate::dutch::{Counted, Warning, termijnenwet};

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

/// One norm applied to one case. Store it with `profile_version` and the norm's basis;
/// compute it anew when facts, calendar or profile change.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Deadline<'p> {
    /// Its id, names, basis, clock and the roles that act.
    pub norm: &'p Norm,
    /// The profile it was computed with.
    pub profile_version: &'p str,
    /// The day it runs from, which is not counted.
    pub started_on: NaiveDate,
    /// The last day on which it can be met; none while the school holidays that it counts
    /// past are not known.
    pub due_on: Option<NaiveDate>,
    /// When it was met.
    pub met_on: Option<NaiveDate>,
    /// How it stands.
    pub state: DeadlineState,
}

/// Every deadline that runs or was met, by due date and then id, those without a due
/// date last; and the school years whose holidays are missing for it. In a closed case
/// only what was met remains.
#[must_use]
pub fn deadlines<'p>(
    profile: &'p Profile,
    facts: &Facts,
    stage: Stage,
    today: NaiveDate,
) -> (Vec<Deadline<'p>>, Vec<Warning>) {
    let mut warnings = BTreeSet::new();
    let mut found: Vec<_> = profile
        .norms
        .iter()
        .filter_map(|norm| {
            let counted = deadline(profile, norm, facts, today);
            let deadline = counted.value?;
            let open = stage != Stage::Gesloten && norm.until_stage.is_none_or(|last| stage <= last);
            (open || deadline.met_on.is_some()).then(|| {
                warnings.extend(counted.warnings);
                deadline
            })
        })
        .collect();
    // The hours themselves can be in doubt before any deadline starts from them.
    warnings.extend(reached_on(profile, facts, Label::Relatief16u4w, today).warnings);
    found.sort_by_key(|deadline| (deadline.due_on.unwrap_or(NaiveDate::MAX), &deadline.norm.id));
    (found, warnings.into_iter().collect())
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

/// The date of a moment, derived or stored.
fn date_of(profile: &Profile, facts: &Facts, moment: Moment, today: NaiveDate) -> Option<NaiveDate> {
    if moment == Moment::SixteenHoursReached {
        reached_on(profile, facts, Label::Relatief16u4w, today).value
    } else if moment == Moment::LongAbsenceReached {
        reached_on(profile, facts, Label::Lrv, today).value
    } else {
        facts.happened(moment, today)
    }
}

fn deadline<'p>(
    profile: &'p Profile,
    norm: &'p Norm,
    facts: &Facts,
    today: NaiveDate,
) -> Counted<Option<Deadline<'p>>> {
    let date = |moment| date_of(profile, facts, moment, today);
    let Some(start) = date(norm.starts_at) else { return Counted::sure(None) };
    let started_on = norm.not_before.and_then(date).map_or(start, |later| later.max(start));
    let ends = norm.ends_when.iter().filter_map(|&end| Some((end, date(end)?)));
    let met_on = ends.filter(|&(end, on)| meets(end, on, started_on)).map(|(_, on)| on).min();
    let counted = due_on(norm, facts, started_on, today);
    let until = met_on.unwrap_or(today);
    let due_on = counted
        .value
        .and_then(|due| without_suspended_days(norm, facts, (started_on, due), until))
        .and_then(|due| end_of_term(norm, started_on, due));
    let state = match (met_on, due_on) {
        (Some(_), _) => DeadlineState::Met,
        (None, _) if is_suspended(norm, facts, today) => DeadlineState::Suspended,
        (None, None) => DeadlineState::Running,
        (None, Some(due)) => state(due, today, profile.due_soon_days),
    };
    let profile_version = &profile.version;
    let deadline = Deadline { norm, profile_version, started_on, due_on, met_on, state };
    Counted { value: Some(deadline), warnings: counted.warnings }
}

fn state(due: NaiveDate, today: NaiveDate, soon: u16) -> DeadlineState {
    if today > due {
        DeadlineState::Overdue
    } else if (due - today).num_days() <= i64::from(soon) {
        DeadlineState::DueSoon
    } else {
        DeadlineState::Running
    }
}

/// What came before the start belongs to an earlier round; so does a return on the day
/// that the child stays away again.
fn meets(end: Moment, on: NaiveDate, start: NaiveDate) -> bool {
    on > start || (on == start && end != Moment::Returned)
}

/// The end of the norm's term, with its extension if that was announced in time.
fn due_on(norm: &Norm, facts: &Facts, start: NaiveDate, today: NaiveDate) -> Counted<Option<NaiveDate>> {
    let first = norm.term.clock.due(start, norm.term.length, &facts.calendar);
    let extended = norm.extension.zip(first.value).filter(|(extension, due)| {
        facts.happened(extension.announced, today).is_some_and(|on| (start..=*due).contains(&on))
    });
    let Some((extension, due)) = extended else { return first };
    extension.term.clock.due(due, extension.term.length, &facts.calendar)
}

/// Algemene termijnenwet art. 1 and 2, for the norms that it governs.
fn end_of_term(norm: &Norm, start: NaiveDate, due: NaiveDate) -> Option<NaiveDate> {
    if norm.awb { termijnenwet::term_end(start, (norm.term.length, norm.term.clock), due) } else { Some(due) }
}

/// The due date moved by every day up to `until` on which the clock stood still, each
/// counted once; a suspension that begins after the due date moves nothing.
fn without_suspended_days(
    norm: &Norm,
    facts: &Facts,
    (start, mut due): (NaiveDate, NaiveDate),
    until: NaiveDate,
) -> Option<NaiveDate> {
    let mut stretches: Vec<_> =
        facts.suspensions.iter().filter(|s| s.norm == norm.id).map(|s| s.days).collect();
    stretches.sort();
    let mut from = start.succ_opt()?;
    for days in stretches {
        let first = days.from().max(from);
        let last = days.until().map_or(until, |last| last.min(until));
        if first <= due && first <= last {
            let stood_still = (last - first).num_days() + 1;
            due = due.checked_add_days(Days::new(stood_still.unsigned_abs()))?;
            from = last.succ_opt()?;
        }
    }
    Some(due)
}

fn is_suspended(norm: &Norm, facts: &Facts, today: NaiveDate) -> bool {
    facts.suspensions.iter().any(|suspension| suspension.norm == norm.id && suspension.days.holds_on(today))
}

#[cfg(test)]
#[path = "deadline_tests.rs"]
mod tests;
