//! The road to an ondersteuningsplan, planned back from the day on which the Inspectie must have it.
//!
//! WPO art. 18a(7)–(9): at least once in four years, after overleg with the colleges of all
//! gemeenten that is aimed at agreement, with the consent of the ondersteuningsplanraad, and
//! sent to the Inspectie before 1 May. How long each step takes is custom, not law.

use chrono::{Days, NaiveDate};

use super::{
    Rhythm, Stretch,
    spread::{open_before, open_days},
    stretches,
};

/// A step on the way.
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
)]
#[strum(serialize_all = "SCREAMING_SNAKE_CASE")]
pub enum Step {
    /// The draft goes to the gemeenten and the schools.
    Draft,
    /// Overleg of the officials of gemeenten and samenwerkingsverbanden.
    OogoAmbtelijk,
    /// Overleg of wethouders and board, aimed at agreement.
    OogoBestuurlijk,
    /// The ondersteuningsplanraad has consented.
    OprConsent,
    /// The board has decided.
    Decision,
    /// The Inspectie has it.
    ToInspectie,
}

/// A step with its days.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Milestone {
    /// Which.
    pub step: Step,
    /// Which time, from 1, when a step is taken more than once.
    pub round: usize,
    /// By when it is done; of an overleg the last day of its stretch.
    pub due: NaiveDate,
    /// Of an overleg: when it is sought.
    pub stretch: Option<Stretch>,
}

/// Weeks before the last day, at which a step is done.
const DECISION: u64 = 2;
const OPR: u64 = 6;
const BESTUURLIJK: u64 = 9;
const AMBTELIJK: u64 = 17;
const DRAFT: u64 = 28;

/// The day that a step is counted to, from the last one on which the Inspectie may have the plan; it is due then,
/// or on the last open day before. None of an overleg, which is sought in a stretch.
pub(super) fn counted(year: i32, step: Step) -> Option<NaiveDate> {
    let weeks = match step {
        Step::Draft => DRAFT,
        Step::OprConsent => OPR,
        Step::Decision => DECISION,
        Step::ToInspectie => 0,
        Step::OogoAmbtelijk | Step::OogoBestuurlijk => return None,
    };
    NaiveDate::from_ymd_opt(year, 4, 30)?.checked_sub_days(Days::new(7 * weeks))
}

/// The steps, by date, to be at the Inspectie by 30 April of `year`, with so many rounds of
/// overleg of officials and of the board. Every date is an open one; the rounds share the days
/// between draft and the boards, and between these and the consent of the raad.
pub fn milestones(
    year: i32,
    (ambtelijk, bestuurlijk): (usize, usize),
    is_open: impl Fn(NaiveDate) -> bool,
) -> Vec<Milestone> {
    let Some(last) = NaiveDate::from_ymd_opt(year, 4, 30) else { return Vec::new() };
    let before = |weeks: u64| open_before(last - Days::new(7 * weeks), &is_open);
    let single = |step, due| Milestone { step, round: 1, due, stretch: None };
    let rounds = |step, (from, until): (u64, u64), times| {
        let days: Vec<NaiveDate> = open_days(before(from), before(until), &is_open).skip(1).collect();
        let each = stretches(&days, Rhythm::Times(times)).into_iter().zip(1..);
        each.map(move |(stretch, round)| Milestone { step, round, due: stretch.last, stretch: Some(stretch) })
            .collect::<Vec<_>>()
    };
    let mut all = vec![single(Step::Draft, before(DRAFT))];
    all.extend(rounds(Step::OogoAmbtelijk, (DRAFT, AMBTELIJK), ambtelijk));
    all.extend(rounds(Step::OogoBestuurlijk, (AMBTELIJK, BESTUURLIJK), bestuurlijk));
    all.push(single(Step::OprConsent, before(OPR)));
    all.push(single(Step::Decision, before(DECISION)));
    all.push(single(Step::ToInspectie, open_before(last, &is_open)));
    all
}
