//! The search against a naive one that looks at every minute by the wall clock.

use chrono::{DateTime, Datelike, NaiveDate, TimeDelta, Timelike, Utc, Weekday};
use chrono_tz::Europe::Amsterdam;
use proptest::prelude::*;
use uuid::Uuid;

use super::*;
use crate::{
    access::Role,
    ids::{AffiliationId, OrganisationId, PersonId},
    time::{DayTime, Period, Validity, repeated},
};

/// Mondays of an ordinary week and of the two weeks that end with a change of the clock.
const WEEKS: [&str; 3] = ["2026-11-16", "2026-10-19", "2027-03-22"];

fn minute_works(block: &WeeklyHours, at: DateTime<Utc>, place: Option<OrganisationId>) -> bool {
    let wall = at.with_timezone(&block.zone);
    let minute = u16::try_from(wall.hour() * 60 + wall.minute()).unwrap();
    let Hours { from, until } = block.hours();
    wall.weekday() == block.weekday
        && block.validity.holds_on(wall.date_naive())
        && (from.minutes()..until.minutes()).contains(&minute)
        && (place.is_none() || block.place.is_none() || block.place == place)
}

fn can_at(search: &Search, calendar: &Calendar, at: DateTime<Utc>) -> bool {
    let minute = Period::new(at, at + TimeDelta::minutes(1)).unwrap();
    let works = |hours: &Vec<WeeklyHours>| hours.iter().any(|block| minute_works(block, at, search.place));
    calendar.hours.as_ref().is_none_or(works)
        && !calendar.absences.iter().any(|absence| absence.holds_at(at))
        && !calendar.busy.iter().any(|busy| busy.overlaps(minute))
}

fn allowed_at(search: &Search, at: DateTime<Utc>) -> bool {
    let wall = at.with_timezone(&search.zone);
    let minute = u16::try_from(wall.hour() * 60 + wall.minute()).unwrap();
    let DayWindow { earliest, latest, days } = search.day_window;
    let weekend = matches!(wall.weekday(), Weekday::Sat | Weekday::Sun);
    (earliest..latest).contains(&minute)
        && !(weekend && days == Days::Weekdays)
        && !search.closed.iter().any(|closed| closed.date == wall.date_naive())
}

/// Whether the seats from `seat` on can be filled by people not yet `used`.
fn can_fill(search: &Search, start: DateTime<Utc>, seat: usize, used: &mut Vec<PersonId>) -> bool {
    let Some(now) = search.seats.get(seat) else { return true };
    if !now.required {
        return can_fill(search, start, seat + 1, used);
    }
    now.candidates.iter().any(|candidate| {
        let free = (0..search.duration)
            .all(|minute| can_at(search, &candidate.calendar, start + TimeDelta::minutes(minute.into())));
        if !free || used.contains(&candidate.person) {
            return false;
        }
        used.push(candidate.person);
        let filled = can_fill(search, start, seat + 1, used);
        used.pop();
        filled
    })
}

fn naive(search: &Search) -> Vec<DateTime<Utc>> {
    let minutes = search.window.duration().num_minutes();
    (0..minutes)
        .map(|minute| search.window.start() + TimeDelta::minutes(minute))
        .filter(|start| *start + TimeDelta::minutes(search.duration.into()) <= search.window.end())
        .filter(|start| *start >= search.not_before)
        .filter(|start| {
            let wall = start.with_timezone(&search.zone);
            (wall.hour() * 60 + wall.minute()).is_multiple_of(search.grid.into())
        })
        .filter(|start| {
            (0..search.duration).all(|minute| allowed_at(search, *start + TimeDelta::minutes(minute.into())))
        })
        .filter(|start| can_fill(search, *start, 0, &mut Vec::new()))
        .collect()
}

/// Minutes of the day, but none in the hour that the clock skips or repeats: what a block
/// that begins or ends there means is a convention, tested beside it.
fn clock() -> impl Strategy<Value = u16> {
    prop_oneof![0_u16..=120, 180_u16..=1440, (0_u16..=48).prop_map(|half| half * 30)]
        .prop_filter("in the fold", |minute| !(121..180).contains(minute))
}

fn span() -> impl Strategy<Value = (u16, u16)> {
    (clock(), clock()).prop_filter("empty", |(a, b)| a != b).prop_map(|(a, b)| (a.min(b), a.max(b)))
}

fn place() -> impl Strategy<Value = Option<OrganisationId>> {
    prop::option::weighted(0.3, (1_u128..3).prop_map(|id| OrganisationId(Uuid::from_u128(id))))
}

