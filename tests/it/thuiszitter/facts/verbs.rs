//! What the verbs of a case write in its log, and cases from before there were logs.

use chrono::TimeDelta;
use schakel_proto::v1::{self as pb, fact::Said};
use schakel_tests::{seed_meetings::stamp, statements, violations};
use sea_orm::{ConnectionTrait, DbBackend};

use super::{Log, Region, absent, days, happened, kind, named, norm};

#[tokio::test]
async fn e03_a_change_to_what_is_so_already_writes_nothing_and_another_is_a_correction() {
    let region = Region::start().await;
    let mut asked = absent(region.school);
    asked.milestones = Some(pb::case::Milestones { offer_date: "2026-11-16".into(), ..Default::default() });
    let case = Log::of(region, asked).await;
    let opened = case.log().await;
    let fields = ["absence", "milestones", "residence_gemeente_code"];
    let same = case.region.update(case.case.clone(), &fields).await.unwrap();
    assert_eq!(case.log().await, opened);
    let mut other = same.clone();
    other.milestones.as_mut().unwrap().offer_date = "2026-11-18".into();
    other.absence.as_mut().unwrap().first_day = "2026-10-19".into();
    let other = case.region.update(other, &fields).await.unwrap();
    let log = case.log().await;
    assert_eq!(log.len(), opened.len(), "each in the place of another");
    let corrections: Vec<_> = log.iter().filter(|fact| !fact.corrects.is_empty()).collect();
    assert_eq!(corrections.len(), 3, "{corrections:#?}");
    assert!(corrections.iter().all(|fact| opened.iter().any(|old| old.name == fact.corrects)));
    assert_eq!(days(&log, pb::Moment::OfferMade), ["2026-11-18"]);
    assert_eq!(days(&log, pb::Moment::FirstAbsenceDay), ["2026-10-19"]);
    let text = case.region.timeline(&other).await.events.last().unwrap().text.clone();
    assert!(text.contains("gaat van 26 januari 2027 naar 19 januari 2027"), "{text}");
    let mut none = other.clone();
    none.milestones = None;
    case.region.update(none, &["milestones"]).await.unwrap();
    assert!(days(&case.log().await, pb::Moment::OfferMade).is_empty());
}

/// Wet versterking positie ouders en leerlingen: the child is heard about the OPP; and its start is
/// registered.
#[tokio::test]
async fn e05_a_child_that_was_heard_and_an_opp_that_is_registered_meet_their_norms() {
    let region = Region::start().await;
    let mut asked = absent(region.school);
    asked.milestones = Some(pb::case::Milestones {
        extra_support_date: "2026-11-02".into(),
        extra_support_reason: "De begeleiding in de klas is niet genoeg.".into(),
        opp_agreed_date: "2026-11-16".into(),
        ..Default::default()
    });
    let case = Log::of(region, asked).await;
    let before = case.standing(None, "").await.deadlines;
    assert_eq!(norm(&before, "T08").state, i32::from(pb::timeline::deadline::State::Overdue));
    assert_eq!(norm(&before, "T09").met_date, "");
    let mut done = case.case.clone();
    let milestones = done.milestones.as_mut().unwrap();
    milestones.child_heard_date = "2026-11-12".into();
    milestones.opp_registered_date = "2026-11-20".into();
    let done = case.region.update(done, &["milestones"]).await.unwrap();
    assert_eq!(done.milestones.unwrap().child_heard_date, "2026-11-12");
    let after = case.standing(None, "").await.deadlines;
    assert_eq!(norm(&after, "T08").met_date, "2026-11-12");
    assert_eq!(norm(&after, "T09").met_date, "2026-11-20");
}

#[tokio::test]
async fn what_was_decided_stands_in_the_log_and_a_relapse_begins_anew() {
    let case = Log::open().await;
    let raised = case.region.take_to(&case.case, 2).await.unwrap();
    let back = case.region.advance(&raised, pb::Stage::Terugkeer).await.unwrap();
    let closed = case.region.close(&back, pb::CaseOutcome::TerugEigenSchool, "2026-11-20").await.unwrap();
    let standing = case.standing(None, "").await;
    assert_eq!((standing.stage, standing.escalation_level), (pb::Stage::Gesloten.into(), 2));
    assert_eq!(
        (standing.outcome, standing.outcome_date.as_str()),
        (pb::CaseOutcome::TerugEigenSchool.into(), "2026-11-20")
    );
    case.region.server.clock.advance(TimeDelta::days(14));
    case.region.reopen(&closed, "2026-12-01").await.unwrap();
    let standing = case.standing(None, "").await;
    assert_eq!((standing.stage, standing.escalation_level), (pb::Stage::Signaal.into(), 0));
    assert_eq!((standing.outcome, standing.outcome_date.as_str()), (0, ""));
    assert_eq!(case.standing(None, "2026-11-30").await.stage, i32::from(pb::Stage::Gesloten));
    let log = case.log().await;
    assert_eq!(days(&log, pb::Moment::FirstAbsenceDay), ["2026-10-26", "2026-12-01"]);
    assert_eq!(days(&log, pb::Moment::Returned), ["2026-11-23"]);
    let steps = log.iter().filter(|fact| matches!(fact.said, Some(Said::Step(_)))).count();
    assert_eq!(steps, 3);
    let now = case.now().await;
    assert_eq!(now.absence.unwrap().first_day, "2026-12-01");
}

