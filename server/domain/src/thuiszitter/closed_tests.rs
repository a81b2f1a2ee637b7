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

/// Long from 30 September, to be reported by 1 October; back on 26 October, a week before the outcome.
#[test]
fn a_long_absence_that_nobody_reported_is_among_what_a_closed_case_left_unmet() {
    let back = Said::Happened(Moment::Returned, day("2026-10-26"));
    let closed = |more: &[Said]| {
        let said = [std::slice::from_ref(&back), more].concat();
        ended(Outcome::TerugEigenSchool, said)
    };
    let reported = |on: &str| Said::Happened(Moment::ReportedToDuo, day(on));
    assert_eq!(told(closed(&[]), &["T10A"], "2026-11-20"), ["T10A 2026-10-01 - OVERDUE"]);
    let late = closed(&[reported("2026-10-28")]);
    assert_eq!(told(late, &["T10A"], "2026-11-20"), ["T10A 2026-10-01 2026-10-28 MET"]);
    let mut relapsed = closed(&[]);
    relapsed.push(Said::Step(day("2026-11-20"), Event::Relapsed));
    relapsed.push(Said::Happened(Moment::FirstAbsenceDay, day("2026-11-16")));
    assert!(told(relapsed, &["T10A"], "2026-11-20").is_empty(), "of the absence before");
}

/// Stable on 9 November 2026 and looked after until 25 January; on 8 February it threatens again. Closed on
/// 1 March: two weeks after that are the 15th, six 12 April, twelve 24 May.
#[test]
fn a_relapse_that_only_threatens_has_an_aftercare_and_terms_of_its_own() {
    let happened = |moment, on: &str| Said::Happened(moment, day(on));
    let mut said = ended(Outcome::TerugEigenSchool, vec![happened(Moment::AttendanceStable, "2026-11-09")]);
    said.extend([
        happened(Moment::AftercareFirst, "2026-11-23"),
        happened(Moment::AftercareSecond, "2026-12-21"),
        happened(Moment::AftercareLast, "2027-01-25"),
        Said::Step(day("2027-02-08"), Event::Relapsed),
        happened(Moment::FirstAbsenceDay, "2027-02-08"),
        Said::Kind(day("2027-02-08"), AbsenceKind::Dreigend),
        happened(Moment::Signalled, "2027-02-08"),
    ]);
    let of_absence = ["T10A", "R12", "T13"];
    assert!(told(said.clone(), &of_absence, "2027-02-10").is_empty(), "of the round before");
    assert_eq!(told(said.clone(), &["R01"], "2027-02-08").len(), 1, "what threatens runs");
    said.push(Said::Step(day("2027-03-01"), Event::OutcomeRecorded));
    said.push(Said::Ended(day("2027-03-01"), Outcome::TerugEigenSchool));
    let own = ["R20 2027-03-15 - RUNNING", "R21 2027-04-12 - RUNNING", "R22 2027-05-24 - RUNNING"];
    assert_eq!(told(said.clone(), &CARE, "2027-03-01"), own);
    assert!(told(said.clone(), &of_absence, "2027-03-01").is_empty());
    // What is held in it counts.
    said.push(happened(Moment::AftercareFirst, "2027-03-12"));
    assert_eq!(told(said, &["R20"], "2027-03-20"), ["R20 2027-03-15 2027-03-12 MET"]);
}

#[test]
fn aftercare_that_nobody_gave_is_not_asked_of_a_relapse_that_only_threatens() {
    let stable = Said::Happened(Moment::AttendanceStable, day("2026-11-09"));
    let mut said = ended(Outcome::TerugEigenSchool, vec![stable]);
    assert_eq!(told(said.clone(), &["R22"], "2027-02-06"), ["R22 2027-02-01 - OVERDUE"]);
    said.extend([
        Said::Step(day("2027-02-08"), Event::Relapsed),
        Said::Happened(Moment::FirstAbsenceDay, day("2027-02-08")),
        Said::Kind(day("2027-02-08"), AbsenceKind::Dreigend),
        Said::Happened(Moment::Signalled, day("2027-02-08")),
    ]);
    assert!(told(said, &CARE, "2027-02-10").is_empty());
}

