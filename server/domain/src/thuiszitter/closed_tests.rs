//! What a case is called, owes and is asked for after it ended.

use chrono::{DateTime, TimeDelta, Utc};
use strum::IntoEnumIterator;
use uuid::Uuid;

use super::*;
use crate::{
    dutch::{HolidayRegion, SchoolCalendar},
    ids::FactId,
    thuiszitter::{
        EscalationLevel, ExemptionGround, Outcome, Solved,
        fact::{Fact, Said},
        facts::{Enrolment, example::day},
        ground::Exemption,
        stage::Event,
    },
    time::Validity,
};

fn known(said: Vec<Said>) -> Known {
    let start: DateTime<Utc> = "2026-09-01T08:00:00Z".parse().unwrap();
    let fact = |(nth, said): (u32, Said)| Fact {
        id: FactId(Uuid::from_u128(nth.into())),
        told: start + TimeDelta::minutes(nth.into()),
        corrects: None,
        said: Some(said),
    };
    let log: Vec<_> = (1..).zip(said).map(fact).collect();
    Known::at(&log, DateTime::<Utc>::MAX_UTC, SchoolCalendar::shipped(HolidayRegion::Midden))
}

/// Enrolled and at home without leave from 1 September 2026; long from 30 September.
fn at_home() -> Vec<Said> {
    vec![
        Said::Kind(day("2026-09-01"), AbsenceKind::RelatiefOngeoorloofd),
        Said::Enrolment(NaiveDate::MIN, Enrolment::Enrolled),
        Said::Happened(Moment::FirstAbsenceDay, day("2026-09-01")),
    ]
}

/// The same, with an outcome of 2 November that was recorded on the 9th, and what was told beside it.
fn ended(outcome: Outcome, more: Vec<Said>) -> Vec<Said> {
    let ends =
        [Said::Step(day("2026-11-09"), Event::OutcomeRecorded), Said::Ended(day("2026-11-02"), outcome)];
    [at_home(), more, ends.to_vec()].concat()
}

/// `norm due met STATE` of each deadline of the case, of those norms.
fn told(said: Vec<Said>, norms: &[&str], today: &str) -> Vec<String> {
    let profile = Profile::shipped();
    let standing = known(said).standing(&profile, day(today));
    let text = |date: Option<NaiveDate>| date.map_or("-".into(), |date| date.to_string());
    let ours = standing.deadlines.iter().filter(|one| norms.contains(&one.norm.id.as_str()));
    let told =
        ours.map(|one| format!("{} {} {} {}", one.norm.id, text(one.due_on), text(one.met_on), one.state));
    told.collect()
}

const CARE: [&str; 3] = ["R20", "R21", "R22"];

#[test]
fn an_absence_that_ended_with_its_case_has_no_labels_from_the_day_of_the_outcome_on() {
    let profile = Profile::shipped();
    let labels = |said: &[Said], on: &str| known(said.to_vec()).labels(&profile, day(on)).value;
    let before = labels(&at_home(), "2026-11-20");
    assert!([Label::Lrv, Label::Thuiszitter, Label::Actueel].iter().all(|label| before.contains(label)));
    for outcome in Outcome::iter() {
        let said = ended(outcome, Vec::new());
        assert_eq!(
            labels(&said, "2026-11-01"),
            labels(&at_home(), "2026-11-01"),
            "{outcome}: the day before"
        );
        let over = outcome.ends_absence();
        let after = if over { BTreeSet::new() } else { before.clone() };
        for day in ["2026-11-02", "2026-11-09", "2026-11-20"] {
            assert_eq!(labels(&said, day), after, "{outcome} {day}");
        }
        let duo = known(said).reportable(&profile, day("2026-11-20")).value;
        assert_eq!(duo.contains(&DuoKind::Lrv), !over, "{outcome}");
    }
}

#[test]
fn an_exemption_holds_on_as_long_as_the_facts_say_and_a_relapse_begins_anew() {
    let profile = Profile::shipped();
    let days = Validity::new(day("2026-11-02"), Some(day("2026-11-30"))).unwrap();
    let exempt = Said::Exempt(Exemption { ground: ExemptionGround::Art5OnderA, days });
    for outcome in [Outcome::Vrijstelling5OnderA, Outcome::TerugEigenSchool] {
        let known = known(ended(outcome, vec![exempt.clone()]));
        let labels = |on: &str| known.labels(&profile, day(on)).value;
        assert_eq!(labels("2026-11-20"), [Label::Vrijgesteld].into(), "{outcome}");
        // Whoever is exempt no more is at home without leave, unless it is back.
        assert_eq!(labels("2026-12-01").contains(&Label::Lrv), !outcome.ends_absence(), "{outcome}");
    }
    let mut relapsed = ended(Outcome::TerugEigenSchool, Vec::new());
    relapsed.push(Said::Step(day("2026-11-20"), Event::Relapsed));
    relapsed.push(Said::Happened(Moment::FirstAbsenceDay, day("2026-11-16")));
    let known = known(relapsed);
    let labels = |on: &str| known.labels(&profile, day(on)).value;
    assert_eq!(labels("2026-11-15"), BTreeSet::new());
    assert_eq!(labels("2026-11-16"), [Label::Actueel].into(), "absent again, though nobody knew yet");
    assert_eq!(labels("2026-11-20"), [Label::Actueel].into());
}

