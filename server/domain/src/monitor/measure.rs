//! What a case counts for: each figure of the monitor is the number of rounds that have one measure.

use std::collections::BTreeMap;

use chrono::{Datelike, NaiveDate};
use strum::{EnumCount, IntoEnumIterator};

use super::{
    Band,
    life::{Life, Stay, Way},
};
use crate::{
    dutch::SchoolYear,
    refusal::Refusal,
    thuiszitter::{Label, Stage},
    time::add_months,
};

/// Days of which something is counted, both included.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Period {
    from: NaiveDate,
    until: NaiveDate,
}

impl Period {
    /// Refuses `TIME_RANGE_INVALID` when it ends before it begins.
    ///
    /// # Errors
    /// As said.
    pub fn new(from: NaiveDate, until: NaiveDate) -> Result<Self, Refusal> {
        if until < from { Err(Refusal::TimeRangeInvalid) } else { Ok(Self { from, until }) }
    }

    /// The last calendar quarter that is complete at the end of `date`.
    #[must_use]
    pub fn quarter_by(date: NaiveDate) -> Self {
        let after = date.succ_opt().unwrap_or(date);
        let first = |year, quarter: u32| NaiveDate::from_ymd_opt(year, quarter * 3 + 1, 1).unwrap_or(date);
        let (year, quarter) = (after.year(), after.month0() / 3);
        let from = if quarter == 0 { first(year - 1, 3) } else { first(year, quarter - 1) };
        let next = first(year, quarter);
        Self { from, until: next.pred_opt().unwrap_or(next) }
    }

    /// The calendar quarter in which `date` lies.
    #[must_use]
    pub fn quarter_of(date: NaiveDate) -> Self {
        let from = date.pred_opt().map_or(date, |eve| Self::quarter_by(eve).until.succ_opt().unwrap_or(date));
        let until = add_months(from, 3).and_then(|next| next.pred_opt()).unwrap_or(date);
        Self { from, until }
    }

    /// The school year in which `date` lies: 1 August to 31 July (WPO art. 1).
    #[must_use]
    pub fn school_year_of(date: NaiveDate) -> Self {
        let year = SchoolYear::of(date);
        Self { from: year.first_day(), until: year.last_day() }
    }

    /// The part of it up to `date`; all of it when that is later.
    #[must_use]
    pub fn up_to(self, date: NaiveDate) -> Self {
        Self { until: self.until.min(date).max(self.from), ..self }
    }

    /// The last day of a month that is complete at the end of `date`.
    #[must_use]
    pub fn month_end_by(date: NaiveDate) -> NaiveDate {
        let after = date.succ_opt().unwrap_or(date);
        after.with_day(1).and_then(|first| first.pred_opt()).unwrap_or(date)
    }

    /// The first day.
    #[must_use]
    pub fn from(self) -> NaiveDate {
        self.from
    }

    /// The last day.
    #[must_use]
    pub fn until(self) -> NaiveDate {
        self.until
    }

    /// Whether the day is one of them.
    #[must_use]
    pub fn has(self, day: NaiveDate) -> bool {
        self.from <= day && day <= self.until
    }
}

/// What is counted: of what is open at the end of a day, or of what happened in a period. Each that
/// is true of a part of the open cases has its complement beside it, which is protected with it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Measure {
    /// Worked on.
    Open,
    /// The same, at home that long.
    Band(Band),
    /// The same, in that stage.
    Stage(Stage),
    /// The same, called so.
    Label(Label),
    /// The same, not called so.
    NotLabel(Label),
    /// The same, without anybody who keeps it together.
    NoRegisseur,
    /// The same, with somebody.
    Regisseur,
    /// The same, without a next action that is still to come: an alarm.
    NoNextAction,
    /// The same, with one.
    NextAction,
    /// Opened or reopened in the period.
    Inflow,
    /// Closed in it.
    Outflow,
    /// Offered or solved within the three months of the pact, which ended in the period.
    PactWithin,
    /// Not.
    PactLate,
    /// Either.
    PactDue,
    /// Closed in the period as solved.
    Solved,
    /// The same, and it stayed so through the twelve weeks of aftercare.
    SolvedLasting,
    /// The same, and taken up again before they were over.
    SolvedRelapsed,
    /// The same, and nobody looked in at each check point of them.
    SolvedUnfollowed,
    /// The same, and they are not over yet.
    SolvedPending,
    /// Closed in the period in another way.
    Unsolved,
}

