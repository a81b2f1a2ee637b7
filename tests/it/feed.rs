//! Calendar subscriptions.

use calcard::icalendar::ICalendar;
use chrono::{DateTime, TimeDelta, Utc};
use schakel_domain::{consultation::Event, ids::PersonId};
use schakel_proto::v1::{self as pb, feed_service_client::FeedServiceClient};
use schakel_tests::{TestServer, http::Http, reason};

fn tuesday() -> DateTime<Utc> {
    "2026-11-24T09:00:00Z".parse().unwrap()
}

/// A server, its HTTP port, and the path of the administrator's feed.
async fn subscribed() -> (TestServer, Http, pb::Feed, String) {
    let server = TestServer::start().await;
    let http = server.http().await;
    let ask = pb::CreateFeedRequest { request_id: server.request_id(), ..Default::default() };
    let mut feeds = FeedServiceClient::new(server.administrator());
    let made = feeds.create_feed(ask.clone()).await.unwrap().into_inner();
    assert_eq!(made, feeds.create_feed(ask).await.unwrap().into_inner(), "the same request, one feed");
    let path = made.url.strip_prefix("https://schakel.example").unwrap().to_owned();
    (server, http, made.feed.unwrap(), path)
}

fn me(server: &TestServer) -> PersonId {
    server.founded.administrator
}

#[tokio::test]
async fn x07_a_feed_shows_ones_own_meetings_and_where_they_moved() {
    let (server, http, _, path) = subscribed().await;
    let other = server.parent("Quirijn Zebraveld", Some("quirijn@thuis.example")).await;
    let meeting = server.meeting(&[me(&server), other], tuesday()).await;
    server.meeting(&[other], tuesday()).await;
    let first = http.get(&path).await;
    assert_eq!((first.status, first.header("content-type")), (200, "text/calendar; charset=utf-8"));
    assert_eq!(first.header("cache-control"), "private, no-cache");
    assert_eq!(first.header("content-disposition"), "");
    assert!(ICalendar::parse(&first.body).is_ok());
    assert_eq!(first.body.matches("BEGIN:VEVENT").count(), 1);
    assert!(first.body.contains(&format!("SUMMARY:Overleg {}", meeting.reference)));
    assert!(first.body.contains("DTSTART;TZID=Europe/Amsterdam:20261124T100000"));
    for secret in ["Quirijn", "quirijn", "ATTENDEE", "ORGANIZER", "METHOD"] {
        assert!(!first.body.contains(secret), "{secret}");
    }
    server.clock.advance(TimeDelta::minutes(1));
    server.move_to(meeting.id, tuesday() + TimeDelta::hours(2)).await;
    let moved = http.get(&path).await;
    assert!(moved.body.contains("DTSTART;TZID=Europe/Amsterdam:20261124T120000"));
    assert_ne!(moved.header("etag"), first.header("etag"));
    server.happen(meeting.id, Event::Cancel).await;
    let off = http.get(&path).await;
    assert!(off.body.contains("STATUS:CANCELLED") && off.body.contains("TRANSP:TRANSPARENT"));
    assert!(ICalendar::parse(&off.body).is_ok());
    let audited = "SELECT COUNT(*) FROM audit WHERE action = 'E' AND object_type = 'feed'";
    assert_eq!(server.number(audited).await, 3);
    server.clock.advance(TimeDelta::days(31));
    assert!(!http.get(&path).await.body.contains("BEGIN:VEVENT"));
}

#[tokio::test]
async fn x07_a_reader_that_has_the_newest_gets_no_body() {
    let (server, http, _, path) = subscribed().await;
    let meeting = server.meeting(&[me(&server)], tuesday()).await;
    server.deliver().await;
    let full = http.get(&path).await;
    let (etag, changed) = (full.header("etag").to_owned(), full.header("last-modified").to_owned());
    assert!(etag.starts_with('"') && changed.ends_with("GMT"));
    for (name, value) in [
        ("if-none-match", etag.clone()),
        ("if-none-match", format!("W/{etag}")),
        ("if-none-match", format!("\"x\", W/{etag}")),
        ("if-none-match", "*".to_owned()),
        ("if-modified-since", changed.clone()),
    ] {
        let same = http.send("GET", &path, &[(name, &value)], "").await;
        assert_eq!((same.status, same.body.as_str()), (304, ""), "{name}: {value}");
        assert_eq!(same.header("etag"), etag);
    }
    let other = [("if-none-match", "\"x\""), ("if-modified-since", changed.as_str())];
    assert_eq!(http.send("GET", &path, &other, "").await.status, 200, "the tag decides");
    let head = http.send("HEAD", &path, &[], "").await;
    assert_eq!((head.status, head.body.as_str(), head.header("etag")), (200, "", etag.as_str()));
    assert_eq!(head.header("content-length"), full.body.len().to_string());
    let audited = "SELECT COUNT(*) FROM audit WHERE action = 'E' AND object_type = 'feed'";
    assert_eq!(server.number(audited).await, 1, "one line of a version and day; nothing changed has none");
    server.clock.advance(TimeDelta::minutes(1));
    let replacement = server.colleague("Nora Nieuw", "nora@school.example").await;
    server.change(meeting.id, |meeting| meeting.table[0].person = replacement).await;
    server.deliver().await;
    let gone = http.send("GET", &path, &[("if-modified-since", &changed)], "").await;
    assert_eq!(gone.status, 200, "whoever is taken off sees that too");
    assert!(!gone.body.contains("BEGIN:VEVENT"));
}

