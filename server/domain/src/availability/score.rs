//! Why one slot is better than another: named parts, each with its points.

use chrono::{DateTime, TimeDelta, Timelike, Utc};

use super::{grain::GRAIN_MINUTES, local, mask::Plan, search::Preference};

/// A reason that counts for or against a slot. `seat` is the place in `Search::seats`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Reason {
    /// Local dates between the first possible day and the slot; −2 each.
    Soon {
        /// 0 on the first possible day.
        days: i64,
    },
    /// The link person of the school can; +10.
    LinkedPersonFree {
        /// Whose seat.
        seat: usize,
    },
    /// The link person cannot, the deputy can; −5.
    DeputyInstead {
        /// Whose seat.
        seat: usize,
    },
    /// Neither can, another of the team can; −15.
    TeamMemberInstead {
        /// Whose seat.
        seat: usize,
    },
    /// Nobody can take an optional seat; −40.
    OptionalMissing {
        /// The empty seat.
        seat: usize,
    },
    /// The person sits at the place of the meeting then anyway; +5.
    SchoolHour {
        /// Whose seat.
        seat: usize,
    },
    /// The first or the last step of the grid in the day window; −3.
    EdgeOfDay,
    /// Free minutes too few for anything else that the meeting leaves beside it; −1 per
    /// ten minutes begun, over all people with weekly hours.
    Fragmentation {
        /// Summed over the people at the table.
        minutes: u16,
    },
}

/// A reason and its points.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ScorePart {
    /// Why.
    pub reason: Reason,
    /// How much, for or against.
    pub points: i64,
}

/// A rest of free time shorter than this serves no meeting.
const USELESS_GRAINS: usize = 30 / GRAIN_MINUTES as usize;

impl Reason {
    fn scored(self) -> ScorePart {
        let points = match self {
            Self::Soon { days } => -2 * days,
            Self::LinkedPersonFree { .. } => 10,
            Self::DeputyInstead { .. } => -5,
            Self::TeamMemberInstead { .. } => -15,
            Self::OptionalMissing { .. } => -40,
            Self::SchoolHour { .. } => 5,
            Self::EdgeOfDay => -3,
            Self::Fragmentation { minutes } => -i64::from(minutes.div_ceil(10)),
        };
        ScorePart { reason: self, points }
    }
}

/// The parts of a slot that starts at `grain` with these candidates, in a fixed order.
pub(super) fn score(plan: &Plan<'_>, grain: usize, chosen: &[Option<usize>]) -> Vec<ScorePart> {
    let start = plan.line.start_of(grain);
    let mut reasons = vec![Reason::Soon { days: days_until(plan, start) }];
    for (seat, candidate) in chosen.iter().enumerate() {
        reasons.extend(seat_reasons(plan, grain, seat, *candidate));
    }
    if at_edge(plan, start) {
        reasons.push(Reason::EdgeOfDay);
    }
    match fragments(plan, grain, chosen) {
        0 => {}
        minutes => reasons.push(Reason::Fragmentation { minutes }),
    }
    reasons.into_iter().map(Reason::scored).collect()
}

fn days_until(plan: &Plan<'_>, start: DateTime<Utc>) -> i64 {
    let search = plan.search;
    let first = search.window.start().max(search.not_before);
    (local::date_of(search.zone, start) - local::date_of(search.zone, first)).num_days()
}

fn seat_reasons(plan: &Plan<'_>, grain: usize, seat: usize, candidate: Option<usize>) -> Vec<Reason> {
    let Some(candidate) = candidate else { return vec![Reason::OptionalMissing { seat }] };
    let mut reasons = Vec::new();
    match plan.search.seats[seat].candidates[candidate].preference {
        Preference::Named => {}
        Preference::Linked => reasons.push(Reason::LinkedPersonFree { seat }),
        Preference::Deputy => reasons.push(Reason::DeputyInstead { seat }),
        Preference::TeamMember => reasons.push(Reason::TeamMemberInstead { seat }),
    }
    let fixed = plan.seats[seat][candidate].fixed.as_ref();
    if fixed.is_some_and(|fixed| (grain..grain + plan.search.grains()).all(|at| fixed.has(at))) {
        reasons.push(Reason::SchoolHour { seat });
    }
    reasons
}

fn at_edge(plan: &Plan<'_>, start: DateTime<Utc>) -> bool {
    let search = plan.search;
    let minute = |at: DateTime<Utc>| {
        let wall = at.with_timezone(&search.zone);
        wall.hour() * 60 + wall.minute()
    };
    let first = minute(start) < u32::from(search.day_window.earliest + search.grid);
    let end = minute(start + TimeDelta::minutes(search.duration.into()));
    first || end + u32::from(search.grid) > u32::from(search.day_window.latest)
}

fn fragments(plan: &Plan<'_>, grain: usize, chosen: &[Option<usize>]) -> u16 {
    let end = grain + plan.search.grains();
    let useless = |rest: usize| if rest < USELESS_GRAINS { rest } else { 0 };
    let grains: usize = chosen
        .iter()
        .enumerate()
        .filter_map(|(seat, candidate)| candidate.map(|candidate| (seat, candidate)))
        .filter(|(seat, candidate)| plan.search.seats[*seat].candidates[*candidate].calendar.hours.is_some())
        .map(|(seat, candidate)| {
            let free = &plan.seats[seat][candidate].free;
            let before = (1..=USELESS_GRAINS.min(grain)).take_while(|back| free.has(grain - back)).count();
            let after = (0..USELESS_GRAINS).take_while(|ahead| free.has(end + ahead)).count();
            useless(before) + useless(after)
        })
        .sum();
    u16::try_from(grains).unwrap_or(u16::MAX).saturating_mul(GRAIN_MINUTES)
}
