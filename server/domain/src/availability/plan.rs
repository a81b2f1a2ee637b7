//! A search as bits: the rules, everybody's starts, and who of each seat comes first.

use std::borrow::Cow;

use super::{
    dates::Dates,
    free::{Expansion, Free},
    grain::{GRAIN_MINUTES, Grains, Line, is_on},
    matching::{Able, Chair},
    score,
    search::{Candidate, Days, Search, SeatKind},
    tally::Tally,
};
use crate::time::DayTime;

/// A candidate that was not excluded.
#[derive(Clone, Copy)]
pub(super) struct Choice {
    /// The place in the people of the search.
    pub(super) person: usize,
    /// The place in the candidates of the seat.
    pub(super) candidate: usize,
    /// What this choice counts for at any time.
    pub(super) points: i64,
}

/// A search turned into bits.
pub(super) struct Plan<'a> {
    pub(super) search: &'a Search,
    pub(super) line: Line,
    /// Starts on whole steps of the clock.
    pub(super) grid: Grains,
    /// Starts that the day window allows.
    pub(super) day: Grains,
    /// Starts whose days are not closed.
    pub(super) open: Grains,
    /// Starts after the minimum notice.
    pub(super) notice: Grains,
    /// By place in the people of the search.
    pub(super) people: Vec<Free>,
    /// Per seat, the most wanted first.
    pub(super) seats: Vec<Vec<Choice>>,
    /// Seats in the order in which they are filled: required ones, then those that count for
    /// the quorum, then the others; the heavier first.
    pub(super) order: Vec<usize>,
    /// Whether nobody is a candidate for two seats, so that each seat chooses by itself.
    pub(super) apart: bool,
    pub(super) expansion: Expansion<'a>,
}

impl<'a> Plan<'a> {
    pub(super) fn new(search: &'a Search) -> Self {
        let mut expansion = Expansion::new(search);
        let line = expansion.line;
        let mut notice = line.none();
        notice.set(line.from(search.not_before));
        let seats: Vec<Vec<Choice>> = (0..search.seats.len()).map(|seat| choices(search, seat)).collect();
        let mut seats_of = vec![0_u16; search.people.len()];
        seats.iter().flatten().for_each(|choice| seats_of[choice.person] += 1);
        let nobody = || Free { time: line.none(), starts: line.none(), fixed: None, is_far: false };
        let people = search.people.iter().zip(&seats_of);
        let people: Vec<Free> = people
            .map(|(person, seats)| if *seats == 0 { nobody() } else { expansion.of(&person.calendar) })
            .collect();
        let mut order: Vec<usize> = (0..search.seats.len()).collect();
        order.sort_by_key(|at| {
            let seat = &search.seats[*at];
            (!seat.required, seat.kind != SeatKind::Professional, std::cmp::Reverse(seat.weight))
        });
        Self {
            search,
            line,
            grid: grid(search, line, expansion.dates()),
            day: day_window(search, &expansion).runs(search.grains()),
            open: open_days(search, line, expansion.dates()).runs(search.grains()),
            notice,
            people,
            apart: seats_of.iter().all(|seats| *seats < 2),
            seats,
            order,
            expansion,
        }
    }

