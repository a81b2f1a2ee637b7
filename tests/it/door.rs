//! The door for writes: what fails leaves nothing, what is dropped blocks nobody, who waits shares a commit.

use std::{sync::Arc, time::Duration};

use schakel_domain::{access::Classes, refusal::Refusal};
use schakel_server::{
    access::{Grant, Worker},
    entity::audit,
    error::Error,
    store::{
        Tx,
        audit::{Deed, Line},
    },
};
use schakel_tests::TestServer;
use sea_orm::{EntityTrait, PaginatorTrait};

const LINE: Line =
    Line { deed: Deed::E, object: "drill", id: None, subject: None, classes: Classes::of(&[]) };

fn grant(server: &TestServer) -> Grant {
    Grant::worker(Worker::Setup, server.founded.region)
}

async fn lines(server: &TestServer) -> u64 {
    let rows = sea_orm::Database::connect(&server.app.settings.database.url).await.unwrap();
    let count = audit::Entity::find().count(&rows).await.unwrap();
    rows.close().await.unwrap();
    count
}

#[tokio::test]
async fn a_write_that_fails_leaves_nothing_and_a_write_that_is_dropped_blocks_nobody() {
    let server = TestServer::start().await;
    let before = lines(&server).await;
    let setup = grant(&server);
    let failed = server.app.write(&setup, None, |tx: Arc<Tx>| async move {
        tx.audit(LINE).await?;
        Err::<(), _>(Error::from(Refusal::TimeConflict))
    });
    assert!(matches!(failed.await, Err(Error::Refused(Refusal::TimeConflict, _))));
    assert_eq!(lines(&server).await, before);

    let (reached, mut wait) = tokio::sync::mpsc::channel(1);
    let reached = &reached;
    let grant = grant(&server);
    let endless = server.app.write(&grant, None, |tx: Arc<Tx>| async move {
        tx.audit(LINE).await?;
        reached.send(()).await.unwrap();
        std::future::pending::<Result<(), Error>>().await
    });
    tokio::select! {
        _ = endless => unreachable!("it never ends"),
        _ = wait.recv() => {}
    }
    let write = server.app.write(&grant, None, |tx: Arc<Tx>| async move { tx.audit(LINE).await });
    tokio::time::timeout(Duration::from_secs(30), write).await.expect("the writer is free again").unwrap();
    assert_eq!(lines(&server).await, before + 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn every_write_of_many_at_once_is_there_and_those_that_fail_spoil_no_other() {
    let server = Arc::new(TestServer::start().await);
    let before = lines(&server).await;
    let mut writers = tokio::task::JoinSet::new();
    for writer in 0..16 {
        let server = Arc::clone(&server);
        writers.spawn(async move {
            let grant = grant(&server);
            let mut kept = 0;
            for at in 0..20 {
                let fails = (writer + at) % 3 == 0;
                let done = server.app.write(&grant, None, |tx: Arc<Tx>| async move {
                    tx.audit(LINE).await?;
                    if fails { Err(Refusal::CaseClosed.into()) } else { Ok(()) }
                });
                kept += u64::from(done.await.is_ok());
            }
            kept
        });
    }
    let kept: u64 = writers.join_all().await.into_iter().sum();
    assert_eq!(lines(&server).await, before + kept);
    assert!(kept > 200);
}
