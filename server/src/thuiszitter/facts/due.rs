//! Which deadlines have come since they were told of: due soon, or passed, each once for each date.

use std::collections::BTreeSet;

use chrono::NaiveDate;
use schakel_domain::{
    refusal::Language,
    thuiszitter::{ChangeKind, Deadline, DeadlineState},
    time::day_in_words,
};

use crate::thuiszitter::{
    deadline,
    history::{Detail, MovedText},
};

/// What was told: the norm, its date, and whether that had passed.
pub(super) type Come = BTreeSet<(String, NaiveDate, bool)>;

/// Whether the date of a deadline is near, or has passed; none when it is neither.
fn passed(one: &Deadline<'_>) -> Option<(NaiveDate, bool)> {
    let passed = match one.state {
        DeadlineState::DueSoon => false,
        DeadlineState::Overdue => true,
        DeadlineState::Running | DeadlineState::Met | DeadlineState::Suspended => return None,
    };
    Some((one.due_on?, passed))
}

/// Everything that has come.
pub(super) fn come(deadlines: &[Deadline<'_>]) -> Come {
    let come = deadlines.iter().filter_map(|one| Some((one.norm.id.clone(), passed(one)?)));
    come.map(|(norm, (due, passed))| (norm, due, passed)).collect()
}

/// Everything that was told or has come now, and what of it is to be told.
pub(super) fn new(deadlines: &[Deadline<'_>], told: &Come) -> (Come, Vec<(ChangeKind, Detail)>) {
    let mut all = told.clone();
    let mut new = Vec::new();
    for one in deadlines {
        let Some((due, passed)) = passed(one) else { continue };
        if !all.insert((one.norm.id.clone(), due, passed)) {
            continue;
        }
        let kind = if passed { ChangeKind::DeadlineOverdue } else { ChangeKind::DeadlineDueSoon };
        let name = |language| deadline::name(one.norm, language);
        let by = |language| day_in_words(due, language);
        let text = MovedText {
            nl: format!("{}: uiterlijk {}.", name(Language::Dutch), by(Language::Dutch)),
            en: format!("{}: by {}.", name(Language::English), by(Language::English)),
        };
        let detail = Detail { norm: Some(one.norm.id.clone()), moved: vec![text], ..Detail::default() };
        new.push((kind, detail));
    }
    (all, new)
}
