//! What one caller and all of them may take, whether the server takes work, and what every answer says.

use chrono::{DateTime, TimeDelta, Utc};
use schakel_proto::v1::{
    self as pb, access_service_client::AccessServiceClient, feed_service_client::FeedServiceClient,
};
use schakel_tests::{As, TestServer, http::Http, needs::Need, reason, statements, violations};
use tonic::{Code, Status};
use tonic_health::pb::{HealthCheckRequest, health_client::HealthClient};
use tonic_types::StatusExt;

const WHO_AM_I: &str = "/schakel.v1.AccessService/WhoAmI";

type Access = AccessServiceClient<As>;

async fn ask(access: &mut Access) -> Result<(), Status> {
    access.who_am_i(pb::WhoAmIRequest {}).await.map(|_| ())
}

/// The beginning of an upload.
fn first_part(server: &TestServer) -> pb::ImportRequest {
    let kind = pb::import_request::Kind::Schools.into();
    pb::ImportRequest { kind, request_id: server.request_id(), ..pb::ImportRequest::default() }
}

type Upload = (tokio::sync::mpsc::Sender<pb::ImportRequest>, tokio::task::JoinHandle<Result<(), Status>>);

/// An upload whose end never comes: it takes a place as soon as it gets one.
async fn upload(server: &TestServer) -> Upload {
    let (sender, receiver) = tokio::sync::mpsc::channel(1);
    let mut directory = server.directory();
    let upload = async move {
        directory.import(tokio_stream::wrappers::ReceiverStream::new(receiver)).await.map(|_| ())
    };
    let upload = tokio::spawn(upload);
    sender.send(first_part(server)).await.unwrap();
    (sender, upload)
}

/// Asks until the upload has the only place; the two may refuse each other before.
async fn until_refused(server: &TestServer, access: &mut Access) -> (Upload, Status) {
    let http = server.http().await;
    for _ in 0..100 {
        let held = upload(server).await;
        // Calls that need no place leave the upload the time to take it.
        for _ in 0..50 {
            assert_eq!(http.get("/livez").await.status, 200);
        }
        if let Err(refused) = ask(access).await {
            return (held, refused);
        }
    }
    panic!("the other call never got a place");
}

/// What a caller that is to come back later is told: code, reason, and when.
fn later(status: &Status) -> (Code, String, u64) {
    let wait = status.get_details_retry_info().and_then(|retry| retry.retry_delay).unwrap_or_default();
    (status.code(), reason(status), wait.as_secs())
}

fn limited(seconds: u64) -> (Code, String, u64) {
    (Code::ResourceExhausted, "RATE_LIMITED".to_owned(), seconds)
}

#[tokio::test]
async fn r29_whoever_asks_too_much_is_told_when_to_come_back_before_the_database_is_asked() {
    let server = TestServer::start_changed(|settings| {
        settings.limits.person_reads_per_minute = 3;
        settings.limits.person_writes_per_minute = 1;
    })
    .await;
    let mut access = AccessServiceClient::new(server.administrator());
    for _ in 0..3 {
        ask(&mut access).await.unwrap();
    }
    assert_eq!(later(&ask(&mut access).await.unwrap_err()), limited(20));
    let (refused, sent) = statements(ask(&mut access)).await;
    assert_eq!((later(&refused.unwrap_err()), sent.len()), (limited(20), 0));
    let token = pb::CreateTokenRequest {
        display_name: "program".into(),
        valid_days: 2,
        request_id: server.request_id(),
    };
    let other = access.create_token(token.clone()).await.unwrap().into_inner().secret;
    assert_eq!(later(&access.create_token(token).await.unwrap_err()), limited(60), "changes have their own");
    let mut same = AccessServiceClient::new(server.bearing(&other));
    assert_eq!(later(&ask(&mut same).await.unwrap_err()), limited(20), "another token, the same person");
    server.clock.advance(TimeDelta::seconds(20));
    ask(&mut access).await.unwrap();
    assert!(ask(&mut access).await.is_err());
}

