//! Which reports the facts call for.

use super::*;
use crate::{
    thuiszitter::{
        Enrolment,
        facts::example::{absent_from, child, day},
        ground::ExemptionGround,
    },
    time::Since,
};

fn kinds(facts: &Facts, today: &str) -> Vec<DuoKind> {
    reportable(&Profile::shipped(), facts, day(today)).value.into_iter().collect()
}

#[test]
fn each_kind_of_report_has_its_own_border() {
    let missed = |birth: &str| {
        let facts = Facts { birth: Some(day(birth)), ..absent_from("2026-11-02") };
        facts.missing("2026-11-02", 8).missing("2026-11-03", 8)
    };
    // LPW art. 21a and DUO: V3 below 18, V4 from the birthday on.
    assert_eq!(kinds(&missed("2008-11-05"), "2026-11-02"), [DuoKind::O], "eight hours");
    assert_eq!(kinds(&missed("2008-11-05"), "2026-11-04"), [DuoKind::V3]);
    assert_eq!(kinds(&missed("2008-11-05"), "2026-11-05"), [DuoKind::V4]);
    // More than four weeks after 2 November: from 1 December.
    assert_eq!(kinds(&missed("2018-03-10"), "2026-11-30"), [DuoKind::V3]);
    assert_eq!(kinds(&missed("2018-03-10"), "2026-12-01"), [DuoKind::V3, DuoKind::Lrv]);
    // A holiday from its first day.
    let holiday = Facts { kinds: Since::always(AbsenceKind::Luxe), ..absent_from("2026-11-02") };
    assert_eq!(kinds(&holiday, "2026-11-02"), [DuoKind::L]);
    assert_eq!(kinds(&child().away("2026-11-02", 5, AbsenceGround::Luxe), "2026-11-02"), [DuoKind::L]);
    // A worry after sick reports; illness alone is nothing to report.
    let ill = Facts { kinds: Since::always(AbsenceKind::Ziek), ..absent_from("2026-11-02") };
    assert!(kinds(&ill, "2026-12-31").is_empty());
    assert_eq!(kinds(&ill.with(Moment::SicknessWorries, "2026-11-09"), "2026-11-09"), [DuoKind::O]);
    // After a report ended nothing is left of what it was about.
    let reported = missed("2018-03-10").with(Moment::ReportEnded, "2026-11-03");
    assert!(kinds(&reported, "2026-11-10").is_empty());
}

#[test]
fn the_doorstroompunt_looks_after_those_below_27_without_startkwalificatie() {
    // Wet van school naar duurzaam werk: 27 since 1 January 2026.
    let left = |birth: &str| {
        let facts = Facts { enrolments: Since::always(Enrolment::NotEnrolled), ..child() };
        Facts { birth: Some(day(birth)), ..facts }
    };
    for (birth, counts) in [
        ("2008-11-23", false), // 18 tomorrow
        ("2008-11-22", true),  // 18 today
        ("1999-11-23", true),  // 27 tomorrow
        ("1999-11-22", false), // 27 today
    ] {
        assert_eq!(kinds(&left(birth), "2026-11-22") == [DuoKind::Rmc], counts, "{birth}");
    }
    let qualified = Facts { qualified_on: Some(day("2026-06-20")), ..left("2007-01-01") };
    assert!(kinds(&qualified, "2026-11-22").is_empty());
}

#[test]
fn a_child_that_stays_away_is_reported_again_after_seven_days() {
    let facts = absent_from("2026-11-02").with(Moment::ReportedToDuo, "2026-11-20");
    let again = |facts: &Facts| report_again_on(&Profile::shipped(), facts, day("2026-11-22"));
    assert_eq!(again(&facts), Some(day("2026-11-27")));
    assert_eq!(again(&absent_from("2026-11-02")), None);
}

#[test]
fn an_exempt_child_is_not_reported_as_long_absent() {
    let exempt = absent_from("2026-09-01").exempt(ExemptionGround::Art5OnderA, "2026-11-02", "2027-07-31");
    assert_eq!(kinds(&exempt, "2026-11-01"), [DuoKind::Lrv]);
    assert!(kinds(&exempt, "2026-11-02").is_empty());
}
