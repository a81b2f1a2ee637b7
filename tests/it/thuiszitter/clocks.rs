//! Deadlines with their source and clock, labels, and what the register does not know.

use chrono::{TimeDelta, TimeZone, Utc};
use schakel_proto::v1::{
    self as pb,
    timeline::{Deadline, deadline},
};

use super::{Region, absent, get, named, since};

fn norm<'a>(timeline: &'a pb::Timeline, id: &str) -> &'a Deadline {
    timeline.deadlines.iter().find(|deadline| deadline.norm == id).unwrap_or_else(|| panic!("no {id}"))
}

/// WPO art. 40(6) and (7): six weeks and, if announced, four more; holidays count.
#[tokio::test]
async fn a09_the_school_decides_on_an_application_in_six_weeks_and_four_more_when_announced() {
    let region = Region::start().await;
    let mut case = absent(region.school);
    case.milestones =
        Some(pb::case::Milestones { application_date: "2026-11-09".into(), ..Default::default() });
    let mut case = region.open(case).await;
    let timeline = region.timeline(&case).await;
    let decision = norm(&timeline, "T02");
    assert_eq!((decision.start_date.as_str(), decision.due_date.as_str()), ("2026-11-09", "2026-12-21"));
    assert_eq!(
        (decision.basis.as_str(), decision.clock.as_str()),
        ("WPO art. 40(6) (2014)", "CALENDAR_WEEKS")
    );
    assert_eq!(decision.kind, i32::from(deadline::Kind::Legal));
    assert_eq!(decision.acts, [i32::from(pb::Role::Directeur)]);
    assert_eq!((decision.profile.as_str(), decision.met_date.as_str()), ("2026-1", ""));
    // Article 40(7) is for a child that is enrolled nowhere else.
    assert!(timeline.deadlines.iter().all(|deadline| deadline.norm != "T03"));

    case.milestones.as_mut().unwrap().application_extended = true;
    let mut case = region.update(case, &["milestones"]).await.unwrap();
    assert_eq!(norm(&region.timeline(&case).await, "T02").due_date, "2027-01-18");
    case.milestones.as_mut().unwrap().application_decided_date = "2026-11-23".into();
    let case = region.update(case, &["milestones"]).await.unwrap();
    let timeline = region.timeline(&case).await;
    assert_eq!(norm(&timeline, "T02").state, i32::from(deadline::State::Met));
    assert_eq!(norm(&timeline, "T02").met_date, "2026-11-23");
}

/// WPO art. 40a.
#[tokio::test]
async fn e05_the_opp_is_due_six_weeks_after_extra_support_or_a_later_enrolment() {
    let region = Region::start().await;
    let mut case = absent(region.school);
    case.milestones = Some(pb::case::Milestones {
        extra_support_date: "2026-11-16".into(),
        extra_support_reason: "De begeleiding in de klas is niet genoeg.".into(),
        ..Default::default()
    });
    let mut case = region.open(case).await;
    assert_eq!(norm(&region.timeline(&case).await, "T06").due_date, "2026-12-28");
    case.milestones.as_mut().unwrap().enrolment_date = "2026-11-18".into();
    let mut case = region.update(case, &["milestones"]).await.unwrap();
    assert_eq!(norm(&region.timeline(&case).await, "T06").due_date, "2026-12-30");
    case.milestones.as_mut().unwrap().opp_agreed_date = "2026-11-23".into();
    let case = region.update(case, &["milestones"]).await.unwrap();
    assert_eq!(norm(&region.timeline(&case).await, "T06").state, i32::from(deadline::State::Met));
}

/// LPW art. 21a(1).
#[tokio::test]
async fn sixteen_hours_in_four_teaching_weeks_must_be_reported_to_duo() {
    let region = Region::start().await;
    let mut case = since("2026-11-16", absent(region.school));
    let hours = |date: &str| pb::case::absence::Hours { date: date.into(), hours: 4 };
    case.absence.as_mut().unwrap().unauthorised =
        ["2026-11-12", "2026-11-17", "2026-11-18"].map(hours).to_vec();
    let mut case = region.open(case).await;
    assert!(!case.labels.contains(&"RELATIEF_16U4W".to_owned()), "twelve hours");
    case.absence.as_mut().unwrap().unauthorised.push(hours("2026-11-19"));
    let mut case = region.update(case, &["absence"]).await.unwrap();
    assert!(case.labels.contains(&"RELATIEF_16U4W".to_owned()));
    let timeline = region.timeline(&case).await;
    let report = norm(&timeline, "T10");
    assert_eq!((report.start_date.as_str(), report.due_date.as_str()), ("2026-11-19", "2026-11-20"));
    assert_eq!(report.state, i32::from(deadline::State::Overdue));
    case.milestones =
        Some(pb::case::Milestones { duo_report_date: "2026-11-23".into(), ..Default::default() });
    let case = region.update(case, &["milestones"]).await.unwrap();
    assert_eq!(norm(&region.timeline(&case).await, "T10").met_date, "2026-11-23");
}

