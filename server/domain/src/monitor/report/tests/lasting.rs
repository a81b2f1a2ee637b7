//! What was solved in a year, and whether it stayed so.

use super::*;
use crate::monitor::indicator::{Formula, Unit};

/// Stable since 7 September 2026 and closed on the 14th; the talks that were held by then or after.
fn solved(talks: &[(Moment, &str)]) -> Vec<Said> {
    let mut said = summer();
    said.truncate(4);
    said.push(Said::Happened(Moment::AttendanceStable, day("2026-09-07")));
    said.extend(talks.iter().map(|(talk, on)| Said::Happened(*talk, day(on))));
    said.push(Said::Step(day("2026-09-14"), Event::OutcomeRecorded));
    said.push(Said::Ended(day("2026-09-14"), Outcome::TerugEigenSchool));
    said
}

const TALKS: [(Moment, &str); 3] = [
    (Moment::AftercareFirst, "2026-09-21"),
    (Moment::AftercareSecond, "2026-10-19"),
    (Moment::AftercareLast, "2026-11-30"),
];

/// The same, at home again from 12 October on.
pub(super) fn relapsed() -> Vec<Said> {
    let mut said = solved(&[]);
    said.push(Said::Step(day("2026-10-14"), Event::Relapsed));
    said.push(Said::Happened(Moment::FirstAbsenceDay, day("2026-10-12")));
    said
}

fn told(said: Vec<Said>, until: &str) -> Vec<Figure> {
    let period = year("2026-09-01").up_to(day(until));
    let ours = [
        Figure::CasesSolved,
        Figure::Solved,
        Figure::SolvedLasting,
        Figure::SolvedRelapsed,
        Figure::SolvedUnfollowed,
        Figure::SolvedPending,
        Figure::SolvedReopened,
    ];
    let found = counted(Kind::Jaarverslag, said, "2026-06-02", period);
    found.into_iter().filter(|figure| ours.contains(figure)).collect()
}

/// Twelve weeks after 7 September are 30 November.
#[test]
fn opgelost_is_what_was_followed_through_aftercare_without_a_relapse() {
    let with = |stay: Figure| [Figure::CasesSolved, Figure::Solved, stay];
    assert_eq!(told(solved(&TALKS), "2026-11-30"), with(Figure::SolvedLasting));
    assert_eq!(told(solved(&TALKS), "2026-11-29"), with(Figure::SolvedPending));
    assert_eq!(told(solved(&TALKS[..2]), "2026-11-29"), with(Figure::SolvedPending));
    assert_eq!(told(solved(&TALKS[..2]), "2027-07-31"), with(Figure::SolvedUnfollowed));
    assert_eq!(told(solved(&TALKS[..2]), "2026-09-13"), []);
}

#[test]
fn a_relapse_in_the_twelve_weeks_is_told_and_the_case_is_open_again() {
    let found = told(relapsed(), "2027-07-31");
    assert_eq!(found, [Figure::Solved, Figure::SolvedRelapsed, Figure::SolvedReopened]);
    // Of the day before it nobody knew.
    let before = told(relapsed(), "2026-10-13");
    assert_eq!(before, [Figure::CasesSolved, Figure::Solved, Figure::SolvedPending]);
    // Solved a second time, and followed: the last time counts.
    let mut twice = relapsed();
    let talks = [
        (Moment::AttendanceStable, "2027-01-04"),
        (Moment::AftercareFirst, "2027-01-18"),
        (Moment::AftercareSecond, "2027-02-15"),
        (Moment::AftercareLast, "2027-03-29"),
    ];
    twice.extend(talks.map(|(moment, on)| Said::Happened(moment, day(on))));
    twice.push(Said::Step(day("2027-03-29"), Event::OutcomeRecorded));
    twice.push(Said::Ended(day("2027-03-29"), Outcome::TerugEigenSchool));
    let found = told(twice, "2027-07-31");
    assert_eq!(found, [Figure::CasesSolved, Figure::Solved, Figure::SolvedLasting]);
}

/// After the twelve weeks it is a new absence: what was solved had stayed so.
#[test]
fn a_relapse_after_the_twelve_weeks_is_a_new_absence() {
    let mut said = solved(&TALKS);
    said.push(Said::Step(day("2027-02-03"), Event::Relapsed));
    said.push(Said::Happened(Moment::FirstAbsenceDay, day("2027-02-01")));
    let found = told(said.clone(), "2027-07-31");
    assert_eq!(found, [Figure::Solved, Figure::SolvedLasting, Figure::SolvedReopened]);
    // Taken up by mistake, it is none.
    said.push(Said::Step(day("2027-02-04"), Event::OutcomeRecorded));
    said.push(Said::Ended(day("2027-02-04"), Outcome::AdministratiefOnjuist));
    let found = told(said, "2027-07-31");
    assert_eq!(found, [Figure::CasesSolved, Figure::Solved, Figure::SolvedLasting]);
}

#[test]
fn what_is_solved_is_a_share_that_an_indicator_can_have() {
    let formula = Formula {
        report: Kind::Jaarverslag,
        numerator: Figure::SolvedLasting,
        denominator: Some(Figure::Solved),
    };
    assert!(formula.is_of_a_year() && formula.is_in(Unit::Percent));
}