/// Six weeks after 1 September are 13 October, eight 27 October, ten 10 November: after the outcome.
#[test]
fn what_had_passed_by_the_outcome_is_told_of_a_closed_case_and_asks_for_no_level() {
    let ladder = ["R12", "R13", "R14", "T13"];
    let passed = ["R12 2026-10-13 - OVERDUE", "R13 2026-10-27 - OVERDUE"];
    for outcome in [Outcome::TerugEigenSchool, Outcome::UitNederland] {
        for today in ["2026-11-09", "2027-06-01"] {
            assert_eq!(told(ended(outcome, Vec::new()), &ladder, today), passed, "{outcome}");
        }
    }
    let said = ended(Outcome::TerugEigenSchool, Vec::new());
    let profile = Profile::shipped();
    assert_eq!(known(said).standing(&profile, day("2026-11-20")).suggested, EscalationLevel::L0);
    // What was met late stays met, and a relapse counts from its own first day.
    let late = vec![Said::Happened(Moment::RondetafelHeld, day("2026-10-20"))];
    let found = told(ended(Outcome::TerugEigenSchool, late), &ladder, "2026-11-20");
    assert_eq!(found, ["R12 2026-10-13 2026-10-20 MET", passed[1]]);
    let mut relapsed = ended(Outcome::TerugEigenSchool, Vec::new());
    relapsed.push(Said::Step(day("2026-11-20"), Event::Relapsed));
    relapsed.push(Said::Happened(Moment::FirstAbsenceDay, day("2026-11-16")));
    assert_eq!(told(relapsed, &["R12"], "2026-11-20"), ["R12 2026-12-28 - RUNNING"]);
}

/// Two weeks after 2 November are the 16th, six 14 December, twelve 25 January.
#[test]
fn aftercare_runs_on_in_a_closed_case_from_the_outcome() {
    let back = ended(Outcome::TerugEigenSchool, Vec::new());
    let running = ["R20 2026-11-16 - DUE_SOON", "R21 2026-12-14 - RUNNING", "R22 2027-01-25 - RUNNING"];
    assert_eq!(told(back.clone(), &CARE, "2026-11-09"), running);
    let mut held = back.clone();
    held.push(Said::Happened(Moment::AftercareFirst, day("2026-11-13")));
    let second = ["R20 2026-11-16 2026-11-13 MET", "R21 2026-12-14 - OVERDUE", "R22 2027-01-25 - RUNNING"];
    assert_eq!(told(held.clone(), &CARE, "2026-12-15"), second);
    // A case that is taken up again asks for none; one that is closed again for its own.
    held.push(Said::Step(day("2026-12-16"), Event::Relapsed));
    held.push(Said::Happened(Moment::FirstAbsenceDay, day("2026-12-16")));
    assert!(told(held.clone(), &CARE, "2026-12-16").is_empty());
    held.push(Said::Step(day("2027-02-01"), Event::OutcomeRecorded));
    held.push(Said::Ended(day("2027-02-01"), Outcome::TerugEigenSchool));
    assert_eq!(told(held, &["R20"], "2027-02-01"), ["R20 2027-02-15 - RUNNING"]);
}

/// Stable on 12 October: two weeks after that are the 26th, six 23 November, twelve 4 January.
#[test]
fn what_was_held_before_the_closing_is_not_asked_for_again() {
    let held = |on: &str| Said::Happened(Moment::AftercareFirst, day(on));
    let stable = Said::Happened(Moment::AttendanceStable, day("2026-10-12"));
    let found = told(ended(Outcome::TerugEigenSchool, vec![stable, held("2026-10-23")]), &CARE, "2026-11-09");
    let goes_on = ["R20 2026-10-26 2026-10-23 MET", "R21 2026-11-23 - RUNNING", "R22 2027-01-04 - RUNNING"];
    assert_eq!(found, goes_on);
    // Nobody said that attendance was stable: the talk counts all the same, as it does in the monitor.
    let found = told(ended(Outcome::TerugEigenSchool, vec![held("2026-10-30")]), &["R20"], "2026-11-09");
    assert_eq!(found, ["R20 2026-11-16 2026-10-30 MET"]);
    // One of an absence before this one does not.
    let found = told(ended(Outcome::TerugEigenSchool, vec![held("2026-05-01")]), &["R20"], "2026-11-09");
    assert_eq!(found, ["R20 2026-11-16 - DUE_SOON"]);
}

/// Otherwise it would be counted as not followed what nobody could follow.
#[test]
fn somebody_looks_in_after_each_end_that_is_solved_for_the_pact() {
    for outcome in Outcome::iter() {
        let counts = outcome.counts_as();
        let asked = !told(ended(outcome, Vec::new()), &CARE, "2026-11-20").is_empty();
        assert_eq!(asked, counts.follow_up.looks_in(), "{outcome}");
        let solved = matches!(counts.pact, Solved::Yes | Solved::IfInPlan);
        assert!(!solved || asked, "{outcome}");
        for moment in Moment::iter() {
            let told = is_told_after(counts.follow_up, moment);
            let fits = (asked && CHECK_POINTS.contains(&moment))
                || (counts.follow_up.hands_over() && matches!(moment, Moment::WarmlyHandedOver));
            assert_eq!(told, fits, "{outcome} {moment}");
        }
    }
    let of_care = |norm: &&Norm| norm.is_of_aftercare();
    let profile = Profile::shipped();
    let norms: Vec<_> = profile.norms.iter().filter(of_care).map(|norm| norm.id.as_str()).collect();
    assert_eq!(norms, CARE);
}

#[test]
fn a_check_point_that_passed_is_asked_for_as_long_again() {
    let due = day("2026-11-16");
    assert!(is_still_asked(due, due) && is_still_asked(due, day("2027-02-08")));
    assert!(!is_still_asked(due, day("2027-02-09")), "twelve weeks and a day");
    assert_eq!(looked_after_since(day("2026-11-23")), day("2025-11-23"));
}
