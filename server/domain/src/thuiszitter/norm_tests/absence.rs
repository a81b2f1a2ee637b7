//! Absence: T10 to T13, T25 and T26.

use super::*;
use crate::thuiszitter::{
    facts::AbsenceKind,
    ground::{AbsenceGround, Circumstance, ExemptionGround},
};

#[test]
fn t10_sixteen_hours_are_reported_without_delay() {
    // LPW art. 21a(1), onverwijld, read as one working day. Sixteen hours are reached on Friday
    // 18 December; the Monday after is a working day though a holiday of the school.
    let missed = |hours: [u16; 3]| {
        absent_from("2026-12-16")
            .missing("2026-12-16", hours[0])
            .missing("2026-12-17", hours[1])
            .missing("2026-12-18", hours[2])
    };
    assert_eq!(shown(&missed([5, 5, 5]), "T10", "2026-12-31"), "", "fifteen hours");
    assert_eq!(shown(&missed([5, 5, 6]), "T10", "2026-12-17"), "");
    assert_eq!(shown(&missed([5, 5, 6]), "T10", "2026-12-21"), "2026-12-21 - DUE_SOON");
    assert_eq!(shown(&missed([5, 5, 6]), "T10", "2026-12-22"), "2026-12-21 - OVERDUE");
    // Around the autumn holidays, in which the clock goes back: Friday 16 and Monday 26 October
    // lie in consecutive teaching weeks.
    let autumn = absent_from("2026-10-16").missing("2026-10-16", 8).missing("2026-10-26", 8);
    assert_eq!(shown(&autumn, "T10", "2026-10-26"), "2026-10-27 - DUE_SOON");
    // Over the summer into the next school year: 16 July and 30 August 2027.
    let summer = absent_from("2027-07-16").missing("2027-07-16", 8).missing("2027-08-30", 8);
    assert_eq!(shown(&summer, "T10", "2027-08-30"), "2027-08-31 - DUE_SOON");
    // Authorised time never adds up.
    let ill = absent_from("2026-11-02").away("2026-11-02", 8, AbsenceGround::Ziek);
    assert_eq!(shown(&ill.missing("2026-11-03", 8), "T10", "2026-11-30"), "");
}

#[test]
fn t10a_long_absence_is_reported_to_duo_whether_or_not_hours_were_told() {
    // DUO, langdurig relatief verzuim: more than four weeks, without a term of its own, read as one
    // working day. Four weeks from Friday 23 October end on Friday 20 November; long from Saturday the
    // 21st, and the working day after is Monday the 23rd.
    let long = absent_from("2026-10-23");
    assert_eq!(shown(&long, "T10", "2026-12-31"), "", "no hours, so no sixteen");
    assert_eq!(shown(&long, "T10A", "2026-11-20"), "", "four weeks, not more");
    assert_eq!(shown(&long, "T10A", "2026-11-21"), "2026-11-23 - DUE_SOON");
    assert_eq!(shown(&long, "T10A", "2026-11-23"), "2026-11-23 - DUE_SOON");
    assert_eq!(shown(&long, "T10A", "2026-11-24"), "2026-11-23 - OVERDUE");
    let reported = long.clone().with(Moment::ReportedToDuo, "2026-11-23");
    assert_eq!(shown(&reported, "T10A", "2026-11-24"), "2026-11-23 2026-11-23 MET");
    assert_eq!(shown(&reported, "T12", "2026-11-24"), "2026-11-30 - DUE_SOON", "leerplicht is at work");
    // What was reported of the first hours was no long absence yet: DUO has a kind of its own for that.
    let hours = long.clone().with(Moment::ReportedToDuo, "2026-11-20");
    assert_eq!(shown(&hours, "T10A", "2026-11-24"), "2026-11-23 - OVERDUE");
    // Over Christmas: four weeks from Friday 27 November end on Eerste Kerstdag, and the 26th is a
    // Saturday and Tweede Kerstdag.
    let christmas = absent_from("2026-11-27");
    assert_eq!(shown(&christmas, "T10A", "2026-12-25"), "");
    assert_eq!(shown(&christmas, "T10A", "2026-12-26"), "2026-12-28 - DUE_SOON");
    // Who came back, is exempt or is of no school at all is nobody's langdurig relatief verzuim.
    let back = long.clone().with(Moment::Returned, "2026-11-20");
    assert_eq!(shown(&back, "T10A", "2026-11-30"), "");
    assert_eq!(shown(&long.nowhere("2026-10-23"), "T10A", "2026-11-30"), "");
}

