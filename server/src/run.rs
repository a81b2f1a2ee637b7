//! A server from start to stop: parts put together, workers beside the listener, an orderly end.

use std::{collections::HashSet, fs::File, path::Path, sync::Arc, time::Duration};

use anyhow::Context;
use schakel_domain::ids::RegionId;
use tokio::{
    signal::unix::{SignalKind, signal},
    sync::watch,
    task::JoinSet,
};
use tokio_util::{sync::CancellationToken, task::TaskTracker};

use crate::{
    access::{Grant, Worker, region},
    app::{App, Clock, Parts},
    error::Result,
    invitation::{self, transport::Transport},
    privacy,
    serve::{self, Listener},
    settings::Settings,
    store::{Database, keys::KeyRing},
    thuiszitter,
    world::SystemIds,
};

/// Opens everything that `settings` name.
pub async fn assemble(settings: Settings, clock: Arc<dyn Clock>, ids: Arc<SystemIds>) -> anyhow::Result<App> {
    let app = App::new(Parts {
        database: Database::open(&settings.database.url, None)
            .await
            .context(redacted(&settings.database.url))?,
        clock,
        ids,
        keys: KeyRing::open(&settings.keys.file)?,
        mail: Transport::new(&settings.mail)?,
        settings,
        stopping: CancellationToken::new(),
        committed: watch::Sender::new(0),
    });
    app.bring_erasures_together().await?;
    Ok(app)
}

/// The database without its password.
fn redacted(url: &str) -> String {
    match url.split_once('@') {
        Some((_, host)) => format!("opening the database at {host}"),
        None => format!("opening {url}"),
    }
}

/// Holds the data folder for this process alone: SQLite is served by one.
///
/// # Errors
/// When another server runs on it.
pub fn lock(folder: &Path) -> anyhow::Result<File> {
    let path = folder.join("lock");
    let file = File::options().create(true).truncate(false).write(true).open(&path)?;
    file.try_lock().map_err(|_| {
        anyhow::anyhow!("{}: another server runs on this folder: stop it first", path.display())
    })?;
    Ok(file)
}

/// Holds the database for this process alone where it must be; PostgreSQL serves many.
///
/// # Errors
/// When another server runs on it.
pub fn lock_database(settings: &Settings) -> anyhow::Result<Option<File>> {
    let Some(path) = settings.database.url.strip_prefix("sqlite:").map(Path::new) else { return Ok(None) };
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    lock(folder).map(Some)
}

/// Serves `app` on `listener` until it is stopping; then calls finish, the workers end what they
/// hold, and everything returns.
pub async fn serve(app: App, listener: Listener) {
    let stop = app.stopping.clone();
    let workers = TaskTracker::new();
    workers.spawn(work(app.clone(), stop.clone()));
    workers.close();
    listener.serve(serve::router(&app), stop).await;
    workers.wait().await;
}

/// How long a worker rests when no commit of this process rings: what other processes
/// write, and what falls due by time, is found then.
const REST: Duration = Duration::from_secs(1);
/// How often it is looked whether a day has passed.
const LOOK: Duration = Duration::from_mins(1);
/// How long mails that are on their way may take once the server is to stop; a lease
/// gives back what does not make it.
const LAST: Duration = Duration::from_secs(15);

/// On SQLite this process is the only one: what an earlier one held when it was killed is
/// free at once, instead of when its lease ends.
async fn take_over(app: &App) -> Result<()> {
    if !app.settings.database.url.starts_with("sqlite:") {
        return Ok(());
    }
    for region in region::all(app).await? {
        let grant = Grant::worker(Worker::Invitations, region);
        app.write(&grant, None, |tx| async move { tx.free_leases().await }).await?;
    }
    Ok(())
}

/// Works in every region until `stop`.
async fn work(app: App, stop: CancellationToken) {
    if let Err(error) = take_over(&app).await {
        tracing::error!(%error, "leases of an earlier run could not be freed; they end by themselves");
    }
    let mut known = HashSet::new();
    let mut regions = JoinSet::new();
    let mut committed = app.committed.subscribe();
    while !stop.is_cancelled() {
        committed.mark_unchanged();
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

/// Side by side: a relay that hangs keeps no timeline and no news from being written.
async fn in_region(app: App, region: RegionId, stop: CancellationToken) {
    tokio::join!(
        until(&app, &stop, || thuiszitter::worker::work(&app, region)),
        until(&app, &stop, || invitation::worker::prepare_due(&app, region)),
        until(&app, &stop, || invitation::worker::deliver(&app, region)),
        daily(&app, region, &stop),
    );
}

/// Empties what is kept for days only: at the start, and then once a day of the server's clock.
async fn daily(app: &App, region: RegionId, stop: &CancellationToken) {
    let mut next = app.now();
    while !stop.is_cancelled() {
        if app.now() >= next {
            match privacy::worker::work(app, region).await {
                Ok(rows) => {
                    tracing::debug!(rows, "what is kept for days only was emptied");
                    next = app.now() + privacy::worker::DAY;
                }
                Err(error) => tracing::error!(%error, "what is kept for days only could not be emptied"),
            }
        }
        tokio::select! {
            () = stop.cancelled() => {}
            () = tokio::time::sleep(LOOK) => {}
        }
    }
}

/// Rounds until `stop`; after one that found nothing, a rest.
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
                tracing::error!(%error, "a round of a worker failed");
                tokio::time::sleep(REST).await;
            }
        }
    }
}

async fn rest(committed: &mut watch::Receiver<u64>, stop: &CancellationToken) {
    tokio::select! {
        () = stop.cancelled() => {}
        _ = committed.changed() => {}
        () = tokio::time::sleep(REST) => {}
    }
}

/// Ctrl-C or SIGTERM.
pub async fn signalled() {
    let mut terminate = signal(SignalKind::terminate()).ok();
    let terminated = async {
        match &mut terminate {
            Some(terminate) => terminate.recv().await,
            None => std::future::pending().await,
        }
    };
    tokio::select! {
        _ = tokio::signal::ctrl_c() => {}
        _ = terminated => {}
    }
}
