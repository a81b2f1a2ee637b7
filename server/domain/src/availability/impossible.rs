//! Why a search found nothing: what, left out, would make it possible.

use std::collections::BTreeSet;

use chrono::{DateTime, Utc};

use super::{
    grain::Grains,
    mask::{Plan, Times},
    matching,
    search::ClosedReason,
};
use crate::ids::PersonId;

/// The most combinations that are told.
const MAX_PAIRS: usize = 5;
/// The most times that are told per cause.
const NEAREST: usize = 3;

/// Something that forbids times. `seat` is the place in `Search::seats`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Blocker {
    /// The hours of the day and the days of the week.
    DayWindow,
    /// Days without meetings, of these kinds.
    ClosedDays {
        /// Each once, in the order of the enum.
        reasons: Vec<ClosedReason>,
    },
    /// The minimum notice.
    Notice,
    /// Starts on whole steps of the clock.
    Grid,
    /// That this seat must be filled.
    Seat {
        /// The required seat.
        seat: usize,
    },
    /// The weekly hours of a person.
    OutsideHours {
        /// The seat.
        seat: usize,
        /// Who works at other times.
        person: PersonId,
    },
    /// The person works then, but sits at another place.
    FixedElsewhere {
        /// The seat.
        seat: usize,
        /// Who sits elsewhere.
        person: PersonId,
    },
    /// The person is away.
    Absent {
        /// The seat.
        seat: usize,
        /// Who is away.
        person: PersonId,
    },
    /// The person is taken.
    Busy {
        /// The seat.
        seat: usize,
        /// Who is taken.
        person: PersonId,
    },
}

/// Without these blockers there would be slots.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Cause {
    /// One, or two that only together make it impossible.
    pub blockers: Vec<Blocker>,
    /// How many starts there would be without them.
    pub slots: usize,
    /// The first of these, at most three.
    pub nearest: Vec<DateTime<Utc>>,
}

/// Why there is no slot.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Impossible {
    /// Each of these alone makes it impossible; the one that frees most comes first.
    Single(Vec<Cause>),
    /// No single one does; these pairs do, at most five.
    Pairs(Vec<Cause>),
    /// More than two together.
    Several,
}

/// Leaves out each rule, each seat and each person's reason in turn.
pub(super) fn explain(plan: &Plan<'_>) -> Impossible {
    let parts = parts(plan);
    let mut causes: Vec<Cause> = Vec::new();
    for (at, rest) in all_but_one(plan, &parts).into_iter().enumerate() {
        let without = [parts[at].blocker.clone()];
        let Some(cause) = cause(plan, &without, &rest, None) else { continue };
        if let Blocker::Seat { seat } = parts[at].blocker {
            causes.extend(of_people(plan, seat, &rest));
        }
        causes.push(cause);
    }
    causes.extend(cause(plan, &[Blocker::Grid], &plan.starts(), None));
    causes.sort_by_key(|cause| std::cmp::Reverse(cause.slots));
    if !causes.is_empty() {
        return Impossible::Single(causes);
    }
    let mut pairs = pairs(plan, &parts);
    pairs.sort_by_key(|cause| std::cmp::Reverse(cause.slots));
    pairs.truncate(MAX_PAIRS);
    if pairs.is_empty() { Impossible::Several } else { Impossible::Pairs(pairs) }
}

/// A rule or a required seat and the starts it allows.
struct Part {
    blocker: Blocker,
    starts: Grains,
}

fn parts(plan: &Plan<'_>) -> Vec<Part> {
    let reasons: BTreeSet<ClosedReason> = plan.search.closed.iter().map(|closed| closed.reason).collect();
    let closed = Blocker::ClosedDays { reasons: reasons.into_iter().collect() };
    let rules = [(Blocker::DayWindow, &plan.day), (closed, &plan.open), (Blocker::Notice, &plan.notice)];
    let seats = plan.search.seats.iter().enumerate().filter(|(_, seat)| seat.required);
    rules
        .into_iter()
        .map(|(blocker, starts)| Part { blocker, starts: starts.clone() })
        .chain(
            seats.map(|(seat, _)| Part { blocker: Blocker::Seat { seat }, starts: plan.seat_starts(seat) }),
        )
        .collect()
}