#[tokio::test]
async fn r29_a_region_has_its_share() {
    let server = TestServer::start_changed(|settings| settings.limits.region_reads_per_minute = 2).await;
    let mut access = AccessServiceClient::new(server.administrator());
    ask(&mut access).await.unwrap();
    ask(&mut access).await.unwrap();
    assert_eq!(later(&ask(&mut access).await.unwrap_err()), limited(30));
}

#[tokio::test]
async fn r29_when_all_places_are_taken_the_next_is_refused_at_once_and_health_is_not() {
    let server = TestServer::start_changed(|settings| {
        settings.limits.in_flight = 1;
        settings.limits.queue = 0;
    })
    .await;
    let http = server.http().await;
    let mut access = AccessServiceClient::new(server.administrator());
    let ((sender, upload), refused) = until_refused(&server, &mut access).await;
    assert_eq!(later(&refused), (Code::ResourceExhausted, "OVERLOADED".to_owned(), 1));
    // Who sends the upload may still be asked for: one refusal beside which nothing is asked will do.
    let mut sent = vec![String::new()];
    for _ in 0..1_000 {
        let (refused, cost) = statements(ask(&mut access)).await;
        assert_eq!(reason(&refused.unwrap_err()), "OVERLOADED");
        sent = cost;
        if sent.is_empty() {
            break;
        }
    }
    assert!(sent.is_empty(), "{sent:?}");
    let page = http.get("/feeds/x.ics").await;
    assert_eq!((page.status, page.reason().as_str(), page.header("retry-after")), (503, "OVERLOADED", "1"));
    assert_eq!((http.get("/livez").await.status, http.get("/readyz").await.status), (200, 200));
    let mut health = HealthClient::new(server.administrator());
    health.check(HealthCheckRequest::default()).await.unwrap();
    drop(sender);
    let _ = upload.await.unwrap();
    ask(&mut access).await.unwrap();
}

#[tokio::test]
async fn r29_whoever_waits_in_vain_leaves_the_queue_when_its_time_is_over() {
    let server = TestServer::start_changed(|settings| settings.limits.in_flight = 1).await;
    // The first in the queue has the place for as long as it likes.
    let (sender, upload) = upload(&server).await;
    // Not over gRPC: a client of it would end the call by itself.
    let bearer = format!("Bearer {}", server.founded.secret);
    let headers = [
        ("content-type", "application/grpc-web+proto"),
        ("authorization", bearer.as_str()),
        ("grpc-timeout", "100m"),
    ];
    let http = server.http().await;
    let late = loop {
        let answer = http.send_bytes("POST", WHO_AM_I, &headers, &[0; 5]).await;
        // Until the upload has its place, this one is served.
        if let Some(status) = answer.headers.iter().find(|(name, _)| name == "grpc-status") {
            break status.1.clone();
        }
    };
    assert_eq!(late, (Code::DeadlineExceeded as i32).to_string());
    drop(sender);
    let _ = upload.await.unwrap();
    ask(&mut AccessServiceClient::new(server.administrator())).await.unwrap();
}

#[tokio::test]
async fn r29_a_database_that_is_away_is_told_as_such_and_asked_again() {
    const NAME: &str = "r29_a_database_that_is_away_is_told_as_such_and_asked_again";
    let server = TestServer::start().await;
    let url = &server.app.settings.database.url;
    // A file is never away.
    if url.starts_with("sqlite:") {
        return;
    }
    let Some(postgres) = Need::Postgres.or_skip(NAME) else { return };
    let name = url.rsplit('/').next().unwrap();
    let outside = sea_orm::Database::connect(&postgres).await.unwrap();
    let run = async |sql: String| sea_orm::ConnectionTrait::execute_unprepared(&outside, &sql).await.unwrap();
    run(format!("ALTER DATABASE {name} ALLOW_CONNECTIONS false")).await;
    run(format!("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '{name}'")).await;
    let mut access = AccessServiceClient::new(server.administrator());
    for _ in 0..2 {
        let away = ask(&mut access).await.unwrap_err();
        assert_eq!(later(&away), (Code::Unavailable, "DATABASE_UNAVAILABLE".to_owned(), 1), "{away:?}");
    }
    run(format!("ALTER DATABASE {name} ALLOW_CONNECTIONS true")).await;
    // Each connection that broke is found so once.
    let mut again = ask(&mut access).await;
    for _ in 0..50 {
        if again.is_ok() {
            break;
        }
        again = ask(&mut access).await;
    }
    again.unwrap();
}

