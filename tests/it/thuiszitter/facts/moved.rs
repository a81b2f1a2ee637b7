//! Another calendar or profile moves deadlines, and the timeline says so, once.

use chrono::TimeDelta;
use schakel_proto::v1 as pb;
use schakel_server::{
    entity::{policy_profile, school_closure},
    thuiszitter::facts::recompute::work,
};
use sea_orm::{ActiveValue::Set, ColumnTrait, EntityTrait, QueryFilter};

use super::{Log, Region, absent, named, norm, since};

async fn round(case: &Log) -> usize {
    let server = &case.region.server;
    work(&server.app, server.founded.region).await.unwrap()
}

/// The sentences about deadlines that moved.
async fn told(case: &Log) -> Vec<String> {
    let events = case.region.timeline(&case.case).await.events;
    events.into_iter().filter(|event| event.kind == "DEADLINES_MOVED").map(|event| event.text).collect()
}

async fn due(case: &Log, id: &str) -> String {
    norm(&case.standing(None, "").await.deadlines, id).due_date.clone()
}

/// The school gives no lessons on those days.
pub(super) async fn close(case: &Log, first: &str, last: &str) {
    let rows = case.region.server.rows().await;
    let closure = school_closure::ActiveModel {
        region_id: Set(case.region.server.founded.region.0),
        school_id: Set(case.region.school.0),
        position: Set(0),
        display_name: Set("Studiedagen".into()),
        first_day: Set(first.parse().unwrap()),
        last_day: Set(last.parse().unwrap()),
        opened: Set(false),
    };
    school_closure::Entity::insert(closure).exec_without_returning(&rows).await.unwrap();
    rows.close().await.unwrap();
}

/// Ten school days after 16 November is 30 November; two days without lessons make it 2 December.
#[tokio::test]
async fn e03_days_without_lessons_move_what_is_counted_in_school_days() {
    let region = Region::start().await;
    let recent = since("2026-11-16", absent(region.school));
    let case = Log::of(region, recent).await;
    case.region.open(named("Bram Tuinman", absent(case.region.school))).await;
    assert_eq!((due(&case, "R10").await.as_str(), round(&case).await), ("2026-11-30", 0));
    close(&case, "2026-11-26", "2026-11-27").await;
    assert_eq!(due(&case, "R10").await, "2026-12-02");
    assert_eq!(round(&case).await, 2, "of the other child the talk at school moved");
    let sentence = "Ondersteuningsteam na tien schooldagen gaat van 30 november 2026 naar 2 december 2026, want de vakanties van de school zijn veranderd.";
    let texts = told(&case).await;
    assert_eq!(texts.len(), 1);
    assert!(
        texts[0].starts_with("Er zijn termijnen verschoven. ") && texts[0].contains(sentence),
        "{texts:?}"
    );
    // A second round, another day and a fact tell nothing twice.
    assert_eq!(round(&case).await, 0);
    case.region.server.clock.advance(TimeDelta::days(1));
    case.record([super::happened(pb::Moment::OfferMade, "2026-11-20")]).await.unwrap();
    assert_eq!(round(&case).await, 0);
    assert_eq!(told(&case).await.len(), 1);
}

#[tokio::test]
async fn e03_another_profile_moves_the_norms_that_it_changes() {
    let region = Region::start().await;
    let recent = since("2026-11-16", absent(region.school));
    let case = Log::of(region, recent).await;
    assert_eq!(round(&case).await, 0);
    let rows = case.region.server.rows().await;
    let known = policy_profile::Entity::find()
        .filter(policy_profile::Column::RegionId.eq(case.region.server.founded.region.0))
        .one(&rows)
        .await
        .unwrap()
        .unwrap();
    let mut body: serde_json::Value = serde_json::from_str(&known.body).unwrap();
    body["version"] = "2026-2".into();
    body["valid_from"] = "2026-11-23".into();
    let norms = body["norms"].as_array_mut().unwrap();
    let team = norms.iter_mut().find(|norm| norm["id"] == "R10").unwrap();
    team["term"]["length"] = 12.into();
    let next = policy_profile::ActiveModel {
        region_id: Set(known.region_id),
        version: Set("2026-2".into()),
        valid_from: Set("2026-11-23".parse().unwrap()),
        body: Set(body.to_string()),
    };
    policy_profile::Entity::insert(next).exec_without_returning(&rows).await.unwrap();
    rows.close().await.unwrap();
    assert_eq!(round(&case).await, 1);
    let texts = told(&case).await;
    let sentence = "gaat van 30 november 2026 naar 2 december 2026, want de afspraken zijn veranderd.";
    assert!(texts.len() == 1 && texts[0].contains(sentence), "{texts:?}");
    assert_eq!(round(&case).await, 0);
}