/// For each part the starts that all others allow, from the ANDs of what comes before
/// and what comes after it: linear in the parts.
fn all_but_one(plan: &Plan<'_>, parts: &[Part]) -> Vec<Grains> {
    let mut after = vec![plan.line.all()];
    for part in parts.iter().skip(1).rev() {
        let last = after[after.len() - 1].clone();
        after.push(last.and(&part.starts));
    }
    let mut before = plan.line.all();
    let mut rests = Vec::with_capacity(parts.len());
    for (part, after) in parts.iter().zip(after.iter().rev()) {
        rests.push(before.clone().and(after));
        before = before.and(&part.starts);
    }
    rests
}

/// A candidate's starts as they would be without one reason.
struct Relaxed {
    seat: usize,
    candidate: usize,
    starts: Grains,
}

fn cause(plan: &Plan<'_>, without: &[Blocker], starts: &Grains, relaxed: Option<&Relaxed>) -> Option<Cause> {
    let grid = !without.contains(&Blocker::Grid);
    let skipped = |seat: usize| without.contains(&Blocker::Seat { seat });
    let fits = |grain: &usize| {
        let mut chairs = plan.chairs(|seat, candidate| {
            let relaxed = relaxed.filter(|relaxed| relaxed.seat == seat && relaxed.candidate == candidate);
            relaxed.map_or(&plan.seats[seat][candidate].starts, |relaxed| &relaxed.starts).has(*grain)
        });
        chairs.iter_mut().enumerate().for_each(|(seat, chair)| chair.required &= !skipped(seat));
        matching::seat(&chairs).is_some()
    };
    let found: Vec<usize> =
        starts.ones().filter(|grain| !grid || plan.on_grid(*grain)).filter(fits).collect();
    (!found.is_empty()).then(|| Cause {
        blockers: without.to_vec(),
        slots: found.len(),
        nearest: found.iter().take(NEAREST).map(|grain| plan.line.start_of(*grain)).collect(),
    })
}

/// Which reason of which candidate empties a seat.
fn of_people(plan: &Plan<'_>, seat: usize, rest: &Grains) -> Vec<Cause> {
    let candidates = plan.search.seats[seat].candidates.iter().enumerate();
    candidates
        .flat_map(|(candidate, who)| {
            let person = who.person;
            reasons(plan, seat, person, &plan.seats[seat][candidate]).into_iter().filter_map(
                move |(blocker, free)| {
                    let starts = free.runs(plan.search.grains());
                    let possible = rest.clone().and(&starts);
                    cause(plan, &[blocker], &possible, Some(&Relaxed { seat, candidate, starts }))
                },
            )
        })
        .collect()
}

/// A person's free time without each of their reasons.
fn reasons(plan: &Plan<'_>, seat: usize, person: PersonId, times: &Times) -> [(Blocker, Grains); 4] {
    let Times { anywhere, here, present, unbooked, .. } = times;
    let all = || plan.line.all();
    [
        (
            Blocker::OutsideHours { seat, person },
            all_but_elsewhere(anywhere, here, all()).and(present).and(unbooked),
        ),
        (Blocker::FixedElsewhere { seat, person }, anywhere.clone().and(present).and(unbooked)),
        (Blocker::Absent { seat, person }, here.clone().and(unbooked)),
        (Blocker::Busy { seat, person }, here.clone().and(present)),
    ]
}

/// Every grain except those of hours fixed at another place.
fn all_but_elsewhere(anywhere: &Grains, here: &Grains, all: Grains) -> Grains {
    all.minus(anywhere).or(here)
}

fn pairs(plan: &Plan<'_>, parts: &[Part]) -> Vec<Cause> {
    let mut found = Vec::new();
    for first in 0..parts.len() {
        for second in first + 1..parts.len() {
            let others = parts.iter().enumerate().filter(|(at, _)| *at != first && *at != second);
            let rest = others.fold(plan.line.all(), |all, (_, part)| all.and(&part.starts));
            let without = [parts[first].blocker.clone(), parts[second].blocker.clone()];
            found.extend(cause(plan, &without, &rest, None));
        }
    }
    found
}
