//! When deadlines start, move, are met and pass.

use chrono::Days;
use proptest::prelude::*;
use strum::IntoEnumIterator;

use super::*;
use crate::{
    dutch::HolidayRegion,
    thuiszitter::{
        Suspension,
        facts::example::{absent_from, day},
        moment::Moment,
    },
    time::Validity,
};

/// `due_on met_on STATE` of one norm, or nothing if it is not listed.
fn shown(facts: &Facts, stage: Stage, id: &str, today: &str) -> String {
    let profile = Profile::shipped();
    let (found, _) = deadlines(&profile, facts, stage, day(today));
    let text = |date: Option<NaiveDate>| date.map_or("-".into(), |date| date.to_string());
    found
        .iter()
        .find(|deadline| deadline.norm.id == id)
        .map(|d| format!("{} {} {}", text(d.due_on), text(d.met_on), d.state))
        .unwrap_or_default()
}

#[test]
fn the_decision_on_admission_is_counted_through_the_holidays() {
    // WPO art. 40(6): six calendar weeks, also over Christmas; then four more if announced in time.
    let asked = absent_from("2026-11-30").with(Moment::AdmissionRequested, "2026-12-07");
    let at = |facts: &Facts, today| shown(facts, Stage::Arrangement, "T02", today);
    assert_eq!(at(&asked, "2026-12-08"), "2027-01-18 - RUNNING");
    assert_eq!(at(&asked, "2027-01-11"), "2027-01-18 - DUE_SOON");
    assert_eq!(at(&asked, "2027-01-19"), "2027-01-18 - OVERDUE");
    let extended = asked.clone().with(Moment::AdmissionExtended, "2027-01-18");
    assert_eq!(at(&extended, "2027-01-19"), "2027-02-15 - RUNNING");
    let too_late = asked.with(Moment::AdmissionExtended, "2027-01-19");
    assert_eq!(at(&too_late, "2027-01-19"), "2027-01-18 - OVERDUE");
    // WPO art. 40(7): the day after ten weeks, whether or not extended.
    let nowhere = extended.nowhere("2026-11-30");
    assert_eq!(shown(&nowhere, Stage::Arrangement, "T03", "2027-01-19"), "2027-02-16 - RUNNING");
}

#[test]
fn the_opp_is_due_six_weeks_after_the_later_of_enrolment_and_decision() {
    // WPO art. 40a.
    let decided = absent_from("2026-09-01").with(Moment::ExtraSupportDecided, "2026-10-01");
    assert_eq!(shown(&decided, Stage::Plan, "T06", "2026-10-02"), "2026-11-12 - RUNNING");
    let moved = decided.clone().with(Moment::Enrolled, "2026-11-02");
    assert_eq!(shown(&moved, Stage::Plan, "T06", "2026-11-03"), "2026-12-14 - RUNNING");
    let earlier = decided.with(Moment::Enrolled, "2024-08-01").with(Moment::OppMade, "2026-11-20");
    assert_eq!(shown(&earlier, Stage::Plan, "T06", "2026-11-21"), "2026-11-12 2026-11-20 MET");
    assert_eq!(shown(&absent_from("2026-09-01"), Stage::Plan, "T06", "2026-11-21"), "");
}

#[test]
fn the_report_is_due_one_working_day_after_sixteen_hours() {
    // LPW art. 21a(1), read as one working day: Friday 18 to Monday 21 December.
    let facts =
        absent_from("2026-12-16").missing("2026-12-16", 5).missing("2026-12-17", 5).missing("2026-12-18", 6);
    assert_eq!(shown(&facts, Stage::Signaal, "T10", "2026-12-17"), "");
    assert_eq!(shown(&facts, Stage::Signaal, "T10", "2026-12-18"), "2026-12-21 - DUE_SOON");
    let reported = facts.with(Moment::ReportedToDuo, "2026-12-18");
    assert_eq!(shown(&reported, Stage::Melding, "T10", "2026-12-22"), "2026-12-21 2026-12-18 MET");
}

#[test]
fn the_pact_counts_three_months_to_the_same_day() {
    let facts = absent_from("2026-08-25");
    assert_eq!(shown(&facts, Stage::Arrangement, "T13", "2026-11-21"), "2026-11-25 - DUE_SOON");
    assert_eq!(shown(&facts, Stage::Arrangement, "T13", "2026-11-26"), "2026-11-25 - OVERDUE");
    let offered = facts.with(Moment::OfferMade, "2026-11-25");
    assert_eq!(shown(&offered, Stage::Arrangement, "T13", "2026-11-26"), "2026-11-25 2026-11-25 MET");
}

