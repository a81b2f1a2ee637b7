//! What moved between two computations of the same deadlines, and why.

use std::collections::{BTreeMap, BTreeSet};

use chrono::NaiveDate;

use super::{
    deadline::Deadline,
    profile::{Norm, Profile},
    reason::Reason,
};
use crate::{refusal::Language, time::day_in_words};

/// A computed date as it is stored.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct Kept {
    /// The last day, if it was known.
    pub due_on: Option<NaiveDate>,
    /// Why.
    pub reason: Reason,
}

/// One computation, to be compared with a later one.
#[derive(Debug, Clone, PartialEq, Eq, Default, serde::Serialize, serde::Deserialize)]
pub struct Computation {
    /// Every norm of the profile by its id, with a number that changes when what it says does.
    norms: BTreeMap<String, u64>,
    /// The dates that came of it, by the norm's id.
    pub dates: BTreeMap<String, Kept>,
}

impl Computation {
    /// What is stored of deadlines that were computed with that profile.
    #[must_use]
    pub fn of(profile: &Profile, deadlines: &[Deadline<'_>]) -> Self {
        let norms = profile.norms.iter().map(|norm| (norm.id.clone(), fingerprint(profile, norm)));
        let dates = deadlines.iter().map(|deadline| {
            let kept = Kept { due_on: deadline.due_on, reason: deadline.reason.clone() };
            (deadline.norm.id.clone(), kept)
        });
        Self { norms: norms.collect(), dates: dates.collect() }
    }
}

/// A number of everything in the profile that makes the norm's dates (FNV-1a, so that it
/// is the same in every build).
fn fingerprint(profile: &Profile, norm: &Norm) -> u64 {
    let says = (
        (&norm.starts_at, &norm.not_before, &norm.after_term_of, &norm.in_force),
        (&norm.only_if, &norm.unless, &norm.rule, &norm.opens_at, &norm.not_due_before),
        (norm.earliest, norm.awb, &norm.extension, &norm.paused, &norm.stops_when),
    );
    let counted =
        (&profile.report_threshold, &profile.long_absence, &profile.sick_often, &profile.leave_limit);
    // What a derived moment follows from is part of it.
    let counted = norm.starts_at.is_derived().then_some(counted);
    let text = format!("{says:?}{counted:?}");
    text.bytes()
        .fold(0xcbf2_9ce4_8422_2325, |hash, byte| (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3))
}

/// What made a date move.
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
    strum::IntoStaticStr,
)]
#[strum(serialize_all = "SCREAMING_SNAKE_CASE")]
pub enum Cause {
    /// The profile says something else.
    Profile,
    /// Something happened, was corrected or went on standing still.
    Fact,
    /// Other school holidays or days without lessons.
    Calendar,
}

/// One deadline that is not what it was.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Moved {
    /// The norm's id.
    pub norm: String,
    /// What it was; none if there was no such deadline.
    pub was: Option<Kept>,
    /// What it is; none if there is no such deadline any more.
    pub is: Option<Kept>,
    /// Why: at least one.
    pub causes: BTreeSet<Cause>,
}

/// Every deadline whose date changed, came or went, by the norm's id.
#[must_use]
pub fn moved(before: &Computation, after: &Computation) -> Vec<Moved> {
    let norms: BTreeSet<_> = before.dates.keys().chain(after.dates.keys()).collect();
    let changes = norms.into_iter().filter_map(|norm| {
        let (was, is) = (before.dates.get(norm), after.dates.get(norm));
        if was.map(|kept| kept.due_on) == is.map(|kept| kept.due_on) {
            return None;
        }
        let other_norm = before.norms.get(norm) != after.norms.get(norm);
        let causes = causes(was, is, other_norm);
        Some(Moved { norm: norm.clone(), was: was.cloned(), is: is.cloned(), causes })
    });
    changes.collect()
}

fn causes(was: Option<&Kept>, is: Option<&Kept>, other_norm: bool) -> BTreeSet<Cause> {
    let mut causes = BTreeSet::new();
    if other_norm {
        causes.insert(Cause::Profile);
    }
    if let (Some(was), Some(is)) = (was.map(|kept| &kept.reason), is.map(|kept| &kept.reason)) {
        let start = was.from != is.from || was.from_on != is.from_on;
        let course = was.extended != is.extended
            || was.stood_still != is.stood_still
            || was.held_until != is.held_until;
        // With another norm, another start may follow from the norm alone.
        if (start && !(other_norm && was.from != is.from)) || (course && !other_norm) {
            causes.insert(Cause::Fact);
        }
        let counted = was.rule.term().is_some_and(|term| term.clock.is_of_school());
        if causes.is_empty() || (counted && was.unknown != is.unknown) {
            causes.insert(Cause::Calendar);
        }
    } else if !other_norm {
        causes.insert(Cause::Fact);
    }
    causes
}

impl Moved {
    /// In one sentence, with the name that the norm has for readers.
    #[must_use]
    pub fn text(&self, name: &str, language: Language) -> String {
        let date = |kept: &Option<Kept>| {
            kept.as_ref().and_then(|kept| kept.due_on).map(|due| day_in_words(due, language))
        };
        let causes: Vec<_> = self.causes.iter().map(|cause| cause.text(language)).collect();
        let (was, is, dutch) = (date(&self.was), date(&self.is), language == Language::Dutch);
        let causes = causes.join(if dutch { " en " } else { " and " });
        let change = match (was, is, language) {
            (Some(was), Some(is), Language::Dutch) => format!("gaat van {was} naar {is}"),
            (Some(was), Some(is), Language::English) => format!("moves from {was} to {is}"),
            (None, Some(is), Language::Dutch) => format!("krijgt de datum {is}"),
            (None, Some(is), Language::English) => format!("gets the date {is}"),
            (_, None, Language::Dutch) => "heeft geen datum meer".to_owned(),
            (_, None, Language::English) => "has no date any more".to_owned(),
        };
        match language {
            Language::Dutch => format!("{name} {change}, want {causes}."),
            Language::English => format!("{name} {change}, because {causes}."),
        }
    }
}

impl Cause {
    fn text(self, language: Language) -> &'static str {
        match (self, language) {
            (Self::Profile, Language::Dutch) => "de afspraken zijn veranderd",
            (Self::Profile, Language::English) => "the agreements changed",
            (Self::Fact, Language::Dutch) => "er is iets gebeurd of verbeterd",
            (Self::Fact, Language::English) => "something happened or was corrected",
            (Self::Calendar, Language::Dutch) => "de vakanties van de school zijn veranderd",
            (Self::Calendar, Language::English) => "the school's holidays changed",
        }
    }
}

#[cfg(test)]
#[path = "moved_tests.rs"]
mod tests;
