//! A server from start to stop: parts put together, workers beside the listener, an orderly end.

use std::{fs::File, path::Path, sync::Arc};

use anyhow::Context;
use tokio::{
    signal::unix::{SignalKind, signal},
    sync::watch,
};
use tokio_util::{sync::CancellationToken, task::TaskTracker};

use crate::{
    app::{App, Clock, Parts},
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

/// Serves `app` on `listener` until `stop`; then calls finish, the workers end what they
/// hold, and everything returns.
pub async fn serve(app: App, listener: Listener, stop: CancellationToken) {
    let workers = TaskTracker::new();
    workers.close();
    listener.serve(serve::router(&app), stop).await;
    workers.wait().await;
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
