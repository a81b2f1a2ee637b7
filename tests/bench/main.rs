//! First figures: what a call costs beside an empty one, on the database at hand.
//!
//! `cargo bench --workspace --bench bench` prints them for SQLite, and with `TEST_DATABASE_URL` for
//! PostgreSQL; with names of parts behind `--`, as in `… -- feed mail`, only those. With `percent=2` a
//! region or the country is made at a fiftieth of its size, to see that it runs.

#![expect(clippy::unwrap_used, clippy::print_stdout, reason = "a figure that cannot be had ends the run")]

mod audit;
mod cases;
mod deadlines;
mod feed;
mod ical;
mod mail;
mod monitor;
mod national;
mod over_grpc;
mod pages;
mod search;

use std::time::{Duration, Instant};

use chrono::TimeDelta;
use schakel_domain::{
    access::{Classes, Role},
    ids::{PersonId, SchoolId},
};
use schakel_proto::v1::{
    self as pb, availability_service_client::AvailabilityServiceClient,
    consultation_service_client::ConsultationServiceClient,
};
use schakel_server::{
    access::{Grant, Worker},
    store::audit::{Deed, Line},
};
use schakel_tests::{As, TestServer};
use tonic_health::pb::{HealthCheckRequest, health_client::HealthClient};

/// The least that a transaction can write.
const LINE: Line =
    Line { deed: Deed::E, object: "bench", id: None, subject: None, classes: Classes::of(&[]) };

/// Calls of each kind, one after another on one connection.
const CALLS: usize = 300;

/// How long each of `calls` took, sorted.
async fn timed<F: Future<Output = ()>>(calls: usize, mut call: impl FnMut(usize) -> F) -> Vec<Duration> {
    let mut times = Vec::with_capacity(calls);
    for at in 0..calls {
        let start = Instant::now();
        call(at).await;
        times.push(start.elapsed());
    }
    times.sort_unstable();
    times
}

fn row(name: &str, times: &[Duration], empty: Duration) {
    let at = |part: usize| times[(times.len() - 1) * part / 100];
    let ratio = at(50).as_secs_f64() / empty.as_secs_f64();
    println!(
        "| {name} | {:.2} ms | {:.2} ms | {ratio:.1} |",
        at(50).as_secs_f64() * 1e3,
        at(99).as_secs_f64() * 1e3
    );
}

/// A table of six, with the hours that the example region's people have.
struct Scene {
    server: TestServer,
    caller: As,
    at: SchoolId,
    school: String,
    people: Vec<(String, pb::Role)>,
    /// The same people, as callers.
    seated: Vec<(PersonId, As)>,
}

async fn scene() -> Scene {
    let server = TestServer::start().await;
    let school = server.school("90AA00", "GM9901").await;
    let (iber, caller) = server.person(Role::Iber, school).await;
    let mut people = vec![(iber.to_string(), pb::Role::Iber)];
    let mut seated = vec![(iber, caller.clone())];
    for _ in 0..5 {
        let colleague = server.person(Role::Smw, school).await;
        people.push((colleague.0.to_string(), pb::Role::Smw));
        seated.push(colleague);
    }
    for (person, _) in &people {
        work(&server, person).await;
    }
    Scene { server, caller, at: school, school: school.to_string(), people, seated }
}

/// Hours from Monday to Friday.
pub(crate) async fn work(server: &TestServer, person: &str) {
    let ask = pb::ListAffiliationsRequest { person: person.to_owned(), ..Default::default() };
    let found = server.directory().list_affiliations(ask).await.unwrap().into_inner().affiliations;
    for weekday in 1..=5 {
        let hours = pb::WeeklyHours {
            affiliation: found[0].name.clone(),
            weekday,
            from: "08:30".into(),
            until: "17:00".into(),
            ..Default::default()
        };
        let ask = pb::CreateWeeklyHoursRequest { weekly_hours: Some(hours), request_id: server.request_id() };
        AvailabilityServiceClient::new(server.administrator()).create_weekly_hours(ask).await.unwrap();
    }
}

fn booking(scene: &Scene, at: usize) -> pb::BookConsultationRequest {
    let start =
        scene.server.app.now() + TimeDelta::days(1) + TimeDelta::minutes(30 * i64::try_from(at).unwrap());
    let participants = scene.people.iter().map(|(person, role)| pb::Participant {
        person: person.clone(),
        role: (*role).into(),
        ..Default::default()
    });
    pb::BookConsultationRequest {
        consultation: Some(pb::Consultation {
            kind: pb::consultation::Kind::Consult.into(),
            start_time: Some(prost_types::Timestamp { seconds: start.timestamp(), nanos: 0 }),
            duration: Some(prost_types::Duration { seconds: 1800, nanos: 0 }),
            place: pb::consultation::Place::School.into(),
            school: scene.school.clone(),
            participants: participants.collect(),
            ..Default::default()
        }),
        request_id: scene.server.request_id(),
        ..Default::default()
    }
}

fn search(scene: &Scene) -> pb::FindSlotsRequest {
    let seats = scene.people.iter().map(|(person, _)| pb::Seat {
        who: Some(pb::seat::Who::Person(person.clone())),
        optional: false,
        ..Default::default()
    });
    pb::FindSlotsRequest {
        school: scene.school.clone(),
        seats: seats.collect(),
        duration: Some(prost_types::Duration { seconds: 3600, nanos: 0 }),
        ..Default::default()
    }
}