impl Measure {
    /// All of them, in the order in which they are told.
    pub fn all() -> impl Iterator<Item = Self> {
        [Self::Open]
            .into_iter()
            .chain(Band::iter().map(Self::Band))
            .chain(Stage::iter().map(Self::Stage))
            .chain(Label::iter().flat_map(|label| [Self::Label(label), Self::NotLabel(label)]))
            .chain([Self::NoRegisseur, Self::Regisseur, Self::NoNextAction, Self::NextAction])
            .chain([Self::Inflow, Self::Outflow, Self::PactWithin, Self::PactLate, Self::PactDue])
            .chain([Self::Solved, Self::SolvedLasting, Self::SolvedRelapsed, Self::SolvedUnfollowed])
            .chain([Self::SolvedPending, Self::Unsolved])
    }

    /// What it is called where it is told; none of a complement, which is only protected.
    #[must_use]
    pub fn name(self) -> Option<String> {
        Some(match self {
            Self::Open => "OPEN".to_owned(),
            Self::Band(band) => band.to_string(),
            Self::Stage(stage) => format!("STAGE_{stage}"),
            Self::Label(label) => format!("LABEL_{label}"),
            Self::NoRegisseur => "WITHOUT_REGISSEUR".to_owned(),
            Self::NoNextAction => "WITHOUT_NEXT_ACTION".to_owned(),
            Self::Inflow => "INFLOW".to_owned(),
            Self::Outflow => "OUTFLOW".to_owned(),
            Self::PactWithin => "PACT_WITHIN".to_owned(),
            Self::PactLate => "PACT_LATE".to_owned(),
            Self::Solved => "SOLVED".to_owned(),
            Self::SolvedLasting => "SOLVED_LASTING".to_owned(),
            Self::SolvedRelapsed => "SOLVED_RELAPSED".to_owned(),
            Self::SolvedUnfollowed => "SOLVED_UNFOLLOWED".to_owned(),
            Self::SolvedPending => "SOLVED_PENDING".to_owned(),
            Self::NotLabel(_) | Self::Regisseur | Self::NextAction | Self::PactDue | Self::Unsolved => {
                return None;
            }
        })
    }

    /// The one with that name.
    #[must_use]
    pub fn named(name: &str) -> Option<Self> {
        Self::all().find(|measure| measure.name().as_deref() == Some(name))
    }

    /// Whether it is known of today only: who keeps a case, and what is planned for it.
    #[must_use]
    pub fn is_of_today(self) -> bool {
        matches!(self, Self::NoRegisseur | Self::Regisseur | Self::NoNextAction | Self::NextAction)
    }

    /// Whether it is how many there are, come and go, and how long they are at home.
    #[must_use]
    pub fn is_of_duration(self) -> bool {
        match self {
            Self::Open
            | Self::Band(_)
            | Self::Inflow
            | Self::Outflow
            | Self::PactWithin
            | Self::PactLate
            | Self::PactDue => true,
            Self::Stage(_)
            | Self::Label(_)
            | Self::NotLabel(_)
            | Self::NoRegisseur
            | Self::Regisseur
            | Self::NoNextAction
            | Self::NextAction
            | Self::Solved
            | Self::SolvedLasting
            | Self::SolvedRelapsed
            | Self::SolvedUnfollowed
            | Self::SolvedPending
            | Self::Unsolved => false,
        }
    }

    fn of_stay(stay: Stay) -> Self {
        match stay {
            Stay::Lasting => Self::SolvedLasting,
            Stay::Relapsed => Self::SolvedRelapsed,
            Stay::Unfollowed => Self::SolvedUnfollowed,
            Stay::Pending => Self::SolvedPending,
        }
    }

    /// Where it stands among [`Self::all`].
    fn place(self) -> usize {
        let stages = 1 + Band::COUNT;
        let labels = stages + Stage::COUNT;
        let rest = labels + 2 * Label::COUNT;
        match self {
            Self::Open => 0,
            Self::Band(band) => 1 + band as usize,
            Self::Stage(stage) => stages + stage as usize,
            Self::Label(label) => labels + 2 * (label as usize),
            Self::NotLabel(label) => labels + 2 * (label as usize) + 1,
            Self::NoRegisseur => rest,
            Self::Regisseur => rest + 1,
            Self::NoNextAction => rest + 2,
            Self::NextAction => rest + 3,
            Self::Inflow => rest + 4,
            Self::Outflow => rest + 5,
            Self::PactWithin => rest + 6,
            Self::PactLate => rest + 7,
            Self::PactDue => rest + 8,
            Self::Solved => rest + 9,
            Self::SolvedLasting => rest + 10,
            Self::SolvedRelapsed => rest + 11,
            Self::SolvedUnfollowed => rest + 12,
            Self::SolvedPending => rest + 13,
            Self::Unsolved => rest + 14,
        }
    }

