//! From when until when a label held, over the whole life of a case.

use chrono::NaiveDate;

use crate::{
    monitor::{Period, Round},
    thuiszitter::{Known, Label, Profile, labels, reached_on},
};

/// Days in a row on which a label held, up to the end of a round of work.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Stretch {
    /// The first of them.
    pub from: NaiveDate,
    /// The day after the last of them; none while it holds.
    pub ended: Option<NaiveDate>,
}

impl Stretch {
    /// Whether the label held on that day.
    #[must_use]
    pub fn holds_on(self, date: NaiveDate) -> bool {
        self.from <= date && self.ended.is_none_or(|ended| ended > date)
    }

    /// Whether it held on the eve of the period or on some day of it: what was there on the last day of
    /// one year is there at the start of the next.
    #[must_use]
    pub fn touches(self, period: Period) -> bool {
        self.from <= period.until() && self.ended.is_none_or(|ended| ended >= period.from())
    }
}

/// Whether that day lies between the outcome and the closing of a round that was an error of registration.
fn is_error_on(rounds: &[Round], day: NaiveDate) -> bool {
    rounds.iter().filter(|round| round.is_removed()).any(|round| {
        round.outcome.is_some_and(|(on, _)| on <= day) && round.closed.is_none_or(|closed| day < closed)
    })
}

/// Every stretch of `label` up to the end of `until`, oldest first: up to the day of the outcome that the absence
/// ended with, and the end of a round of work, for nobody counts a case that is closed. An error of registration
/// lasts until it was closed as such, whatever day its evidence is of: a row that was sent is never taken back.
/// Between two days on which something changes a label can only begin, which is asked for on the last of them.
#[must_use]
pub fn stretches(
    (profile, known): (&Profile, &Known),
    rounds: &[Round],
    label: Label,
    until: NaiveDate,
) -> Vec<Stretch> {
    let facts = &known.facts;
    let bounds = known.turns(profile, until);
    let mut held: Vec<Stretch> = Vec::new();
    for (first, next) in bounds.iter().zip(bounds.iter().skip(1).map(Some).chain([None])) {
        let last = next.and_then(NaiveDate::pred_opt).unwrap_or(until);
        let is_error = is_error_on(rounds, last);
        let found = if is_error { labels(profile, facts, last) } else { known.labels(profile, last) };
        if !found.value.contains(&label) {
            continue;
        }
        let reached = reached_on(profile, facts, label, last).value;
        let from = reached.map_or(*first, |reached| reached.max(*first));
        let ended = next.copied();
        match held.last_mut() {
            Some(before) if before.ended == Some(from) => before.ended = ended,
            Some(_) | None => held.push(Stretch { from, ended }),
        }
    }
    // What was before a case was opened is told with it; what was before a relapse is of the round before.
    let again = rounds.iter().zip(rounds.iter().skip(1)).map(|(before, round)| round.begins_again(before));
    let begins = [NaiveDate::MIN].into_iter().chain(again);
    let within = |stretch: &Stretch, (round, begins): (&Round, NaiveDate)| {
        let from = stretch.from.max(begins);
        let ended = match (stretch.ended, round.closed) {
            (Some(ended), Some(closed)) => Some(ended.min(closed)),
            (ended, closed) => ended.or(closed),
        };
        (from <= until && ended.is_none_or(|ended| ended > from)).then_some(Stretch { from, ended })
    };
    let mut found: Vec<Stretch> = Vec::new();
    for round in rounds.iter().zip(begins) {
        found.extend(held.iter().filter_map(|stretch| within(stretch, round)));
    }
    found.sort();
    found
}
