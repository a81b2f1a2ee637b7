//! The case as it was known at an instant.

use chrono::TimeDelta;
use schakel_proto::v1 as pb;
use schakel_tests::{seed_meetings::stamp, violations};

use super::{Log, Region, absent, days, happened, kind, norm, since};

/// DUO: more than four weeks without valid reason.
#[tokio::test]
async fn e03_a_case_is_seen_as_it_was_known_on_any_day() {
    let region = Region::start().await;
    let mut ill = since("2026-10-05", absent(region.school));
    ill.absence.as_mut().unwrap().kind = pb::case::absence::Kind::Ziek.into();
    let case = Log::of(region, ill).await;
    let opened = case.clock();
    case.region.server.clock.advance(TimeDelta::days(7));
    // It turned out to have been without reason since 12 October: long from 10 November on.
    case.record([kind(pb::case::absence::Kind::Ongeoorloofd, "2026-10-12")]).await.unwrap();
    let has = |standing: pb::Standing, label: &str| standing.labels.iter().any(|held| held == label);
    assert!(has(case.standing(None, "").await, "LRV"));
    assert!(has(case.standing(None, "2026-11-10").await, "LRV"), "looking back, with what is known now");
    assert!(!has(case.standing(None, "2026-11-09").await, "LRV"));
    let then = case.standing(Some(opened), "").await;
    assert_eq!((then.date.as_str(), then.as_of_time), ("2026-11-23", Some(opened)));
    assert!(!has(then, "LRV"), "ill, as far as anybody knew");
    assert!(!has(case.standing(Some(opened), "2026-11-30").await, "LRV"));
    let now = case.now().await.absence.unwrap();
    assert_eq!((now.kind, now.first_day.as_str()), (2, "2026-10-05"));
}

#[tokio::test]
async fn e03_the_log_and_the_timeline_are_read_as_they_stood() {
    let case = Log::open().await;
    let told = case.record([happened(pb::Moment::OfferMade, "2026-11-16")]).await.unwrap();
    let then = case.clock();
    case.region.server.clock.advance(TimeDelta::days(2));
    case.correct(&told.facts[0].name, Some(happened(pb::Moment::OfferMade, "2026-11-24"))).await.unwrap();
    let now = case.now().await;
    case.region.advance(&now, pb::Stage::Melding).await.unwrap();
    let before = case.listed(pb::ListFactsRequest { as_of_time: Some(then), ..Default::default() }).await;
    assert_eq!(days(&before, pb::Moment::OfferMade), ["2026-11-16"]);
    assert!(before.iter().all(|fact| fact.corrected_by.is_empty()));
    assert_eq!(days(&case.log().await, pb::Moment::OfferMade), ["2026-11-24"]);
    let asked = pb::GetTimelineRequest { name: case.case.name.clone(), as_of_time: Some(then) };
    let timeline = case.region.iber.clone().get_timeline(asked).await.unwrap().into_inner();
    let kinds: Vec<_> = timeline.events.iter().map(|event| event.kind.as_str()).collect();
    assert_eq!(kinds, ["CASE_OPENED", "FACTS_RECORDED"]);
    assert_eq!(timeline.stage, i32::from(pb::Stage::Signaal));
    assert_eq!(norm(&timeline.deadlines, "T13").met_date, "2026-11-16");
    let standing = case.standing(Some(then), "").await;
    assert_eq!(norm(&standing.deadlines, "T13").met_date, "2026-11-16");
    assert_eq!(norm(&case.standing(None, "").await.deadlines, "T13").met_date, "2026-11-24");
    // Before anybody told anything, nothing was known.
    let long_ago = stamp(case.region.server.app.now() - TimeDelta::days(30));
    let standing = case.standing(Some(long_ago), "").await;
    let date = standing.date.clone();
    let case_name = case.case.name.clone();
    let empty =
        pb::Standing { case: case_name.clone(), as_of_time: Some(long_ago), date, ..pb::Standing::default() };
    assert_eq!(standing, empty, "no stage, no label, no deadline, no task");
    let asked = pb::GetTimelineRequest { name: case_name.clone(), as_of_time: Some(long_ago) };
    let timeline = case.region.iber.clone().get_timeline(asked).await.unwrap().into_inner();
    assert_eq!(timeline, pb::Timeline { case: case_name, ..pb::Timeline::default() });
    let ahead = stamp(case.region.server.app.now() + TimeDelta::seconds(1));
    let refused = case.facts.clone().get_standing(case.asking(Some(ahead), "")).await.unwrap_err();
    assert_eq!(violations(&refused), ["as_of_time: TIME_OUT_OF_BOUNDS"]);
}