#[tokio::test]
async fn after_a_relapse_the_case_shows_what_its_log_comes_to() {
    let region = Region::start().await;
    let mut helped = absent(region.school);
    helped.milestones = Some(pb::case::Milestones { offer_date: "2026-11-05".into(), ..Default::default() });
    let case = Log::of(region, helped).await;
    let closed =
        case.region.close(&case.case, pb::CaseOutcome::TerugEigenSchool, "2026-11-20").await.unwrap();
    case.region.server.clock.advance(TimeDelta::days(14));
    let mut again = case.region.reopen(&closed, "2026-11-20").await.unwrap();
    // There was worry before the case was signalled.
    again.absence.as_mut().unwrap().kind = pb::case::absence::Kind::Dreigend.into();
    again = case.region.update(again, &["absence"]).await.unwrap();
    let shown = |case: &pb::Case| {
        (case.absence.clone().unwrap().first_day, case.milestones.clone().unwrap().offer_date)
    };
    for (entered, offer) in
        [("2026-12-03", "2026-12-03"), ("", "2026-11-05"), ("2026-11-04", "2026-11-04"), ("", "")]
    {
        again.milestones.as_mut().unwrap().offer_date = entered.into();
        again = case.region.update(again, &["milestones"]).await.unwrap();
        assert_eq!(shown(&again), ("2026-11-20".into(), offer.into()), "entered {entered:?}");
        let told = kind(pb::case::absence::Kind::Ziek, "2026-11-20");
        let taken_back = case.record([told]).await.unwrap().facts[0].name.clone();
        case.correct(&taken_back, None).await.unwrap();
        again = case.now().await;
        assert_eq!(shown(&again), ("2026-11-20".into(), offer.into()), "entered {entered:?}, and more told");
    }
}

#[tokio::test]
async fn where_a_child_lives_from_a_day_on_decides_who_reaches_it() {
    let case = Log::open().await;
    let moved = Said::Residence(pb::fact::Residence {
        gemeente_code: "GM9902".into(),
        from_date: "2026-11-16".into(),
    });
    case.region.server.organisation("GEMEENTE", "GM9902").await;
    case.record([moved]).await.unwrap();
    assert_eq!(case.now().await.residence_gemeente_code, "GM9902");
    let lives: Vec<_> = case
        .log()
        .await
        .into_iter()
        .filter_map(|fact| match fact.said {
            Some(Said::Residence(lives)) => Some((lives.gemeente_code, lives.from_date)),
            _ => None,
        })
        .collect();
    assert_eq!(lives, [("GM9901".into(), String::new()), ("GM9902".into(), "2026-11-16".into())]);
}

#[tokio::test]
async fn a_child_without_a_school_is_enrolled_nowhere_whatever_is_told() {
    let region = Region::start().await;
    let mut nowhere = pb::Case { school: String::new(), ..absent(region.school) };
    nowhere.absence.as_mut().unwrap().kind = pb::case::absence::Kind::Absoluut.into();
    let opened = region.keeper.clone().open_case(region.opening(nowhere)).await.unwrap().into_inner();
    let swv = region.server.founded.organisation;
    let (_, keeper) = region.server.person(schakel_domain::access::Role::Thuiszitterscoordinator, swv).await;
    let case = Log { facts: super::Facts::new(keeper), case: opened, region };
    let refused = case.record([super::kind(pb::case::absence::Kind::Luxe, "2026-11-16")]).await.unwrap_err();
    assert_eq!(violations(&refused), ["facts[0].absence.kind: FIELD_INVALID"]);
    assert!(case.standing(None, "").await.labels.contains(&"ABSOLUUT_VERZUIM".to_owned()));
}