/// In a case that was not closed yet worry does not begin a round: it was said when the case was opened, too.
#[test]
fn a_child_that_threatens_to_stay_home_again_in_the_same_round_keeps_its_first_day() {
    let known = known(vec![
        Said::Kind(day("2026-09-01"), AbsenceKind::RelatiefOngeoorloofd),
        Said::Happened(Moment::FirstAbsenceDay, day("2026-09-01")),
        Said::Happened(Moment::Signalled, day("2026-10-12")),
        Said::Kind(day("2026-11-09"), AbsenceKind::Dreigend),
    ]);
    let round = known.decided.rounds(day("2026-11-20")).pop().unwrap();
    assert_eq!(known.began(round, day("2026-11-20")), Some(day("2026-09-01")));
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
            let goes_on = CHECK_POINTS.contains(&moment) || OF_ARRANGEMENTS.contains(&moment);
            let fits = (asked && goes_on)
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

/// Of school year 2026-2027 by 31 July 2027; of the one before by 31 July 2026.
#[test]
fn an_arrangement_goes_on_in_a_closed_case_until_it_ends() {
    let of = |outcome, more: &[(Moment, &str)]| {
        ended(outcome, more.iter().map(|(moment, on)| Said::Happened(*moment, day(on))).collect())
    };
    for (norm, begins, evaluated, ends) in [
        ("R30", Moment::ArrangementStarted, Moment::ArrangementEvaluated, Moment::ArrangementEnded),
        ("R31", Moment::OzaStarted, Moment::OzaEvaluated, Moment::OzaEnded),
    ] {
        let began = (begins, "2026-10-01");
        for outcome in Outcome::iter() {
            let asked = !told(of(outcome, &[began]), &[norm], "2027-07-01").is_empty();
            assert_eq!(asked, outcome.counts_as().follow_up.looks_in(), "{outcome}");
        }
        let back = |more: &[(Moment, &str)], on: &str| {
            told(of(Outcome::TerugEigenSchool, &[vec![began], more.to_vec()].concat()), &[norm], on)
        };
        assert_eq!(back(&[], "2026-11-20"), [format!("{norm} 2027-07-31 - RUNNING")]);
        assert_eq!(back(&[], "2027-08-01"), [format!("{norm} 2027-07-31 - OVERDUE")]);
        let held = (evaluated, "2027-06-01");
        assert_eq!(back(&[held], "2027-06-02"), [format!("{norm} 2027-07-31 2027-06-01 MET")]);
        assert_eq!(back(&[held], "2027-08-02"), [format!("{norm} 2028-07-31 - RUNNING")], "the next year");
        assert!(back(&[held, (ends, "2027-07-16")], "2027-08-02").is_empty(), "{norm}");
        // What had passed by the outcome is asked for as long as it runs, and no longer.
        let late = [(begins, "2025-10-01")];
        let passed = told(of(Outcome::TerugEigenSchool, &late), &[norm], "2026-11-20");
        assert_eq!(passed, [format!("{norm} 2026-07-31 - OVERDUE")]);
        let over = [late[0], (ends, "2026-12-01")];
        assert!(told(of(Outcome::TerugEigenSchool, &over), &[norm], "2026-12-02").is_empty(), "{norm}");
    }
}

/// Twelve weeks after 26 October are 18 January.
#[test]
fn what_is_asked_after_the_end_is_late_as_long_as_it_is_asked_for_and_all_else_until_the_outcome() {
    let profile = Profile::shipped();
    let until = |norm: &str, outcome, today: &str| {
        let norm = profile.norm(norm).unwrap();
        late_until(norm, day("2026-10-26"), (outcome, day("2026-11-02")), day(today))
    };
    let back = Outcome::TerugEigenSchool;
    assert_eq!(until("R20", back, "2026-12-01"), day("2026-12-01"), "nobody looked in yet");
    assert_eq!(until("R20", back, "2027-06-01"), day("2027-01-18"), "nobody is asked any more");
    assert_eq!(until("R30", back, "2027-06-01"), day("2027-06-01"));
    for (norm, outcome) in [("T13", back), ("R20", Outcome::UitNederland), ("R30", Outcome::UitNederland)] {
        assert_eq!(until(norm, outcome, "2027-06-01"), day("2026-11-02"), "{norm} {outcome}");
    }
}

/// Back on 2 November: the first check point is due on the 16th, the second on 14 December.
#[test]
fn a_check_point_is_held_after_the_return_and_after_the_one_before_it_was_due() {
    let profile = Profile::shipped();
    let from = |said: Vec<Said>, moment| {
        known(said).checked_from(&profile, moment, day("2026-12-20")).map(|from| from.to_string())
    };
    let closed = |moment| from(ended(Outcome::TerugEigenSchool, vec![]), moment);
    assert_eq!(closed(Moment::AftercareFirst).as_deref(), Some("2026-11-02"));
    assert_eq!(closed(Moment::AftercareSecond).as_deref(), Some("2026-11-16"));
    assert_eq!(closed(Moment::AftercareLast).as_deref(), Some("2026-12-14"));
    assert_eq!(closed(Moment::OfferMade), None);
    // Attendance was stable before it ended; and in a case that is open.
    let stable = Said::Happened(Moment::AttendanceStable, day("2026-10-19"));
    for said in [ended(Outcome::TerugEigenSchool, vec![stable.clone()]), [at_home(), vec![stable]].concat()] {
        assert_eq!(from(said, Moment::AftercareSecond).as_deref(), Some("2026-11-02"));
    }
    assert_eq!(from(at_home(), Moment::AftercareFirst), None, "nobody said that the child is back");
}
