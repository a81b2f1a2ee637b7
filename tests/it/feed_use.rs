//! How subscribers fetch: by path or password, packed or plain, with the old secret or the new.

use std::io::Read;

use base64::{Engine, engine::general_purpose::STANDARD};
use chrono::{DateTime, TimeDelta, Utc};
use flate2::read::GzDecoder;
use schakel_domain::{consultation::Answer, ids::ConsultationId};
use schakel_proto::v1::{self as pb, feed_service_client::FeedServiceClient};
use schakel_server::{feed::tally, settings::Settings};
use schakel_tests::{TestServer, http::Http, reason, statements};

use super::feed_scopes::subscribe;

fn tuesday() -> DateTime<Utc> {
    "2026-11-24T09:00:00Z".parse().unwrap()
}

/// A server with a meeting of its administrator, its HTTP port, and a feed with its path.
async fn subscribed() -> (TestServer, Http, pb::Feed, String) {
    let many = |settings: &mut Settings| settings.limits.feed_bodies_per_hour = 1_000_000;
    let server = TestServer::start_changed(many).await;
    let http = server.http().await;
    server.meeting(&[server.founded.administrator], tuesday()).await;
    let (feed, path) = subscribe(&server, &server.administrator(), pb::CreateFeedRequest::default()).await;
    (server, http, feed, path)
}

#[tokio::test]
async fn x07_a_feed_is_rotated_and_the_old_one_lasts_a_week() {
    let (server, http, feed, path) = subscribed().await;
    let mut feeds = FeedServiceClient::new(server.administrator());
    let rotate = |name: &str| pb::RotateFeedRequest { name: name.into(), request_id: server.request_id() };
    let ask = rotate(&feed.name);
    let made = feeds.rotate_feed(ask.clone()).await.unwrap().into_inner();
    assert_eq!(made, feeds.rotate_feed(ask).await.unwrap().into_inner(), "the same request, one feed");
    let newer = made.url.strip_prefix("https://schakel.example").unwrap().to_owned();
    let new = made.feed.unwrap();
    assert_eq!((new.scope, new.detail), (feed.scope, feed.detail));
    let events = |body: &str| body[body.find("BEGIN:VEVENT").unwrap()..].to_owned();
    assert_eq!(events(&http.get(&path).await.body), events(&http.get(&newer).await.body));
    assert_eq!(reason(&feeds.rotate_feed(rotate(&feed.name)).await.unwrap_err()), "FEED_NOT_FOUND");
    let listed = feeds.list_feeds(pb::ListFeedsRequest::default()).await.unwrap().into_inner().feeds;
    let old = listed.iter().find(|one| one.name == feed.name).unwrap();
    assert_eq!(old.replaced_by, new.name);
    assert_eq!(old.last_use_date, "2026-11-23");
    let over = old.overlap_end_time.unwrap().seconds;
    assert_eq!(over, (server.app.now() + TimeDelta::days(7)).timestamp());
    server.clock.set(DateTime::from_timestamp(over - 1, 0).unwrap());
    assert_eq!(http.get(&path).await.status, 200);
    server.clock.advance(TimeDelta::seconds(1));
    assert_eq!((http.get(&path).await.status, http.get(&newer).await.status), (404, 200));
}

#[tokio::test]
async fn x07_an_address_that_leaked_ends_and_the_one_in_its_place_goes_on() {
    let (server, http, feed, path) = subscribed().await;
    let mut feeds = FeedServiceClient::new(server.administrator());
    let revoke = |name: &str| pb::RevokeFeedRequest { name: name.into(), request_id: server.request_id() };
    let mut rotate = async |name: &str| {
        let ask = pb::RotateFeedRequest { name: name.into(), request_id: server.request_id() };
        let made = feeds.rotate_feed(ask).await.unwrap().into_inner();
        let path = made.url.strip_prefix("https://schakel.example").unwrap().to_owned();
        (made.feed.unwrap().name, path)
    };
    let (second, second_path) = rotate(&feed.name).await;
    let (third, third_path) = rotate(&second).await;
    let mut feeds = FeedServiceClient::new(server.administrator());
    feeds.revoke_feed(revoke(&feed.name)).await.unwrap();
    let mut work = Vec::new();
    for path in [&path, &second_path, &third_path] {
        work.push(http.get(path).await.status);
    }
    assert_eq!(work, [404, 200, 200], "the first alone");
    feeds.revoke_feed(revoke(&third)).await.unwrap();
    for path in [&second_path, &third_path] {
        assert_eq!(http.get(path).await.status, 404, "with the one in whose place it came");
    }
}

