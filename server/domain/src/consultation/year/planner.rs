//! Finds a time for every meeting of every table: the one with the fewest times first.

use std::collections::HashMap;

use chrono::{DateTime, NaiveDate, TimeDelta, Utc};
use chrono_tz::Tz;
use uuid::Uuid;

use super::Stretch;
use crate::{
    availability::{
        self as search, ClosedDay, DayWindow, Person, Search, Seat, Site, Slot, Span, Travel, local,
    },
    ids::PersonId,
    time::Period,
};

/// What holds for all tables.
#[derive(Debug, Clone)]
pub struct Frame {
    /// The length of each meeting, a multiple of 5.
    pub minutes: u16,
    /// Starts lie on multiples of this many minutes.
    pub grid: u16,
    /// Whose clock.
    pub zone: Tz,
    /// When on a day.
    pub day_window: DayWindow,
    /// When it is asked.
    pub now: DateTime<Utc>,
    /// No start before this instant.
    pub not_before: DateTime<Utc>,
    /// How long the way takes from one table to the next.
    pub travel: Travel,
}

/// A table that meets several times.
#[derive(Debug, Clone)]
pub struct Table {
    /// Everybody who can sit at it, once.
    pub people: Vec<Person>,
    /// Who sits at it each time; candidates are places in `people`.
    pub seats: Vec<Seat>,
    /// Where people come together.
    pub site: Site,
    /// The days on which it does not meet.
    pub closed: Vec<ClosedDay>,
    /// One for each meeting, in order.
    pub stretches: Vec<Stretch>,
}

/// A meeting with its time.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Planned {
    /// When.
    pub time: Period,
    /// Per seat who comes; none only for an optional one.
    pub chosen: Vec<Option<PersonId>>,
    /// Days between it and the best day.
    pub days_off: i64,
    /// How many starts there were to choose from.
    pub choices: usize,
}

/// What became of one meeting.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Outcome {
    /// It has a time.
    Planned(Planned),
    /// It has none. Without any one of these seats it would; no seats: not without one of them.
    Impossible {
        /// Places in [`Table::seats`].
        without: Vec<usize>,
    },
}

/// Plans all meetings of all tables, per table in the order of its stretches. Whoever has the
/// fewest starts is served first, and takes the start that leaves the fewest optional seats
/// empty, keeps away from the table's other meetings, and is nearest to the best day. The same
/// question has the same answer.
pub fn plan(frame: &Frame, mut tables: Vec<Table>) -> Vec<Vec<Outcome>> {
    let mut order: Vec<(usize, usize, usize)> = Vec::new();
    for (at, table) in tables.iter().enumerate() {
        for (which, stretch) in table.stretches.iter().enumerate() {
            order.push((starts(frame, table, stretch).len(), at, which));
        }
    }
    order.sort_unstable();
    let seated = seated(&tables);
    let mut planned_before: u128 = 0;
    let mut found: Vec<Vec<Option<Outcome>>> =
        tables.iter().map(|table| vec![None; table.stretches.len()]).collect();
    for (_, at, which) in order {
        let outcome = one(frame, &tables[at], which, &found[at]);
        if let Outcome::Planned(planned) = &outcome {
            let (time, site) = (planned.time, tables[at].site);
            // One booking for each meeting of the plan; no other is numbered so low.
            let booking = Uuid::from_u128(planned_before + 1);
            planned_before += 1;
            for person in planned.chosen.iter().flatten() {
                for &(table, place) in seated.get(person).into_iter().flatten() {
                    let busy = &mut tables[table].people[place].calendar.busy;
                    let behind = busy.partition_point(|span| span.time.start() <= time.start());
                    busy.insert(behind, Span::new(booking, time, site));
                }
            }
        }
        found[at][which] = Some(outcome);
    }
    let whole = |outcomes: Vec<Option<Outcome>>| outcomes.into_iter().flatten().collect();
    found.into_iter().map(whole).collect()
}

/// Where each person could sit: the table, and the place among its people.
fn seated(tables: &[Table]) -> HashMap<PersonId, Vec<(usize, usize)>> {
    let mut seated: HashMap<PersonId, Vec<(usize, usize)>> = HashMap::new();
    for (at, table) in tables.iter().enumerate() {
        for (place, person) in table.people.iter().enumerate() {
            seated.entry(PersonId(person.id.0)).or_default().push((at, place));
        }
    }
    seated
}

fn one(frame: &Frame, table: &Table, which: usize, found: &[Option<Outcome>]) -> Outcome {
    let stretch = &table.stretches[which];
    let slots = starts(frame, table, stretch);
    let day = |slot: &Slot| local::date_of(frame.zone, slot.start);
    let others: Vec<NaiveDate> = found
        .iter()
        .flatten()
        .filter_map(|outcome| match outcome {
            Outcome::Planned(planned) => Some(local::date_of(frame.zone, planned.time.start())),
            Outcome::Impossible { .. } => None,
        })
        .collect();
    let apart = (stretch.last - stretch.first).num_days() / 2;
    let price = |slot: &Slot| {
        let empty = slot.chosen.iter().filter(|chosen| chosen.is_none()).count();
        let crowded = others.iter().any(|other| (*other - day(slot)).num_days().abs() < apart.max(1));
        (empty, crowded, days_off(stretch, day(slot)), -slot.total, slot.start)
    };
    let Some(best) = slots.iter().min_by_key(|slot| price(slot)) else {
        return Outcome::Impossible { without: blame(frame, table, stretch) };
    };
    match Period::new(best.start, best.end) {
        Ok(time) => Outcome::Planned(Planned {
            time,
            chosen: best.chosen.iter().map(|chosen| chosen.map(|own| PersonId(own.0))).collect(),
            days_off: days_off(stretch, day(best)),
            choices: slots.len(),
        }),
        Err(_) => Outcome::Impossible { without: Vec::new() },
    }
}

fn days_off(stretch: &Stretch, day: NaiveDate) -> i64 {
    (day - stretch.around).num_days().abs()
}

/// The seats without any one of which there would be a time.
fn blame(frame: &Frame, table: &Table, stretch: &Stretch) -> Vec<usize> {
    let required = (0..table.seats.len()).filter(|seat| table.seats[*seat].required);
    let would_do = |seat: &usize| {
        let mut without = table.clone();
        without.seats[*seat].required = false;
        !starts(frame, &without, stretch).is_empty()
    };
    required.filter(would_do).collect()
}

/// Every start of a stretch at which all required seats are filled, in order.
fn starts(frame: &Frame, table: &Table, stretch: &Stretch) -> Vec<Slot> {
    let days = (local::day(frame.zone, stretch.first), local::day(frame.zone, stretch.last));
    let (Some(first), Some(last)) = days else { return Vec::new() };
    let from = first.start().max(frame.not_before);
    let Some(window) = Period::new(from, last.end()).ok() else { return Vec::new() };
    if window.duration() < TimeDelta::minutes(frame.minutes.into()) {
        return Vec::new();
    }
    let within = |closed: &&ClosedDay| stretch.first <= closed.date && closed.date <= stretch.last;
    let question = Search {
        window,
        duration: frame.minutes,
        grid: frame.grid,
        zone: frame.zone,
        day_window: frame.day_window,
        now: frame.now,
        not_before: frame.not_before,
        closed: table.closed.iter().filter(within).copied().collect(),
        site: table.site,
        travel: frame.travel.clone(),
        quorum: None,
        excluded: Vec::new(),
        hold: None,
        people: table.people.clone(),
        seats: table.seats.clone(),
        limit: 1,
    };
    search::next_free(&question, from, usize::MAX).unwrap_or_default()
}
