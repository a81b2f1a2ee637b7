//! Why a search found nothing: the fewest people and rules that must give way.

use std::{cmp::Reverse, collections::BTreeSet};

use chrono::{DateTime, Utc};
use strum::IntoEnumIterator;

use super::{
    agenda::CalendarId, free::Why, grain::Grains, matching, plan::Plan, search::ClosedReason, tally::Tally,
};

/// The most sets that are told.
const MOST_CAUSES: usize = 5;
/// The most times that are told per set.
const NEAREST: usize = 3;

/// Something that forbids times. `seat` is the place in `Search::seats`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Blocker {
    /// Starts on whole steps of the clock.
    Grid,
    /// The hours of the day and the days of the week.
    DayWindow,
    /// Days without meetings, of these kinds.
    ClosedDays {
        /// Each once, in the order of the enum.
        reasons: Vec<ClosedReason>,
    },
    /// The minimum notice.
    Notice,
    /// The number of professionals at the table.
    Quorum,
    /// A person whom a required seat needs, or a room.
    Person {
        /// The required seat.
        seat: usize,
        /// Whose calendar: of all candidates the one with the fewest reasons.
        who: CalendarId,
        /// Every reason for which they cannot, in the order of the enum; never empty.
        whys: Vec<Why>,
    },
    /// That this seat must be filled: it has no candidate, or those that it has are needed
    /// for other seats.
    Seat {
        /// The required seat.
        seat: usize,
    },
}

/// Without these blockers there would be slots.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Cause {
    /// All of them must give way.
    pub blockers: Vec<Blocker>,
    /// How many starts there would be.
    pub slots: usize,
    /// The first of these, at most three.
    pub nearest: Vec<DateTime<Utc>>,
}

/// Why there is no slot.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Impossible {
    /// How many people and rules must give way at the least; 0 when the window holds no
    /// start at all.
    pub size: usize,
    /// The sets of that size, at most five: the one with the most starts first, then the one
    /// with the earliest.
    pub causes: Vec<Cause>,
}

const RULES: u32 = 5;
const QUORUM: u128 = 1 << 4;

/// A rule or a required seat by the bit of its place, rules first.
fn seat_bit(seat: usize) -> u128 {
    1 << (seat + RULES as usize)
}

/// At every start the rules it breaks and the required seats that nobody can take; the starts
/// with the fewest of both.
pub(super) fn explain(plan: &mut Plan<'_>) -> Impossible {
    let blocked = Blocked::of(plan);
    let (size, starts) = blocked.fewest(plan);
    let mut causes = Vec::new();
    for group in largest(starts) {
        causes.extend(told(plan, &group));
    }
    causes.sort_by(|one, other| {
        (Reverse(one.slots), &one.nearest).cmp(&(Reverse(other.slots), &other.nearest))
    });
    causes.truncate(MOST_CAUSES);
    Impossible { size, causes }
}

/// A start and the set that forbids it.
#[derive(Clone, Copy)]
struct Start {
    set: u128,
    grain: usize,
}

/// Where each rule and each required seat forbids a start.
struct Blocked {
    /// The starts that fit into the window.
    inside: Grains,
    by: Vec<(u128, Grains)>,
}

impl Blocked {
    fn of(plan: &Plan<'_>) -> Self {
        let inside = plan.line.all().runs(plan.search.grains());
        let not = |allowed: &Grains| {
            let mut forbidden = inside.clone();
            forbidden.minus(allowed);
            forbidden
        };
        let rules = [&plan.grid, &plan.day, &plan.open, &plan.notice];
        let mut by: Vec<(u128, Grains)> =
            rules.iter().zip(0..).map(|(rule, at)| (1 << at, not(rule))).collect();
        by.extend(plan.quorate().map(|quorate| (QUORUM, not(&quorate))));
        let required = plan.search.seats.iter().enumerate().filter(|(_, seat)| seat.required);
        by.extend(required.map(|(seat, _)| (seat_bit(seat), not(&plan.seat_starts(seat)))));
        Self { inside, by }
    }

    /// The least size of a set, and every start with a set of it.
    fn fewest(&self, plan: &Plan<'_>) -> (usize, Vec<Start>) {
        let mut tally = Tally::new(plan.line);
        self.by.iter().for_each(|(_, forbidden)| tally.add(forbidden));
        let (mut least, mut starts) = (usize::MAX, Vec::new());
        // Seats that share candidates can forbid more than each by itself does, never less.
        for size in 0..=tally.most() {
            if size > least {
                break;
            }
            for start in self.sets(&tally.equal(size, &self.inside)) {
                let start = if plan.apart { start } else { together(plan, start) };
                let size = start.set.count_ones() as usize;
                if size < least {
                    least = size;
                    starts.clear();
                }
                if size == least {
                    starts.push(start);
                }
            }
        }
        (if starts.is_empty() { 0 } else { least }, starts)
    }