/// What can be asked for by name, in the order in which it is printed.
const PARTS: [&str; 13] = [
    "ical",
    "mail",
    "search",
    "over_grpc",
    "calls",
    "audit",
    "feed",
    "deadlines",
    "timeline",
    "national",
    "monitor",
    "pages",
    "polling",
];

/// The most that this process has had in memory, in MiB; none where the system does not tell.
pub(crate) fn peak() -> f64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:")).unwrap_or_default();
    line.split_whitespace().next().and_then(|kib| kib.parse::<f64>().ok()).unwrap_or(f64::NAN) / 1024.0
}

#[tokio::main]
async fn main() {
    let said: Vec<String> = std::env::args().skip(1).filter(|name| !name.starts_with('-')).collect();
    let (sizes, asked): (Vec<String>, Vec<String>) =
        said.into_iter().partition(|name| name.starts_with("percent="));
    let percent = sizes.last().map_or(100, |size| size["percent=".len()..].parse().unwrap());
    for name in &asked {
        assert!(PARTS.contains(&name.as_str()), "{name} is none of {PARTS:?}");
    }
    for part in PARTS {
        if asked.is_empty() || asked.iter().any(|name| name == part) {
            figures(part, percent).await;
        }
    }
}

async fn figures(part: &str, percent: usize) {
    match part {
        "ical" => ical::figures(),
        "mail" => mail::figures().await,
        "search" => search::in_process().await,
        "over_grpc" => over_grpc::figures().await,
        "calls" => calls().await,
        "audit" => audit::figures().await,
        "feed" => feed::figures().await,
        "deadlines" => deadlines::figures().await,
        "timeline" => deadlines::timeline().await,
        "national" => national::figures(percent),
        "monitor" => monitor::figures(percent).await,
        "pages" => pages::figures().await,
        _polling => feed::beside_bookings().await,
    }
}

/// Single calls, and bookings at once.
async fn calls() {
    let scene = scene().await;
    let meetings = ConsultationServiceClient::new(scene.caller.clone());
    let slots = AvailabilityServiceClient::new(scene.caller.clone());
    let health = HealthClient::new(scene.caller.clone());

    let nothing = |_| {
        let mut health = health.clone();
        async move {
            health.check(HealthCheckRequest::default()).await.unwrap();
        }
    };
    timed(CALLS, nothing).await;
    let empty = timed(CALLS, nothing).await;
    let median = empty[empty.len() / 2];

    let booked = timed(CALLS, |at| {
        let (mut meetings, ask) = (meetings.clone(), booking(&scene, at));
        async move {
            meetings.book_consultation(ask).await.unwrap();
        }
    })
    .await;
    let any = meetings.clone().book_consultation(booking(&scene, CALLS)).await.unwrap().into_inner();
    let got = timed(CALLS, |_| {
        let (mut meetings, name) = (meetings.clone(), any.name.clone());
        async move {
            meetings.get_consultation(pb::GetConsultationRequest { name }).await.unwrap();
        }
    })
    .await;
    let found = timed(CALLS, |_| {
        let (mut slots, ask) = (slots.clone(), search(&scene));
        async move {
            slots.find_slots(ask).await.unwrap();
        }
    })
    .await;

    let engine = scene.server.app.settings.database.url.split(':').next().unwrap_or_default();
    println!("\n{engine}, one connection, {CALLS} calls each:\n");
    println!("| call | median | p99 | × empty |\n|---|---|---|---|");
    row("empty (health)", &empty, median);
    row("GetConsultation, 6 people", &got, median);
    row("FindSlots, 6 people × 4 weeks", &found, median);
    row("BookConsultation, 6 people", &booked, median);

    together(&scene, &meetings).await;
}

/// Bookings per second of sixteen at once, beside what one commit after another would give.
async fn together(scene: &Scene, meetings: &ConsultationServiceClient<As>) {
    const CLIENTS: usize = 16;
    const EACH: usize = 40;
    const BOOKINGS: u32 = 640;
    let start = Instant::now();
    let mut clients = tokio::task::JoinSet::new();
    for client in 0..CLIENTS {
        let asks: Vec<_> = (0..EACH).map(|at| booking(scene, 1_000 + client * EACH + at)).collect();
        let mut meetings = meetings.clone();
        clients.spawn(async move {
            for ask in asks {
                meetings.book_consultation(ask).await.unwrap();
            }
        });
    }
    assert_eq!(clients.join_all().await.len() * EACH, BOOKINGS as usize);
    let per_second = f64::from(BOOKINGS) / start.elapsed().as_secs_f64();
    println!("\n{CLIENTS} clients at once: {per_second:.0} durable bookings a second.");

    let start = Instant::now();
    let mut writers = tokio::task::JoinSet::new();
    for _ in 0..CLIENTS {
        let app = scene.server.app.clone();
        let grant = Grant::worker(Worker::Setup, scene.server.founded.region);
        writers.spawn(async move {
            for _ in 0..EACH {
                app.write(&grant, None, |tx| async move { tx.audit(LINE).await }).await.unwrap();
            }
        });
    }
    writers.join_all().await;
    let raw = f64::from(BOOKINGS) / start.elapsed().as_secs_f64();
    println!(
        "{CLIENTS} writers of one row at once: {raw:.0} durable transactions a second, {:.1} × the bookings.",
        raw / per_second
    );
}
