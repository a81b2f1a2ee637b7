//! Who is told that what waits, and that no open case stands still unseen.

use chrono::{Days, NaiveDate};
use proptest::prelude::*;
use strum::IntoEnumIterator;

use super::*;
use crate::{dutch::consent_age::ConsentHolder, thuiszitter::Outcome};

fn day() -> NaiveDate {
    NaiveDate::from_ymd_opt(2026, 11, 23).unwrap()
}

fn minded(kept: bool, next_action: Option<NaiveDate>) -> Minded {
    Minded { worked_on: true, kept, next_action }
}

#[test]
fn a_case_without_regisseur_or_next_date_or_with_one_that_passed_is_an_alarm() {
    let (today, before) = (day(), day() - Days::new(1));
    assert_eq!(minded(true, Some(today)).alarms(today), []);
    assert_eq!(minded(false, Some(today)).alarms(today), [Alarm::NoRegisseur]);
    assert_eq!(minded(true, None).alarms(today), [Alarm::NoNextAction]);
    assert_eq!(minded(true, Some(before)).alarms(today), [Alarm::NextActionPassed]);
    assert_eq!(minded(false, None).alarms(today), [Alarm::NoRegisseur, Alarm::NoNextAction]);
    let rests = Minded { worked_on: false, ..minded(false, None) };
    assert_eq!(rests.alarms(today), []);
}

#[test]
fn alarms_are_heard_by_the_register_the_guide_and_the_regisseur() {
    for role in Role::iter() {
        let hears = matches!(role, Role::Thuiszitterscoordinator | Role::Trajectbegeleider);
        assert_eq!(hears_alarms(&[role], false), hears, "{role}");
        assert!(hears_alarms(&[role], true), "{role}");
    }
    assert!(!hears_alarms(&[], false));
}

#[test]
fn something_is_soon_from_some_days_before_and_overdue_from_the_day_after() {
    let due = day();
    let state = |before: u64| due_state(due, due - Days::new(before), 5);
    assert_eq!(state(6), DeadlineState::Running);
    assert_eq!(state(5), DeadlineState::DueSoon);
    assert_eq!(state(0), DeadlineState::DueSoon);
    assert_eq!(due_state(due, due + Days::new(1), 5), DeadlineState::Overdue);
}

#[test]
fn consent_is_asked_for_the_last_birthday_and_those_that_are_near() {
    let task = |birthday: NaiveDate, state| ConsentTask {
        birthday,
        before: ConsentHolder::Ouders,
        after: ConsentHolder::JeugdigeEnOuders,
        task_on: birthday - Days::new(42),
        state,
    };
    let tasks = [
        task(day() - Days::new(1500), DeadlineState::Overdue),
        task(day() - Days::new(3), DeadlineState::Overdue),
        task(day() + Days::new(1400), DeadlineState::Running),
    ];
    assert_eq!(consents_to_ask(&tasks, day()), [tasks[1]]);
    let given =
        [task(day() - Days::new(3), DeadlineState::Met), task(day() + Days::new(9), DeadlineState::DueSoon)];
    assert_eq!(consents_to_ask(&given, day()), [given[1]]);
    assert_eq!(consents_to_ask(&[], day()), []);
}

proptest! {
    /// Every open case has a regisseur and a next date that is to come, or is on the alarm list.
    #[test]
    fn every_open_case_is_minded_or_an_alarm(kept: bool, next in proptest::option::of(-400_i64..400)) {
        let next_action = next.map(|days| day() + chrono::TimeDelta::days(days));
        let alarms = minded(kept, next_action).alarms(day());
        let minded = kept && next_action.is_some_and(|next| next >= day());
        prop_assert_eq!(minded, alarms.is_empty());
    }
}

#[test]
fn only_a_child_with_whom_others_go_on_is_handed_over_within_two_weeks() {
    for outcome in Outcome::iter() {
        let goes_on = matches!(outcome, Outcome::VerhuisdNaarGemeente | Outcome::Uitgestroomd18);
        let due = hand_over_by(outcome.counts_as().follow_up, day());
        assert_eq!(due, goes_on.then(|| day() + Days::new(14)), "{outcome}");
    }
}

#[test]
fn a_hand_over_from_before_the_absence_was_to_somebody_else() {
    let (first, before) = (day(), day() - Days::new(1));
    assert!(is_hand_over(Moment::WarmlyHandedOver, first, first));
    assert!(!is_hand_over(Moment::WarmlyHandedOver, before, first));
    assert!(!is_hand_over(Moment::OfferMade, first, first));
}

#[test]
fn the_regisseur_hands_over_and_without_one_who_knows_all_cases() {
    for role in Role::iter() {
        let knows = matches!(role, Role::Leerplichtambtenaar | Role::Thuiszitterscoordinator);
        assert_eq!(hands_over(&[role], false, false), knows, "{role}");
        assert!(hands_over(&[role], true, true) && !hands_over(&[role], false, true), "{role}");
    }
}