#[tokio::test]
async fn x07_a_subscriber_may_send_its_secret_as_a_password() {
    let server = TestServer::start_changed(|settings| settings.limits.guesses_per_minute = 2).await;
    let http = server.http().await;
    server.meeting(&[server.founded.administrator], tuesday()).await;
    let (_, path) = subscribe(&server, &server.administrator(), pb::CreateFeedRequest::default()).await;
    let secret = path.strip_prefix("/feeds/").and_then(|file| file.strip_suffix(".ics")).unwrap();
    let basic =
        |password: &str| format!("Basic {}", STANDARD.encode(format!("bea@maasduin.example:{password}")));
    let (right, wrong) = (basic(secret), basic("skf_nonsense"));
    let shown = http.send("GET", "/feed.ics", &[("authorization", &right)], "").await;
    assert_eq!((shown.status, &shown.body), (200, &http.get(&path).await.body));
    for _ in 0..5 {
        let asked = http.get("/feed.ics").await;
        assert_eq!((asked.status, asked.reason().as_str()), (401, "PASSWORD_REQUIRED"), "no guess");
        assert_eq!(asked.header("www-authenticate"), "Basic realm=\"agenda\", charset=\"UTF-8\"");
    }
    let guesses = [wrong.as_str(), "Bearer x", &basic("")].map(str::to_owned);
    let mut told = Vec::new();
    for guess in &guesses {
        told.push(http.send("GET", "/feed.ics", &[("authorization", guess)], "").await.status);
    }
    assert_eq!(told, [401, 401, 429]);
    assert_eq!(http.get("/feeds/x.ics").await.status, 404, "addresses have a budget of their own");
    let still = http.send("GET", "/feed.ics", &[("authorization", &right)], "").await;
    assert_eq!(still.status, 200, "what fits is answered as ever");
    assert_eq!(http.send("GET", "/feed.ifb", &[("authorization", &right)], "").await.status, 429);
}

#[tokio::test]
async fn x07_a_packed_answer_is_the_same_calendar() {
    let (_server, http, _, path) = subscribed().await;
    let plain = http.get(&path).await;
    assert_eq!((plain.header("content-encoding"), plain.header("vary")), ("", "Accept-Encoding"));
    let packs = ("accept-encoding", "br, gzip;q=0.8");
    let packed = http.send("GET", &path, &[packs], "").await;
    assert_eq!((packed.status, packed.header("content-encoding")), (200, "gzip"));
    let mut unpacked = String::new();
    GzDecoder::new(&packed.bytes[..]).read_to_string(&mut unpacked).unwrap();
    assert_eq!(unpacked, plain.body);
    assert!(packed.bytes.len() < plain.body.len());
    let (plain, packed) = (plain.header("etag").to_owned(), packed.header("etag").to_owned());
    assert_ne!(plain, packed, "other octets");
    for tag in [&plain, &packed] {
        let same = http.send("GET", &path, &[packs, ("if-none-match", tag)], "").await;
        assert_eq!((same.status, same.header("etag"), same.bytes.len()), (304, tag.as_str(), 0));
    }
    let refused = http.send("GET", &path, &[("accept-encoding", "gzip;q=0")], "").await;
    assert_eq!(refused.header("content-encoding"), "");
}

#[tokio::test]
async fn x07_one_line_of_a_version_and_day_and_one_with_how_often_more() {
    let (server, http, _, path) = subscribed().await;
    let lines = "SELECT COUNT(*) FROM audit WHERE object_type = 'feed' AND action = 'E'";
    let again = "SELECT COALESCE(SUM(row_count), 0) FROM audit WHERE object_type = 'feed_again'";
    for _ in 0..4 {
        assert_eq!(http.get(&path).await.status, 200);
    }
    assert_eq!((server.number(lines).await, server.number(again).await), (1, 0));
    server.meeting(&[server.founded.administrator], tuesday() + TimeDelta::hours(2)).await;
    http.get(&path).await;
    assert_eq!((server.number(lines).await, server.number(again).await), (2, 3), "the version is over");
    http.get(&path).await;
    tally::end_days(&server.app, server.founded.region).await.unwrap();
    assert_eq!(server.number(again).await, 3, "the day is not");
    server.clock.advance(TimeDelta::days(1));
    tally::end_days(&server.app, server.founded.region).await.unwrap();
    assert_eq!((server.number(lines).await, server.number(again).await), (2, 4));
    http.get(&path).await;
    http.get(&path).await;
    tally::end(&server.app).await.unwrap();
    assert_eq!((server.number(lines).await, server.number(again).await), (3, 5), "the server stops");
}