    /// The sums among them: which parts make up which whole.
    #[must_use]
    pub fn sums() -> Vec<(Self, Vec<Self>)> {
        let mut sums = vec![
            (Self::Open, Band::iter().map(Self::Band).collect()),
            (Self::Open, Stage::iter().map(Self::Stage).collect()),
            (Self::Open, vec![Self::NoRegisseur, Self::Regisseur]),
            (Self::Open, vec![Self::NoNextAction, Self::NextAction]),
            (Self::PactDue, vec![Self::PactWithin, Self::PactLate]),
            (Self::Outflow, vec![Self::Solved, Self::Unsolved]),
            (
                Self::Solved,
                vec![Self::SolvedLasting, Self::SolvedRelapsed, Self::SolvedUnfollowed, Self::SolvedPending],
            ),
        ];
        sums.extend(Label::iter().map(|label| (Self::Open, vec![Self::Label(label), Self::NotLabel(label)])));
        sums
    }
}

/// How many rounds have each measure; what is not in it, none has.
pub type Counts = BTreeMap<Measure, u32>;

/// How often each is among `measures`: a region has a hundred thousand of them, so they are counted by
/// their place.
#[must_use]
pub fn count(measures: impl IntoIterator<Item = Measure>) -> Counts {
    let mut counted: Vec<(Measure, u32)> = Measure::all().map(|measure| (measure, 0)).collect();
    for measure in measures {
        counted[measure.place()].1 += 1;
    }
    counted.into_iter().filter(|(_, count)| *count > 0).collect()
}

