//! Why one slot is better than another: named parts, each with its points.

use super::{
    agenda::Span,
    grain::GRAIN_MINUTES,
    plan::Plan,
    search::{Preference, Search, SeatKind},
    slots::{NOBODY, Table},
};

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
    /// Somebody who helped with this case before; +20: more than the link person is worth
    /// above the deputy, less than it is worth above anybody else.
    SameHelper {
        /// Whose seat.
        seat: usize,
    },
    /// Another candidate has fewer meetings in these weeks; −1 an hour begun, at most −9, so
    /// that it decides between equals only.
    Workload {
        /// Whose seat.
        seat: usize,
        /// Minutes of meetings more than the one who has the fewest.
        minutes: u32,
    },
    /// A room that fits less well than another; −1 for each that fits better, at most −9.
    OtherRoom {
        /// Whose seat.
        seat: usize,
    },
    /// Nobody can take an optional seat; minus its weight, usually 40.
    OptionalMissing {
        /// The empty seat.
        seat: usize,
    },
    /// The person sits at the place of the meeting then anyway; +5.
    SchoolHour {
        /// Whose seat.
        seat: usize,
    },
    /// Minutes on the way from and to other meetings of that day; −1 per ten minutes begun.
    Travel {
        /// Summed over the people at the table.
        minutes: u16,
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
const A_DAY_LATER: i64 = -2;
const IN_A_SCHOOL_HOUR: i64 = 5;
const AT_THE_EDGE: i64 = -3;

fn part(reason: Reason, points: i64) -> ScorePart {
    ScorePart { reason, points }
}

/// What counts for or against a candidate at any time, when the least busy one for the seat
/// has `least` minutes of meetings.
pub(super) fn of_choice(
    search: &Search,
    seat: usize,
    candidate: usize,
    least: u32,
) -> impl Iterator<Item = ScorePart> + use<> {
    let wanted = &search.seats[seat].candidates[candidate];
    let known = match wanted.preference {
        Preference::Named => None,
        Preference::Linked => Some(part(Reason::LinkedPersonFree { seat }, 10)),
        Preference::Deputy => Some(part(Reason::DeputyInstead { seat }, -5)),
        Preference::TeamMember => Some(part(Reason::TeamMemberInstead { seat }, -15)),
    };
    let same = wanted.acquainted.then_some(part(Reason::SameHelper { seat }, 20));
    let minutes = search.people[wanted.person].calendar.load.saturating_sub(least);
    let load = (minutes > 0)
        .then(|| part(Reason::Workload { seat, minutes }, -i64::from(minutes.div_ceil(60).min(9))));
    let room = (search.seats[seat].kind == SeatKind::Room && candidate > 0)
        .then(|| part(Reason::OtherRoom { seat }, -i64::try_from(candidate.min(9)).unwrap_or(9)));
    [known, same, load, room].into_iter().flatten()
}

/// What stands beside a meeting: minutes on the way, and minutes left that serve nothing.
#[derive(Clone, Copy, Default)]
struct Beside {
    way: u16,
    rest: u16,
}

impl Beside {
    fn parts(self) -> impl Iterator<Item = ScorePart> {
        let per_ten = |minutes: u16| -i64::from(minutes.div_ceil(10));
        let way = (self.way > 0).then(|| part(Reason::Travel { minutes: self.way }, per_ten(self.way)));
        let rest =
            (self.rest > 0).then(|| part(Reason::Fragmentation { minutes: self.rest }, per_ten(self.rest)));
        [way, rest].into_iter().flatten()
    }
}

/// The total of every start of the table, without naming its parts.
pub(super) fn totals(plan: &Plan<'_>, table: &Table) -> Vec<i64> {
    let moments: Vec<Moment> = table.grains.iter().map(|grain| Moment::of(plan, *grain)).collect();
    let mut totals: Vec<i64> = table.grains.iter().map(|grain| of_time(plan, *grain).iter().sum()).collect();
    let mut beside = vec![Beside::default(); table.grains.len()];
    for seat in 0..plan.seats.len() {
        for choice in 0..plan.seats[seat].len() {
            let person = plan.seats[seat][choice].person;
            let busy = &plan.search.people[person].calendar.busy;
            let mut at = 0;
            for (start, grain) in table.with(seat, choice) {
                totals[start] += plan.seats[seat][choice].points + school_hour(plan, person, grain);
                beside[start].rest = beside[start].rest.saturating_add(rest(plan, person, grain));
                if plan.people[person].is_far {
                    let moment = moments[start];
                    let earlier = |span: &&Span| span.time.start().timestamp() < moment.second;
                    at += busy[at..].iter().take_while(earlier).count();
                    beside[start].way = beside[start].way.saturating_add(way(plan, person, moment, at));
                }
            }
        }
        let missing = i64::from(plan.search.seats[seat].weight);
        for (start, _) in table.with(seat, usize::from(NOBODY)) {
            totals[start] -= missing;
        }
    }
    for (total, beside) in totals.iter_mut().zip(beside) {
        *total += beside.parts().map(|part| part.points).sum::<i64>();
    }
    totals
}

/// The parts of one start of the table, in a fixed order; their sum is its total.
pub(super) fn parts(plan: &Plan<'_>, table: &Table, start: usize) -> Vec<ScorePart> {
    let grain = table.grains[start];
    let [soon, edge] = of_time(plan, grain);
    let mut parts = vec![part(Reason::Soon { days: soon / A_DAY_LATER }, soon)];
    let mut beside = Beside::default();
    let moment = Moment::of(plan, grain);
    for seat in 0..plan.seats.len() {
        let Some(choice) = table.choice(start, seat) else {
            let weight = plan.search.seats[seat].weight;
            parts.push(part(Reason::OptionalMissing { seat }, -i64::from(weight)));
            continue;
        };
        let choice = plan.seats[seat][choice];
        let loads = plan.seats[seat].iter().map(|other| plan.search.people[other.person].calendar.load);
        parts.extend(of_choice(plan.search, seat, choice.candidate, loads.min().unwrap_or(0)));
        if school_hour(plan, choice.person, grain) > 0 {
            parts.push(part(Reason::SchoolHour { seat }, IN_A_SCHOOL_HOUR));
        }
        beside.rest = beside.rest.saturating_add(rest(plan, choice.person, grain));
        if plan.people[choice.person].is_far {
            let busy = &plan.search.people[choice.person].calendar.busy;
            let at = busy.partition_point(|span| span.time.start().timestamp() < moment.second);
            beside.way = beside.way.saturating_add(way(plan, choice.person, moment, at));
        }
    }
    let [way, rest] = [Beside { rest: 0, ..beside }, Beside { way: 0, ..beside }];
    parts.extend(way.parts());
    if edge != 0 {
        parts.push(part(Reason::EdgeOfDay, edge));
    }
    parts.extend(rest.parts());
    parts
}

/// For how long one waits, and whether it is at the edge of the day.
fn of_time(plan: &Plan<'_>, grain: usize) -> [i64; 2] {
    let (search, dates) = (plan.search, plan.expansion.dates());
    let first = dates.date_at(search.window.start().max(search.not_before).timestamp());
    let second = plan.line.second_of(grain);
    let date = dates.date_at(second);
    let days = i64::try_from(date).unwrap_or(0) - i64::try_from(first).unwrap_or(0);
    let minute = |second: i64| dates.minute_at(dates.date_at(second), second).unwrap_or(0);
    let first = minute(second) < search.day_window.earliest + search.grid;
    let end = minute(second + i64::from(search.duration) * 60);
    let at_edge = first || end + search.grid > search.day_window.latest;
    [A_DAY_LATER * days, if at_edge { AT_THE_EDGE } else { 0 }]
}

fn school_hour(plan: &Plan<'_>, person: usize, grain: usize) -> i64 {
    let fixed = plan.people[person].fixed.as_ref();
    if fixed.is_some_and(|fixed| fixed.has(grain)) { IN_A_SCHOOL_HOUR } else { 0 }
}

/// Minutes left before and after that are too few for anything else.
fn rest(plan: &Plan<'_>, person: usize, grain: usize) -> u16 {
    if plan.search.people[person].calendar.hours.is_none() {
        return 0;
    }
    let free = &plan.people[person].time;
    let useless = |rest: usize| if rest < USELESS_GRAINS { rest } else { 0 };
    let grains = useless(free.before(grain)) + useless(free.after(grain + plan.search.grains()));
    u16::try_from(grains).unwrap_or(u16::MAX).saturating_mul(GRAIN_MINUTES)
}

/// A start, and its date from midnight to midnight, in seconds since 1970.
#[derive(Clone, Copy)]
struct Moment {
    second: i64,
    day: (i64, i64),
}

impl Moment {
    fn of(plan: &Plan<'_>, grain: usize) -> Self {
        let (dates, second) = (plan.expansion.dates(), plan.line.second_of(grain));
        Self { second, day: dates.day(dates.date_at(second)) }
    }
}

/// Minutes from the meeting before and to the one after, if they begin on the same date.
/// `at` is the place of the first that begins at the moment or later.
fn way(plan: &Plan<'_>, person: usize, moment: Moment, at: usize) -> u16 {
    let (expansion, busy) = (&plan.expansion, &plan.search.people[person].calendar.busy);
    let near = |span: Option<&Span>| {
        let is_near = |span: &&Span| (moment.day.0..moment.day.1).contains(&span.time.start().timestamp());
        span.filter(is_near).map_or((0, 0), |span| expansion.minutes(span.site))
    };
    let before = busy[..at].iter().rev().find(|span| expansion.counts(span));
    let after = busy[at..].iter().find(|span| expansion.counts(span));
    near(before).0.saturating_add(near(after).1)
}