/// DUO, langdurig relatief verzuim: it needs no hours.
#[tokio::test]
async fn a_long_absence_of_which_nobody_told_hours_is_still_to_be_reported_to_duo() {
    let region = Region::start().await;
    // Eighty-three days: four weeks ended on 29 September.
    let mut case = region.open(since("2026-09-01", absent(region.school))).await;
    let timeline = region.timeline(&case).await;
    assert!(timeline.deadlines.iter().all(|deadline| deadline.norm != "T10"), "no hours");
    assert_eq!(timeline.warnings, ["ABSENCE_HOURS_UNKNOWN"]);
    let report = norm(&timeline, "T10A");
    assert_eq!((report.start_date.as_str(), report.due_date.as_str()), ("2026-09-30", "2026-10-01"));
    assert_eq!(report.state, i32::from(deadline::State::Overdue));
    assert_eq!(report.acts, [i32::from(pb::Role::Directeur)]);
    case.milestones =
        Some(pb::case::Milestones { duo_report_date: "2026-11-23".into(), ..Default::default() });
    let case = region.update(case, &["milestones"]).await.unwrap();
    let timeline = region.timeline(&case).await;
    assert_eq!(norm(&timeline, "T10A").met_date, "2026-11-23");
    assert_eq!(norm(&timeline, "T12").due_date, "2026-11-30", "leerplicht is at work");
    assert!(timeline.warnings.is_empty(), "it was reported");
}

#[tokio::test]
async fn absence_is_long_from_the_day_after_four_weeks() {
    let region = Region::start().await;
    let case = region.open(absent(region.school)).await;
    assert!(!case.labels.contains(&"LRV".to_owned()), "four weeks, not more");
    region.server.clock.advance(TimeDelta::days(1));
    let case = region.iber.clone().get_case(get(&case.name)).await.unwrap().into_inner();
    for label in ["LRV", "THUISZITTER", "THUISZITTER_PRAKTIJK", "ACTUEEL"] {
        assert!(case.labels.contains(&label.to_owned()), "{label}");
    }
}

/// Thuiszitterspact, 13 June 2016.
#[tokio::test]
async fn the_pact_asks_for_an_offer_within_three_months() {
    let region = Region::start().await;
    let mut case = region.open(absent(region.school)).await;
    let timeline = region.timeline(&case).await;
    let pact = norm(&timeline, "T13");
    assert_eq!((pact.due_date.as_str(), pact.kind), ("2027-01-26", deadline::Kind::Pact.into()));
    assert_eq!((pact.clock.as_str(), pact.state), ("MONTHS", deadline::State::Running.into()));
    case.milestones = Some(pb::case::Milestones { offer_date: "2026-11-20".into(), ..Default::default() });
    let case = region.update(case, &["milestones"]).await.unwrap();
    assert_eq!(norm(&region.timeline(&case).await, "T13").met_date, "2026-11-20");
}

#[tokio::test]
async fn e03_deadlines_come_by_due_date_and_say_how_high_the_case_should_be_taken() {
    let region = Region::start().await;
    let case = region.open(since("2026-09-14", absent(region.school))).await;
    let timeline = region.timeline(&case).await;
    let due: Vec<_> = timeline.deadlines.iter().map(|deadline| &deadline.due_date).collect();
    assert!(due.is_sorted(), "{due:?}");
    assert!(timeline.deadlines.iter().all(|d| !d.basis.is_empty() && !d.acts.is_empty()));
    assert_eq!(timeline.suggested_escalation_level, 2, "ten weeks");
    assert_eq!(timeline.acts, [pb::Role::Iber, pb::Role::Zorgcoordinator].map(i32::from));
    let raised = region.take_to(&case, 2).await.unwrap();
    assert_eq!(region.timeline(&raised).await.suggested_escalation_level, 0);
}

#[tokio::test]
async fn a_school_year_without_known_holidays_is_named_and_nothing_is_guessed() {
    let region = Region::start().await;
    region.server.clock.set(Utc.with_ymd_and_hms(2027, 9, 15, 7, 0, 0).unwrap());
    let later = named("Later", since("2027-09-14", absent(region.school)));
    let case = region.open(pb::Case { next_action_date: String::new(), ..later }).await;
    let timeline = region.timeline(&case).await;
    assert_eq!(timeline.warnings, ["HOLIDAYS_UNKNOWN 2027-2028", "ABSENCE_HOURS_UNKNOWN"]);
    let talk = norm(&timeline, "R10");
    assert_eq!((talk.clock.as_str(), talk.due_date.as_str()), ("TEACHING_DAYS", ""));
}