    /// Where somebody for this seat can start.
    pub(super) fn seat_starts(&self, seat: usize) -> Cow<'_, Grains> {
        let mut choices = self.seats[seat].iter().map(|choice| &self.people[choice.person].starts);
        let Some(first) = choices.next() else { return Cow::Owned(self.line.none()) };
        choices.fold(Cow::Borrowed(first), |mut any, starts| {
            any.to_mut().or(starts);
            any
        })
    }

    /// Where every rule and every required seat, each by itself, allows a start.
    pub(super) fn starts(&self) -> Grains {
        let mut starts = self.day.clone();
        for rule in [&self.open, &self.notice, &self.grid] {
            starts.and(rule);
        }
        for (at, _) in self.search.seats.iter().enumerate().filter(|(_, seat)| seat.required) {
            starts.and(&self.seat_starts(at));
        }
        if let Some(quorate) = self.quorate() {
            starts.and(&quorate);
        }
        starts
    }

    /// How many optional professional seats must be filled beside all required ones.
    pub(super) fn wanted(&self) -> usize {
        let seats = self.search.seats.iter();
        let sure = seats.filter(|seat| seat.required && seat.kind == SeatKind::Professional).count();
        self.search.quorum.unwrap_or(0).saturating_sub(sure)
    }

    /// Whether a seat counts for the quorum without being required.
    pub(super) fn is_counted(&self, seat: usize) -> bool {
        let seat = &self.search.seats[seat];
        !seat.required && seat.kind == SeatKind::Professional
    }

    /// Where enough optional professional seats can be filled, each by itself.
    pub(super) fn quorate(&self) -> Option<Grains> {
        let wanted = self.wanted();
        if wanted == 0 {
            return None;
        }
        let mut tally = Tally::new(self.line);
        for seat in (0..self.seats.len()).filter(|seat| self.is_counted(*seat)) {
            tally.add(&self.seat_starts(seat));
        }
        Some(tally.at_least(wanted))
    }

    /// Fills `chairs` with the table at one start.
    pub(super) fn chairs(&self, grain: usize, chairs: &mut Vec<Chair>) {
        chairs.resize_with(self.seats.len(), Chair::default);
        for ((chair, seat), choices) in chairs.iter_mut().zip(&self.search.seats).zip(&self.seats) {
            chair.required = seat.required;
            chair.able.clear();
            let able = choices
                .iter()
                .zip(0_u16..)
                .filter(|(choice, _)| self.people[choice.person].starts.has(grain));
            chair.able.extend(able.map(|(choice, at)| Able {
                person: choice.person,
                // A step of preference outweighs every order of listing.
                cost: 1_000_000_000 - choice.points * 1_000 + i64::from(at),
                choice: at,
            }));
        }
    }
}

/// Who can take a seat, the most wanted first.
fn choices(search: &Search, seat: usize) -> Vec<Choice> {
    let candidates = &search.seats[seat].candidates;
    let is_wanted = |candidate: &Candidate| !search.excluded.contains(&search.people[candidate.person].id);
    let wanted = candidates.iter().enumerate().filter(|(_, candidate)| is_wanted(candidate));
    let least = wanted.clone().map(|(_, candidate)| search.people[candidate.person].calendar.load).min();
    let mut choices: Vec<Choice> = wanted
        .map(|(at, candidate)| Choice {
            person: candidate.person,
            candidate: at,
            points: score::of_choice(search, seat, at, least.unwrap_or(0)).map(|part| part.points).sum(),
        })
        .collect();
    choices.sort_by_key(|choice| -choice.points);
    choices
}

/// The grains at which the clock of the search is on a whole step.
fn grid(search: &Search, line: Line, dates: &Dates) -> Grains {
    let mut grains = line.none();
    let step = i64::from(search.grid) * 60;
    for index in 0..dates.len() {
        let (from, until) = dates.day(index);
        if dates.is_even(index) && is_on(from) {
            // The window can begin in the middle of a day.
            let first = line.second_of(line.starting(from, until).start);
            let first = from + -(-(first - from).max(0)).div_euclid(step) * step;
            grains.set_every(line.starting(first, until), usize::from(search.grid / GRAIN_MINUTES));
            continue;
        }
        for grain in line.starting(from, until) {
            let minute = dates.minute_at(index, line.second_of(grain));
            if minute.is_some_and(|minute| minute.is_multiple_of(search.grid)) {
                grains.set(grain..grain + 1);
            }
        }
    }
    grains
}

fn day_window(search: &Search, expansion: &Expansion<'_>) -> Grains {
    let (window, dates) = (search.day_window, expansion.dates());
    let mut blocks: Vec<(i64, i64)> = (0..dates.len())
        .filter(|index| match window.days {
            Days::EveryDay => true,
            Days::Weekdays => index % 7 < 5,
        })
        .map(|index| {
            (dates.at(index, window.earliest), dates.at(index, window.latest.min(DayTime::END.minutes())))
        })
        .filter(|(start, end)| start < end)
        .collect();
    expansion.joined(&mut blocks)
}

fn open_days(search: &Search, line: Line, dates: &Dates) -> Grains {
    let mut grains = line.all();
    for closed in &search.closed {
        let index = usize::try_from(dates.index(closed.date)).ok().filter(|index| *index < dates.len());
        if let Some(index) = index {
            let (from, until) = dates.day(index);
            grains.clear(line.outward(from, until));
        }
    }
    grains
}
