//! What people decided about a case, and how it stands: stage, category, level and outcome
//! are four things that never follow from each other.

use std::collections::BTreeSet;

use chrono::{DateTime, NaiveDate, Utc};

use super::{
    deadline::{Deadline, suggested_level},
    duo::DuoKind,
    fact::{Known, Said},
    label::Label,
    outcome::Outcome,
    profile::{EscalationLevel, Profile},
    stage::{Event, Stage, next},
};
use crate::{dutch::Warning, ids::FactId};

/// When something was told, and as which entry: no two entries share it.
pub type Told = (DateTime<Utc>, FactId);

/// One decision, with the day that it is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Decision<T> {
    on: NaiveDate,
    told: Told,
    what: T,
}

/// The decisions, by the day that each is about; of one day in the order in which they were
/// told, for who decides knows what was decided before.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Decided {
    steps: Vec<Decision<Event>>,
    levels: Vec<Decision<EscalationLevel>>,
    outcomes: Vec<Decision<Outcome>>,
}

/// The steps up to a day, taken one after the other.
struct Walk {
    stage: Stage,
    refused: Vec<(NaiveDate, Event)>,
    reopened: Option<Told>,
    /// The day on which it was closed last, and the stage before that.
    closed: Option<(NaiveDate, Stage)>,
}

/// How a case ended that is closed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Closed {
    /// In which stage somebody worked on it last.
    pub from: Stage,
    /// The day of the evidence.
    pub on: NaiveDate,
    /// The day on which it was closed, or that of the evidence where that is later.
    pub until: NaiveDate,
    pub outcome: Outcome,
}

/// One round of work on a case: from its opening, or from a relapse.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Worked {
    /// The day of the relapse that it began with; none of the first.
    pub reopened: Option<NaiveDate>,
    /// The day on which it was closed.
    pub closed: Option<NaiveDate>,
    /// How it ended, and the day of the evidence.
    pub outcome: Option<(NaiveDate, Outcome)>,
    /// The day of the evidence of how the round before it ended; none of the first.
    pub over: Option<NaiveDate>,
}

fn keep<T>(decisions: &mut Vec<Decision<T>>, on: NaiveDate, told: Told, what: T) {
    let after = decisions.partition_point(|other| (other.on, other.told) <= (on, told));
    decisions.insert(after, Decision { on, told, what });
}

impl Decided {
    /// Adds a decision; what was established is not one.
    pub(super) fn take(&mut self, told: Told, said: &Said) {
        match said {
            Said::Step(on, event) => keep(&mut self.steps, *on, told, *event),
            Said::Level(on, level) => keep(&mut self.levels, *on, told, *level),
            Said::Ended(on, outcome) => keep(&mut self.outcomes, *on, told, *outcome),
            Said::Kind(..)
            | Said::Enrolment(..)
            | Said::Residence(..)
            | Said::Birth(_)
            | Said::FirstFullYear(_)
            | Said::Qualified(_)
            | Said::Happened(..)
            | Said::Missed(_)
            | Said::Exempt(_)
            | Said::Holds(..)
            | Said::StoodStill(_) => {}
        }
    }

    fn walk(&self, date: NaiveDate) -> Walk {
        let mut walk = Walk { stage: Stage::Signaal, refused: Vec::new(), reopened: None, closed: None };
        for step in self.steps.iter().take_while(|step| step.on <= date) {
            match next(walk.stage, step.what) {
                Ok(then) => {
                    if walk.stage == Stage::Gesloten {
                        walk.reopened = Some(step.told);
                    }
                    if then == Stage::Gesloten {
                        walk.closed = Some((step.on, walk.stage));
                    }
                    walk.stage = then;
                }
                Err(_) => walk.refused.push((step.on, step.what)),
            }
        }
        walk
    }

    /// The stage at the end of that day, and the steps that no stage of theirs allowed:
    /// they were told wrongly and move nothing.
    pub fn stage_on(&self, date: NaiveDate) -> (Stage, Vec<(NaiveDate, Event)>) {
        let walk = self.walk(date);
        (walk.stage, walk.refused)
    }

    /// How it ended, of a case that is closed at the end of that day.
    pub(super) fn closed_on(&self, date: NaiveDate) -> Option<Closed> {
        let walk = self.walk(date);
        let (closed, from) = walk.closed.filter(|_| walk.stage == Stage::Gesloten)?;
        let (on, outcome) = self.outcome_on(date)?;
        Some(Closed { from, on, until: closed.max(on), outcome })
    }