#[tokio::test]
async fn t05_who_tries_one_credential_after_another_is_slowed_and_who_has_one_is_not() {
    let server = TestServer::start_changed(|settings| settings.limits.bad_credentials_per_minute = 5).await;
    let mut stranger = AccessServiceClient::new(server.bearing("ska_nonsense"));
    for _ in 0..5 {
        assert_eq!(reason(&ask(&mut stranger).await.unwrap_err()), "MALFORMED_TOKEN");
    }
    assert_eq!(later(&ask(&mut stranger).await.unwrap_err()), limited(12));
    let mut nobody = AccessServiceClient::new(server.with_headers(&[]));
    assert_eq!(reason(&ask(&mut nobody).await.unwrap_err()), "MISSING_TOKEN", "nothing is no guess");
    ask(&mut AccessServiceClient::new(server.administrator())).await.unwrap();
}

/// A server, and the path of the administrator's feed.
async fn subscribed(
    change: impl FnOnce(&mut schakel_server::settings::Settings),
) -> (TestServer, Http, String) {
    let server = TestServer::start_changed(change).await;
    let http = server.http().await;
    let ask = pb::CreateFeedRequest { request_id: server.request_id(), ..Default::default() };
    let made = FeedServiceClient::new(server.administrator()).create_feed(ask).await.unwrap().into_inner();
    let path = made.url.strip_prefix("https://schakel.example").unwrap().to_owned();
    (server, http, path)
}

#[tokio::test]
async fn t05_guessing_addresses_is_slowed_and_never_changes_what_a_real_one_answers() {
    let (server, http, path) = subscribed(|settings| settings.limits.guesses_per_minute = 20).await;
    let before = http.get(&path).await;
    for nth in 0..20 {
        let guess = if nth % 2 == 0 { format!("/feeds/skf_{nth}.ics") } else { format!("/r/{nth}") };
        assert_eq!(http.get(&guess).await.status, 404, "{guess}");
    }
    let guesses = if schakel_tests::needs::full_drill() { 100_000 } else { 1_000 };
    let (refused, sent) = statements(async {
        let mut refused = 0;
        for nth in 0..guesses {
            let told = http.get(&format!("/feeds/skf_{nth:043}_{nth:08x}.ics")).await;
            assert_eq!((told.status, told.reason().as_str()), (429, "RATE_LIMITED"));
            refused += 1;
        }
        refused
    })
    .await;
    assert_eq!((refused, sent.len()), (guesses, 0), "the checksum answers before the database");
    assert_eq!(http.get("/feeds/x.ics").await.header("retry-after"), "3");
    let after = http.get(&path).await;
    assert_eq!((after.status, &after.body), (200, &before.body));
    assert_eq!(http.get("/nowhere").await.status, 404, "a page is no secret");
    server.clock.advance(TimeDelta::seconds(3));
    assert_eq!(http.get("/feeds/x.ics").await.status, 404);
}

#[tokio::test]
async fn t04_a_feed_gives_so_many_whole_calendars_an_hour_and_nothing_changed_is_free() {
    let (server, http, path) = subscribed(|settings| settings.limits.feed_bodies_per_hour = 2).await;
    let etag = http.get(&path).await.header("etag").to_owned();
    assert_eq!(http.get(&path).await.status, 200);
    for _ in 0..5 {
        assert_eq!(http.send("GET", &path, &[("if-none-match", &etag)], "").await.status, 304);
        assert_eq!(http.send("HEAD", &path, &[], "").await.status, 200);
    }
    let refused = http.get(&path).await;
    assert_eq!((refused.status, refused.header("retry-after")), (429, "1800"));
    server.clock.advance(TimeDelta::minutes(30));
    assert_eq!(http.get(&path).await.status, 200);
}