fn block() -> impl Strategy<Value = WeeklyHours> {
    (0_u8..7, span(), place()).prop_map(|(weekday, (from, until), place)| {
        let weekday = Weekday::try_from(weekday).unwrap();
        let validity = Validity::since(NaiveDate::MIN);
        let affiliation = AffiliationId(Uuid::from_u128(9));
        let hours = Hours { from: DayTime::new(from).unwrap(), until: DayTime::new(until).unwrap() };
        let block = WeeklyHours::new(affiliation, (weekday, hours), Amsterdam, validity).unwrap();
        block.at(place)
    })
}

fn monday(week: usize) -> NaiveDate {
    WEEKS[week].parse().unwrap()
}

fn stretch(week: usize) -> impl Strategy<Value = Period> {
    (0_i64..8 * 1440, 1_i64..600).prop_map(move |(from, length)| {
        let start = repeated(Amsterdam, DayTime::START.on(monday(week))) + TimeDelta::minutes(from);
        Period::new(start, start + TimeDelta::minutes(length)).unwrap()
    })
}

fn absence(week: usize) -> impl Strategy<Value = Absence> {
    prop_oneof![
        stretch(week).prop_map(Absence::Time),
        (0_u64..7, prop::option::of(0_u64..3)).prop_map(move |(from, length)| {
            let from = monday(week) + chrono::Days::new(from);
            let until = length.map(|length| from + chrono::Days::new(length));
            Absence::Days { days: Validity::new(from, until).unwrap(), zone: Amsterdam }
        }),
    ]
}

fn candidate(week: usize) -> impl Strategy<Value = Candidate> {
    let hours = prop::option::weighted(0.8, prop::collection::vec(block(), 2..10));
    let absences = prop::collection::vec(absence(week), 0..2);
    (1_u128..5, hours, absences, prop::collection::vec(stretch(week), 0..4)).prop_map(
        |(person, hours, absences, busy)| Candidate {
            person: PersonId(Uuid::from_u128(person)),
            role: Role::Smw,
            calendar: Calendar { hours, absences, busy },
            preference: Preference::Linked,
        },
    )
}

fn seat(week: usize) -> impl Strategy<Value = Seat> {
    (prop::bool::weighted(0.8), prop::collection::vec(candidate(week), 1..4))
        .prop_map(|(required, candidates)| Seat { key: String::new(), required, candidates })
}

fn world() -> impl Strategy<Value = Search> {
    (0..WEEKS.len()).prop_flat_map(|week| {
        let rules = (span(), any::<bool>(), 1_u16..25, prop::sample::select(vec![5_u16, 10, 15, 20, 30, 60]));
        let closed = prop::collection::vec(0_u64..8, 0..2);
        let window = (0_i64..4 * 1440, 60_i64..5 * 1440, 0_i64..2880);
        (rules, closed, window, place(), prop::collection::vec(seat(week), 1..4)).prop_map(
            move |(rules, closed, (from, length, notice), place, seats)| {
                let ((earliest, latest), weekdays, fives, grid) = rules;
                let midnight = repeated(Amsterdam, DayTime::START.on(monday(week) + chrono::Days::new(3)));
                let start = midnight + TimeDelta::minutes(from);
                let day = |day| monday(week) + chrono::Days::new(day);
                let duration = (fives * 5).min(60);
                Search {
                    window: Period::new(start, start + TimeDelta::minutes(length)).unwrap(),
                    duration,
                    grid,
                    zone: Amsterdam,
                    day_window: DayWindow {
                        earliest,
                        latest,
                        days: if weekdays { Days::Weekdays } else { Days::EveryDay },
                    },
                    not_before: midnight + TimeDelta::minutes(notice),
                    closed: closed
                        .into_iter()
                        .map(|date| ClosedDay { date: day(date), reason: ClosedReason::StudyDay })
                        .collect(),
                    place,
                    seats,
                    limit: 9,
                }
            },
        )
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(400))]

    #[test]
    fn the_search_finds_exactly_what_looking_at_every_minute_finds(search in world()) {
        prop_assert_eq!(feasible_starts(&search), Ok(naive(&search)));
    }

    #[test]
    fn an_answer_is_ranked_and_free_and_an_empty_one_says_why(search in world()) {
        let starts = feasible_starts(&search).unwrap();
        let found = find(&search).unwrap();
        prop_assert_eq!(found.slots.len(), starts.len().min(search.limit));
        prop_assert_eq!(found.none.is_some(), starts.is_empty());
        prop_assert!(found.slots.iter().all(|slot| starts.contains(&slot.start)));
        prop_assert!(found.slots.is_sorted_by_key(|slot| (-slot.total, slot.start)));
        let next: Vec<DateTime<Utc>> =
            next_free(&search, search.window.start(), 3).unwrap().iter().map(|slot| slot.start).collect();
        prop_assert_eq!(&next[..], &starts[..starts.len().min(3)]);
    }
}
