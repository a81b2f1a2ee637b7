//! The cycle of a plan: which milestones it has, by which law, and where each stands on a day.

use chrono::{Days, NaiveDate};

use super::{
    oogo::{Milestone, Step, milestones},
    spread::open_before,
};

/// An ondersteuningsplan is made anew at least so often, in years (WPO 18a).
pub const YEARS: i32 = 4;
/// More rounds of one overleg are a mistake.
pub const MOST_ROUNDS: usize = 6;

/// Weeks before the year of a jeugdplan, at which a step is done: custom, not law.
const DECISION: u64 = 4;
const OVERLEG: u64 = 12;
const DRAFT: u64 = 20;

/// Which plan.
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
pub enum Plan {
    /// Of the samenwerkingsverband.
    Ondersteuningsplan,
    /// Of a gemeente.
    Jeugdplan,
}

impl Plan {
    /// Whether it is on the way to this plan.
    #[must_use]
    pub fn has(self, step: Step) -> bool {
        match (self, step) {
            (Self::Ondersteuningsplan, _)
            | (Self::Jeugdplan, Step::Draft | Step::OogoBestuurlijk | Step::Decision) => true,
            (Self::Jeugdplan, Step::OogoAmbtelijk | Step::OprConsent | Step::ToInspectie) => false,
        }
    }

    /// The law that asks for a step of it.
    #[must_use]
    pub fn law(self, step: Step) -> &'static str {
        match (self, step) {
            (Self::Jeugdplan, _) => "Jeugdwet 2.2",
            (Self::Ondersteuningsplan, Step::OprConsent) => "WMS 14a",
            (
                Self::Ondersteuningsplan,
                Step::Draft
                | Step::OogoAmbtelijk
                | Step::OogoBestuurlijk
                | Step::Decision
                | Step::ToInspectie,
            ) => "WPO 18a",
        }
    }

    /// Its milestones for `year`, by date, with so many rounds of overleg of officials and of the boards; a
    /// jeugdplan has one of the latter for each round that was held, and none of officials.
    #[must_use]
    pub fn milestones(
        self,
        year: i32,
        (ambtelijk, bestuurlijk): (usize, usize),
        is_open: impl Fn(NaiveDate) -> bool,
    ) -> Vec<Milestone> {
        match self {
            Self::Ondersteuningsplan => milestones(year, (ambtelijk, bestuurlijk), is_open),
            Self::Jeugdplan => {
                let Some(start) = NaiveDate::from_ymd_opt(year, 1, 1) else { return Vec::new() };
                let before = |weeks: u64| open_before(start - Days::new(7 * weeks), &is_open);
                let step = |step, round, weeks| Milestone { step, round, due: before(weeks), stretch: None };
                let overleg = (1..=bestuurlijk).map(|round| step(Step::OogoBestuurlijk, round, OVERLEG));
                let draft = std::iter::once(step(Step::Draft, 1, DRAFT));
                draft.chain(overleg).chain([step(Step::Decision, 1, DECISION)]).collect()
            }
        }
    }
}

/// How often an overleg can be held.
#[must_use]
pub fn most_rounds(step: Step) -> usize {
    match step {
        Step::OogoAmbtelijk | Step::OogoBestuurlijk => MOST_ROUNDS,
        Step::Draft | Step::OprConsent | Step::Decision | Step::ToInspectie => 1,
    }
}

/// Where a milestone stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, strum::Display, strum::EnumString, strum::EnumIter)]
#[strum(serialize_all = "SCREAMING_SNAKE_CASE")]
pub enum Progress {
    /// Done.
    Done,
    /// Not done, and its day has passed.
    Overdue,
    /// The first that is not done and whose day is still to come.
    Next,
    /// After that one.
    Later,
}

/// Where each stands on `today`: of milestones by date, by when each is due and whether it is done.
#[must_use]
pub fn progress(all: &[(NaiveDate, bool)], today: NaiveDate) -> Vec<Progress> {
    let mut is_next = true;
    let stand = |(due, done): &(NaiveDate, bool)| {
        if *done {
            Progress::Done
        } else if *due < today {
            Progress::Overdue
        } else if std::mem::take(&mut is_next) {
            Progress::Next
        } else {
            Progress::Later
        }
    };
    all.iter().map(stand).collect()
}

#[cfg(test)]
mod tests {
    use strum::IntoEnumIterator;

    use super::*;

    fn day(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    /// Jeugdwet 2.2: the gemeenteraad decides; education is heard before.
    #[test]
    fn a_jeugdplan_has_its_overleg_between_draft_and_decision() {
        let all = Plan::Jeugdplan.milestones(2028, (3, 2), |_| true);
        let steps: Vec<(Step, usize)> = all.iter().map(|one| (one.step, one.round)).collect();
        assert_eq!(
            steps,
            [(Step::Draft, 1), (Step::OogoBestuurlijk, 1), (Step::OogoBestuurlijk, 2), (Step::Decision, 1)]
        );
        assert!(all.is_sorted_by_key(|one| one.due) && all[3].due < day("2028-01-01"));
    }

    #[test]
    fn each_plan_has_milestones_of_its_own_steps_only() {
        for plan in [Plan::Ondersteuningsplan, Plan::Jeugdplan] {
            let all = plan.milestones(2027, (1, 1), |_| true);
            for step in Step::iter() {
                assert_eq!(all.iter().any(|one| one.step == step), plan.has(step), "{plan} {step}");
                assert!(!plan.law(step).is_empty());
            }
        }
    }

    #[test]
    fn one_milestone_is_next_and_what_passed_undone_is_overdue() {
        use Progress::{Done, Later, Next, Overdue};
        let all = [
            (day("2026-10-01"), true),
            (day("2026-11-01"), false),
            (day("2026-11-23"), false),
            (day("2026-12-01"), true),
            (day("2027-01-01"), false),
        ];
        assert_eq!(progress(&all, day("2026-11-23")), [Done, Overdue, Next, Done, Later]);
    }
}