#[tokio::test]
async fn a_case_from_before_there_were_logs_is_read_from_its_row_until_it_is_written_in() {
    let case = Log::open().await;
    let moved = case.region.advance(&case.case, pb::Stage::Melding).await.unwrap();
    let before = case.standing(None, "").await;
    forget(&case).await;
    assert!(case.log().await.is_empty());
    let read = case.standing(None, "").await;
    assert_eq!((read.stage, &read.labels), (before.stage, &before.labels));
    assert_eq!(read.deadlines, before.deadlines);
    assert_eq!(case.now().await.labels, before.labels);
    case.record([happened(pb::Moment::OfferMade, "2026-11-20")]).await.unwrap();
    let log = case.log().await;
    assert_eq!(days(&log, pb::Moment::FirstAbsenceDay), ["2026-10-26"]);
    assert_eq!(days(&log, pb::Moment::OfferMade), ["2026-11-20"]);
    let written = case.standing(None, "").await;
    assert_eq!((written.stage, written.labels), (moved.stage, before.labels));
}

/// Makes a case one from before there were logs.
async fn forget(case: &Log) {
    let rows = case.region.server.rows().await;
    let forget: &[&str] = if rows.get_database_backend() == DbBackend::Postgres {
        &[
            "ALTER TABLE case_fact DISABLE TRIGGER USER",
            "DELETE FROM case_fact",
            "ALTER TABLE case_fact ENABLE TRIGGER USER",
        ]
    } else {
        &["DROP TRIGGER case_fact_no_delete", "DELETE FROM case_fact"]
    };
    for statement in forget {
        rows.execute_unprepared(statement).await.unwrap();
    }
    rows.close().await.unwrap();
}

#[tokio::test]
async fn nobody_is_told_what_was_known_of_a_case_before_its_log_began() {
    let case = Log::open().await;
    let opened = case.clock();
    let ago = stamp(case.region.server.app.now() - TimeDelta::days(1));
    case.region.server.clock.advance(TimeDelta::days(2));
    case.region.advance(&case.case, pb::Stage::Melding).await.unwrap();
    forget(&case).await;
    let between = case.clock();
    case.region.server.clock.advance(TimeDelta::days(2));
    assert_eq!(refused(&case, between).await, [OUT_OF_BOUNDS; 3], "nobody has written in it yet");
    case.record([happened(pb::Moment::OfferMade, "2026-11-20")]).await.unwrap();
    let begun = case.clock();
    case.region.server.clock.advance(TimeDelta::days(2));
    for untold in [opened, between] {
        assert_eq!(refused(&case, untold).await, [OUT_OF_BOUNDS; 3]);
    }
    // Before it was opened nothing was known; from its first entry on what was told is read.
    for told in [ago, begun] {
        assert_eq!(refused(&case, told).await, [""; 3]);
    }
    assert_eq!(case.standing(Some(begun), "").await.stage, i32::from(pb::Stage::Melding));
}

const OUT_OF_BOUNDS: &str = "as_of_time: TIME_OUT_OF_BOUNDS";

/// How a standing, the log and the timeline as of `at` are refused; empty when they are not.
async fn refused(case: &Log, at: prost_types::Timestamp) -> [String; 3] {
    let said = |refused: Option<tonic::Status>| refused.map(|status| violations(&status).join(", "));
    let standing = case.facts.clone().get_standing(case.asking(Some(at), "")).await;
    let (name, as_of_time) = (case.case.name.clone(), Some(at));
    let list = pb::ListFactsRequest { case: name.clone(), as_of_time, ..Default::default() };
    let list = case.facts.clone().list_facts(list).await;
    let timeline = pb::GetTimelineRequest { name, as_of_time };
    let timeline = case.region.iber.clone().get_timeline(timeline).await;
    [standing.err(), list.err(), timeline.err()].map(|refused| said(refused).unwrap_or_default())
}

#[tokio::test]
async fn a_log_of_many_facts_costs_the_database_what_one_of_few_does() {
    let case = Log::open().await;
    let mut costs = Vec::new();
    for days in [1_u32, 25] {
        let told = (1..=days)
            .map(|day| super::missed(&format!("2026-10-{day:02}"), 60, pb::AbsenceGround::Ongeoorloofd));
        case.record(told).await.unwrap();
        let mut facts = case.facts.clone();
        let (standing, sent) = statements(facts.get_standing(case.asking(None, ""))).await;
        standing.unwrap();
        let list = pb::ListFactsRequest { case: case.case.name.clone(), ..Default::default() };
        let (listed, other) = statements(facts.list_facts(list)).await;
        listed.unwrap();
        let (told, third) = statements(facts.record_facts(
            case.telling([happened(pb::Moment::OfferMade, &format!("2026-11-{:02}", days % 20 + 1))]),
        ))
        .await;
        told.unwrap();
        costs.push([sent.len(), other.len(), third.len()]);
    }
    assert_eq!(costs[0], costs[1]);
    assert!(costs[0].iter().all(|cost| *cost <= 40), "{costs:?}");
    case.region.open(named("Bram Tuinman", absent(case.region.school))).await;
}
