//! The search against the one by hand: the same starts, and the same fewest obstacles.

use std::collections::BTreeSet;

use chrono::{DateTime, Utc};
use proptest::{
    prelude::*,
    strategy::ValueTree,
    test_runner::{Config, TestCaseResult, TestRunner},
};

use super::{
    reference::{self, Forbidden},
    worlds::{self, ZONES, anywhere, changes, world},
    *,
};
use crate::time::Period;

/// Some thousand worlds; with `SCHAKEL_DRILL=full` a hundred thousand.
#[expect(clippy::disallowed_methods, reason = "tests are told by the environment how long they may take")]
fn worlds(few: u32, many: u32) -> u32 {
    if std::env::var("SCHAKEL_DRILL").is_ok_and(|drill| drill == "full") { many } else { few }
}

fn name(rule: &Blocker) -> Option<&'static str> {
    match rule {
        Blocker::Grid => Some("grid"),
        Blocker::DayWindow => Some("day"),
        Blocker::ClosedDays { .. } => Some("closed"),
        Blocker::Notice => Some("notice"),
        Blocker::Quorum => Some("quorum"),
        Blocker::Person { .. } | Blocker::Seat { .. } => None,
    }
}

/// A meeting and the way to it can share five minutes, as can hours elsewhere and none at all:
/// then one of both is told.
fn alike(whys: impl IntoIterator<Item = Why>) -> BTreeSet<Why> {
    let first = |why| match why {
        Why::Travel | Why::Busy => Why::Busy,
        Why::FixedElsewhere | Why::OutsideHours => Why::OutsideHours,
        Why::Absent | Why::Limit | Why::Notice => why,
    };
    whys.into_iter().map(first).collect()
}

/// Every told time is forbidden by exactly what is told.
fn check_cause(search: &Search, cause: &Cause, starts: &[Forbidden], size: usize) -> TestCaseResult {
    prop_assert_eq!(cause.blockers.len(), size);
    prop_assert!(!cause.nearest.is_empty() && cause.nearest.len() <= 3.min(cause.slots));
    for nearest in &cause.nearest {
        let told = starts.iter().find(|start| start.start == *nearest).unwrap();
        prop_assert_eq!(told.size(), size);
        let rules: BTreeSet<&str> = cause.blockers.iter().filter_map(name).collect();
        prop_assert_eq!(&rules, &told.rules);
        for blocker in &cause.blockers {
            if let Blocker::Person { seat, who, whys } = blocker {
                let at = search.people.iter().position(|person| person.id == *who).unwrap();
                prop_assert!(search.seats[*seat].candidates.iter().any(|candidate| candidate.person == at));
                prop_assert_eq!(alike(whys.clone()), alike(told.people[at].clone()));
            }
        }
    }
    Ok(())
}

fn check(search: &Search) -> TestCaseResult {
    let starts = reference::starts(search);
    let by_hand: Vec<DateTime<Utc>> =
        starts.iter().filter(|start| start.size() == 0).map(|start| start.start).collect();
    prop_assert_eq!(feasible_starts(search), Ok(by_hand.clone()));
    let found = find(search).unwrap();
    prop_assert_eq!(found.slots.len(), by_hand.len().min(search.limit));
    prop_assert!(found.slots.iter().all(|slot| by_hand.contains(&slot.start)));
    prop_assert!(found.slots.is_sorted_by_key(|slot| (-slot.total, slot.start)));
    for slot in &found.slots {
        let at = starts.iter().find(|start| start.start == slot.start).unwrap();
        let mut chosen: Vec<CalendarId> = slot.chosen.iter().flatten().copied().collect();
        for (who, seat) in slot.chosen.iter().zip(&search.seats) {
            prop_assert!(who.is_some() || !seat.required);
        }
        for (person, whys) in search.people.iter().zip(&at.people) {
            prop_assert!(whys.is_empty() || !chosen.contains(&person.id));
        }
        for who in &chosen {
            let calendar = &search.people.iter().find(|person| person.id == *who).unwrap().calendar;
            let others = calendar.busy.iter().filter(|span| Some(span.booking) != search.hold);
            let others: Vec<Period> = others.map(|span| span.time).collect();
            let wish = Period::new(slot.start, slot.end).unwrap();
            prop_assert_eq!(calendar.limits.allow(&others, wish, (search.now, search.zone)), Ok(()));
        }
        chosen.sort_unstable();
        prop_assert!(chosen.is_sorted_by(|one, other| one < other), "somebody sits twice");
    }
    prop_assert_eq!(found.none.is_some(), by_hand.is_empty());
    if let Some(none) = found.none {
        let least = starts.iter().map(Forbidden::size).min().unwrap_or(0);
        prop_assert_eq!(none.size, least);
        prop_assert!(none.causes.len() <= 5 && none.causes.is_empty() == starts.is_empty());
        prop_assert!(none.causes.is_sorted_by_key(|cause| std::cmp::Reverse(cause.slots)));
        for cause in &none.causes {
            check_cause(search, cause, &starts, least)?;
        }
    }
    Ok(())
}

#[test]
fn the_search_finds_and_explains_exactly_what_looking_at_every_minute_does() {
    let count = worlds(2_000, 100_000);
    let mut runner = TestRunner::new(Config { failure_persistence: None, ..Config::with_cases(count) });
    let empty = std::cell::Cell::new(0);
    runner
        .run(&anywhere().prop_flat_map(world), |search| {
            empty.set(empty.get() + u32::from(find(&search).unwrap().none.is_some()));
            check(&search)
        })
        .unwrap();
    println!("{count} worlds, {} of them without a time", empty.get());
}

#[test]
fn every_change_of_the_clock_from_2020_to_2040_is_looked_at_minute_by_minute() {
    let each = worlds(2, 40);
    let mut runner = TestRunner::deterministic();
    let mut seen = 0;
    for zone in ZONES {
        let changes = changes(zone);
        for around in &changes {
            for _ in 0..each {
                let search = world(*around).new_tree(&mut runner).unwrap().current();
                if let Err(why) = check(&search) {
                    panic!("{zone} {}: {why}\n{search:#?}", around.date);
                }
            }
        }
        seen += changes.len();
        println!("{zone}: {} changes", changes.len());
    }
    assert_eq!(seen, 3 * 42, "Kolkata has no change");
}

#[test]
fn next_times_come_in_order_from_the_first() {
    let mut runner = TestRunner::deterministic();
    for _ in 0..worlds(200, 5_000) {
        let around = worlds::anywhere().new_tree(&mut runner).unwrap().current();
        let search = world(around).new_tree(&mut runner).unwrap().current();
        let starts = feasible_starts(&search).unwrap();
        let next = next_free(&search, search.window.start(), 3).unwrap();
        let next: Vec<DateTime<Utc>> = next.iter().map(|slot| slot.start).collect();
        assert_eq!(next[..], starts[..starts.len().min(3)]);
    }
}