#[tokio::test]
async fn t28_only_a_trusted_proxy_says_who_is_behind_it() {
    for (trusted, statuses) in [(false, [404, 429, 429]), (true, [404, 404, 429])] {
        let server = TestServer::start_changed(|settings| {
            settings.limits.guesses_per_minute = 1;
            if trusted {
                settings.trusted_proxies = vec!["127.0.0.0/8".parse().unwrap()];
            }
        })
        .await;
        let http = server.http().await;
        let mut told = Vec::new();
        for client in ["203.0.113.1", "203.0.113.2", "198.51.100.9, 203.0.113.2"] {
            told.push(http.send("GET", "/feeds/x.ics", &[("x-forwarded-for", client)], "").await.status);
        }
        assert_eq!(told, statuses, "trusted: {trusted}");
    }
}

#[tokio::test]
async fn a_server_that_is_going_or_cannot_write_its_log_takes_no_work() {
    let server = TestServer::start().await;
    let http = server.http().await;
    let mut health = HealthClient::new(server.administrator());
    let mut serving = async |service: &str| {
        let ask = HealthCheckRequest { service: service.into() };
        health.check(ask).await.map(|told| told.into_inner().status)
    };
    assert_eq!(serving("").await.unwrap(), 1);
    assert_eq!(serving("schakel.v1.AccessService").await.unwrap(), 1);
    let unknown = serving("schakel.v1.Nothing").await.unwrap_err();
    assert_eq!((unknown.code(), reason(&unknown).as_str()), (Code::NotFound, "SERVICE_NOT_FOUND"));
    for probe in ["/livez", "/readyz"] {
        let told = http.get(probe).await;
        assert_eq!((told.status, told.body.as_str()), (200, ""), "{probe}");
    }
    server.app.edge.going.cancel();
    assert_eq!(serving("").await.unwrap(), 2);
    let told = http.get("/readyz").await;
    assert_eq!((told.status, told.body.as_str()), (503, ""));
    assert_eq!(http.get("/livez").await.status, 200);
    ask(&mut AccessServiceClient::new(server.administrator())).await.unwrap();

    let server = TestServer::start().await;
    server.execute("ALTER TABLE audit RENAME TO audit_gone").await;
    assert_eq!(server.http().await.get("/readyz").await.status, 503, "no line could be written");
    let server = TestServer::start().await;
    server.execute("DELETE FROM seaql_migrations").await;
    assert_eq!(server.http().await.get("/readyz").await.status, 503, "an older schema");
}

#[tokio::test]
async fn r38_what_two_readers_could_read_differently_is_refused() {
    let server = TestServer::start().await;
    let http = server.http().await;
    let large = format!("GET / HTTP/1.1\r\nhost: a\r\nx: {}\r\n\r\n", "x".repeat(20 << 10));
    for (what, request, status) in [
        (
            "a length and chunks",
            "POST /r/x HTTP/1.1\r\nhost: a\r\ncontent-length: 5\r\ntransfer-encoding: chunked\r\n\r\n0\r\n\r\n",
            400,
        ),
        (
            "chunks and a length",
            "POST /r/x HTTP/1.1\r\nhost: a\r\ntransfer-encoding: chunked\r\ncontent-length: 5\r\n\r\n0\r\n\r\n",
            400,
        ),
        (
            "two lengths",
            "POST /r/x HTTP/1.1\r\nhost: a\r\ncontent-length: 5\r\ncontent-length: 6\r\n\r\nabcde",
            400,
        ),
        (
            "an encoding that nobody knows",
            "POST /r/x HTTP/1.1\r\nhost: a\r\ntransfer-encoding: xchunked\r\n\r\n",
            400,
        ),
        ("two hosts", "GET / HTTP/1.1\r\nhost: a\r\nhost: b\r\nconnection: close\r\n\r\n", 400),
        ("no host", "GET / HTTP/1.1\r\nconnection: close\r\n\r\n", 400),
        ("a whole address", "GET http://a/ HTTP/1.1\r\nhost: a\r\nconnection: close\r\n\r\n", 400),
        ("a tunnel", "CONNECT a:443 HTTP/1.1\r\nhost: a\r\nconnection: close\r\n\r\n", 405),
        ("an echo", "TRACE / HTTP/1.1\r\nhost: a\r\nconnection: close\r\n\r\n", 405),
        ("a header of 20 KiB", large.as_str(), 431),
        ("a folded header", "GET / HTTP/1.1\r\nhost: a\r\nx: a\r\n b\r\nconnection: close\r\n\r\n", 400),
        ("nothing strange", "GET / HTTP/1.1\r\nhost: a\r\nconnection: close\r\n\r\n", 200),
    ] {
        assert_eq!(http.raw(request.as_bytes()).await.status, status, "{what}");
    }
}

