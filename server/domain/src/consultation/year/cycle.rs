//! The cycle of a plan: which milestones it has, by which law, and where each stands on a day.

use std::collections::BTreeSet;

use chrono::{Days, NaiveDate};

use super::{
    oogo::{Milestone, Step, counted, milestones},
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
    /// The norm that asks for it, as the shipped profile calls it.
    #[must_use]
    pub fn norm(self) -> &'static str {
        match self {
            Self::Ondersteuningsplan => "T19",
            Self::Jeugdplan => "T20",
        }
    }

    /// The years of the cycles that are kept: those of which a step was `marked`, and the one in which the law
    /// asks for the next ondersteuningsplan, after the last of which something was marked or `agreed`. When a
    /// gemeente makes its next jeugdplan no law says.
    #[must_use]
    pub fn kept(self, marked: &BTreeSet<i32>, agreed: &BTreeSet<i32>) -> BTreeSet<i32> {
        let next = match self {
            Self::Ondersteuningsplan => marked.last().max(agreed.last()).map(|last| last + YEARS),
            Self::Jeugdplan => None,
        };
        marked.iter().copied().chain(next).collect()
    }

    /// Whether it is on the way to this plan.
    #[must_use]
    pub fn has(self, step: Step) -> bool {
        match (self, step) {
            (Self::Ondersteuningsplan, _)
            | (Self::Jeugdplan, Step::Draft | Step::OogoBestuurlijk | Step::Decision) => true,
            (Self::Jeugdplan, Step::OogoAmbtelijk | Step::OprConsent | Step::ToInspectie) => false,
        }
    }

    /// The first day on which a step to the plan for `year` can be done: what came before is of the plan of
    /// four years before.
    #[must_use]
    pub fn begins(self, year: i32) -> Option<NaiveDate> {
        let month = match self {
            Self::Ondersteuningsplan => 5,
            Self::Jeugdplan => 1,
        };
        NaiveDate::from_ymd_opt(year - YEARS, month, 1)
    }

    /// The day that a step of the plan for `year` is counted to: it is due then, or on the last open day before.
    /// None of an overleg.
    #[must_use]
    pub fn counted(self, year: i32, step: Step) -> Option<NaiveDate> {
        let weeks = match (self, step) {
            (Self::Ondersteuningsplan, _) => return counted(year, step),
            (Self::Jeugdplan, Step::Draft) => DRAFT,
            (Self::Jeugdplan, Step::Decision) => DECISION,
            (
                Self::Jeugdplan,
                Step::OogoAmbtelijk | Step::OogoBestuurlijk | Step::OprConsent | Step::ToInspectie,
            ) => return None,
        };
        NaiveDate::from_ymd_opt(year, 1, 1)?.checked_sub_days(Days::new(7 * weeks))
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

/// Which of the cycles of one plan is on its way, of which these are the first days, oldest first: the last that
/// has begun, because its first day is `near`; before any has, the first. What was not done of those before it
/// nobody waits for any more.
#[must_use]
pub fn on_its_way(first_days: &[NaiveDate], near: NaiveDate) -> usize {
    first_days.iter().rposition(|first| *first <= near).unwrap_or_default()
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
    fn every_step_with_a_day_is_due_on_it_or_on_the_open_day_before() {
        for plan in [Plan::Ondersteuningsplan, Plan::Jeugdplan] {
            for milestone in plan.milestones(2025, (1, 1), |_| true) {
                let counted = plan.counted(2025, milestone.step);
                assert!(counted.is_none_or(|day| day == milestone.due), "{plan} {milestone:?}");
            }
        }
        let counted = |step| Plan::Ondersteuningsplan.counted(2025, step);
        // WPO 18a: before 1 May, so that 30 April is the last day; from that one weeks are counted.
        assert_eq!(counted(Step::ToInspectie), Some(day("2025-04-30")));
        assert_eq!(counted(Step::Draft), Some(day("2024-10-16")));
        assert_eq!(counted(Step::OogoAmbtelijk), None);
        assert_eq!(Plan::Jeugdplan.counted(2027, Step::Decision), Some(day("2026-12-04")));
    }

    #[test]
    fn a_plan_begins_when_the_one_of_four_years_before_is_made() {
        assert_eq!(Plan::Ondersteuningsplan.begins(2027), Some(day("2023-05-01")));
        assert_eq!(Plan::Jeugdplan.begins(2027), Some(day("2023-01-01")));
    }

    /// WPO 18a: at least once in four years.
    #[test]
    fn the_next_ondersteuningsplan_is_kept_before_anything_of_it_is_marked() {
        let years = |all: &[i32]| all.iter().copied().collect::<BTreeSet<i32>>();
        let kept = |plan: Plan, marked: &[i32], agreed: &[i32]| plan.kept(&years(marked), &years(agreed));
        for (marked, agreed, all) in [
            (&[][..], &[][..], &[][..]),
            (&[2027], &[], &[2027, 2031]),
            (&[2023, 2027], &[2023], &[2023, 2027, 2031]),
            // A plan that was made before anybody kept its cycle here.
            (&[], &[2023], &[2027]),
            (&[2027], &[2023], &[2027, 2031]),
        ] {
            assert_eq!(kept(Plan::Ondersteuningsplan, marked, agreed), years(all), "{marked:?} {agreed:?}");
        }
        assert_eq!(kept(Plan::Jeugdplan, &[2027, 2028], &[]), years(&[2027, 2028]));
    }

    #[test]
    fn one_cycle_is_on_its_way_until_the_next_begins() {
        let first = [day("2022-10-14"), day("2026-10-16"), day("2030-10-18")];
        for (near, at) in [
            ("2022-10-13", 0),
            ("2022-10-14", 0),
            ("2026-10-15", 0),
            ("2026-10-16", 1),
            ("2030-10-17", 1),
            ("2031-01-01", 2),
        ] {
            assert_eq!(on_its_way(&first, day(near)), at, "{near}");
        }
        assert_eq!(on_its_way(&[], day("2026-10-16")), 0);
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