#[test]
fn a_term_is_met_late_from_the_day_after_its_last() {
    let profile = Profile::shipped();
    let late = |offered: &str, id: &str| {
        let facts = absent_from("2026-08-25").with(Moment::OfferMade, offered);
        let (found, _) = deadlines(&profile, &facts, Stage::Arrangement, day("2026-12-31"));
        found.iter().find(|deadline| deadline.norm.id == id).map(|one| (one.state, one.met_late_by()))
    };
    // Three months after 25 August are 25 November.
    assert_eq!(late("2026-11-24", "T13"), Some((DeadlineState::Met, None)));
    assert_eq!(late("2026-11-25", "T13"), Some((DeadlineState::Met, None)));
    assert_eq!(late("2026-11-26", "T13"), Some((DeadlineState::Met, Some(1))));
    assert_eq!(late("2026-12-25", "T13"), Some((DeadlineState::Met, Some(30))));
    let (open, _) = deadlines(&profile, &absent_from("2026-08-25"), Stage::Arrangement, day("2026-12-31"));
    assert!(open.iter().all(|one| one.met_on.is_some() || one.met_late_by().is_none()));
}

#[test]
fn only_terms_of_the_awb_move_off_days_off() {
    // Algemene termijnenwet art. 1: eight weeks from Friday 30 October end on Eerste Kerstdag.
    let facts = absent_from("2026-09-01").with(Moment::TlvRequested, "2026-10-30");
    assert_eq!(shown(&facts, Stage::Arrangement, "T16", "2026-11-21"), "2026-12-28 - RUNNING");
    let asked = facts.with(Moment::AdmissionRequested, "2026-11-13");
    assert_eq!(shown(&asked, Stage::Arrangement, "T02", "2026-11-21"), "2026-12-25 - RUNNING");
}

#[test]
fn an_objection_waits_for_the_disputes_committee() {
    // WPO art. 43: the decision on the objection is suspended meanwhile.
    let mut facts = absent_from("2026-09-01").with(Moment::ObjectionReceived, "2026-11-02");
    let at = |facts: &Facts, today| shown(facts, Stage::Arrangement, "T15", today);
    assert_eq!(at(&facts, "2026-11-21"), "2026-11-30 - RUNNING");
    let days = |until: Option<&str>| Validity::new(day("2026-11-12"), until.map(day)).unwrap();
    facts.suspensions = vec![Suspension { norm: "T15".into(), days: days(None) }];
    assert_eq!(at(&facts, "2026-11-21"), "2026-12-10 - SUSPENDED");
    facts.suspensions = vec![
        Suspension { norm: "T15".into(), days: days(Some("2026-11-21")) },
        Suspension { norm: "T15".into(), days: days(Some("2026-11-16")) },
        Suspension { norm: "T16".into(), days: days(None) },
    ];
    assert_eq!(at(&facts, "2026-12-01"), "2026-12-10 - RUNNING", "each day once");
    assert_eq!(at(&facts, "2026-12-11"), "2026-12-10 - OVERDUE");
}

#[test]
fn the_ladder_rises_until_somebody_acts() {
    let profile = Profile::shipped();
    let level = |facts: &Facts, today: &str| {
        suggested_level(&deadlines(&profile, facts, Stage::Plan, day(today)).0, day(today))
    };
    let facts = absent_from("2026-09-01");
    for (today, expected) in [
        ("2026-10-26", EscalationLevel::L0),
        ("2026-10-27", EscalationLevel::L1),
        ("2026-11-10", EscalationLevel::L2),
        ("2026-11-24", EscalationLevel::L3),
    ] {
        assert_eq!(level(&facts, today), expected, "{today}");
    }
    assert_eq!(
        level(&facts.clone().with(Moment::EscalatedL3, "2026-11-24"), "2026-11-24"),
        EscalationLevel::L2
    );
    assert_eq!(level(&facts.with(Moment::OfferMade, "2026-11-20"), "2026-11-24"), EscalationLevel::L0);
}

#[test]
fn what_no_longer_matters_disappears_unless_it_was_met() {
    let facts = absent_from("2026-11-02").with(Moment::Signalled, "2026-11-03");
    assert_eq!(shown(&facts, Stage::Signaal, "R01", "2026-11-04"), "2026-11-10 - DUE_SOON");
    assert_eq!(shown(&facts, Stage::Consult, "R01", "2026-11-04"), "");
    let talked = facts.with(Moment::SchoolTalkHeld, "2026-11-05");
    for stage in Stage::iter() {
        assert_eq!(shown(&talked, stage, "R01", "2026-11-06"), "2026-11-10 2026-11-05 MET", "{stage}");
    }
    assert_eq!(shown(&talked, Stage::Gesloten, "T13", "2026-11-06"), "");
}

#[test]
fn a_relapse_starts_the_clocks_again() {
    let facts =
        absent_from("2026-09-01").with(Moment::OtHeld, "2026-09-10").with(Moment::Returned, "2026-10-05");
    let relapsed = facts.with(Moment::FirstAbsenceDay, "2026-11-09");
    assert_eq!(shown(&relapsed, Stage::Plan, "T13", "2026-11-21"), "2027-02-09 - RUNNING");
    assert_eq!(shown(&relapsed, Stage::Signaal, "R10", "2026-11-21"), "2026-11-23 - DUE_SOON");
}