#[test]
fn t10a_a_long_absence_stays_to_be_reported_when_the_child_is_back_ill_or_exempt() {
    // As above: long from Saturday 21 November, to be reported by Monday the 23rd.
    let long = absent_from("2026-10-23");
    let of = |facts: &Facts, today: &str| shown(facts, "T10A", today);
    let back = |on: &str| long.clone().with(Moment::Returned, on);
    let turned = |on: &str, kind| {
        let mut facts = long.clone();
        facts.kinds.say(day(on), kind);
        facts
    };
    let exempt = |on: &str| long.clone().exempt(ExemptionGround::Art5OnderA, on, "2027-07-31");
    let eighteen = Facts { birth: Some(day("2008-11-25")), ..long.clone() };
    for over in [
        back("2026-11-22"),
        back("2026-12-01"),
        turned("2026-11-22", AbsenceKind::Ziek),
        turned("2026-12-01", AbsenceKind::Absoluut),
        turned("2026-12-01", AbsenceKind::Dreigend),
        exempt("2026-11-22"),
        eighteen,
    ] {
        assert_eq!(of(&over, "2026-12-10"), "2026-11-23 - OVERDUE");
        let told = over.with(Moment::ReportedToDuo, "2026-12-08");
        assert_eq!(of(&told, "2026-12-10"), "2026-11-23 2026-12-08 MET", "late, and still to be seen");
    }
    // What came before the absence was long: the 20th is the last of the four weeks.
    for soon in [back("2026-11-21"), turned("2026-11-21", AbsenceKind::Ziek), exempt("2026-11-21")] {
        assert_eq!(of(&soon, "2026-12-10"), "");
    }
    // Ill for two weeks, and away again: the first time stays until it is long once more. Four weeks from
    // Monday 14 December end on 11 January.
    let mut twice = turned("2026-11-30", AbsenceKind::Ziek);
    twice.kinds.say(day("2026-12-14"), AbsenceKind::RelatiefOngeoorloofd);
    assert_eq!(of(&twice, "2027-01-11"), "2026-11-23 - OVERDUE");
    assert_eq!(of(&twice, "2027-01-12"), "2027-01-13 - DUE_SOON");
    // A new absence begins anew: four weeks from Monday 4 January end on 1 February.
    let anew = back("2026-12-01").with(Moment::FirstAbsenceDay, "2027-01-04");
    assert_eq!(of(&anew, "2027-01-03"), "2026-11-23 - OVERDUE");
    assert_eq!([of(&anew, "2027-01-04"), of(&anew, "2027-02-01")], ["", ""]);
    assert_eq!(of(&anew, "2027-02-02"), "2027-02-03 - DUE_SOON");
}

#[test]
fn t11_a_school_without_public_money_tells_the_gemeente_in_seven_days() {
    // LPW art. 18(1) and (5): Friday 23 October to Friday 30 October.
    let unfunded = child().given(Circumstance::UnfundedSchool, "2020-08-01");
    for (id, event, told) in [
        ("T11", Moment::Enrolled, Moment::EnrolmentNotified),
        ("T11A", Moment::Deregistered, Moment::DeregistrationNotified),
    ] {
        let facts = unfunded.clone().with(event, "2026-10-23");
        assert_eq!(shown(&facts, id, "2026-10-30"), "2026-10-30 - DUE_SOON", "{id}");
        assert_eq!(shown(&facts, id, "2026-10-31"), "2026-10-30 - OVERDUE", "{id}");
        assert_eq!(shown(&facts.with(told, "2026-10-30"), id, "2026-11-01"), "2026-10-30 2026-10-30 MET");
        assert_eq!(shown(&child().with(event, "2026-10-23"), id, "2026-10-31"), "", "{id}: through ROD");
    }
}

#[test]
fn t12_the_leerplichtambtenaar_speaks_with_parents_in_five_working_days() {
    // LPW art. 22 has no term; the region's is five working days. From Friday 18 December:
    // 21, 22, 23, 24 and, past both Christmas days and the weekend, Monday 28 December.
    let reported = absent_from("2026-11-02").with(Moment::ReportedToDuo, "2026-12-18");
    assert_eq!(shown(&reported, "T12", "2026-12-28"), "2026-12-28 - DUE_SOON");
    assert_eq!(shown(&reported, "T12", "2026-12-29"), "2026-12-28 - OVERDUE");
    let spoken = reported.clone().with(Moment::LeerplichtContacted, "2026-12-28");
    assert_eq!(shown(&spoken, "T12", "2026-12-29"), "2026-12-28 2026-12-28 MET");
    // Reported again: what was said before belongs to the report before.
    let again = spoken.with(Moment::ReportedToDuo, "2027-01-04");
    assert_eq!(shown(&again, "T12", "2027-01-04"), "2027-01-11 - DUE_SOON");
}

#[test]
fn t13_no_child_waits_more_than_three_months_for_an_offer() {
    // Thuiszitterspact, 13 June 2016: three months end on the same day of the month, or on its last.
    for (absent, due, after) in [
        ("2026-08-25", "2026-11-25", "2026-11-26"),
        ("2026-08-31", "2026-11-30", "2026-12-01"),
        ("2026-11-30", "2027-02-28", "2027-03-01"),
        ("2027-11-30", "2028-02-29", "2028-03-01"),
        ("2027-05-31", "2027-08-31", "2027-09-01"),
    ] {
        let facts = absent_from(absent);
        assert_eq!(shown(&facts, "T13", due), format!("{due} - DUE_SOON"));
        assert_eq!(shown(&facts, "T13", after), format!("{due} - OVERDUE"));
        let offered = facts.with(Moment::OfferMade, due);
        assert_eq!(shown(&offered, "T13", after), format!("{due} {due} MET"));
    }
    let relapsed = absent_from("2026-09-01").with(Moment::Returned, "2026-10-05");
    assert_eq!(shown(&relapsed, "T13", "2026-12-02"), "2026-12-01 2026-10-05 MET");
    let relapsed = relapsed.with(Moment::FirstAbsenceDay, "2026-11-09");
    assert_eq!(shown(&relapsed, "T13", "2026-12-02"), "2027-02-09 - RUNNING", "a relapse starts it again");
}

