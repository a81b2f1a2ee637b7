//! What is sent: signed, without a word about the child, once for each change whatever is retried.

use base64::{Engine, engine::general_purpose::STANDARD};
use chrono::TimeDelta;
use schakel_domain::access::Role;
use schakel_proto::v1 as pb;
use schakel_server::{entity::subscription, thuiszitter::facts::recompute};
use schakel_tests::receiver::Received;
use sea_orm::EntityTrait;
use serde_json::json;

use super::parts::{Region, types};
use crate::thuiszitter::escalation;

const CHILD: &str = "Kanarie Oudshoorn";

/// Checks a signature as the receiver does, by RFC 2104 and FIPS 180-4 alone: none of the server's
/// own code is in it.
fn is_signed(received: &Received, secret: &str) -> bool {
    let key = STANDARD.decode(secret.strip_prefix("whsec_").unwrap()).unwrap();
    let sha = |parts: &[&[u8]]| {
        let mut context = ring::digest::Context::new(&ring::digest::SHA256);
        for part in parts {
            context.update(part);
        }
        context.finish().as_ref().to_vec()
    };
    let mut block = key;
    block.resize(64, 0);
    let padded = |with: u8| block.iter().map(|byte| byte ^ with).collect::<Vec<_>>();
    let [id, at] = ["webhook-id", "webhook-timestamp"].map(|name| received.header(name).to_owned());
    let signed = format!("{id}.{at}.{}", received.body);
    let inner = sha(&[&padded(0x36), signed.as_bytes()]);
    let mac = format!("v1,{}", STANDARD.encode(sha(&[&padded(0x5c), &inner])));
    received.header("webhook-signature").split(' ').any(|signature| signature == mac)
}

#[tokio::test]
async fn x12_a_system_is_told_of_a_change_signed_and_without_a_word_about_the_child() {
    let region = Region::start().await;
    let mut school = region.of(region.school).await;
    let (name, secret) = region.subscribe(&mut school, "/hook?at=school").await;
    let case = region.open(CHILD).await;
    let received = region.told().await;
    assert_eq!(types(&received), ["case.opened"]);
    let told = &received[0];
    assert!(told.head.starts_with("POST /hook?at=school HTTP/1.1\r\n"), "{}", told.head);
    assert_eq!(told.header("content-type"), "application/cloudevents+json; charset=utf-8");
    assert_eq!(told.header("webhook-request-origin"), "schakel.example");
    assert_eq!(told.header("webhook-timestamp"), region.now().timestamp().to_string());
    assert!(is_signed(told, &secret));
    let event = told.json();
    let id = event["id"].as_str().unwrap();
    assert_eq!(told.header("webhook-id"), id);
    let ask = pb::GetTimelineRequest { name: case.name.clone(), ..Default::default() };
    let timeline = region.iber.clone().get_timeline(ask).await.unwrap().into_inner();
    assert_eq!(timeline.events[0].name, format!("caseEvents/{id}"), "the id is that of the event itself");
    assert_eq!(
        event,
        json!({
            "specversion": "1.0",
            "id": id,
            "source": "urn:nld:oin:00000001823288444000:systeem:schakel",
            "type": "nl.schakel.case.opened.v1",
            "subject": case.name,
            "time": "2026-11-23T08:00:00Z",
            "datacontenttype": "application/json",
            "data": { "case": case.name },
        })
    );

    // For a day the old secret signs beside the new one.
    let ask =
        pb::RotateSubscriptionSecretRequest { name: name.clone(), request_id: region.server.request_id() };
    let newer = school.rotate_subscription_secret(ask.clone()).await.unwrap().into_inner();
    assert_eq!(school.rotate_subscription_secret(ask).await.unwrap().into_inner(), newer);
    region.advance(&case).await;
    let received = region.told().await;
    assert_eq!(types(&received), ["case.stage-changed"]);
    assert!(is_signed(&received[0], &secret) && is_signed(&received[0], &newer.secret));
    region.server.clock.advance(TimeDelta::days(1));
    region.test(&mut school, &name).await.unwrap();
    let received = region.told().await;
    assert_eq!(types(&received), ["subscription.ping"]);
    assert!(!is_signed(&received[0], &secret) && is_signed(&received[0], &newer.secret));
}

