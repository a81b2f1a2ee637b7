//! The answer: the best times, who would come, and why these.

use std::cmp::Reverse;

use chrono::{DateTime, TimeDelta, Utc};

use super::{
    agenda::CalendarId,
    impossible::{self, Impossible},
    matching,
    plan::Plan,
    score::{self, ScorePart},
    search::Search,
};
use crate::{refusal::Violation, time::Period};

/// A time at which every required seat is filled.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Slot {
    /// When it starts.
    pub start: DateTime<Utc>,
    /// When it ends.
    pub end: DateTime<Utc>,
    /// Per seat of the search who comes, or which room; `None` only for an optional seat.
    pub chosen: Vec<Option<CalendarId>>,
    /// What the total is made of.
    pub parts: Vec<ScorePart>,
    /// The sum of the parts; higher is better.
    pub total: i64,
}

/// What a search found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Found {
    /// Best first, ties by start.
    pub slots: Vec<Slot>,
    /// Why there is no slot, exactly when there is none.
    pub none: Option<Impossible>,
}

/// The best slots. The ranking is by total, then by start; no more than a third of the
/// answer (rounded up) is of one local date as long as other dates have slots, so that
/// people can choose between days instead of between quarters of an hour.
pub fn find(search: &Search) -> Result<Found, Vec<Violation>> {
    let mut plan = checked(search)?;
    let table = Table::laid(&plan);
    if table.grains.is_empty() {
        return Ok(Found { slots: Vec::new(), none: Some(impossible::explain(&mut plan)) });
    }
    let totals = score::totals(&plan, &table);
    let mut chosen = over_days(&plan, &table, &totals);
    chosen.sort_unstable_by_key(|start| (Reverse(totals[*start]), *start));
    let slots = chosen.into_iter().map(|start| slot(&plan, &table, start)).collect();
    Ok(Found { slots, none: None })
}

/// Every start at which the meeting can be held, in order.
pub fn feasible_starts(search: &Search) -> Result<Vec<DateTime<Utc>>, Vec<Violation>> {
    let plan = checked(search)?;
    let table = Table::laid(&plan);
    Ok(table.grains.iter().map(|grain| plan.line.start_of(*grain)).collect())
}

/// The next `count` slots that start at `after` or later, in order of time: what to offer
/// when the chosen time was just taken. The search is the same otherwise.
pub fn next_free(search: &Search, after: DateTime<Utc>, count: usize) -> Result<Vec<Slot>, Vec<Violation>> {
    let start = search.window.start().max(after);
    let meeting = TimeDelta::minutes(search.duration.into());
    let Some(window) =
        Period::new(start, search.window.end()).ok().filter(|window| window.duration() >= meeting)
    else {
        return Ok(Vec::new());
    };
    let later = Search { window, ..search.clone() };
    let plan = checked(&later)?;
    let table = Table::laid(&plan);
    Ok((0..table.grains.len().min(count)).map(|start| slot(&plan, &table, start)).collect())
}

fn checked(search: &Search) -> Result<Plan<'_>, Vec<Violation>> {
    let violations = search.check();
    if violations.is_empty() { Ok(Plan::new(search)) } else { Err(violations) }
}

/// An empty seat.
pub(super) const NOBODY: u16 = u16::MAX;

/// Every start at which the meeting can be held, with the choice of each seat.
pub(super) struct Table {
    pub(super) grains: Vec<usize>,
    /// Start by start, seat by seat.
    chosen: Vec<u16>,
    seats: usize,
}

impl Table {
    fn laid(plan: &Plan<'_>) -> Self {
        let mut table =
            Self { grains: plan.starts().ones().collect(), chosen: Vec::new(), seats: plan.seats.len() };
        if plan.apart {
            table.choose_apart(plan);
        } else {
            table.choose_together(plan);
        }
        table
    }

    /// The most wanted who can, for every seat by itself.
    fn choose_apart(&mut self, plan: &Plan<'_>) {
        self.chosen = vec![NOBODY; self.grains.len() * self.seats];
        for (seat, choices) in plan.seats.iter().enumerate() {
            for (grain, row) in self.grains.iter().zip(self.chosen.chunks_exact_mut(self.seats)) {
                let able = |choice: &super::plan::Choice| plan.people[choice.person].starts.has(*grain);
                row[seat] =
                    choices.iter().zip(0..).find(|(choice, _)| able(choice)).map_or(NOBODY, |(_, at)| at);
            }
        }
    }

    /// Nobody takes two seats; starts at which that leaves a required one empty, or too few
    /// for the quorum, are dropped.
    fn choose_together(&mut self, plan: &Plan<'_>) {
        let (wanted, mut chairs) = (plan.wanted(), Vec::new());
        let chosen = &mut self.chosen;
        self.grains.retain(|grain| {
            plan.chairs(*grain, &mut chairs);
            let Some(taken) = matching::seat(&chairs, &plan.order) else { return false };
            let counted =
                taken.iter().enumerate().filter(|(seat, at)| at.is_some() && plan.is_counted(*seat));
            if counted.count() < wanted {
                return false;
            }
            let choice = |(chair, at): (&matching::Chair, &Option<usize>)| {
                at.map_or(NOBODY, |at| chair.able[at].choice)
            };
            chosen.extend(chairs.iter().zip(&taken).map(choice));
            true
        });
    }

    /// Who takes a seat at a start: the place in the seat's choices.
    pub(super) fn choice(&self, start: usize, seat: usize) -> Option<usize> {
        let choice = self.chosen[start * self.seats + seat];
        (choice != NOBODY).then_some(usize::from(choice))
    }

    /// The starts at which this choice takes a seat, with their grains, in order.
    pub(super) fn with(&self, seat: usize, choice: usize) -> impl Iterator<Item = (usize, usize)> {
        let rows = self.grains.iter().zip(self.chosen.iter().skip(seat).step_by(self.seats)).enumerate();
        rows.filter(move |(_, (_, taken))| usize::from(**taken) == choice)
            .map(|(start, (grain, _))| (start, *grain))
    }
}

fn slot(plan: &Plan<'_>, table: &Table, start: usize) -> Slot {
    let parts = score::parts(plan, table, start);
    let at = plan.line.start_of(table.grains[start]);
    let who = |seat: usize| {
        let choice = table.choice(start, seat)?;
        Some(plan.search.people[plan.seats[seat][choice].person].id)
    };
    Slot {
        start: at,
        end: at + TimeDelta::minutes(plan.search.duration.into()),
        chosen: (0..plan.seats.len()).map(who).collect(),
        total: parts.iter().map(|part| part.points).sum(),
        parts,
    }
}

/// The first of the ranking, spread over dates.
fn over_days(plan: &Plan<'_>, table: &Table, totals: &[i64]) -> Vec<usize> {
    let (limit, dates) = (plan.search.limit, plan.expansion.dates());
    let per_day = limit.div_ceil(3);
    let mut ranked: Vec<usize> = (0..totals.len()).collect();
    ranked.sort_unstable_by_key(|start| (Reverse(totals[*start]), *start));
    let mut on_day = vec![0; dates.len()];
    let (mut spread, mut rest) = (Vec::with_capacity(limit), Vec::new());
    for start in ranked {
        let count: &mut usize = &mut on_day[dates.date_at(plan.line.second_of(table.grains[start]))];
        if *count < per_day {
            *count += 1;
            spread.push(start);
            if spread.len() == limit {
                break;
            }
        } else if rest.len() < limit {
            rest.push(start);
        }
    }
    let missing = limit - spread.len();
    spread.extend(rest.into_iter().take(missing));
    spread
}
