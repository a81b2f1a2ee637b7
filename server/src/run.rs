//! A server from start to stop: parts put together, workers beside the listener, an orderly end.

use std::{fs::File, path::Path, sync::Arc, time::Duration};

use anyhow::Context;
use tokio::{
    signal::unix::{SignalKind, signal},
    sync::watch,
};
use tokio_util::{sync::CancellationToken, task::TaskTracker};

use crate::{
    access::region,
    app::{App, Clock, Parts},
    error::Result,
    invitation::transport::Transport,
    serve::{self, Listener},
    settings::Settings,
    store::{Database, keys::KeyRing},
    world::SystemIds,
};

/// Opens everything that `settings` name.
pub async fn assemble(settings: Settings, clock: Arc<dyn Clock>, ids: Arc<SystemIds>) -> anyhow::Result<App> {
    Ok(App::new(Parts {
        database: Database::open(&settings.database.url, None)
            .await
            .context(redacted(&settings.database.url))?,
        clock,
        ids,
        keys: KeyRing::open(&settings.keys.file)?,
        mail: Transport::new(&settings.mail)?,
        settings,
        committed: watch::Sender::new(0),
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

/// Serves `app` on `listener` until `stop`; then calls finish, the workers end what they
/// hold, and everything returns.
pub async fn serve(app: App, listener: Listener, stop: CancellationToken) {
    let workers = TaskTracker::new();
    workers.spawn(work(app.clone(), stop.clone()));
    workers.close();
    listener.serve(serve::router(&app), stop).await;
    workers.wait().await;
}

/// How long the workers rest when no commit of this process rings: what other processes
/// write, and what becomes due by time, is found then.
const REST: Duration = Duration::from_secs(1);

/// Does what is due, region by region, until nothing is; then rests.
async fn work(app: App, stop: CancellationToken) {
    let mut commits = app.committed.subscribe();
    while !stop.is_cancelled() {
        commits.mark_unchanged();
        let done = match round(&app).await {
            Ok(done) => done,
            Err(error) => {
                tracing::error!(%error, "a round of the workers failed");
                0
            }
        };
        if done == 0 {
            tokio::select! {
                () = stop.cancelled() => {}
                _ = commits.changed() => {}
                () = tokio::time::sleep(REST) => {}
            }
        }
    }
}

/// One round of every worker in every region; says how much was done.
pub async fn round(app: &App) -> Result<usize> {
    let mut done = 0;
    for region in region::all(app).await? {
        let _ = region;
        done += 0;
    }
    Ok(done)
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
