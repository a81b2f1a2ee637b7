//! A log that nobody touched is found sound, whoever writes at the same time.

use std::sync::{
    Arc,
    atomic::{AtomicBool, Ordering},
};

use chrono::TimeDelta;
use schakel_server::audit::{
    seal,
    verify::{Kind, Scope, verify},
};
use schakel_tests::{TestServer, needs::full_drill};
use uuid::Uuid;

use super::{sealed, write_down};

const WRITERS: usize = 8;

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn x10_lines_of_many_writers_are_sealed_once_each_and_raise_no_alarm() {
    let server = TestServer::start().await;
    let (app, region) = (server.app.clone(), server.founded.region);
    let rows: usize = if full_drill() { 1_000_000 } else { 10_000 };
    let writing = Arc::new(AtomicBool::new(true));
    let mut writers = tokio::task::JoinSet::new();
    for writer in 0..WRITERS {
        let app = app.clone();
        writers.spawn(async move {
            let (mut left, mut count) = (rows / WRITERS, writer);
            while left > 0 {
                // One to fifty children on a list.
                count = (count * 7 + 11) % 50;
                let some = (count + 1).min(left);
                write_down(&app, region, some, Uuid::from_u128(count as u128)).await;
                left -= some;
            }
        });
    }
    // Two sealers, as two processes on one database would.
    let mut sealers = tokio::task::JoinSet::new();
    for _ in 0..2 {
        let (app, writing) = (app.clone(), Arc::clone(&writing));
        sealers.spawn(async move {
            let mut lines = 0;
            while writing.load(Ordering::SeqCst) {
                lines += seal::work(&app, region).await.unwrap();
                tokio::time::sleep(std::time::Duration::from_millis(20)).await;
            }
            lines
        });
    }
    let (checking, checker) = (Arc::clone(&writing), app.clone());
    let watched = tokio::spawn(async move {
        let mut times = 0;
        while checking.load(Ordering::SeqCst) {
            assert_eq!(verify(&checker, &Scope::default()).await.unwrap().faults, []);
            times += 1;
        }
        times
    });
    writers.join_all().await;
    writing.store(false, Ordering::SeqCst);
    let lines: usize = sealers.join_all().await.into_iter().sum();
    let times = watched.await.unwrap();
    let rest = sealed(&app, region).await;
    let report = verify(&app, &Scope::default()).await.unwrap();
    println!(
        "{rows} lines of {WRITERS} writers, checked {times} times meanwhile: 0 alarms; {} rows, {} seals",
        report.rows, report.seals
    );
    assert_eq!(report.faults, []);
    assert_eq!((report.waiting, usize::try_from(report.rows).unwrap()), (0, lines + rest));
    // The region's founding is written down too.
    assert!(lines + rest > rows);
}

#[tokio::test]
async fn x10_a_line_may_wait_a_minute_for_its_seal_and_no_longer() {
    let server = TestServer::start().await;
    let region = server.founded.region;
    let report = verify(&server.app, &Scope::default()).await.unwrap();
    assert_eq!((report.faults.len(), report.seals), (0, 0));
    assert!(report.waiting > 0);
    server.clock.advance(TimeDelta::seconds(61));
    let faults = verify(&server.app, &Scope::default()).await.unwrap().faults;
    assert_eq!(faults.iter().map(|fault| fault.kind).collect::<Vec<_>>(), [Kind::UnsealedTooOld]);
    assert!(sealed(&server.app, region).await > 0);
    let report = verify(&server.app, &Scope::default()).await.unwrap();
    assert_eq!((report.faults.len(), report.seals, report.waiting), (0, 1, 0));
    assert_eq!(sealed(&server.app, region).await, 0, "once each");
}

#[tokio::test]
async fn x10_only_some_days_can_be_checked() {
    let server = TestServer::start().await;
    let region = server.founded.region;
    for _ in 0..3 {
        write_down(&server.app, region, 5, Uuid::from_u128(1)).await;
        sealed(&server.app, region).await;
        server.clock.advance(TimeDelta::days(1));
    }
    let whole = verify(&server.app, &Scope::default()).await.unwrap();
    let (now, day) = (server.app.now(), TimeDelta::days(1));
    let middle = Scope { from: Some(now - day * 2), until: Some(now - day), anchors: Vec::new() };
    let part = verify(&server.app, &middle).await.unwrap();
    assert_eq!((whole.faults.len(), part.faults.len()), (0, 0));
    assert_eq!((part.rows, part.seals), (5, 1));
}
