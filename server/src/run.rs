//! A server from start to stop: parts put together, workers beside the listener, an orderly end.

use std::{collections::HashSet, fs::File, path::Path, sync::Arc, time::Duration};

use anyhow::Context;
use schakel_domain::ids::RegionId;
use tokio::{
    signal::unix::{SignalKind, signal},
    sync::watch,
    task::{JoinHandle, JoinSet},
};
use tokio_util::{sync::CancellationToken, task::TaskTracker};
use uuid::Uuid;

use crate::{
    access::{Grant, Worker, oidc, region},
    app::{App, Clock, Parts, Remembered},
    audit,
    availability::outside,
    consultation,
    edge::Edge,
    error::Result,
    feed,
    invitation::{self, transport::Transport},
    monitor, privacy,
    serve::{self, Listener},
    settings::{Settings, seconds},
    store::{Database, connect::Opening, keys::KeyRing},
    subscription, thuiszitter,
    world::SystemIds,
};

/// Opens everything that `settings` name, and brings the schema up to date.
pub async fn assemble(settings: Settings, clock: Arc<dyn Clock>, ids: Arc<SystemIds>) -> anyhow::Result<App> {
    // From here on a SIGHUP ends nothing, even one that comes before anybody listens to it.
    drop(signal(SignalKind::hangup())?);
    Ok(revive(settings, clock, ids).await?.0)
}

/// The same; says who was erased again because the database is an older copy.
pub async fn revive(
    settings: Settings,
    clock: Arc<dyn Clock>,
    ids: Arc<SystemIds>,
) -> anyhow::Result<(App, Vec<Uuid>)> {
    let app = open(settings, clock, ids, true).await?;
    app.keep_proofs().await?;
    let erased = app.bring_erasures_together().await?;
    Ok((app, erased))
}

/// Opens everything beside a server that may be running: the schema must be this program's.
pub async fn attach(settings: Settings, clock: Arc<dyn Clock>, ids: Arc<SystemIds>) -> anyhow::Result<App> {
    open(settings, clock, ids, false).await
}

async fn open(
    settings: Settings,
    clock: Arc<dyn Clock>,
    ids: Arc<SystemIds>,
    migrate: bool,
) -> anyhow::Result<App> {
    let keys = KeyRing::open(&settings.keys.file)?;
    let opening = Opening {
        url: &settings.database.url,
        keys: &keys,
        patience: Duration::from_secs(settings.database.migration_wait_seconds.into()),
        migrate,
    };
    Ok(App::new(Parts {
        database: Database::open_with(&opening).await.context(redacted(&settings.database.url))?,
        clock,
        issuers: oidc::Issuers::new(&settings, ids.as_ref())?,
        ids,
        keys,
        mail: Transport::new(&settings.mail)?,
        edge: Edge::new(&settings),
        feeds: feed::memory::Memory::default(),
        settings,
        stopping: CancellationToken::new(),
        committed: watch::Sender::new(0),
        remembered: Remembered::default(),
    }))
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

/// Serves `app` on `listeners` until it is stopping; then calls finish, the workers end what they
/// hold, and everything returns.
pub async fn serve(app: App, listeners: Vec<Listener>) {
    let stop = app.stopping.clone();
    let workers = TaskTracker::new();
    workers.spawn(work(app.clone(), stop.clone()));
    workers.spawn(keep_keys(app.clone(), stop.clone()));
    workers.spawn(keep_issuers(app.clone(), stop.clone()));
    workers.spawn(tell_held(app.clone(), stop.clone()));
    workers.spawn(invitation::inbox::worker::keep(app.clone(), stop.clone()));
    workers.close();
    let router = serve::router(&app);
    let served: JoinSet<()> = listeners
        .into_iter()
        .map(|listener| listener.serve(app.clone(), router.clone(), stop.clone()))
        .collect();
    served.join_all().await;
    workers.wait().await;
    if let Err(error) = feed::tally::end(&app).await {
        tracing::error!(%error, "how often feeds were fetched again is not written down");
    }
    seal_last(&app).await;
}

/// What the last calls wrote down does not wait for the next start.
async fn seal_last(app: &App) {
    let regions = region::all(app).await.unwrap_or_default();
    for region in regions {
        if let Err(error) = audit::seal::work(app, region).await {
            tracing::error!(%error, "the last audit lines are not sealed; the next start seals them");
        }
    }
}

async fn keep_issuers(app: App, stop: CancellationToken) {
    oidc::keep(&app, &stop).await;
}

/// How often it is said that mail is held.
const HELD: Duration = Duration::from_mins(10);

/// Says at the start, and again and again, that a restored database mails nothing: who forgot to
/// release it would learn so from people who were not told of their meetings.
async fn tell_held(app: App, stop: CancellationToken) {
    while !stop.is_cancelled() {
        match app.held_since().await {
            Ok(Some(since)) => {
                tracing::warn!(%since, "all mail is held since a restore: `schakel release` lets it go out");
            }
            Ok(None) => {}
            Err(error) => tracing::error!(%error, "it cannot be read whether mail is held"),
        }
        tokio::select! {
            () = stop.cancelled() => {}
            () = tokio::time::sleep(HELD) => {}
        }
    }
}

/// Stops `served` in order: says that it is going, so that no new work is sent here; then takes
/// none; then calls that run finish, and at last are cut. A second signal ends the waiting.
pub async fn stop(app: &App, served: JoinHandle<()>) -> anyhow::Result<()> {
    app.edge.going.cancel();
    let orderly = async {
        tokio::time::sleep(seconds(app.settings.limits.notice_seconds)).await;
        app.stopping.cancel();
        served.await
    };
    tokio::select! {
        done = orderly => done?,
        () = signalled() => tracing::warn!("told twice: what still ran is cut off"),
    }
    Ok(())
}

/// How long a worker rests when no commit of this process rings: what other processes
/// write, and what falls due by time, is found then.
const REST: Duration = Duration::from_secs(1);
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
        until(&app, &stop, || thuiszitter::facts::recompute::work(&app, region)),
        until(&app, &stop, || monitor::worker::work(&app, region)),
        until(&app, &stop, || outside::worker::work(&app, region)),
        until(&app, &stop, || consultation::waiting::worker::work(&app, region)),
        until(&app, &stop, || invitation::worker::tell(&app, region)),
        until(&app, &stop, || invitation::worker::deliver(&app, region)),
        until(&app, &stop, || invitation::tasks::remind_due(&app, region)),
        until(&app, &stop, || monitor::survey::worker::tell_due(&app, region)),
        until(&app, &stop, || subscription::hand_out(&app, region)),
        until(&app, &stop, || subscription::deliver(&app, region)),
        seal(&app, &stop, region),
        daily(&app, region, &stop),
    );
}