#[tokio::test]
async fn every_answer_of_the_api_is_protected_too_and_no_other_site_is_let_in() {
    let server = TestServer::start().await;
    let http = server.http().await;
    let grpc = [("content-type", "application/grpc-web+proto"), ("origin", "https://elsewhere.example")];
    for path in
        ["/schakel.v1.AccessService/WhoAmI", "/schakel.v1.Nothing/Nothing", "/grpc.health.v1.Health/Check"]
    {
        let told = http.send_bytes("POST", path, &grpc, &[0; 5]).await;
        assert_eq!((told.status, told.header("cache-control")), (200, "no-store"), "{path}");
        assert_eq!(told.header("x-content-type-options"), "nosniff");
        assert!(told.header("content-security-policy").contains("frame-ancestors 'none'"));
        assert_eq!(told.header("strict-transport-security"), "max-age=31536000");
        assert!(told.headers.iter().all(|(name, _)| !name.starts_with("access-control-")), "{path}");
    }
    let asked = [("origin", "https://elsewhere.example"), ("access-control-request-method", "POST")];
    let told = http.send("OPTIONS", "/schakel.v1.AccessService/WhoAmI", &asked, "").await;
    assert!(told.headers.iter().all(|(name, _)| !name.starts_with("access-control-")), "{told:?}");
    let plain = TestServer::start_changed(|settings| settings.public_url = "http://127.0.0.1:1".into()).await;
    assert_eq!(plain.http().await.get("/").await.header("strict-transport-security"), "");
}

#[tokio::test]
async fn the_contact_for_weaknesses_is_what_the_settings_say() {
    let until: DateTime<Utc> = "2027-01-01T00:00:00Z".parse().unwrap();
    let server = TestServer::start_changed(|settings| {
        settings.security.contact = Some("https://maasduin.example/cvd".into());
        settings.security.expires = Some(until);
    })
    .await;
    let told = server.http().await.get("/.well-known/security.txt").await;
    assert_eq!(told.header("content-type"), "text/plain; charset=utf-8");
    assert!(told.body.starts_with("Contact: https://maasduin.example/cvd\nExpires: 2027-01-01T00:00:00Z\n"));
    assert!(told.body.contains("Canonical: https://schakel.example/.well-known/security.txt\n"));
}

#[tokio::test]
async fn r27_the_api_describes_itself_only_where_it_is_told_to() {
    for (reflection, code) in [(None, Code::Ok), (Some(true), Code::Ok), (Some(false), Code::Unimplemented)] {
        let server = TestServer::start_changed(|settings| settings.reflection = reflection).await;
        let http = server.http().await;
        for version in ["v1", "v1alpha"] {
            let path = format!("/grpc.reflection.{version}.ServerReflection/ServerReflectionInfo");
            let kind = [("content-type", "application/grpc-web+proto")];
            let told = http.send_bytes("POST", &path, &kind, &[]).await;
            let status = told.header("grpc-status");
            let unknown = (Code::Unimplemented as i32).to_string();
            assert_eq!(status == unknown, code == Code::Unimplemented, "{version} {reflection:?}: {status}");
        }
    }
}

#[tokio::test]
async fn every_error_says_by_which_id_it_is_found_in_the_log() {
    let server = TestServer::start().await;
    let mut access = AccessServiceClient::new(server.administrator());
    let mut nobody = AccessServiceClient::new(server.with_headers(&[]));
    let mut seen = std::collections::BTreeSet::new();
    let bad = access.create_token(pb::CreateTokenRequest::default()).await.unwrap_err();
    assert!(violations(&bad).len() > 1, "the id stands beside what is wrong");
    for status in [bad, ask(&mut nobody).await.unwrap_err(), ask(&mut nobody).await.unwrap_err()] {
        let id = status.get_details_request_info().unwrap().request_id;
        assert!(uuid::Uuid::parse_str(&id).is_ok() && seen.insert(id));
    }
}
