//! What comes back each year or period: T19, T20, T22, T23 and T24.

use super::*;

const SWV: Subject = Subject::Samenwerkingsverband;

#[test]
fn t19_a_support_plan_is_made_every_four_years_and_sent_before_may() {
    // WPO art. 18a(7): before 1 May before it starts; at least once in four years.
    let plans = [(Moment::SupportPlanStarts, "2023-08-01"), (Moment::SupportPlanStarts, "2027-08-01")];
    let at =
        |more: &[(Moment, &str)], id: &str, today: &str| duty(SWV, &[&plans[..], more].concat(), id, today);
    assert_eq!(at(&[], "T19", "2026-11-22"), "2027-04-30 - RUNNING");
    assert_eq!(at(&[], "T19", "2027-04-30"), "2027-04-30 - DUE_SOON");
    assert_eq!(at(&[], "T19", "2027-05-01"), "2027-04-30 - OVERDUE");
    let sent = |on: &'static str| [(Moment::SupportPlanSent, on)];
    assert_eq!(at(&sent("2027-04-30"), "T19", "2027-05-01"), "2027-04-30 2027-04-30 MET");
    assert_eq!(at(&sent("2023-04-20"), "T19", "2027-05-01"), "2027-04-30 - OVERDUE", "of the plan before");
    assert_eq!(at(&[], "T19A", "2026-11-22"), "2027-08-01 2027-08-01 MET");
    let later = [(Moment::SupportPlanStarts, "2023-08-01"), (Moment::SupportPlanStarts, "2027-08-02")];
    assert_eq!(duty(SWV, &later, "T19A", "2026-11-22"), "2027-08-01 2027-08-02 MET", "a day too late");
    assert_eq!(duty(SWV, &plans[..1], "T19A", "2027-08-02"), "2027-08-01 - OVERDUE");
    // WPO art. 18a(8) and (9): consent and OOGO before it is adopted.
    for (id, first) in [("T19B", Moment::OogoHeld), ("T19C", Moment::OprConsented)] {
        let adopted = (Moment::SupportPlanAdopted, "2027-04-15");
        assert_eq!(at(&[adopted], id, "2027-04-15"), "2027-04-15 - OVERDUE", "{id}");
        assert_eq!(at(&[adopted, (first, "2027-04-15")], id, "2027-04-15"), "2027-04-15 2027-04-15 MET");
        assert_eq!(at(&[adopted, (first, "2027-04-16")], id, "2027-04-17"), "2027-04-15 2027-04-16 MET");
    }
}

#[test]
fn t20_a_youth_plan_is_talked_over_with_the_samenwerkingsverbanden_first() {
    // Jeugdwet art. 2.2(3).
    let adopted = (Moment::YouthPlanAdopted, "2026-11-16");
    let at = |more: &[(Moment, &str)]| {
        duty(Subject::Gemeente, &[&[adopted][..], more].concat(), "T20", "2026-11-20")
    };
    assert_eq!(at(&[]), "2026-11-16 - OVERDUE");
    assert_eq!(at(&[(Moment::YouthPlanOogoHeld, "2026-11-16")]), "2026-11-16 2026-11-16 MET");
    assert_eq!(at(&[(Moment::YouthPlanOogoHeld, "2026-11-17")]), "2026-11-16 2026-11-17 MET", "too late");
    // The overleg about the plan before is not about this one.
    let before = [(Moment::YouthPlanOogoHeld, "2022-10-03"), (Moment::YouthPlanAdopted, "2022-11-14")];
    assert_eq!(at(&before), "2026-11-16 - OVERDUE");
}

#[test]
fn t22_the_college_reports_on_leerplicht_before_the_first_of_october() {
    // LPW art. 25(1): about the school year that ended on 31 July.
    let at = |reported: &[(Moment, &str)], today: &str| duty(Subject::Gemeente, reported, "T22", today);
    assert_eq!(at(&[], "2026-09-30"), "2026-09-30 - DUE_SOON");
    assert_eq!(at(&[], "2026-10-01"), "2026-09-30 - OVERDUE");
    let reported = |on: &'static str| [(Moment::LeerplichtReported, on)];
    assert_eq!(at(&reported("2026-09-30"), "2026-10-01"), "2026-09-30 2026-09-30 MET");
    assert_eq!(at(&reported("2026-10-01"), "2026-10-01"), "2026-09-30 2026-10-01 MET", "too late");
    assert_eq!(at(&reported("2025-09-20"), "2026-10-01"), "2026-09-30 - OVERDUE", "of the year before");
    assert_eq!(at(&reported("2026-09-30"), "2027-08-01"), "2027-09-30 - RUNNING", "the next year's");
}

