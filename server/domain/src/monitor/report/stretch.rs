//! From when until when a label held, over the whole life of a case.

use std::collections::BTreeSet;

use chrono::NaiveDate;

use crate::{
    dutch::{SchoolYear, leerplicht::birthday},
    monitor::{Period, Round},
    thuiszitter::{Facts, Label, Moment, Profile, labels, reached_on},
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

/// The days up to `until` on which what a label follows from can change, beside the passing of time.
fn bounds(profile: &Profile, facts: &Facts, until: NaiveDate) -> BTreeSet<NaiveDate> {
    let mut days: BTreeSet<NaiveDate> = facts.kinds.all().map(|(from, _)| from).collect();
    days.extend(facts.enrolments.all().map(|(from, _)| from));
    days.extend(facts.qualified_on);
    days.extend(facts.leerplicht_from());
    if let Some(birth) = facts.birth {
        days.extend([birthday(birth, 18), birthday(birth, profile.long_absence.below_age)]);
    }
    for exemption in &facts.exemptions {
        days.insert(exemption.days.from());
        days.extend(exemption.days.until().and_then(|last| last.succ_opt()));
    }
    for moment in [Moment::FirstAbsenceDay, Moment::Returned] {
        days.extend(facts.moments.until(moment, until));
    }
    // Hours are counted anew from the day after.
    days.extend(facts.moments.until(Moment::ReportEnded, until).filter_map(|end| end.succ_opt()));
    // Leerplicht ends with a school year.
    if let Some(first) = days.iter().copied().find(|day| *day > NaiveDate::MIN) {
        let mut year = SchoolYear::of(first).later(1);
        while year.first_day() <= until {
            days.insert(year.first_day());
            year = year.later(1);
        }
    }
    days.retain(|day| *day <= until);
    days
}

/// Every stretch of `label` up to the end of `until`, oldest first: up to the end of a round of work, for
/// nobody counts a case that is closed. Between two days on which something changes a label
/// can only begin, which is asked for on the last of them.
#[must_use]
pub fn stretches(
    (profile, facts): (&Profile, &Facts),
    rounds: &[Round],
    label: Label,
    until: NaiveDate,
) -> Vec<Stretch> {
    let bounds = bounds(profile, facts, until);
    let mut held: Vec<Stretch> = Vec::new();
    for (first, next) in bounds.iter().zip(bounds.iter().skip(1).map(Some).chain([None])) {
        let last = next.and_then(NaiveDate::pred_opt).unwrap_or(until);
        if !labels(profile, facts, last).value.contains(&label) {
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
