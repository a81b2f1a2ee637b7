//! What all deadlines of a case with a long log cost beside reading that log, and its timeline beside an
//! empty call.

use std::{
    hint::black_box,
    time::{Duration, Instant},
};

use schakel_domain::thuiszitter::{Stage, deadlines};
use schakel_proto::v1::{self as pb, thuiszitter_service_client::ThuiszitterServiceClient};
use schakel_server::{
    access::{Grant, Worker, authenticate::today, circle},
    thuiszitter::{figures, store},
};
use tonic_health::pb::{HealthCheckRequest, health_client::HealthClient};

use crate::{
    CALLS,
    cases::{Region, id, region},
    row, timed,
};

/// Events of the case.
const EVENTS: usize = 200;

fn median(mut times: Vec<Duration>) -> Duration {
    times.sort_unstable();
    times[times.len() / 2]
}

fn engine(region: &Region) -> String {
    region.server.app.settings.database.url.split(':').next().unwrap_or_default().to_owned()
}

/// Prints what the deadlines cost.
pub(crate) async fn figures() {
    let region = region(1, EVENTS).await;
    let app = &region.server.app;
    let read = app.read(Grant::worker(Worker::Cases, region.server.founded.region));
    let circle = circle::find(&read, id(&region.cases[0])).await.unwrap().unwrap();
    let (case, circles, day) = (circle.case.0, [circle], today(app.now()));
    let profile = store::profile(&read, day).await.unwrap();
    let known = figures::known(&read, &circles).await.unwrap().remove(&case).unwrap();
    assert!(known.facts.missed.len() * 10 > EVENTS * 9);
    let (found, _) = deadlines(&profile, &known.facts, Stage::Signaal, day);
    let (mut reading, mut computing) = (Vec::new(), Vec::new());
    for _ in 0..CALLS {
        let start = Instant::now();
        black_box(figures::known(&read, &circles).await.unwrap());
        reading.push(start.elapsed());
        let start = Instant::now();
        black_box(deadlines(black_box(&profile), &known.facts, Stage::Signaal, day));
        computing.push(start.elapsed());
    }
    let (reading, computing) = (median(reading), median(computing));
    println!("\n{}, a case with {EVENTS} events, {} deadlines:\n", engine(&region), found.len());
    println!("| what | median | × reading |\n|---|---|---|");
    println!("| reading the events | {:.0} µs | 1 |", reading.as_secs_f64() * 1e6);
    println!(
        "| all deadlines of them | {:.0} µs | {:.2} |",
        computing.as_secs_f64() * 1e6,
        computing.as_secs_f64() / reading.as_secs_f64()
    );
}

/// Prints what the timeline costs.
pub(crate) async fn timeline() {
    let region = region(1, EVENTS).await;
    let cases = ThuiszitterServiceClient::new(region.keeper.clone());
    let health = HealthClient::new(region.keeper.clone());
    let nothing = |_| {
        let mut health = health.clone();
        async move {
            health.check(HealthCheckRequest::default()).await.unwrap();
        }
    };
    let read = |_| {
        let (mut cases, name) = (cases.clone(), region.cases[0].clone());
        async move {
            let request = pb::GetTimelineRequest { name, as_of_time: None };
            assert!(!cases.get_timeline(request).await.unwrap().into_inner().deadlines.is_empty());
        }
    };
    timed(CALLS, nothing).await;
    let empty = timed(CALLS, nothing).await;
    timed(CALLS / 10, read).await;
    let told = timed(CALLS, read).await;
    println!("\n{}, one connection, {CALLS} calls each:\n", engine(&region));
    println!("| call | median | p99 | × empty |\n|---|---|---|---|");
    let median = empty[empty.len() / 2];
    row("empty (health)", &empty, median);
    row(&format!("GetTimeline, {EVENTS} events"), &told, median);
}