#[tokio::test]
async fn x07_nothing_is_asked_of_the_database_while_nothing_changed() {
    let (server, http, _, path) = subscribed().await;
    let etag = http.get(&path).await.header("etag").to_owned();
    // The line of the first one was a commit.
    assert_eq!(http.get(&path).await.status, 200);
    let own = server.app.settings.database.url.starts_with("sqlite:");
    let tag = [("if-none-match", etag.as_str())];
    let ((), sent) = statements(async {
        for _ in 0..10 {
            assert_eq!(http.send("GET", &path, &tag, "").await.status, 304);
            assert_eq!(http.get(&path).await.status, 200);
        }
    })
    .await;
    let reads_meetings = |sent: &[String]| sent.iter().any(|sql| sql.contains("\"reference\""));
    assert!(!reads_meetings(&sent), "at most it is looked whether anything changed");
    assert_eq!(sent.is_empty(), own, "{sent:?}");
    server.clock.advance(TimeDelta::seconds(1));
    let (_, sent) = statements(http.get(&path)).await;
    assert!(!sent.is_empty() && !reads_meetings(&sent), "after a second it is looked again");
    server.meeting(&[server.founded.administrator], tuesday() + TimeDelta::hours(4)).await;
    let (answer, sent) = statements(http.get(&path)).await;
    assert!(reads_meetings(&sent) && answer.body.matches("BEGIN:VEVENT").count() == 2);
}

#[tokio::test]
async fn what_is_kept_is_never_older_than_the_last_commit() {
    let (server, http, _, path) = subscribed().await;
    let me = server.founded.administrator;
    let mut meetings: Vec<ConsultationId> = Vec::new();
    let mut dice = 0x2545_F491_4F6C_DD1D_u64;
    let mut roll = |sides: usize| {
        dice ^= dice << 13;
        dice ^= dice >> 7;
        dice ^= dice << 17;
        usize::try_from(dice % 1_000).unwrap() % sides
    };
    let steps = if schakel_tests::needs::full_drill() { 2_000 } else { 60 };
    for step in 0..steps {
        let some = (!meetings.is_empty()).then(|| meetings[roll(meetings.len().max(1))]);
        match (roll(6), some) {
            (0, _) | (_, None) => {
                let start = tuesday() + TimeDelta::days(90) + TimeDelta::hours(step);
                meetings.push(server.meeting(&[me], start).await.id);
            }
            (1, Some(id)) => server.change(id, |meeting| meeting.table[0].answer = Answer::Declined).await,
            (2, Some(id)) => server.change(id, |meeting| meeting.table[0].answer = Answer::Accepted).await,
            (3, Some(id)) => {
                let by = TimeDelta::minutes(15);
                server
                    .change(id, |meeting| {
                        let (start, end) = (meeting.time.start() + by, meeting.time.end() + by);
                        meeting.time = schakel_domain::time::Period::new(start, end).unwrap();
                        meeting.sequence += 1;
                    })
                    .await;
            }
            (4, Some(_)) => server.clock.advance(TimeDelta::minutes(20)),
            (_, Some(_)) => {}
        }
        let kept = http.get(&path).await;
        // A secret that was never shown has nothing kept.
        let (feed, fresh) =
            subscribe(&server, &server.administrator(), pb::CreateFeedRequest::default()).await;
        let fresh = http.get(&fresh).await;
        let events = |body: &str| body.find("BEGIN:VEVENT").map(|at| body[at..].to_owned());
        assert_eq!(events(&kept.body), events(&fresh.body), "step {step}");
        let revoke = pb::RevokeFeedRequest { name: feed.name, request_id: server.request_id() };
        FeedServiceClient::new(server.administrator()).revoke_feed(revoke).await.unwrap();
    }
}