    /// When the case was last reopened by that day: what was decided before that was about
    /// an earlier round.
    pub fn reopened_by(&self, date: NaiveDate) -> Option<Told> {
        self.walk(date).reopened
    }

    /// The rounds of work by that day, oldest first; there is always a first one.
    pub fn rounds(&self, date: NaiveDate) -> Vec<Worked> {
        let mut stage = Stage::Signaal;
        let mut rounds: Vec<(Option<Told>, Worked)> =
            vec![(None, Worked { reopened: None, closed: None, outcome: None, over: None })];
        for step in self.steps.iter().take_while(|step| step.on <= date) {
            let Ok(then) = next(stage, step.what) else { continue };
            if stage == Stage::Gesloten {
                let worked = Worked { reopened: Some(step.on), closed: None, outcome: None, over: None };
                rounds.push((Some(step.told), worked));
            } else if then == Stage::Gesloten
                && let Some((_, round)) = rounds.last_mut()
            {
                round.closed = Some(step.on);
            }
            stage = then;
        }
        let begins: Vec<_> = rounds.iter().skip(1).map(|(told, _)| *told).chain([None]).collect();
        for ((since, round), until) in rounds.iter_mut().zip(begins) {
            let told = |ended: &&Decision<Outcome>| {
                ended.on <= date && Some(ended.told) > *since && until.is_none_or(|until| ended.told < until)
            };
            let said = self.outcomes.iter().filter(told);
            round.outcome = said.max_by_key(|ended| ended.told).map(|ended| (ended.on, ended.what));
        }
        let mut over = None;
        for (_, round) in &mut rounds {
            round.over = over;
            over = round.outcome.map(|(on, _)| on);
        }
        rounds.into_iter().map(|(_, round)| round).collect()
    }

    /// Every day of a step or an outcome: on no other a case can end or go on.
    pub(super) fn days(&self) -> impl Iterator<Item = NaiveDate> {
        let steps = self.steps.iter().map(|step| step.on);
        steps.chain(self.outcomes.iter().map(|ended| ended.on))
    }

    /// The level that was decided.
    pub fn level_on(&self, date: NaiveDate) -> EscalationLevel {
        let since = self.reopened_by(date);
        let mut said = self.levels.iter().filter(|level| level.on <= date && Some(level.told) > since);
        said.next_back().map(|level| level.what).unwrap_or_default()
    }

    /// How it ended, unless it was reopened since: what was told last, whatever the day of its
    /// evidence.
    pub fn outcome_on(&self, date: NaiveDate) -> Option<(NaiveDate, Outcome)> {
        let since = self.reopened_by(date);
        let said = self.outcomes.iter().filter(|ended| ended.on <= date && Some(ended.told) > since);
        said.max_by_key(|ended| ended.told).map(|ended| (ended.on, ended.what))
    }
}

/// A case as it stands at the end of a day.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Standing<'p> {
    /// Where the work stands: decided.
    pub stage: Stage,
    /// What the case is called by each definition: derived.
    pub labels: BTreeSet<Label>,
    /// What the school reports to DUO: derived.
    pub duo: BTreeSet<DuoKind>,
    /// How high it was taken: decided.
    pub level: EscalationLevel,
    /// How high its deadlines say it should be: derived.
    pub suggested: EscalationLevel,
    /// How it ended: decided.
    pub outcome: Option<(NaiveDate, Outcome)>,
    /// Its deadlines, by due date.
    pub deadlines: Vec<Deadline<'p>>,
    /// What could not be told.
    pub warnings: BTreeSet<Warning>,
}

impl Known {
    /// How the case stands at the end of `today`, by what is known.
    #[must_use]
    pub fn standing<'p>(&self, profile: &'p Profile, today: NaiveDate) -> Standing<'p> {
        let (stage, _) = self.decided.stage_on(today);
        let labels = self.labels(profile, today);
        let (deadlines, more) = self.deadlines(profile, stage, today);
        // What passed before a case was closed asks for nothing any more.
        let closed = stage == Stage::Gesloten;
        let mut warnings = labels.warnings;
        warnings.extend(more);
        Standing {
            stage,
            labels: labels.value,
            duo: self.reportable(profile, today).value,
            level: self.decided.level_on(today),
            suggested: if closed { EscalationLevel::L0 } else { suggested_level(&deadlines, today) },
            outcome: self.decided.outcome_on(today),
            deadlines,
            warnings,
        }
    }
}
