//! The ontwikkelingsperspectief: T06 to T09; and arrangements: R30 and R31.

use super::*;
use crate::access::Class;

#[test]
fn t06_the_opp_is_made_in_six_weeks_and_its_action_part_agreed_first() {
    // WPO art. 40a: six weeks after Thursday 1 October is 12 November; after an enrolment on
    // Monday 2 November it is 14 December. The autumn holidays count.
    let decided = child().with(Moment::ExtraSupportDecided, "2026-10-01");
    assert_eq!(shown(&decided, "T06", "2026-11-04"), "2026-11-12 - RUNNING");
    assert_eq!(shown(&decided, "T06", "2026-11-12"), "2026-11-12 - DUE_SOON");
    assert_eq!(shown(&decided, "T06", "2026-11-13"), "2026-11-12 - OVERDUE");
    let moved = decided.clone().with(Moment::Enrolled, "2026-11-02");
    assert_eq!(shown(&moved, "T06", "2026-11-13"), "2026-12-14 - RUNNING");
    let long_enrolled = decided.clone().with(Moment::Enrolled, "2022-08-22");
    assert_eq!(shown(&long_enrolled, "T06", "2026-11-13"), "2026-11-12 - OVERDUE");
    let made = decided.with(Moment::OppMade, "2026-11-12");
    assert_eq!(shown(&made, "T06", "2026-11-13"), "2026-11-12 2026-11-12 MET");
    // Over 29 February: six weeks after 20 January 2028 is 2 March.
    let leap = child().with(Moment::ExtraSupportDecided, "2028-01-20");
    assert_eq!(shown(&leap, "T06", "2028-02-01"), "2028-03-02 - RUNNING");
    comes_first(&child(), "T06A", Moment::OppMade, Moment::ActionPartAgreed);
}

#[test]
fn t07_the_opp_is_evaluated_once_in_every_school_year() {
    // WPO art. 40a with WPO art. 1: a school year ends on 31 July.
    let made = child().with(Moment::OppMade, "2026-10-05");
    assert_eq!(shown(&made, "T07", "2026-10-06"), "2027-07-31 - RUNNING");
    assert_eq!(shown(&made, "T07", "2027-07-31"), "2027-07-31 - DUE_SOON");
    assert_eq!(shown(&made, "T07", "2027-08-01"), "2027-07-31 - OVERDUE");
    assert_eq!(shown(&made, "T07", "2028-03-01"), "2027-07-31 - OVERDUE", "until it is done");
    let evaluated = made.clone().with(Moment::OppEvaluated, "2027-06-10");
    assert_eq!(shown(&evaluated, "T07", "2027-07-31"), "2027-07-31 2027-06-10 MET");
    assert_eq!(shown(&evaluated, "T07", "2027-08-01"), "2028-07-31 - RUNNING", "the next year's");
    let twice = evaluated.with(Moment::OppEvaluated, "2027-08-01");
    assert_eq!(shown(&twice, "T07", "2027-08-02"), "2028-07-31 2027-08-01 MET");
    // One that came too late is that of its own year: the year before stays open.
    let late = made.clone().with(Moment::OppEvaluated, "2027-09-20");
    assert_eq!(shown(&late, "T07", "2027-09-21"), "2027-07-31 2027-09-20 MET");
    let ended = made.with(Moment::OppEnded, "2027-06-30");
    assert_eq!(shown(&ended, "T07", "2027-08-01"), "");
}

#[test]
fn t08_the_child_is_heard_before_the_opp_is_made_adjusted_and_evaluated() {
    // Kamerstuk 36443, in force on 1 August 2025.
    for (id, event) in
        [("T08", Moment::OppMade), ("T08A", Moment::OppAdjusted), ("T08B", Moment::OppEvaluated)]
    {
        comes_first(&child(), id, event, Moment::ChildHeard);
    }
    for (made, expected) in [("2025-07-31", ""), ("2025-08-01", "2025-08-01 - OVERDUE")] {
        assert_eq!(shown(&child().with(Moment::OppMade, made), "T08", "2026-11-16"), expected);
    }
    // Being heard for one evaluation is not being heard for the next.
    let twice = child()
        .with(Moment::ChildHeard, "2026-11-02")
        .with(Moment::OppEvaluated, "2026-11-02")
        .with(Moment::OppEvaluated, "2027-05-10");
    assert_eq!(shown(&twice, "T08B", "2027-05-10"), "2027-05-10 - OVERDUE");
}

#[test]
fn t09_the_start_and_the_end_of_the_opp_are_registered() {
    // The duty of 2015 names no term; read as seven days, as LPW art. 18(1) has for enrolments.
    for (id, event, registered) in [
        ("T09", Moment::OppMade, Moment::OppRegistered),
        ("T09A", Moment::OppEnded, Moment::OppEndRegistered),
    ] {
        let facts = child().with(event, "2026-10-19");
        assert_eq!(shown(&facts, id, "2026-10-26"), "2026-10-26 - DUE_SOON", "{id}");
        assert_eq!(shown(&facts, id, "2026-10-27"), "2026-10-26 - OVERDUE", "{id}");
        let done = facts.with(registered, "2026-10-26");
        assert_eq!(shown(&done, id, "2026-10-27"), "2026-10-26 2026-10-26 MET", "{id}");
    }
}

#[test]
fn r30_and_r31_an_arrangement_is_evaluated_each_school_year_for_as_long_as_it_runs() {
    for (id, [started, evaluated, ended]) in [
        ("R30", [Moment::ArrangementStarted, Moment::ArrangementEvaluated, Moment::ArrangementEnded]),
        ("R31", [Moment::OzaStarted, Moment::OzaEvaluated, Moment::OzaEnded]),
    ] {
        // Begun on 30 November: the school year ends on 31 July.
        let runs = child().with(started, "2026-11-30");
        assert_eq!(shown(&runs, id, "2026-12-01"), "2027-07-31 - RUNNING", "{id}");
        assert_eq!(shown(&runs, id, "2027-07-31"), "2027-07-31 - DUE_SOON", "{id}");
        assert_eq!(shown(&runs, id, "2027-08-01"), "2027-07-31 - OVERDUE", "{id}");
        let done = runs.clone().with(evaluated, "2027-05-10");
        assert_eq!(shown(&done, id, "2027-07-31"), "2027-07-31 2027-05-10 MET", "{id}");
        assert_eq!(shown(&done, id, "2027-08-01"), "2028-07-31 - RUNNING", "{id}: the next year's");
        let over = runs.with(ended, "2027-04-30");
        assert_eq!(shown(&over, id, "2027-08-01"), "", "{id}: nobody waits for it");
    }
}

/// Who does not see the content of education sees none of these terms, rather than one that seems to pass.
#[test]
fn all_that_the_terms_of_an_opp_hang_on_is_content_of_education() {
    let profile = Profile::shipped();
    for id in ["T06", "T06A", "T07", "T08", "T08A", "T08B", "T09", "T09A", "R30", "R31"] {
        let norm = profile.norm(id).unwrap();
        let moments = [&[norm.starts_at][..], &norm.ends_when[..], &norm.stops_when[..]].concat();
        assert!(moments.iter().all(|moment| moment.class() == Class::K4), "{id}: {moments:?}");
    }
}
