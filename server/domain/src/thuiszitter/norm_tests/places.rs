//! Places, suspensions and youth help: T17, T18 and T21.

use super::*;

#[test]
fn t17_a_tlv_ends_with_a_whole_school_year_and_is_renewed_before_may_is_over() {
    // The region's window: from 1 February to 1 May of the year in which it ends.
    let expires = child().with(Moment::TlvExpires, "2027-07-31");
    assert_eq!(shown(&expires, "T17", "2026-11-22"), "2027-05-01 - RUNNING");
    assert_eq!(shown(&expires, "T17", "2027-05-01"), "2027-05-01 - DUE_SOON");
    assert_eq!(shown(&expires, "T17", "2027-05-02"), "2027-05-01 - OVERDUE");
    for (asked, expected) in [
        ("2027-01-31", "2027-05-01 - OVERDUE"),
        ("2027-02-01", "2027-05-01 2027-02-01 MET"),
        ("2027-05-01", "2027-05-01 2027-05-01 MET"),
        ("2027-05-02", "2027-05-01 2027-05-02 MET"),
    ] {
        let facts = expires.clone().with(Moment::TlvRenewalRequested, asked);
        assert_eq!(shown(&facts, "T17", "2027-05-03"), expected, "{asked}");
    }
    // WPO art. 18a: at least a whole school year, 1 August to 31 July.
    let valid =
        |from: &str, until: &str| child().with(Moment::TlvValidFrom, from).with(Moment::TlvExpires, until);
    for (from, until, expected) in [
        ("2026-08-01", "2027-07-31", "2027-07-31 2027-07-31 MET"),
        ("2026-08-01", "2027-07-30", "2027-07-31 - OVERDUE"),
        ("2026-10-05", "2027-07-31", "2028-07-31 - OVERDUE"),
        ("2026-10-05", "2028-07-31", "2028-07-31 2028-07-31 MET"),
    ] {
        assert_eq!(shown(&valid(from, until), "T17A", "2026-11-22"), expected, "{from} {until}");
    }
    let open = child().with(Moment::TlvValidFrom, "2026-10-05");
    assert_eq!(shown(&open, "T17A", "2028-09-01"), "2028-07-31 - RUNNING", "without an end, as for EMB");
}

#[test]
fn t18_a_suspension_takes_a_week_at_most_and_beyond_a_day_the_inspectie_is_told() {
    // WPO art. 40c: from Monday 9 November the last day of one week is Sunday the 15th.
    let suspended = child().with(Moment::SuspendedFromSchool, "2026-11-09");
    assert_eq!(shown(&suspended, "T18", "2026-11-15"), "2026-11-15 - DUE_SOON");
    assert_eq!(shown(&suspended, "T18", "2026-11-16"), "2026-11-15 - OVERDUE");
    let ended = suspended.with(Moment::SuspensionEnded, "2026-11-15");
    assert_eq!(shown(&ended, "T18", "2026-11-16"), "2026-11-15 2026-11-15 MET");
    // Beyond the first day: told on the next working day, from Friday 13 to Monday 16 November.
    let friday = child().with(Moment::SuspendedFromSchool, "2026-11-13");
    assert_eq!(shown(&friday, "T18A", "2026-11-13"), "");
    assert_eq!(shown(&friday, "T18A", "2026-11-14"), "2026-11-16 - DUE_SOON");
    assert_eq!(shown(&friday, "T18A", "2026-11-17"), "2026-11-16 - OVERDUE");
    let told = friday.clone().with(Moment::InspectieInformed, "2026-11-16");
    assert_eq!(shown(&told, "T18A", "2026-11-17"), "2026-11-16 2026-11-16 MET");
    let one_day = friday.clone().with(Moment::SuspensionEnded, "2026-11-13");
    assert_eq!(shown(&one_day, "T18A", "2026-11-20"), "", "one day only");
    let over = friday.with(Moment::SuspensionEnded, "2026-11-17");
    assert_eq!(shown(&over, "T18A", "2026-11-20"), "2026-11-16 - OVERDUE", "its end tells nobody");
}

#[test]
fn t21_youth_help_is_decided_on_in_eight_weeks() {
    // Awb art. 4:13. Eight weeks after Monday 2 November: 28 December, a Monday. After Friday 29
    // January 2027 they end on Goede Vrijdag, 26 March: past Easter to Tuesday the 30th.
    for (asked, due, after) in
        [("2026-11-02", "2026-12-28", "2026-12-29"), ("2027-01-29", "2027-03-30", "2027-03-31")]
    {
        let facts = child().with(Moment::YouthHelpRequested, asked);
        assert_eq!(shown(&facts, "T21", due), format!("{due} - DUE_SOON"));
        assert_eq!(shown(&facts, "T21", after), format!("{due} - OVERDUE"));
        let decided = facts.with(Moment::YouthHelpDecided, due);
        assert_eq!(shown(&decided, "T21", after), format!("{due} {due} MET"));
    }
}
