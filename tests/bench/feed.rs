//! What a feed of 200 meetings costs beside an empty HTTP answer of the same server, and beside
//! Radicale, when `SCHAKEL_TEST_RADICALE` says where that program is.

use std::{
    net::SocketAddr,
    process::{Child, Command, Stdio},
    time::{Duration, Instant},
};

use chrono::TimeDelta;
use schakel_domain::access::Role;
use schakel_proto::v1::{
    self as pb, consultation_service_client::ConsultationServiceClient,
    feed_service_client::FeedServiceClient,
};
use schakel_tests::{TestServer, http::Http, needs::Need};
use tokio::{
    io::{AsyncBufReadExt, AsyncReadExt, AsyncWriteExt, BufReader},
    net::TcpStream,
    task::JoinSet,
};
use tokio_util::sync::CancellationToken;

const MEETINGS: i64 = 200;
const CLIENTS: usize = 8;
const LONG: Duration = Duration::from_secs(3);
/// Fetches of which each follows a change.
const ANEW: usize = 100;
/// Feeds that are polled beside bookings, each of somebody else with some meetings; and how many bookings
/// there are, all with the same six of these people.
const FEEDS: usize = 80;
const OWN_MEETINGS: i64 = 20;
const BOOKINGS: usize = 300;
/// Of each of eight pollers: 330 a second together.
const PACE: Duration = Duration::from_micros(24_242);

/// Answers a second over eight connections that stay open.
async fn rate(address: SocketAddr, request: &str, status: &str) -> f64 {
    let mut clients = JoinSet::new();
    let began = Instant::now();
    for _ in 0..CLIENTS {
        let (request, status) = (request.to_owned(), format!("HTTP/1.1 {status} "));
        clients.spawn(async move {
            let stream = TcpStream::connect(address).await.unwrap();
            stream.set_nodelay(true).unwrap();
            let mut stream = BufReader::new(stream);
            let mut answers = 0_u32;
            while began.elapsed() < LONG {
                stream.get_mut().write_all(request.as_bytes()).await.unwrap();
                assert!(answer(&mut stream).await.starts_with(&status));
                answers += 1;
            }
            answers
        });
    }
    let answers: u32 = clients.join_all().await.into_iter().sum();
    f64::from(answers) / began.elapsed().as_secs_f64()
}

/// Reads one answer whole; its first line.
async fn answer(stream: &mut BufReader<TcpStream>) -> String {
    let (mut first, mut length) = (String::new(), 0);
    stream.read_line(&mut first).await.unwrap();
    loop {
        let mut line = String::new();
        stream.read_line(&mut line).await.unwrap();
        let line = line.trim_end().to_ascii_lowercase();
        if line.is_empty() {
            break;
        }
        if let Some(octets) = line.strip_prefix("content-length: ") {
            length = octets.parse().unwrap();
        }
    }
    let mut body = vec![0; length];
    stream.read_exact(&mut body).await.unwrap();
    first
}

fn get(path: &str, more: &str) -> String {
    format!("GET {path} HTTP/1.1\r\nhost: schakel.example\r\n{more}\r\n")
}

/// Prints the figures.
pub(crate) async fn figures() {
    let server =
        TestServer::start_changed(|settings| settings.limits.feed_bodies_per_hour = 1_000_000_000).await;
    let me = server.founded.administrator;
    let mut last = None;
    for nth in 0..MEETINGS {
        let start = server.app.now() + TimeDelta::hours(1 + 8 * nth);
        last = Some(server.meeting(&[me], start).await.id);
    }
    let ask = pb::CreateFeedRequest { request_id: server.request_id(), ..Default::default() };
    let made = FeedServiceClient::new(server.administrator()).create_feed(ask).await.unwrap().into_inner();
    let path = made.url.strip_prefix("https://schakel.example").unwrap().to_owned();
    let http = server.http().await;
    let whole = http.get(&path).await;
    http.get(&path).await;
    let tag = format!("if-none-match: {}\r\n", whole.header("etag"));

    let empty = rate(http.address(), &get("/livez", ""), "200").await;
    let same = rate(http.address(), &get(&path, &tag), "304").await;
    let kept = rate(http.address(), &get(&path, ""), "200").await;
    let packed = rate(http.address(), &get(&path, "accept-encoding: gzip\r\n"), "200").await;
    let mut anew = Duration::ZERO;
    for _ in 0..ANEW {
        server.change(last.unwrap(), |meeting| meeting.sequence += 1).await;
        let began = Instant::now();
        assert_eq!(http.get(&path).await.status, 200);
        anew += began.elapsed();
    }
    let anew = f64::from(u32::try_from(ANEW).unwrap()) / anew.as_secs_f64();
    let radicale = radicale(&whole.body).await;

    println!(
        "\nfeed of {MEETINGS} meetings, {} octets, {CLIENTS} connections for {LONG:?} each:\n",
        whole.body.len()
    );
    println!("| answer | a second | × empty | × Radicale |\n|---|---|---|---|");
    for (name, figure) in [
        ("empty (/livez)", empty),
        ("304", same),
        ("whole, nothing changed", kept),
        ("the same, packed", packed),
        ("whole, read and rendered anew (one at a time, each on a new connection)", anew),
    ] {
        let beside = radicale.map_or_else(|| "–".to_owned(), |radicale| format!("{:.0}", figure / radicale));
        println!("| {name} | {figure:.0} | {:.2} | {beside} |", figure / empty);
    }
    if let Some(radicale) = radicale {
        println!("| Radicale, whole, nothing changed | {radicale:.0} | {:.4} | 1 |", radicale / empty);
    }
}