/// What a case counts for: where it stands at the end of `date`, and what happened to it in `period`,
/// in and out as often as it came and went.
#[must_use]
pub fn measures(life: &Life, date: NaiveDate, period: Period) -> Vec<Measure> {
    let mut found = Vec::new();
    if let Some(round) = life.open(date) {
        found.extend([Measure::Open, Measure::Band(round.band(date)), Measure::Stage(life.stage)]);
        found.extend(Label::iter().map(|label| {
            if life.labels.contains(&label) { Measure::Label(label) } else { Measure::NotLabel(label) }
        }));
        let either = |is: Option<bool>, yes, no| is.map(|is| if is { yes } else { no });
        found.extend(either(life.regisseur, Measure::Regisseur, Measure::NoRegisseur));
        found.extend(either(life.next_action, Measure::NextAction, Measure::NoNextAction));
    }
    for (round, next) in life.rounds_and_next() {
        let (came, went) = (period.has(round.opened), round.closed.is_some_and(|closed| period.has(closed)));
        found.extend(came.then_some(Measure::Inflow));
        found.extend(went.then_some(Measure::Outflow));
        match round.stay(next, date).filter(|_| went) {
            Some(stay) => found.extend([Measure::Solved, Measure::of_stay(stay)]),
            None => found.extend(went.then_some(Measure::Unsolved)),
        }
        match round.pact(period) {
            Some(Way::Within) => found.extend([Measure::PactWithin, Measure::PactDue]),
            Some(Way::Late) => found.extend([Measure::PactLate, Measure::PactDue]),
            None => {}
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::{
        monitor::{
            Round,
            life::example::{day, life, round},
        },
        thuiszitter::Outcome,
    };

    fn count(lives: &[Life], period: Period) -> Counts {
        super::count(lives.iter().flat_map(|life| measures(life, period.until(), period)))
    }

    #[test]
    fn each_is_counted_by_its_own_place() {
        for (place, measure) in Measure::all().enumerate() {
            assert_eq!(measure.place(), place, "{measure:?}");
        }
    }

    #[test]
    fn a_case_counts_for_what_it_is_and_what_it_lacks() {
        let period = Period::new(day("2026-11-01"), day("2026-11-30")).unwrap();
        let mut waiting = life(round("2026-08-10"));
        waiting.regisseur = Some(false);
        waiting.labels.insert(Label::Lrv);
        let counts = count(&[waiting, life(round("2026-11-20"))], period);
        let of = |measure| counts.get(&measure).copied().unwrap_or_default();
        assert_eq!(of(Measure::Open), 2);
        assert_eq!(of(Measure::Band(Band::From13To26Weeks)), 1);
        assert_eq!(of(Measure::Band(Band::Under4Weeks)), 1);
        assert_eq!((of(Measure::NoRegisseur), of(Measure::Regisseur)), (1, 1));
        assert_eq!((of(Measure::Label(Label::Lrv)), of(Measure::NotLabel(Label::Lrv))), (1, 1));
        assert_eq!((of(Measure::Inflow), of(Measure::PactLate)), (1, 1));
        assert_eq!(Period::new(day("2026-11-02"), day("2026-11-01")), Err(Refusal::TimeRangeInvalid));
    }

    /// Two rounds of one case: solved on 1 September and taken up on the 20th, and again on 2 November, which
    /// is too short ago to tell.
    #[test]
    fn what_was_solved_in_a_period_is_told_by_whether_it_lasts() {
        let solved = |first: &str, closed: &str| Round {
            closed: Some(day(closed)),
            outcome: Some((day(closed), Outcome::TerugEigenSchool)),
            ..round(first)
        };
        let mut life = life(solved("2026-06-01", "2026-09-01"));
        life.rounds.push(solved("2026-09-20", "2026-11-02"));
        let all = |from, until| {
            let period = Period::new(day(from), day(until)).unwrap();
            let mut counts = count(std::slice::from_ref(&life), period);
            counts.retain(|measure, _| {
                let ours = [Measure::Solved, Measure::SolvedRelapsed, Measure::SolvedPending];
                ours.contains(measure) || matches!(measure, Measure::Outflow)
            });
            counts.into_values().collect::<Vec<_>>()
        };
        // Outflow, solved, relapsed, pending.
        assert_eq!(all("2026-09-01", "2026-11-30"), [2, 2, 1, 1]);
        assert_eq!(all("2026-10-01", "2026-11-30"), [1, 1, 1]);
        assert!(all("2026-09-02", "2026-10-31").is_empty());
    }

    #[test]
    fn what_is_told_outside_is_of_whole_months_and_quarters() {
        for (date, month, from, until) in [
            ("2026-11-22", "2026-10-31", "2026-07-01", "2026-09-30"),
            ("2026-12-31", "2026-12-31", "2026-10-01", "2026-12-31"),
            ("2026-12-30", "2026-11-30", "2026-07-01", "2026-09-30"),
            ("2027-01-01", "2026-12-31", "2026-10-01", "2026-12-31"),
            ("2028-03-01", "2028-02-29", "2027-10-01", "2027-12-31"),
        ] {
            assert_eq!(Period::month_end_by(day(date)), day(month));
            assert_eq!(Period::quarter_by(day(date)), Period::new(day(from), day(until)).unwrap(), "{date}");
        }
    }

    #[test]
    fn every_told_measure_has_one_name() {
        let names: Vec<_> = Measure::all().filter_map(Measure::name).collect();
        let different: std::collections::BTreeSet<_> = names.iter().collect();
        assert_eq!(names.len(), different.len());
        assert!(names.iter().all(|name| Measure::named(name).and_then(Measure::name).as_ref() == Some(name)));
        assert_eq!(Measure::named("PACT_DUE"), None);
    }

    fn rounds() -> impl Strategy<Value = Vec<Life>> {
        let ends =
            prop_oneof![Just(None), Just(Some(Outcome::TerugEigenSchool)), Just(Some(Outcome::UitNederland))];
        let lasts = (prop::option::of(1_u64..200), ends, prop::option::of(0_u64..300));
        let one = (0_u64..400, lasts, prop::option::of(0_u64..200)).prop_map(
            |(start, (length, ended, cared), offer)| {
                let first = day("2025-08-01") + chrono::Days::new(start);
                let after = |days: u64| first + chrono::Days::new(days);
                let closed = length.map(after);
                let (outcome, cared, offered) = (closed.zip(ended), cared.map(after), offer.map(after));
                life(Round { offered, closed, outcome, cared, ..round(&first.to_string()) })
            },
        );
        prop::collection::vec(one, 0..40)
    }

    proptest! {
        /// Every whole is the sum of its parts, and what is open is what was, and came, and did not go.
        #[test]
        fn figures_reconcile(lives in rounds(), from in 0_u64..500, length in 0_u64..200) {
            let from = day("2025-08-01") + chrono::Days::new(from);
            let period = Period::new(from, from + chrono::Days::new(length)).unwrap();
            let counts = count(&lives, period);
            let of = |counts: &Counts, measure| counts.get(&measure).copied().unwrap_or_default();
            for (whole, parts) in Measure::sums() {
                let sum: u32 = parts.into_iter().map(|part| of(&counts, part)).sum();
                prop_assert_eq!(of(&counts, whole), sum);
            }
            let eve = from.pred_opt().unwrap();
            let before = count(&lives, Period::new(eve, eve).unwrap());
            let now = of(&before, Measure::Open) + of(&counts, Measure::Inflow) - of(&counts, Measure::Outflow);
            prop_assert_eq!(of(&counts, Measure::Open), now);
        }
    }
}