#[test]
fn t23_the_list_of_thuiszitters_goes_to_the_inspectie_every_three_months() {
    // Three months end on the same day of the month, or on its last.
    for (listed, due, after) in [
        ("2026-08-31", "2026-11-30", "2026-12-01"),
        ("2026-11-30", "2027-02-28", "2027-03-01"),
        ("2027-11-30", "2028-02-29", "2028-03-01"),
    ] {
        let lists = [(Moment::ThuiszittersListed, listed)];
        assert_eq!(duty(SWV, &lists, "T23", due), format!("{due} - DUE_SOON"));
        assert_eq!(duty(SWV, &lists, "T23", after), format!("{due} - OVERDUE"));
        let again = [lists[0], (Moment::ThuiszittersListed, due)];
        assert!(duty(SWV, &again, "T23", due).ends_with("- RUNNING"), "the next round");
    }
}

/// A region that began on 23 November owes its first list three months later, and no report on the school
/// year before; plans have their own cycle.
#[test]
fn what_an_organisation_owes_begins_with_its_region() {
    let (profile, began) = (Profile::shipped(), day("2026-11-23"));
    let calendar = SchoolCalendar::shipped(HolidayRegion::Midden);
    let owed = |about: Subject, done: &[(Moment, &str)], today: &str| -> Vec<String> {
        let done = done.iter().map(|(moment, on)| (*moment, day(on))).collect();
        let owed = super::super::owed(&profile, about, (&done, began), (&calendar, day(today)));
        owed.iter().map(|one| format!("{} {} {}", one.norm.id, one.due_on.unwrap(), one.state)).collect()
    };
    assert_eq!(owed(SWV, &[], "2027-02-23"), ["T23 2027-02-23 DUE_SOON"]);
    assert_eq!(owed(SWV, &[], "2027-02-24"), ["T23 2027-02-23 OVERDUE"]);
    let listed = [(Moment::ThuiszittersListed, "2027-02-22"), (Moment::SupportPlanStarts, "2027-08-01")];
    assert_eq!(owed(SWV, &listed, "2027-02-24"), ["T23 2027-05-22 RUNNING"]);
    assert_eq!(owed(Subject::Gemeente, &[], "2027-07-31"), [""; 0]);
    assert_eq!(owed(Subject::Gemeente, &[], "2027-10-01"), ["T22 2027-09-30 OVERDUE"]);
    assert_eq!(owed(Subject::Case, &[], "2027-10-01"), [""; 0]);
}

/// A report of last year is not that of this one; the list before the first is up to three months old.
#[test]
fn what_was_done_before_its_round_is_of_an_earlier_one() {
    use super::super::told_from;
    let (profile, began) = (Profile::shipped(), day("2026-06-01"));
    let calendar = SchoolCalendar::shipped(HolidayRegion::Midden);
    let first = |about: Subject, done: &[(Moment, &str)], today: &str| -> String {
        let done = done.iter().map(|(moment, on)| (*moment, day(on))).collect();
        let owed = super::super::owed(&profile, about, (&done, began), (&calendar, day(today)));
        told_from(&owed[0], &done).to_string()
    };
    assert_eq!(first(Subject::Gemeente, &[], "2026-10-20"), "2026-08-01");
    let reported = [(Moment::LeerplichtReported, "2026-09-20")];
    assert_eq!(first(Subject::Gemeente, &reported, "2026-10-20"), "2026-08-01", "as long as its year runs");
    assert_eq!(first(SWV, &[], "2026-08-20"), "2026-03-01", "three months, which are 92 days here");
    let listed = [(Moment::ThuiszittersListed, "2026-08-20")];
    assert_eq!(first(SWV, &listed, "2026-10-20"), "2026-08-20");
}

#[test]
fn t24_school_advice_application_and_hand_over_have_their_windows() {
    // Since 2023-2024: provisional 10–31 January, final by 24 March, application 25–31 March;
    // the region's hand-over April to June. The clock goes forward on 28 March 2027.
    let last_year = child().with(Moment::LastPrimaryYearBegan, "2026-08-31");
    for (id, end, too_early, opens, due, after) in [
        ("T24", Moment::ProvisionalAdviceGiven, "2027-01-09", "2027-01-10", "2027-01-31", "2027-02-01"),
        ("T24B", Moment::AppliedToVo, "2027-03-24", "2027-03-25", "2027-03-31", "2027-04-01"),
        ("T24C", Moment::WarmlyHandedOver, "2027-03-31", "2027-04-01", "2027-06-30", "2027-07-01"),
    ] {
        assert_eq!(shown(&last_year, id, due), format!("{due} - DUE_SOON"));
        assert_eq!(shown(&last_year, id, after), format!("{due} - OVERDUE"));
        for (on, expected) in [
            (too_early, format!("{due} - OVERDUE")),
            (opens, format!("{due} {opens} MET")),
            (due, format!("{due} {due} MET")),
            (after, format!("{due} {after} MET")),
        ] {
            assert_eq!(shown(&last_year.clone().with(end, on), id, after), expected, "{id} {on}");
        }
    }
    assert_eq!(shown(&last_year, "T24A", "2027-03-24"), "2027-03-24 - DUE_SOON");
    assert_eq!(shown(&last_year, "T24A", "2027-03-25"), "2027-03-24 - OVERDUE");
    let given = last_year.with(Moment::FinalAdviceGiven, "2027-03-24");
    assert_eq!(shown(&given, "T24A", "2027-03-25"), "2027-03-24 2027-03-24 MET");
}
