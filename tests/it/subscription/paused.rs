//! What ends the telling: an address that fails for days or is gone, and a subscription that is.

use chrono::TimeDelta;
use schakel_domain::ids::CaseId;
use schakel_proto::v1 as pb;
use schakel_server::entity::case_circle;
use sea_orm::{ActiveValue::Set, EntityTrait};

use super::parts::{Region, types};

#[tokio::test]
async fn x12_an_address_that_fails_for_days_is_paused_until_a_ping_is_taken() {
    let region = Region::start().await;
    let mut school = region.of(region.school).await;
    let (name, _) = region.subscribe(&mut school, "/hook").await;
    region.elsewhere.say("503 Service Unavailable", "");
    let case = region.open("Bram Tuinman").await;
    let (mut tries, mut paused) = (0, None);
    for hour in 0..80 {
        tries += region.told().await.len();
        let now = region.only(&mut school).await;
        if now.state() == pb::subscription::State::PausedAfterFailures {
            paused = paused.or(Some((hour, now)));
        }
        region.server.clock.advance(TimeDelta::hours(1));
    }
    let (hour, then) = paused.unwrap();
    assert!((72..=75).contains(&hour), "{hour}");
    assert!((20..80).contains(&tries), "with waits in between: {tries}");
    assert!(then.task.contains("Herstel het adres") && then.pause_time.is_some(), "{then:?}");
    assert_eq!((then.last_error.as_str(), usize::try_from(then.failure_count).unwrap()), ("HTTP_503", tries));

    // What happens meanwhile is not told later.
    region.elsewhere.say("204 No Content", "");
    region.advance(&case).await;
    assert_eq!(region.told().await, []);
    region.test(&mut school, &name).await.unwrap();
    assert_eq!(types(&region.told().await), ["subscription.ping"]);
    let awake = region.only(&mut school).await;
    assert_eq!((awake.state(), awake.task.as_str()), (pb::subscription::State::Active, ""));
    assert_eq!((awake.failure_count, awake.pause_time), (0, None));
    region.open("Saar Tuinman").await;
    assert_eq!(types(&region.told().await), ["case.opened"]);
}

#[tokio::test]
async fn x12_an_address_that_is_gone_is_told_nothing_more_at_once() {
    let region = Region::start().await;
    let mut school = region.of(region.school).await;
    region.subscribe(&mut school, "/hook").await;
    region.elsewhere.say("410 Gone", "");
    let case = region.open("Bram Tuinman").await;
    assert_eq!(region.told().await.len(), 1);
    let gone = region.only(&mut school).await;
    assert_eq!(gone.state(), pb::subscription::State::PausedAfterFailures);
    assert_eq!(gone.last_error, "HTTP_410");
    region.elsewhere.say("204 No Content", "");
    region.advance(&case).await;
    region.server.clock.advance(TimeDelta::days(1));
    assert_eq!(region.told().await, []);
}

#[tokio::test]
async fn x12_nothing_is_told_to_a_subscription_that_is_gone_or_of_a_case_that_is_put_aside() {
    let region = Region::start().await;
    let mut school = region.of(region.school).await;
    let (name, _) = region.subscribe(&mut school, "/hook").await;
    region.open("Bram Tuinman").await;
    assert_eq!(region.hand_out().await, 1);
    let delete = pb::DeleteSubscriptionRequest { name, request_id: region.server.request_id() };
    school.delete_subscription(delete.clone()).await.unwrap();
    assert_eq!(
        school.delete_subscription(delete).await.unwrap().into_inner(),
        pb::DeleteSubscriptionResponse {}
    );
    assert_eq!(region.told().await, [], "not even what waited");

    region.subscribe(&mut school, "/hook").await;
    let case = region.open("Saar Tuinman").await;
    assert_eq!(region.hand_out().await, 1);
    let rows = region.server.rows().await;
    let aside = case_circle::ActiveModel {
        region_id: Set(region.server.founded.region.0),
        case_id: Set(case.name.parse::<CaseId>().unwrap().0),
        hold: Set(Some("RESTRICTED".into())),
        ..Default::default()
    };
    case_circle::Entity::update(aside).exec(&rows).await.unwrap();
    rows.close().await.unwrap();
    assert_eq!(region.told().await, []);
}