#[test]
fn unknown_holidays_give_a_warning_and_no_date() {
    let profile = Profile::shipped();
    let facts = absent_from("2027-07-12");
    let (found, warnings) = deadlines(&profile, &facts, Stage::Signaal, day("2027-07-15"));
    assert_eq!(warnings, [Warning::HolidaysUnknown { school_year: "2027-2028".parse().unwrap() }]);
    let last = found.last().unwrap();
    assert_eq!((last.norm.id.as_str(), last.due_on, last.state), ("R10", None, DeadlineState::Running));
    assert!(found.iter().all(|deadline| deadline.profile_version == profile.version));
}

/// What moves or ends a deadline after it began.
const MOVES: [Moment; 21] = [
    Moment::AdmissionExtended,
    Moment::AdmissionWithdrawn,
    Moment::Enrolled,
    Moment::OppEnded,
    Moment::ObjectionEnded,
    Moment::DisputeFiled,
    Moment::DisputeEnded,
    Moment::TlvCompletionAsked,
    Moment::TlvCompleted,
    Moment::TlvDecided,
    Moment::TlvWithdrawn,
    Moment::TlvObjectionExtended,
    Moment::TlvObjectionEnded,
    Moment::ExemptionGivenUp,
    Moment::SubstituteWithdrawn,
    Moment::ArrangementEnded,
    Moment::OzaEnded,
    Moment::YouthHelpCompletionAsked,
    Moment::YouthHelpCompleted,
    Moment::DecisionAnnounced,
    Moment::Returned,
];

/// Every moment some day, on a calendar that is not known to the end.
fn any_facts() -> impl Strategy<Value = Facts> {
    prop::collection::btree_map(0usize..Moment::iter().count(), 0u64..300, 0..25).prop_map(|dates| {
        let mut facts = absent_from("2026-09-01");
        facts.moments.forget(Moment::FirstAbsenceDay);
        facts.calendar = crate::dutch::SchoolCalendar::shipped(HolidayRegion::Zuid);
        let moment = |at| Moment::iter().nth(at).unwrap();
        facts
            .moments
            .extend(dates.into_iter().map(|(at, days)| (moment(at), day("2026-09-01") + Days::new(days))));
        facts
    })
}

proptest! {
    #[test]
    fn no_deadline_is_before_its_start_and_the_order_is_fixed(facts in any_facts(), days in 0u64..400) {
        let profile = Profile::shipped();
        let today = day("2026-09-01") + Days::new(days);
        for stage in Stage::iter() {
            let (found, _) = deadlines(&profile, &facts, stage, today);
            for deadline in &found {
                let (start, rule) = (deadline.started_on, deadline.norm.rule);
                if rule.is_backward() {
                    prop_assert!(deadline.due_on.is_none_or(|due| due <= start));
                } else {
                    // The term of another norm, after which this one counts, can still run.
                    prop_assert!(start <= today || deadline.norm.after_term_of.is_some());
                    prop_assert!(deadline.due_on.is_none_or(|due| due >= start));
                }
                let forward = !rule.is_backward() && rule != Rule::First;
                prop_assert!(deadline.met_on.is_none_or(|met| met >= start || !forward));
                prop_assert!(deadline.opens_on.is_none_or(|opens| deadline.met_on.is_none_or(|met| met >= opens)));
                let planned = deadline.norm.ends_when.iter().any(|end| end.is_planned());
                prop_assert!(deadline.met_on.is_none_or(|met| met <= today || planned));
                prop_assert_eq!(deadline.met_on.is_some(), deadline.state == DeadlineState::Met);
                prop_assert_eq!(deadline.due_on.is_none(), !deadline.reason.unknown.is_empty());
            }
            let keys: Vec<_> =
                found.iter().map(|d| (d.due_on.is_none(), d.due_on, d.norm.id.clone())).collect();
            prop_assert!(keys.is_sorted());
        }
    }

    #[test]
    fn a_due_date_does_not_move_with_today(facts in any_facts(), days in 0u64..300) {
        let profile = Profile::shipped();
        let today = day("2027-06-28");
        let mut facts = facts;
        for moves in MOVES {
            facts.moments.forget(moves);
        }
        // A relapse starts anew: what ran before it is compared with nothing after it.
        let relapse = facts.moments.last(Moment::FirstAbsenceDay, today);
        let earlier = relapse.unwrap_or_default().max(day("2026-09-01") + Days::new(days));
        let (now, _) = deadlines(&profile, &facts, Stage::Signaal, today);
        let (then, _) = deadlines(&profile, &facts, Stage::Signaal, earlier);
        for old in then {
            let new = now.iter().find(|new| new.norm.id == old.norm.id);
            prop_assert_eq!(new.map(|new| new.due_on), Some(old.due_on));
        }
    }
}