#[test]
fn t25_beyond_ten_days_of_leave_the_leerplichtambtenaar_decides() {
    // LPW art. 14(3): ten school days in a school year are the head's; the eleventh is not.
    let leave = |days: &[&str]| {
        let gone = |facts: Facts, on: &&str| facts.away(on, 5, AbsenceGround::Gewichtig);
        days.iter().fold(child(), gone)
    };
    let ten = [
        "2026-11-09",
        "2026-11-10",
        "2026-11-11",
        "2026-11-12",
        "2026-11-13",
        "2026-11-16",
        "2026-11-17",
        "2026-11-18",
        "2026-11-19",
        "2026-11-20",
    ];
    assert_eq!(shown(&leave(&ten), "T25", "2026-12-01"), "");
    let eleven = leave(&ten).away("2026-11-23", 5, AbsenceGround::Gewichtig);
    assert_eq!(shown(&eleven, "T25", "2026-11-22"), "");
    assert_eq!(shown(&eleven, "T25", "2026-11-23"), "2026-11-23 - OVERDUE");
    let decided = eleven.clone().with(Moment::LeaveDecided, "2026-11-06");
    assert_eq!(shown(&decided, "T25", "2026-11-23"), "2026-11-23 2026-11-06 MET");
    // A day of holiday, or on another ground, is no day of leave.
    let no_leave = leave(&ten).away("2026-12-21", 5, AbsenceGround::Gewichtig).away(
        "2026-11-23",
        5,
        AbsenceGround::Godsdienst,
    );
    assert_eq!(shown(&no_leave, "T25", "2026-12-31"), "");
    // Six days before the summer and six after it are of two school years.
    let summer = leave(&[
        "2027-07-05",
        "2027-07-06",
        "2027-07-07",
        "2027-07-08",
        "2027-07-09",
        "2027-07-12",
        "2027-09-06",
        "2027-09-07",
        "2027-09-08",
        "2027-09-09",
        "2027-09-10",
        "2027-09-13",
    ]);
    assert_eq!(shown(&summer, "T25", "2027-10-01"), "");
}

#[test]
fn t26_the_jeugdarts_is_consulted_on_the_seventh_sick_school_day_or_when_it_is_often() {
    // M@ZL: from Monday 2 November the seventh school day is Tuesday the 10th; from Thursday 15
    // October, over the autumn holidays, it is Friday the 30th.
    for (sick, due, after) in
        [("2026-11-02", "2026-11-10", "2026-11-11"), ("2026-10-15", "2026-10-30", "2026-10-31")]
    {
        let facts = child().with(Moment::SickReported, sick);
        assert_eq!(shown(&facts, "T26", due), format!("{due} - DUE_SOON"));
        assert_eq!(shown(&facts, "T26", after), format!("{due} - OVERDUE"));
        let seen = facts.with(Moment::JeugdartsConsulted, due);
        assert_eq!(shown(&seen, "T26", after), format!("{due} {due} MET"));
    }
    let well = child().with(Moment::SickReported, "2026-11-02").with(Moment::Returned, "2026-11-05");
    assert_eq!(shown(&well, "T26", "2026-11-20"), "2026-11-10 2026-11-05 MET");
    // The fourth report in twelve teaching weeks: the week of 7 September is the twelfth back
    // from that of 30 November, the autumn holidays passed over, and the thirteenth from 7 December.
    let four = |last: &str| {
        ["2026-09-11", "2026-10-05", "2026-11-02", last]
            .into_iter()
            .fold(child(), |facts, on| facts.with(Moment::SickReported, on))
    };
    assert_eq!(shown(&four("2026-12-04"), "T26A", "2026-12-03"), "");
    assert_eq!(shown(&four("2026-12-04"), "T26A", "2026-12-04"), "2026-12-11 - DUE_SOON");
    assert_eq!(shown(&four("2026-12-04"), "T26A", "2026-12-12"), "2026-12-11 - OVERDUE");
    assert_eq!(shown(&four("2026-12-07"), "T26A", "2026-12-12"), "");
    // A worry is enough. Five school days after Thursday 17 December, one before Christmas and
    // four after it: Thursday 7 January.
    let worry = child().with(Moment::SicknessWorries, "2026-12-17");
    assert_eq!(shown(&worry, "T26B", "2026-12-31"), "2027-01-07 - DUE_SOON");
}
