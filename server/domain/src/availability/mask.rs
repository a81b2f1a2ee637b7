//! Calendars as bits: which grains each candidate and each rule of a search leave free.

use chrono::{Datelike, Timelike, Weekday};

use super::{
    grain::{Grains, Line},
    local,
    matching::{Able, Chair},
    search::{Candidate, Days, Search},
};
use crate::time::{DayTime, Period, repeated, union};

/// A candidate's time, each reason to be taken kept apart so that one can be left out.
pub(super) struct Times {
    /// Inside weekly hours, wherever the block is fixed.
    pub(super) anywhere: Grains,
    /// Inside weekly hours that allow the place of the search.
    pub(super) here: Grains,
    /// Inside hours fixed at the place of the search.
    pub(super) fixed: Option<Grains>,
    /// Not absent.
    pub(super) present: Grains,
    /// Not taken.
    pub(super) unbooked: Grains,
    /// All of it.
    pub(super) free: Grains,
    /// Where a meeting of the asked length can start.
    pub(super) starts: Grains,
}

/// A search turned into bits.
pub(super) struct Plan<'a> {
    pub(super) search: &'a Search,
    pub(super) line: Line,
    /// Starts that the day window allows.
    pub(super) day: Grains,
    /// Starts whose days are not closed.
    pub(super) open: Grains,
    /// Starts after the minimum notice.
    pub(super) notice: Grains,
    /// Per seat, per candidate.
    pub(super) seats: Vec<Vec<Times>>,
}

impl<'a> Plan<'a> {
    pub(super) fn new(search: &'a Search) -> Self {
        let line = Line::new(search.window);
        let mut notice = line.none();
        notice.set(line.from(search.not_before));
        let times = |candidate| Times::new(search, line, candidate);
        Self {
            search,
            line,
            day: day_window(search, line).runs(search.grains()),
            open: open_days(search, line).runs(search.grains()),
            notice,
            seats: search.seats.iter().map(|seat| seat.candidates.iter().map(times).collect()).collect(),
        }
    }

    /// Where somebody for this seat can start.
    pub(super) fn seat_starts(&self, seat: usize) -> Grains {
        self.seats[seat].iter().fold(self.line.none(), |any, times| any.or(&times.starts))
    }

    /// Where every rule and every required seat, each by itself, allows a start.
    pub(super) fn starts(&self) -> Grains {
        let seats = self.search.seats.iter().enumerate().filter(|(_, seat)| seat.required);
        let rules = self.day.clone().and(&self.open).and(&self.notice);
        seats.fold(rules, |all, (at, _)| all.and(&self.seat_starts(at)))
    }

    /// Whether the wall clock is on the grid at a grain.
    pub(super) fn on_grid(&self, grain: usize) -> bool {
        let wall = self.line.start_of(grain).with_timezone(&self.search.zone);
        let minute = wall.hour() * 60 + wall.minute();
        minute.is_multiple_of(self.search.grid.into()) && wall.second() == 0
    }

    /// The table at one start. `can` says whether a candidate of a seat can.
    pub(super) fn chairs(&self, can: impl Fn(usize, usize) -> bool) -> Vec<Chair> {
        let seats = self.search.seats.iter().enumerate();
        seats
            .map(|(at, seat)| Chair {
                required: seat.required,
                able: (0..seat.candidates.len())
                    .filter(|candidate| can(at, *candidate))
                    .map(|candidate| able(&seat.candidates[candidate], candidate))
                    .collect(),
            })
            .collect()
    }
}

fn able(candidate: &Candidate, place: usize) -> Able {
    // A step of preference outweighs every order of listing.
    let cost = (candidate.preference as i64) * 10_000 + i64::try_from(place).unwrap_or(0);
    Able { person: candidate.person, cost, candidate: place }
}

impl Times {
    fn new(search: &Search, line: Line, candidate: &Candidate) -> Self {
        let calendar = &candidate.calendar;
        let hours = |wanted: &dyn Fn(&super::WeeklyHours) -> bool| match &calendar.hours {
            None => line.all(),
            Some(hours) => {
                let blocks = hours.iter().filter(|block| wanted(block));
                free(line, blocks.flat_map(|block| block.within(search.window)).collect())
            }
        };
        let here = |block: &super::WeeklyHours| {
            search.place.is_none() || block.place.is_none() || block.place == search.place
        };
        let fixed = calendar.hours.iter().flatten().any(|block| block.place.is_some() && here(block));
        let absences = calendar.absences.iter().filter_map(|absence| absence.within(search.window));
        let mut times = Self {
            anywhere: hours(&|_| true),
            here: hours(&here),
            fixed: (fixed && search.place.is_some()).then(|| hours(&|block| block.place == search.place)),
            present: taken(line, absences),
            unbooked: taken(line, calendar.busy.iter().copied()),
            free: line.none(),
            starts: line.none(),
        };
        times.free = times.here.clone().and(&times.present).and(&times.unbooked);
        times.starts = times.free.clone().runs(search.grains());
        times
    }
}

/// Blocks are joined before they are rounded inward, so that two that meet off the
/// grain lose nothing.
fn free(line: Line, blocks: Vec<Period>) -> Grains {
    let mut grains = line.none();
    for block in union(blocks) {
        grains.set(line.inward(block));
    }
    grains
}

fn taken(line: Line, stretches: impl Iterator<Item = Period>) -> Grains {
    let mut grains = line.all();
    for stretch in stretches {
        grains.clear(line.outward(stretch));
    }
    grains
}

fn day_window(search: &Search, line: Line) -> Grains {
    let first = local::date_of(search.zone, search.window.start()) - chrono::Days::new(1);
    let last = local::date_of(search.zone, search.window.end());
    let window = search.day_window;
    let used = |weekday| match window.days {
        Days::EveryDay => true,
        Days::Weekdays => !matches!(weekday, Weekday::Sat | Weekday::Sun),
    };
    let days = first.iter_days().take_while(|date| *date <= last).filter(|date| used(date.weekday()));
    let part = |date| {
        let at = |minutes| Some(repeated(search.zone, DayTime::new(minutes).ok()?.on(date)));
        Period::new(at(window.earliest)?, at(window.latest)?).ok()
    };
    free(line, days.filter_map(part).collect())
}

fn open_days(search: &Search, line: Line) -> Grains {
    taken(line, search.closed.iter().filter_map(|closed| local::day(search.zone, closed.date)))
}
