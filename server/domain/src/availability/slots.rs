//! The answer: the best times, who would come, and why these.

use std::collections::BTreeMap;

use chrono::{DateTime, NaiveDate, TimeDelta, Utc};

use super::{
    impossible::{self, Impossible},
    local,
    mask::Plan,
    matching,
    score::{self, ScorePart},
    search::Search,
};
use crate::{ids::PersonId, refusal::Violation, time::Period};

/// A time at which every required seat is filled.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Slot {
    /// When it starts.
    pub start: DateTime<Utc>,
    /// When it ends.
    pub end: DateTime<Utc>,
    /// Per seat of the search who comes; `None` only for an optional seat.
    pub chosen: Vec<Option<PersonId>>,
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
    let plan = checked(search)?;
    let mut slots: Vec<Slot> = filled(&plan).map(|filled| filled.slot(&plan)).collect();
    if slots.is_empty() {
        return Ok(Found { slots, none: Some(impossible::explain(&plan)) });
    }
    slots.sort_by_key(|slot| (-slot.total, slot.start));
    Ok(Found { slots: over_days(search, slots), none: None })
}

/// Every start at which the meeting can be held, in order.
pub fn feasible_starts(search: &Search) -> Result<Vec<DateTime<Utc>>, Vec<Violation>> {
    let plan = checked(search)?;
    Ok(filled(&plan).map(|filled| plan.line.start_of(filled.grain)).collect())
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
    Ok(filled(&plan).take(count).map(|filled| filled.slot(&plan)).collect())
}

fn checked(search: &Search) -> Result<Plan<'_>, Vec<Violation>> {
    let violations = search.check();
    if violations.is_empty() { Ok(Plan::new(search)) } else { Err(violations) }
}

/// A start with the candidate of each seat.
struct Filled {
    grain: usize,
    chosen: Vec<Option<usize>>,
}

fn filled(plan: &Plan<'_>) -> impl Iterator<Item = Filled> {
    let starts: Vec<usize> = plan.starts().ones().collect();
    starts.into_iter().filter(|grain| plan.on_grid(*grain)).filter_map(|grain| {
        let chairs = plan.chairs(|seat, candidate| plan.seats[seat][candidate].starts.has(grain));
        let taken = matching::seat(&chairs)?;
        let chosen =
            chairs.iter().zip(taken).map(|(chair, at)| at.map(|at| chair.able[at].candidate)).collect();
        Some(Filled { grain, chosen })
    })
}

impl Filled {
    fn slot(&self, plan: &Plan<'_>) -> Slot {
        let start = plan.line.start_of(self.grain);
        let parts = score::score(plan, self.grain, &self.chosen);
        let seats = plan.search.seats.iter().zip(&self.chosen);
        Slot {
            start,
            end: start + TimeDelta::minutes(plan.search.duration.into()),
            chosen: seats.map(|(seat, at)| at.map(|at| seat.candidates[at].person)).collect(),
            total: parts.iter().map(|part| part.points).sum(),
            parts,
        }
    }
}

/// The first of the ranking, spread over dates; order kept.
fn over_days(search: &Search, ranked: Vec<Slot>) -> Vec<Slot> {
    let per_day = search.limit.div_ceil(3);
    let mut on_day: BTreeMap<NaiveDate, usize> = BTreeMap::new();
    let (spread, rest): (Vec<Slot>, Vec<Slot>) = ranked.into_iter().partition(|slot| {
        let count = on_day.entry(local::date_of(search.zone, slot.start)).or_default();
        *count += 1;
        *count <= per_day
    });
    let mut chosen: Vec<Slot> = spread.into_iter().chain(rest).take(search.limit).collect();
    chosen.sort_by_key(|slot| (-slot.total, slot.start));
    chosen
}
