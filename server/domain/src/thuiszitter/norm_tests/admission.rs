//! Zorgplicht: T01 to T05.

use super::*;
use crate::thuiszitter::ground::Circumstance;

#[test]
fn t01_parents_apply_ten_weeks_before_the_day_they_wish() {
    // WPO art. 40(2): ten weeks before Monday 4 January 2027 is Monday 26 October 2026, the
    // day after the clock goes back; weeks of holiday count.
    let wished = child().with(Moment::AdmissionWished, "2027-01-04");
    for (today, expected) in [
        ("2026-10-18", "2026-10-26 - RUNNING"),
        ("2026-10-19", "2026-10-26 - DUE_SOON"),
        ("2026-10-26", "2026-10-26 - DUE_SOON"),
        ("2026-10-27", "2026-10-26 - OVERDUE"),
    ] {
        assert_eq!(shown(&wished, "T01", today), expected, "{today}");
    }
    let asked = |on: &str| wished.clone().with(Moment::AdmissionRequested, on);
    assert_eq!(shown(&asked("2026-10-26"), "T01", "2026-11-01"), "2026-10-26 2026-10-26 MET");
    assert_eq!(shown(&asked("2026-10-27"), "T01", "2026-11-01"), "2026-10-26 2026-10-27 MET", "too late");
    // Not before the third birthday.
    let young = Facts { birth: Some(day("2023-10-20")), ..wished.clone() };
    let at = |on: &str| shown(&young.clone().with(Moment::AdmissionRequested, on), "T01", "2026-11-01");
    assert_eq!(at("2026-10-19"), "2026-10-26 - OVERDUE", "two years old");
    assert_eq!(at("2026-10-20"), "2026-10-26 2026-10-20 MET");
}

#[test]
fn t02_the_school_decides_in_six_weeks_and_four_more_if_it_says_so_in_time() {
    // WPO art. 40(6). Over Christmas, over the end of summer time, over 28 and over 29 February.
    for (asked, last, after) in [
        ("2026-12-07", "2027-01-18", "2027-01-19"),
        ("2026-10-12", "2026-11-23", "2026-11-24"),
        ("2027-01-20", "2027-03-03", "2027-03-04"),
        ("2028-01-20", "2028-03-02", "2028-03-03"),
        ("2027-06-28", "2027-08-09", "2027-08-10"),
    ] {
        let facts = child().with(Moment::AdmissionRequested, asked);
        assert_eq!(shown(&facts, "T02", last), format!("{last} - DUE_SOON"));
        assert_eq!(shown(&facts, "T02", after), format!("{last} - OVERDUE"));
    }
    // Announced on the last day: four weeks after 18 January is 15 February.
    let asked = child().with(Moment::AdmissionRequested, "2026-12-07");
    let extended = asked.clone().with(Moment::AdmissionExtended, "2027-01-18");
    assert_eq!(shown(&extended, "T02", "2027-01-19"), "2027-02-15 - RUNNING");
    assert_eq!(shown(&extended, "T02", "2027-02-16"), "2027-02-15 - OVERDUE");
    let late = asked.clone().with(Moment::AdmissionExtended, "2027-01-19");
    assert_eq!(shown(&late, "T02", "2027-01-19"), "2027-01-18 - OVERDUE");
    let decided = extended.with(Moment::AdmissionDecided, "2027-02-15");
    assert_eq!(shown(&decided, "T02", "2027-02-16"), "2027-02-15 2027-02-15 MET");
    // Taken back: nothing is owed. Asked again: the clock starts again.
    let back = asked.with(Moment::AdmissionWithdrawn, "2026-12-21");
    assert_eq!(shown(&back, "T02", "2026-12-21"), "");
    let again = back.with(Moment::AdmissionRequested, "2027-01-11");
    assert_eq!(shown(&again, "T02", "2027-01-12"), "2027-02-22 - RUNNING");
}