#[tokio::test]
async fn x07_a_revoked_feed_is_as_unknown_as_one_that_never_was() {
    let (server, http, feed, path) = subscribed().await;
    assert_eq!(http.get(&path).await.status, 200);
    let mut feeds = FeedServiceClient::new(server.administrator());
    let ask = pb::ListFeedsRequest { page_size: 0, page_token: String::new() };
    let listed = feeds.list_feeds(ask).await.unwrap().into_inner().feeds;
    let used = pb::Feed { last_use_date: "2026-11-23".to_owned(), ..feed.clone() };
    assert_eq!(listed, [used]);
    let revoke = |name: &str| pb::RevokeFeedRequest { name: name.into(), request_id: server.request_id() };
    let unknown = format!("feeds/{}", server.app.ids.next(server.app.now()));
    assert_eq!(reason(&feeds.revoke_feed(revoke(&unknown)).await.unwrap_err()), "FEED_NOT_FOUND");
    let revoked = feeds.revoke_feed(revoke(&feed.name)).await.unwrap().into_inner();
    assert!(revoked.revoke_time.is_some());
    assert_same(&http, &path).await;
}

#[tokio::test]
async fn x07_a_feed_ends_with_the_school_year() {
    let (server, http, feed, path) = subscribed().await;
    assert_eq!(feed.expire_time.unwrap().seconds, 1_819_749_600, "2027-09-01 00:00 in Amsterdam");
    server.clock.set(DateTime::from_timestamp(1_819_749_599, 0).unwrap());
    assert_eq!(http.get(&path).await.status, 200);
    server.clock.advance(TimeDelta::seconds(1));
    assert_same(&http, &path).await;
}

#[tokio::test]
async fn x07_a_feed_ends_with_the_last_role() {
    let scene = schakel_tests::seed_meetings::Scene::start().await;
    let http = scene.server.http().await;
    let ask = pb::CreateFeedRequest { request_id: scene.server.request_id(), ..Default::default() };
    let made = FeedServiceClient::new(scene.smw.1.clone()).create_feed(ask).await.unwrap().into_inner();
    let path = made.url.strip_prefix("https://schakel.example").unwrap().to_owned();
    scene.server.end_affiliations(scene.smw.0).await;
    assert_eq!(http.get(&path).await.status, 200, "until the end of the day");
    scene.server.clock.advance(TimeDelta::days(1));
    assert_same(&http, &path).await;
}

/// Whether `path` is answered exactly as an address that never was.
async fn assert_same(http: &Http, path: &str) {
    let strip = |mut answer: schakel_tests::http::Answer| {
        answer.headers.retain(|(name, _)| name != "date");
        answer
    };
    let unknown = strip(http.get("/feeds/skf_nonsense.ics").await);
    assert_eq!((unknown.status, unknown.header("content-type")), (404, "application/problem+json"));
    assert_eq!(strip(http.get(path).await), unknown, "{path}");
}

#[tokio::test]
async fn r36_whatever_is_no_feed_gets_one_and_the_same_answer() {
    let (_server, http, _, path) = subscribed().await;
    let mut bad_checksum = path.clone();
    bad_checksum
        .replace_range(path.len() - 5..path.len() - 4, if path.contains("0.ics") { "1" } else { "0" });
    for no_feed in [
        bad_checksum.as_str(),
        "/feeds/../feeds/x.ics",
        "/feeds/%00.ics",
        "/feeds/%2e%2e%2f.ics",
        "/feeds/%ff.ics",
        "/feeds/",
        "/feeds",
        path.strip_suffix(".ics").unwrap(),
        &format!("{path}/x"),
        &path.replace("skf_", "ska_"),
    ] {
        assert_same(&http, no_feed).await;
    }
    let refused = http.send("POST", &path, &[], "").await;
    assert_eq!((refused.status, refused.header("allow")), (405, "GET,HEAD"));
    assert_eq!(refused.header("content-type"), "application/problem+json");
    let long = http.get(&format!("/feeds/{}.ics", "x".repeat(8 << 10))).await;
    assert_eq!(long.status, 414);
}