    fn sets(&self, starts: &Grains) -> Vec<Start> {
        let mut found: Vec<Start> = starts.ones().map(|grain| Start { set: 0, grain }).collect();
        for (bit, forbidden) in &self.by {
            for start in &mut found {
                if forbidden.has(start.grain) {
                    start.set |= bit;
                }
            }
        }
        found
    }
}

/// The set of a start when people can be candidates for several seats.
fn together(plan: &Plan<'_>, start: Start) -> Start {
    let mut chairs = Vec::new();
    plan.chairs(start.grain, &mut chairs);
    let taken = matching::seat_most(&chairs, &plan.order);
    let mut set = start.set & ((1 << RULES) - 1) & !QUORUM;
    let mut counted = 0;
    for (seat, at) in taken.iter().enumerate() {
        if at.is_none() && plan.search.seats[seat].required {
            set |= seat_bit(seat);
        }
        counted += usize::from(at.is_some() && plan.is_counted(seat));
    }
    if counted < plan.wanted() {
        set |= QUORUM;
    }
    Start { set, ..start }
}

/// The starts by their set: the sets with the most starts, each with its starts in order.
fn largest(mut starts: Vec<Start>) -> Vec<Vec<Start>> {
    starts.sort_unstable_by_key(|start| (start.set, start.grain));
    let mut groups: Vec<&[Start]> = starts.chunk_by(|one, other| one.set == other.set).collect();
    groups.sort_by_key(|group| (Reverse(group.len()), group[0].grain));
    groups.into_iter().take(MOST_CAUSES).map(<[Start]>::to_vec).collect()
}

/// A set in words: split by the reasons for which people cannot.
fn told(plan: &mut Plan<'_>, group: &[Start]) -> Vec<Cause> {
    let set = group[0].set;
    let seats: Vec<usize> = (0..plan.seats.len()).filter(|seat| set & seat_bit(*seat) != 0).collect();
    // Per seat, start by start.
    let reasons: Vec<Vec<Because>> = seats.iter().map(|seat| because(plan, *seat, group)).collect();
    let of = |start: usize| reasons.iter().map(move |seat| seat[start]);
    let mut order: Vec<usize> = (0..group.len()).collect();
    order.sort_by(|one, other| of(*one).cmp(of(*other)).then(one.cmp(other)));
    order
        .chunk_by(|one, other| of(*one).eq(of(*other)))
        .map(|starts| {
            let people = seats.iter().zip(of(starts[0])).map(|(seat, because)| because.told(plan, *seat));
            let nearest = starts.iter().take(NEAREST).map(|start| plan.line.start_of(group[*start].grain));
            Cause {
                blockers: rules(plan, set).into_iter().chain(people).collect(),
                slots: starts.len(),
                nearest: nearest.collect(),
            }
        })
        .collect()
}

fn rules(plan: &Plan<'_>, set: u128) -> Vec<Blocker> {
    let reasons: BTreeSet<ClosedReason> = plan.search.closed.iter().map(|closed| closed.reason).collect();
    let closed = Blocker::ClosedDays { reasons: reasons.into_iter().collect() };
    let rules = [Blocker::Grid, Blocker::DayWindow, closed, Blocker::Notice, Blocker::Quorum];
    rules.into_iter().enumerate().filter(|(bit, _)| set >> bit & 1 == 1).map(|(_, rule)| rule).collect()
}

/// Of a seat's candidates the one with the fewest reasons, and these reasons as bits.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct Because {
    whys: u8,
    choice: usize,
}

impl Because {
    fn told(self, plan: &Plan<'_>, seat: usize) -> Blocker {
        let choice = plan.seats[seat].get(self.choice).filter(|_| self.whys != 0);
        choice.map_or(Blocker::Seat { seat }, |choice| Blocker::Person {
            seat,
            who: plan.search.people[choice.person].id,
            whys: Why::iter()
                .zip(0..)
                .filter(|(_, bit)| self.whys >> bit & 1 == 1)
                .map(|(why, _)| why)
                .collect(),
        })
    }
}

fn because(plan: &mut Plan<'_>, seat: usize, group: &[Start]) -> Vec<Because> {
    let nobody = Because { whys: 0, choice: usize::MAX };
    let mut best = vec![nobody; group.len()];
    for choice in 0..plan.seats[seat].len() {
        let search = plan.search;
        let calendar = &search.people[plan.seats[seat][choice].person].calendar;
        let mut whys = vec![0_u8; group.len()];
        for (why, bit) in Why::iter().zip(0..) {
            if !plan.expansion.can_forbid(calendar, why) {
                continue;
            }
            let forbidden = plan.expansion.forbidden(calendar, why);
            for (whys, start) in whys.iter_mut().zip(group) {
                *whys |= u8::from(forbidden.has(start.grain)) << bit;
            }
        }
        for (best, whys) in best.iter_mut().zip(whys) {
            // Whoever is free then is needed for another seat.
            if *best == nobody || whys.count_ones() < best.whys.count_ones() {
                *best = Because { whys, choice };
            }
        }
    }
    best
}
