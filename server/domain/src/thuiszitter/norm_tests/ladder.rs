//! The region's norms and ladder: R01 to R22.

use super::*;
use crate::thuiszitter::{EscalationLevel, suggested_level};

#[test]
fn r01_to_r22_the_regions_norms_count_from_the_day_they_name() {
    // Absent since Tuesday 1 September 2026 in region Midden, where lessons began on 31 August.
    let facts = absent_from("2026-09-01")
        .with(Moment::Signalled, "2026-09-01")
        .with(Moment::ConsultAsked, "2026-09-01")
        .with(Moment::AttendanceStable, "2026-12-01");
    for (id, due) in [
        ("R01", "2026-09-08"), // five school days: 2, 3, 4, 7, 8
        ("R02", "2026-09-03"), // two working days
        ("R03", "2026-09-15"), // ten working days
        ("R10", "2026-09-15"), // ten school days
        ("R11", "2026-09-29"), // four weeks
        ("R12", "2026-10-13"), // six
        ("R13", "2026-10-27"), // eight, the autumn holidays counted
        ("R14", "2026-11-10"), // ten
        ("R15", "2026-11-24"), // twelve
        ("R16", "2027-03-02"), // twenty-six
        ("R17", "2027-08-31"), // fifty-two
        ("R20", "2026-12-15"), // two weeks after 1 December
        ("R21", "2027-01-12"), // six
        ("R22", "2027-02-23"), // twelve
    ] {
        let shown = shown(&facts, id, "2026-12-01");
        assert_eq!(shown.split(' ').next(), Some(due), "{id}: {shown}");
    }
}

#[test]
fn the_ladder_rises_at_eight_ten_and_twelve_weeks_and_never_to_the_outside() {
    let profile = Profile::shipped();
    let facts = absent_from("2026-09-01");
    for (today, level) in [
        ("2026-10-26", EscalationLevel::L0),
        ("2026-10-27", EscalationLevel::L1),
        ("2026-11-09", EscalationLevel::L1),
        ("2026-11-10", EscalationLevel::L2),
        ("2026-11-23", EscalationLevel::L2),
        ("2026-11-24", EscalationLevel::L3),
        ("2027-11-24", EscalationLevel::L3),
    ] {
        let (found, _) = deadlines(&profile, &facts, Stage::Plan, day(today));
        assert_eq!(suggested_level(&found, day(today)), level, "{today}");
    }
}