#[test]
fn t03_without_a_decision_a_child_without_school_is_placed_after_ten_weeks() {
    // WPO art. 40(7): ten weeks after Monday 7 December end on 15 February: placed from the 16th.
    let asked = child().nowhere("2026-09-01").with(Moment::AdmissionRequested, "2026-12-07");
    assert_eq!(shown(&asked, "T03", "2027-02-08"), "2027-02-16 - RUNNING");
    assert_eq!(shown(&asked, "T03", "2027-02-16"), "2027-02-16 - DUE_SOON");
    assert_eq!(shown(&asked, "T03", "2027-02-17"), "2027-02-16 - OVERDUE");
    let placed = asked.clone().with(Moment::TemporarilyPlaced, "2027-02-16");
    assert_eq!(shown(&placed, "T03", "2027-02-17"), "2027-02-16 2027-02-16 MET");
    // The announced extension of art. 40(6) does not move it.
    let extended = asked.clone().with(Moment::AdmissionExtended, "2027-01-18");
    assert_eq!(shown(&extended, "T03", "2027-02-08"), "2027-02-16 - RUNNING");
    // Not before the fourth birthday, and not for a child that has a school.
    let of = |birth: &str| Facts { birth: Some(day(birth)), ..asked.clone() };
    assert_eq!(shown(&of("2023-02-16"), "T03", "2027-02-01"), "2027-02-16 - RUNNING");
    assert_eq!(shown(&of("2023-02-17"), "T03", "2027-02-01"), "2027-02-17 - RUNNING");
    let enrolled = child().with(Moment::AdmissionRequested, "2026-12-07");
    assert_eq!(shown(&enrolled, "T03", "2027-02-17"), "");
}

#[test]
fn t04_a_refusal_waits_for_another_school_that_is_willing() {
    // WPO art. 40(4) and (5).
    let needs = child().given(Circumstance::ExtraSupportNeeded, "2026-09-01");
    comes_first(&needs, "T04", Moment::AdmissionRefused, Moment::OtherSchoolWilling);
    let refused =
        |facts: Facts| shown(&facts.with(Moment::AdmissionRefused, "2026-11-16"), "T04", "2026-11-20");
    assert_eq!(refused(child()), "", "a child that needs no extra support");
    assert_eq!(refused(child().given(Circumstance::ExtraSupportNeeded, "2026-11-17")), "", "not yet");
    for exception in [Circumstance::SchoolFull, Circumstance::GrondslagRefused] {
        assert_eq!(refused(needs.clone().given(exception, "2026-11-01")), "", "{exception}");
    }
    // Another school that was willing for an earlier refusal is not willing for the next one.
    let twice = needs
        .with(Moment::OtherSchoolWilling, "2026-09-10")
        .with(Moment::AdmissionRefused, "2026-09-14")
        .with(Moment::AdmissionRefused, "2026-11-16");
    assert_eq!(shown(&twice, "T04", "2026-11-20"), "2026-11-16 - OVERDUE");
}

#[test]
fn t05_a_removal_waits_for_another_school_and_is_told_to_the_gemeente_at_once() {
    // WPO art. 40(11).
    comes_first(&child(), "T05", Moment::Removed, Moment::OtherSchoolWilling);
    comes_first(&child(), "T05A", Moment::RemovalDecided, Moment::TeacherHeard);
    // LPW art. 18(1), terstond, read as one working day: Friday 18 to Monday 21 December in the
    // school holidays; Thursday 24 December past Christmas and the weekend to Monday the 28th.
    for (decided, due) in
        [("2026-12-18", "2026-12-21"), ("2026-12-24", "2026-12-28"), ("2026-11-16", "2026-11-17")]
    {
        let facts = child().with(Moment::RemovalDecided, decided);
        assert_eq!(shown(&facts, "T05B", decided), format!("{due} - DUE_SOON"));
        assert_eq!(shown(&facts, "T05B", "2026-12-29"), format!("{due} - OVERDUE"));
        let told = facts.with(Moment::GemeenteInformed, due);
        assert_eq!(shown(&told, "T05B", "2026-12-29"), format!("{due} {due} MET"));
    }
}