/// How long bookings take alone, and beside 330 polls of feeds a second.
pub(crate) async fn beside_bookings() {
    let scene = crate::scene().await;
    let mut paths = Vec::with_capacity(FEEDS);
    for nth in 0..FEEDS {
        let (person, caller) = match scene.seated.get(nth) {
            Some(seated) => seated.clone(),
            None => scene.server.person(Role::Smw, scene.at).await,
        };
        for meeting in 0..OWN_MEETINGS {
            let start = scene.server.app.now() + TimeDelta::days(60) + TimeDelta::hours(2 * meeting);
            scene.server.meeting(&[person], start).await;
        }
        let ask = pb::CreateFeedRequest { request_id: scene.server.request_id(), ..Default::default() };
        let made = FeedServiceClient::new(caller).create_feed(ask).await.unwrap().into_inner();
        paths.push(made.url.strip_prefix("https://schakel.example").unwrap().to_owned());
    }
    let address = scene.server.http().await.address();
    booked(&scene, 0).await;
    let alone = booked(&scene, BOOKINGS).await;
    let stop = CancellationToken::new();
    let mut polls = JoinSet::new();
    for paths in paths.chunks(FEEDS / CLIENTS) {
        polls.spawn(poll(address, paths.to_vec(), stop.clone()));
    }
    let began = Instant::now();
    let beside = booked(&scene, 2 * BOOKINGS).await;
    let long = began.elapsed();
    stop.cancel();
    let polled: u32 = polls.join_all().await.into_iter().sum();

    let median = alone[alone.len() / 2];
    println!(
        "\n{BOOKINGS} bookings, and {:.0} polls a second of {FEEDS} feeds:\n",
        f64::from(polled) / long.as_secs_f64()
    );
    println!("| BookConsultation, 6 people | median | p99 | × alone |\n|---|---|---|---|");
    crate::row("alone", &alone, median);
    crate::row("beside the polls", &beside, median);
}

/// How long each of some bookings took, sorted.
async fn booked(scene: &crate::Scene, first: usize) -> Vec<Duration> {
    let meetings = ConsultationServiceClient::new(scene.caller.clone());
    crate::timed(BOOKINGS, |at| {
        let (mut meetings, ask) = (meetings.clone(), crate::booking(scene, first + at));
        async move {
            meetings.book_consultation(ask).await.unwrap();
        }
    })
    .await
}

/// Asks for feeds in turn, at an even pace; whole calendars each time, which costs most.
async fn poll(address: SocketAddr, paths: Vec<String>, stop: CancellationToken) -> u32 {
    let mut stream = BufReader::new(TcpStream::connect(address).await.unwrap());
    stream.get_mut().set_nodelay(true).unwrap();
    let mut pace = tokio::time::interval(PACE);
    let mut polled = 0;
    for path in paths.iter().cycle() {
        tokio::select! {
            () = stop.cancelled() => break,
            _ = pace.tick() => {}
        }
        stream.get_mut().write_all(get(path, "").as_bytes()).await.unwrap();
        // 429: a subscriber that takes whole calendars over and over is slowed.
        let first = answer(&mut stream).await;
        assert!([" 200 ", " 429 "].iter().any(|status| first.contains(status)), "{first}");
        polled += 1;
    }
    polled
}

/// Ends with the figures.
struct Running(Child);

impl Drop for Running {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

/// Radicale's own server with the same meetings, as often a second.
async fn radicale(calendar: &str) -> Option<f64> {
    let program = Need::Radicale.or_skip("the feed beside Radicale")?;
    let folder = std::env::temp_dir().join(format!("schakel-radicale-{}", std::process::id()));
    let free = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
    let mut command = Command::new(program);
    command.args(["--config", "", "--auth-type", "none", "--server-hosts", &free.to_string()]);
    command.arg("--storage-filesystem-folder").arg(&folder);
    let _running = Running(command.stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap());
    while TcpStream::connect(free).await.is_err() {
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    let http = Http::at(free);
    // Whoever signs in has a folder of that name from then on; `bench:x`.
    let who = ("authorization", "Basic YmVuY2g6eA==");
    http.send("PROPFIND", "/bench/", &[who, ("depth", "0")], "").await;
    let put = http.send("PUT", "/bench/feed/", &[who, ("content-type", "text/calendar")], calendar).await;
    assert_eq!(put.status, 201, "{}", put.body);
    let request = get("/bench/feed/", "authorization: Basic YmVuY2g6eA==\r\n");
    let rate = rate_of_each(&http, &request).await;
    let _ = std::fs::remove_dir_all(folder);
    Some(rate)
}

/// It closes each connection after one answer.
async fn rate_of_each(http: &Http, request: &str) -> f64 {
    let address = http.address();
    let mut clients = JoinSet::new();
    let began = Instant::now();
    for _ in 0..CLIENTS {
        let request = request.replace("\r\n\r\n", "\r\nconnection: close\r\n\r\n");
        clients.spawn(async move {
            let mut answers = 0_u32;
            while began.elapsed() < LONG {
                let got = Http::at(address).raw(request.as_bytes()).await;
                assert_eq!(got.status, 200);
                answers += 1;
            }
            answers
        });
    }
    let answers: u32 = clients.join_all().await.into_iter().sum();
    f64::from(answers) / began.elapsed().as_secs_f64()
}