#[tokio::test]
async fn x12_no_name_leaves_the_house_with_an_event_and_the_secret_is_told_once() {
    let region = Region::start().await;
    let mut school = region.of(region.school).await;
    let (_, secret) = region.subscribe(&mut school, "/geheim").await;
    let case = region.open(CHILD).await;
    let case = region.advance(&case).await;
    let change = pb::UpdateCaseRequest {
        case: Some(pb::Case {
            name: case.name.clone(),
            etag: case.etag.clone(),
            question: "Wie weet raad?".into(),
            ..Default::default()
        }),
        update_mask: Some(prost_types::FieldMask { paths: vec!["question".into()] }),
        request_id: region.server.request_id(),
        ..Default::default()
    };
    region.iber.clone().update_case(change).await.unwrap();
    let swv = region.server.founded.organisation;
    let (_, keeper) = region.server.person(Role::Thuiszitterscoordinator, swv).await;
    escalation::taken(&region.server, (&keeper, swv), &case.name, 2).await.unwrap();
    let received = region.told().await;
    let all = ["case.escalated", "case.facts-changed", "case.opened", "case.stage-changed"];
    assert_eq!(types(&received), all);
    for told in &received {
        let all = format!("{}{}", told.head, told.body).to_lowercase();
        for word in ["kanarie", "oudshoorn", "noor", "raad", "moeder", "gm9901", "90aa00", "2017"] {
            assert!(!all.contains(word), "{word} in {all}");
        }
        assert!(!all.contains(&case.reference.to_lowercase()), "{all}");
    }
    let listed = region.only(&mut school).await;
    assert_eq!((listed.host.as_str(), listed.last_error.as_str()), ("127.0.0.1", ""));
    assert!(listed.last_delivery_time.is_some());
    let listed = format!("{listed:?}");
    assert!(!listed.contains("geheim") && !listed.contains(&secret));
    let rows = region.server.rows().await;
    let kept = subscription::Entity::find().one(&rows).await.unwrap().unwrap();
    rows.close().await.unwrap();
    let readable = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    let kept = readable(&kept.sealed_address) + &readable(&kept.sealed_secret);
    assert!(!kept.contains("geheim") && !kept.contains("whsec_"));
}

#[tokio::test]
async fn x12_an_event_that_was_not_taken_comes_again_with_the_same_id_and_once_it_is_taken_never_more() {
    let region = Region::start().await;
    let mut school = region.of(region.school).await;
    let (_, secret) = region.subscribe(&mut school, "/hook").await;
    region.elsewhere.say("500 Internal Server Error", "");
    region.open(CHILD).await;
    assert_eq!(region.hand_out().await, 1);
    assert_eq!(region.hand_out().await, 0);
    assert_eq!(region.deliver().await, 1);
    assert_eq!(region.deliver().await, 0, "not at once again");
    let first = region.elsewhere.received().remove(0);
    let failing = region.only(&mut school).await;
    assert_eq!((failing.failure_count, failing.last_error.as_str()), (1, "HTTP_500"));
    assert_eq!(failing.state(), pb::subscription::State::Active);

    // Half a minute, and a fifth more or less.
    region.server.clock.advance(TimeDelta::seconds(20));
    assert_eq!(region.told().await, []);
    region.server.clock.advance(TimeDelta::seconds(20));
    let again = region.told().await.remove(0);
    assert_eq!(again.body, first.body, "octet by octet");
    assert_eq!(again.header("webhook-id"), first.header("webhook-id"));
    assert_ne!(again.header("webhook-timestamp"), first.header("webhook-timestamp"));
    assert!(is_signed(&first, &secret) && is_signed(&again, &secret));

    region.elsewhere.say("429 Too Many Requests", "Retry-After: 3600\r\n");
    region.server.clock.advance(TimeDelta::minutes(3));
    assert_eq!(region.told().await.len(), 1);
    region.elsewhere.say("202 Accepted", "");
    region.server.clock.advance(TimeDelta::minutes(50));
    assert_eq!(region.told().await, [], "it asked for an hour");
    region.server.clock.advance(TimeDelta::minutes(11));
    let taken = region.told().await;
    assert_eq!(taken.len(), 1);
    assert_eq!(taken[0].header("webhook-id"), first.header("webhook-id"));
    let mended = region.only(&mut school).await;
    assert_eq!((mended.failure_count, mended.last_error.as_str(), mended.failing_since_time), (0, "", None));
    region.server.clock.advance(TimeDelta::days(4));
    assert_eq!(region.told().await, []);
    let work = "SELECT COUNT(*) FROM outbox WHERE kind = 'SUBSCRIPTION_EVENT'";
    assert_eq!(region.server.number(work).await, 1);
}

