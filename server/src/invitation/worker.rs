//! Keeps telling going: what changed becomes mails, and mails go out.

use std::{collections::HashSet, time::Duration};

use schakel_domain::{
    ids::{ConsultationId, RegionId},
    invitation::{backoff, spread},
};
use tokio::task::JoinSet;
use tokio_util::sync::CancellationToken;

use super::{deliver::deliver, prepare::prepare};
use crate::{
    access::{Grant, Worker, region},
    app::App,
    error::{Error, Result},
    store::outbox::{Ended, Kind, Leased},
};

/// Changes that are taken up together.
const MOST: u32 = 20;
/// How long a worker rests when nothing happens; retries fall due by themselves.
const REST: Duration = Duration::from_secs(1);
/// How long mails that are on their way may take once the server is to stop; a lease
/// gives back what does not make it.
const LAST: Duration = Duration::from_secs(15);
/// A change that cannot be told for so long is given up, loudly.
const MOST_TRIES: i32 = 30;

/// One round in one region: changes become mails, due mails are sent. Says how many rows
/// it ended; 0 means that nothing is due now.
pub async fn work(app: &App, region: RegionId) -> Result<usize> {
    Ok(prepare_due(app, region).await? + deliver(app, region).await?)
}

/// Works in every region until `stop`.
pub async fn run(app: App, stop: CancellationToken) {
    let mut committed = app.committed.subscribe();
    let mut known = HashSet::new();
    let mut regions = JoinSet::new();
    while !stop.is_cancelled() {
        match region::all(&app).await {
            Ok(all) => {
                for region in all.into_iter().filter(|region| known.insert(*region)) {
                    regions.spawn(in_region(app.clone(), region, stop.clone()));
                }
            }
            Err(error) => tracing::error!(%error, "the regions cannot be read"),
        }
        rest(&mut committed, &stop).await;
    }
    let _ = tokio::time::timeout(LAST, async { while regions.join_next().await.is_some() {} }).await;
}

/// Changes and mails side by side: a relay that hangs does not keep news from being written.
async fn in_region(app: App, region: RegionId, stop: CancellationToken) {
    tokio::join!(
        until(&app, &stop, || prepare_due(&app, region)),
        until(&app, &stop, || deliver(&app, region)),
    );
}

async fn until<F: Future<Output = Result<usize>>>(
    app: &App,
    stop: &CancellationToken,
    round: impl Fn() -> F,
) {
    let mut committed = app.committed.subscribe();
    while !stop.is_cancelled() {
        committed.mark_unchanged();
        match round().await {
            Ok(0) => rest(&mut committed, stop).await,
            Ok(_) => {}
            Err(error) => {
                tracing::error!(%error, "a round of the worker failed");
                tokio::time::sleep(REST).await;
            }
        }
    }
}

async fn rest(committed: &mut tokio::sync::watch::Receiver<u64>, stop: &CancellationToken) {
    tokio::select! {
        () = stop.cancelled() => {}
        _ = committed.changed() => {}
        () = tokio::time::sleep(REST) => {}
    }
}

async fn prepare_due(app: &App, region: RegionId) -> Result<usize> {
    let grant = Grant::worker(Worker::Invitations, region);
    if !app.read(grant.clone()).is_due(Kind::ConsultationChanged).await? {
        return Ok(0);
    }
    let leased =
        app.write(&grant, None, |tx| async move { tx.lease(Kind::ConsultationChanged, MOST).await }).await?;
    for row in &leased {
        if let Err(error) = prepare_one(app, &grant, row).await {
            tracing::error!(%error, change = %row.id, "a change could not be told");
            postpone(app, &grant, row).await?;
        }
    }
    Ok(leased.len())
}

/// The mails and the end of the row are one transaction: a change is told once.
async fn prepare_one(app: &App, grant: &Grant, row: &Leased) -> Result<()> {
    app.write(grant, None, |tx| async move {
        if !tx.end(row, &Ended::Done).await? {
            return Ok(());
        }
        match prepare(&tx, ConsultationId(row.subject_id)).await {
            // There is nothing left to tell about.
            Err(Error::NotFound("CONSULTATION")) => Ok(()),
            done => done,
        }
    })
    .await
}

async fn postpone(app: &App, grant: &Grant, row: &Leased) -> Result<()> {
    let mut random = [0];
    app.ids.fill(&mut random);
    let attempts = u32::try_from(row.attempts).unwrap_or(u32::MAX);
    let ended = if row.attempts >= MOST_TRIES {
        Ended::Dead("NOT_TELLABLE")
    } else {
        Ended::Again(app.now() + spread(backoff(attempts), random[0]), "NOT_TELLABLE")
    };
    let ended = &ended;
    app.write(grant, None, |tx| async move { tx.end(row, ended).await.map(|_| ()) }).await
}
