//! What the audit log costs a read, and how long it takes to ask it when it is long.

use std::time::{Duration, Instant};

use schakel_domain::{
    access::{Class, Classes, Role},
    ids::PersonId,
};
use schakel_proto::v1::{self as pb, audit_service_client::AuditServiceClient};
use schakel_server::{
    access::{Grant, Worker, professional},
    audit::{
        seal,
        verify::{Scope, verify},
    },
    store::audit::{Deed, Line},
};
use schakel_tests::TestServer;
use uuid::Uuid;

const CLIENTS: usize = 16;
const EACH: usize = 200;
/// Children, and lines of each.
const CHILDREN: u128 = 1_000;
const LINES: usize = 1_000;

fn line(child: u128) -> Line {
    let id = Some(Uuid::from_u128(child));
    Line { deed: Deed::R, object: "case", id, subject: id, classes: Classes::of(&[Class::K1, Class::K3]) }
}

/// Reads a second of clients at once, written down or not.
async fn reads(server: &TestServer, audited: bool) -> f64 {
    let start = Instant::now();
    let mut clients = tokio::task::JoinSet::new();
    for client in 0..CLIENTS {
        let app = server.app.clone();
        let grant = Grant::worker(Worker::Setup, server.founded.region);
        let person = server.founded.administrator;
        clients.spawn(async move {
            for _ in 0..EACH {
                if audited {
                    let read = app.write(&grant, None, |tx| async move {
                        let read = professional::get(&tx, person).await?;
                        tx.audit(line(client as u128)).await?;
                        Ok(read)
                    });
                    read.await.unwrap();
                } else {
                    professional::get(&app.read(grant.clone()), person).await.unwrap();
                }
            }
        });
    }
    clients.join_all().await;
    f64::from(u32::try_from(CLIENTS * EACH).unwrap()) / start.elapsed().as_secs_f64()
}

/// Prints the figures of the audit log.
pub(crate) async fn figures() {
    let server = TestServer::start().await;
    let (app, region) = (&server.app, server.founded.region);
    reads(&server, false).await;
    let (plain, audited) = (reads(&server, false).await, reads(&server, true).await);
    println!(
        "\n{CLIENTS} readers at once: {plain:.0} reads a second, {audited:.0} when each is written down first: {:.3} of it.",
        audited / plain
    );
    let grant = Grant::worker(Worker::Cases, region);
    for _ in 0..LINES {
        let lines = &(1..=CHILDREN).map(line).collect::<Vec<_>>();
        app.write(&grant, None, |tx| async move { tx.audit_all(lines).await }).await.unwrap();
    }
    let start = Instant::now();
    let sealed = seal::work(app, region).await.unwrap();
    println!("{sealed} lines sealed in {:.1} s.", start.elapsed().as_secs_f64());
    let start = Instant::now();
    let report = verify(app, &Scope::default()).await.unwrap();
    assert!(report.faults.is_empty());
    let took = start.elapsed().as_secs_f64();
    println!("{} lines checked in {took:.1} s.", report.rows);
    let (_, fg) = server.person(Role::Fg, server.founded.organisation).await;
    let mut log = AuditServiceClient::new(fg);
    let mut times: Vec<Duration> = Vec::new();
    for child in 1..=50 {
        let child = PersonId(Uuid::from_u128(child)).to_string();
        let start = Instant::now();
        let told = log.who_saw(pb::WhoSawRequest { child, ..Default::default() }).await.unwrap();
        times.push(start.elapsed());
        assert!(!told.into_inner().sights.is_empty());
    }
    times.sort_unstable();
    println!(
        "who saw a child ({LINES} of {} lines): median {:.1} ms, longest {:.1} ms.",
        report.rows,
        times[25].as_secs_f64() * 1e3,
        times[49].as_secs_f64() * 1e3
    );
}