/// How often the newest seal is logged, for who keeps the log elsewhere.
const ANCHOR: Duration = Duration::from_mins(10);

/// Seals once a second, whoever writes: a batch for each commit would be a commit for each.
async fn seal(app: &App, stop: &CancellationToken, region: RegionId) {
    let mut told = None;
    let mut since = tokio::time::Instant::now();
    while !stop.is_cancelled() {
        if let Err(error) = audit::seal::work(app, region).await {
            tracing::error!(%error, "audit lines could not be sealed");
        }
        if told.is_none() || since.elapsed() >= ANCHOR {
            match audit::seal::anchor(app, region).await {
                Ok(anchor) if anchor != told => {
                    if let Some(anchor) = &anchor {
                        tracing::info!(target: "security", %anchor, "the audit log is sealed up to here");
                    }
                    (told, since) = (anchor, tokio::time::Instant::now());
                }
                Ok(_) => {}
                Err(error) => tracing::error!(%error, "the newest seal cannot be read"),
            }
        }
        tokio::select! {
            () = stop.cancelled() => {}
            () = tokio::time::sleep(REST) => {}
        }
    }
}

/// Keeps everything wrapped by the active key, and reads the key file anew at each SIGHUP.
async fn keep_keys(app: App, stop: CancellationToken) {
    let Ok(mut hangup) = signal(SignalKind::hangup()) else { return app.keep_wrapped(&stop).await };
    let reload = async {
        // At once too: the file may have changed since it was read for the start.
        loop {
            if let Err(error) = app.reload_keys().await {
                tracing::error!("the key file was not taken: {error:#}");
            }
            if hangup.recv().await.is_none() {
                break;
            }
        }
    };
    tokio::select! {
        () = reload => {}
        () = app.keep_wrapped(&stop) => {}
    }
}

/// How often it is looked whether a day has passed.
const LOOK: Duration = Duration::from_mins(1);

/// Empties what is kept for days only: at the start, and then once a day of the server's clock.
async fn daily(app: &App, region: RegionId, stop: &CancellationToken) {
    let mut next = app.now();
    while !stop.is_cancelled() {
        if let Err(error) = feed::tally::end_days(app, region).await {
            tracing::error!(%error, "how often feeds were fetched again could not be written down");
        }
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