#[tokio::test]
async fn x12_a_deadline_that_nears_and_passes_by_the_days_alone_is_told_once_each() {
    let region = Region::start().await;
    let mut school = region.of(region.school).await;
    region.subscribe(&mut school, "/hook").await;
    let mut opening = crate::thuiszitter::named(CHILD, crate::thuiszitter::absent(region.school));
    opening.absence.as_mut().unwrap().first_day = "2026-11-16".into();
    let ask = pb::OpenCaseRequest {
        case: Some(opening),
        request_id: region.server.request_id(),
        ..Default::default()
    };
    let case = region.iber.clone().open_case(ask).await.unwrap().into_inner();
    let mut told = Vec::new();
    for _ in 0..12 {
        for _ in 0..2 {
            recompute::work(&region.server.app, region.server.founded.region).await.unwrap();
            told.extend(region.told().await);
        }
        region.server.clock.advance(TimeDelta::days(1));
    }
    let of = |kind: &str, norm: &str| {
        let is = |one: &&Received| {
            let event = one.json();
            event["type"] == format!("nl.schakel.case.{kind}.v1") && event["data"]["norm"] == norm
        };
        told.iter().filter(is).map(Received::json).collect::<Vec<_>>()
    };
    // Ten school days after 16 November is 30 November.
    let (soon, overdue) = (of("deadline-due-soon", "R10"), of("deadline-overdue", "R10"));
    assert_eq!((soon.len(), overdue.len()), (1, 1), "{:?}", types(&told));
    assert!(soon[0]["time"].as_str().unwrap() < overdue[0]["time"].as_str().unwrap());
    assert_eq!(&overdue[0]["time"].as_str().unwrap()[..10], "2026-12-01");
    assert_eq!(overdue[0]["data"], json!({ "case": case.name, "norm": "R10" }));
    let mut ids: Vec<_> = told.iter().map(|one| one.header("webhook-id").to_owned()).collect();
    ids.sort();
    ids.dedup();
    assert_eq!(ids.len(), told.len());
    let ask = pb::GetTimelineRequest { name: case.name, ..Default::default() };
    let events = region.iber.clone().get_timeline(ask).await.unwrap().into_inner().events;
    let sentence =
        "Een termijn is verlopen. Ondersteuningsteam na tien schooldagen: uiterlijk 30 november 2026.";
    assert_eq!(events.iter().filter(|event| event.text == sentence).count(), 1);
}

#[tokio::test]
async fn x12_an_address_is_judged_and_its_answer_neither_followed_nor_read() {
    let region = Region::start().await;
    let mut school = region.of(region.school).await;
    let (name, _) = region.subscribe(&mut school, "/hook").await;
    region.elsewhere.say("302 Found", &format!("Location: {}\r\n", region.elsewhere.at("/other")));
    region.test(&mut school, &name).await.unwrap();
    let received = region.told().await;
    assert_eq!(received.len(), 1, "a redirect is a failure");
    assert_eq!(region.only(&mut school).await.last_error, "HTTP_302");
    for (path, error) in [("/slow", "TIMED_OUT"), ("/endless", "")] {
        let mut other = region.of(region.gemeente).await;
        let (name, _) = region.subscribe(&mut other, path).await;
        region.test(&mut other, &name).await.unwrap();
        assert_eq!(region.told().await.len(), 1);
        assert_eq!(region.only(&mut other).await.last_error, error, "{path}");
        let delete = pb::DeleteSubscriptionRequest { name, request_id: region.server.request_id() };
        other.delete_subscription(delete).await.unwrap();
    }

    let mut keeper = super::parts::Subscriptions::new(region.server.administrator());
    for address in ["https://10.0.0.1/hook", "http://169.254.169.254/latest", "https://[::ffff:192.168.0.1]/"]
    {
        let wish = pb::CreateSubscriptionRequest { address: address.into(), ..region.wish("", &[]) };
        let made = keeper.create_subscription(wish).await.unwrap().into_inner().subscription.unwrap();
        region.test(&mut keeper, &made.name).await.unwrap();
        region.told().await;
        assert_eq!(region.only(&mut keeper).await.last_error, "ADDRESS_REFUSED", "{address}");
        let delete =
            pb::DeleteSubscriptionRequest { name: made.name, request_id: region.server.request_id() };
        keeper.delete_subscription(delete).await.unwrap();
    }
}
