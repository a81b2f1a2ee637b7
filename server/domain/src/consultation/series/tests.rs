//! Dates of series by example and by property.

use std::collections::BTreeSet;

use chrono::{Datelike, NaiveDate, NaiveTime, Weekday};
use chrono_tz::{America::New_York, Australia::Lord_Howe, Europe::Amsterdam, Tz};
use proptest::prelude::*;

use super::*;
use crate::{
    availability::ClosedReason,
    dutch::{HolidayRegion, SchoolCalendar, SchoolHolidays, SchoolOverrides},
    refusal::Refusal,
    time::Period,
};

fn date(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

fn rule(text: &str) -> Recurrence {
    text.parse().unwrap()
}

fn dates(text: &str, first: &str) -> Vec<String> {
    rule(text).dates(date(first)).iter().map(ToString::to_string).collect()
}

fn midden() -> Closed {
    Closed::of(vec![SchoolCalendar::shipped(HolidayRegion::Midden)], &SchoolHolidays::shipped())
}

#[test]
fn six_weekly_goes_on_to_the_end_of_the_school_year() {
    let all = dates("FREQ=WEEKLY;INTERVAL=6;BYDAY=TU", "2026-09-01");
    assert_eq!(all.first().unwrap(), "2026-09-01");
    assert_eq!(all.last().unwrap(), "2027-06-22");
    assert_eq!(all.len(), 8);
}

#[test]
fn the_second_and_the_last_tuesday_of_the_month() {
    assert_eq!(
        dates("FREQ=MONTHLY;BYDAY=2TU;COUNT=3", "2026-12-08"),
        ["2026-12-08", "2027-01-12", "2027-02-09"]
    );
    assert_eq!(dates("FREQ=MONTHLY;BYDAY=-1TU;COUNT=2", "2026-12-29"), ["2026-12-29", "2027-01-26"]);
    // Of the first half of 2027 only March and June have five Tuesdays.
    assert_eq!(
        dates("FREQ=MONTHLY;BYDAY=5TU;UNTIL=20270731", "2026-12-29"),
        ["2026-12-29", "2027-03-30", "2027-06-29"]
    );
}

#[test]
fn two_days_a_week_come_in_order_and_not_before_the_first() {
    assert_eq!(
        dates("FREQ=WEEKLY;BYDAY=TH,TU;COUNT=4", "2026-11-26"),
        ["2026-11-26", "2026-12-01", "2026-12-03", "2026-12-08"]
    );
    assert!(!rule("FREQ=WEEKLY;BYDAY=TU").begins_on(date("2026-11-26")));
    assert!(rule("FREQ=WEEKLY").begins_on(date("2026-11-26")));
}

#[test]
fn a_rule_that_cannot_be_followed_to_the_letter_is_refused() {
    for text in [
        "",
        "FREQ=DAILY",
        "FREQ=WEEKLY;",
        "FREQ=WEEKLY;BYDAY=2TU",
        "FREQ=WEEKLY;BYDAY=TU,TU",
        "FREQ=MONTHLY",
        "FREQ=MONTHLY;BYDAY=0TU",
        "FREQ=MONTHLY;BYDAY=6TU",
        "FREQ=MONTHLY;BYMONTHDAY=3",
        "FREQ=WEEKLY;COUNT=0",
        "FREQ=WEEKLY;COUNT=3;UNTIL=20270101",
        "FREQ=WEEKLY;UNTIL=20270230",
        "FREQ=WEEKLY;INTERVAL=0",
        "FREQ=WEEKLY;WKST=SU",
        "FREQ=WEEKLY;FREQ=WEEKLY",
        "FREQ=WEEKLY;UNTIL=20270101T000000Z",
    ] {
        assert_eq!(text.parse::<Recurrence>(), Err(Refusal::FieldInvalid), "{text}");
    }
    assert_eq!(rule("RRULE:FREQ=WEEKLY;WKST=MO").to_string(), "FREQ=WEEKLY;INTERVAL=1");
}

#[test]
fn a_series_is_split_without_losing_or_gaining_a_date() {
    let first = date("2026-09-01");
    for text in ["FREQ=WEEKLY;INTERVAL=2;COUNT=9", "FREQ=WEEKLY;INTERVAL=2", "FREQ=WEEKLY;UNTIL=20261231"] {
        let whole = rule(text);
        let all = whole.dates(first);
        for next in &all[1..] {
            // Also from a day between two dates, such as one that was added by name.
            for day in [*next, *next - chrono::TimeDelta::days(1)] {
                let (before, after) = whole.split(first, day);
                let (begin, after) = after.unwrap();
                assert_eq!(begin, *next);
                let both: Vec<_> = before.dates(first).into_iter().chain(after.dates(begin)).collect();
                assert_eq!(both, all, "{text} at {day}");
            }
        }
        let behind = *all.last().unwrap() + chrono::TimeDelta::days(1);
        assert_eq!(whole.split(first, behind).1, None);
    }
}

#[test]
fn holidays_skip_or_move_a_date_and_a_later_one_never_comes_first() {
    let none = BTreeSet::new();
    // 22 and 29 December lie in the Christmas holidays of 2026; Monday 4 January is open.
    let weekly = rule("FREQ=WEEKLY;BYDAY=TU;UNTIL=20270105").dates(date("2026-12-15"));
    let told = |on_closed| occurrences(&weekly, (&none, &none), on_closed, &midden());
    let why = ClosedReason::SchoolHoliday;
    let skipped = Decision::Skipped(Skipped::Closed(why));
    let decisions = |all: Vec<Occurrence>| all.into_iter().map(|one| one.decision).collect::<Vec<_>>();
    assert_eq!(decisions(told(OnClosed::Skip)), [Decision::Held, skipped, skipped, Decision::Held]);
    let moved = Decision::Moved { to: date("2027-01-04"), why };
    assert_eq!(decisions(told(OnClosed::Move)), [Decision::Held, skipped, moved, Decision::Held]);
    assert_eq!(decisions(told(OnClosed::Keep)), [Decision::Held; 4]);
}

#[test]
fn one_closed_school_of_a_cluster_is_enough_and_names_come_before_rules() {
    let study =
        SchoolOverrides { closed: BTreeSet::from([date("2026-12-01")]), ..SchoolOverrides::default() };
    let own = SchoolCalendar::new(HolidayRegion::Midden, &SchoolHolidays::shipped(), &study);
    let cluster =
        Closed::of(vec![SchoolCalendar::shipped(HolidayRegion::Midden), own], &SchoolHolidays::shipped());
    let weekly = rule("FREQ=WEEKLY;COUNT=3").dates(date("2026-11-24"));
    let (extra, left_out) = (BTreeSet::from([date("2026-12-03")]), BTreeSet::from([date("2026-12-08")]));
    let told = occurrences(&weekly, (&extra, &left_out), OnClosed::Skip, &cluster);
    let told: Vec<_> = told.iter().map(|one| (one.original.to_string(), one.decision)).collect();
    assert_eq!(
        told,
        [
            ("2026-11-24".into(), Decision::Held),
            ("2026-12-01".into(), Decision::Skipped(Skipped::Closed(ClosedReason::StudyDay))),
            ("2026-12-03".into(), Decision::Held),
            ("2026-12-08".into(), Decision::Skipped(Skipped::LeftOut)),
        ]
    );
    let far = cluster.unknown([date("2040-11-23")].into_iter());
    assert_eq!(far.len(), 1, "nothing is assumed about a year that nobody has published");
}

/// Every change of the clock from 2020 to 2040: the time on the wall stays, except where the
/// wall leaves it out (RFC 5545 §3.3.5).
#[test]
fn the_wall_clock_shows_the_same_time_on_every_date() {
    for zone in [Amsterdam, New_York, Lord_Howe] {
        for year in 2020..=2040 {
            let first = NaiveDate::from_ymd_opt(year, 1, 1).unwrap();
            for minutes in [0, 90, 120, 150, 540, 1410] {
                let wall = Wall { time: crate::time::DayTime::new(minutes).unwrap(), zone };
                for day in first.iter_days().take(366) {
                    let shown = crate::time::wall_clock(zone, wall.on(day));
                    let is_there = is_on_the_clock(zone, wall.time.on(day));
                    assert_eq!(shown == wall.time.on(day), is_there, "{zone} {day} {minutes}");
                    if is_there {
                        assert_eq!(Wall::at(zone, wall.on(day)), (day, wall));
                    }
                }
            }
        }
    }
}

fn is_on_the_clock(zone: Tz, wall: chrono::NaiveDateTime) -> bool {
    crate::time::typed(zone, wall).is_ok()
}

fn any_weekday() -> impl Strategy<Value = Weekday> {
    (0_u8..7).prop_map(|day| Weekday::try_from(day).unwrap())
}

fn any_rule() -> impl Strategy<Value = Rule> {
    let days = prop::collection::btree_set(0_u8..7, 0..4)
        .prop_map(|days| days.into_iter().map(|day| Weekday::try_from(day).unwrap()).collect());
    let weekly = (1_u8..9, days).prop_map(|(every, days)| Rule::Weekly { every, days });
    let monthly = (1_u8..4, prop_oneof![1_i8..=5, Just(-1)], any_weekday())
        .prop_map(|(every, nth, weekday)| Rule::Monthly { every, nth, weekday });
    prop_oneof![weekly, monthly]
}

fn any_end() -> impl Strategy<Value = End> {
    let until =
        (0_i32..500).prop_map(|days| End::Until(date("2026-08-01") + chrono::TimeDelta::days(days.into())));
    prop_oneof![Just(End::SchoolYear), (1_u16..120).prop_map(End::Count), until]
}

/// Whether the rule holds on a day, asked of the day alone.
fn holds(rule: &Rule, first: NaiveDate, day: NaiveDate) -> bool {
    match rule {
        Rule::Weekly { every, days } => {
            let monday = |date: NaiveDate| date.week(Weekday::Mon).first_day();
            let weeks = (monday(day) - monday(first)).num_weeks();
            let own = if days.is_empty() { vec![first.weekday()] } else { days.clone() };
            weeks % i64::from(*every) == 0 && own.contains(&day.weekday())
        }
        Rule::Monthly { every, nth, weekday } => {
            let month = |date: NaiveDate| date.year() * 12 + date.month0().cast_signed();
            let which = if *nth == -1 {
                (day + chrono::Days::new(7)).month() != day.month()
            } else {
                u32::from(nth.unsigned_abs()) == day.day0() / 7 + 1
            };
            (month(day) - month(first)) % i32::from(*every) == 0 && day.weekday() == *weekday && which
        }
    }
}

proptest! {
    #[test]
    fn a_rule_prints_and_parses_as_itself(rule in any_rule(), end in any_end()) {
        let whole = Recurrence { rule, end };
        prop_assert_eq!(whole.to_string().parse(), Ok(whole));
    }

    #[test]
    fn dates_are_those_on_which_the_rule_holds_day_by_day(rule in any_rule(), end in any_end(), days in 0_u64..330) {
        let first = date("2026-08-01") + chrono::Days::new(days);
        let whole = Recurrence { rule: rule.clone(), end };
        let last = match end {
            End::SchoolYear => date("2027-07-31"),
            End::Until(last) => last,
            End::Count(_) => NaiveDate::MAX,
        };
        let most = match end { End::Count(count) => usize::from(count), End::SchoolYear | End::Until(_) => usize::MAX };
        let slow: Vec<NaiveDate> = first
            .iter_days()
            .take(733)
            .filter(|day| *day <= last && holds(&rule, first, *day))
            .take(most.min(MAX_OCCURRENCES + 1))
            .collect();
        prop_assert_eq!(whole.dates(first), slow);
    }

    #[test]
    fn dates_are_those_that_a_calendar_finds_in_the_text(rule in any_rule(), end in any_end(), days in 0_u64..330) {
        let first = date("2026-08-01") + chrono::Days::new(days);
        let whole = Recurrence { rule, end };
        let last = match end {
            End::SchoolYear => date("2027-07-31"),
            End::Until(_) | End::Count(_) => first + chrono::Days::new(2 * 366),
        };
        let midnight = |day: NaiveDate| day.and_time(NaiveTime::MIN);
        let window = Period::new(midnight(first).and_utc(), midnight(last).and_utc() + chrono::TimeDelta::hours(1)).unwrap();
        let written = crate::ical::Recurrence::parse(&whole.to_string()).unwrap();
        let found = written.dates(midnight(first), Tz::UTC, window).unwrap();
        let found: Vec<NaiveDate> = found.into_iter().map(|wall| wall.date()).take(MAX_OCCURRENCES + 1).collect();
        prop_assert_eq!(whole.dates(first), found);
    }

    #[test]
    fn no_two_are_on_one_day_and_none_on_a_closed_one(rule in any_rule(), days in 0_u64..330, skip in any::<bool>()) {
        let first = date("2026-08-01") + chrono::Days::new(days);
        let all = Recurrence { rule, end: End::SchoolYear }.dates(first);
        let on_closed = if skip { OnClosed::Skip } else { OnClosed::Move };
        let none = BTreeSet::new();
        let closed = midden();
        let told = occurrences(&all, (&none, &none), on_closed, &closed);
        let originals: Vec<NaiveDate> = told.iter().map(|one| one.original).collect();
        prop_assert_eq!(originals, all);
        let held: Vec<NaiveDate> = told.iter().filter_map(Occurrence::date).collect();
        prop_assert!(held.is_sorted_by(|one, next| one < next));
        prop_assert!(held.iter().all(|date| closed.on(*date).is_none()));
        let noon = NaiveTime::from_hms_opt(12, 0, 0).unwrap();
        prop_assert!(held.iter().all(|date| is_on_the_clock(Amsterdam, date.and_time(noon))));
    }
}
