//! Saving the database and bringing it back: erased people stay erased, and nothing is mailed twice.

use std::{
    fs,
    path::{Path, PathBuf},
    sync::Arc,
};

use anyhow::Context;

use super::{beside, no};
use crate::{
    app::{App, Clock},
    run,
    settings::Settings,
    store::{
        Database,
        copy::{Manifest, load},
        instant,
        keys::KeyRing,
        pause::{self, Held},
    },
    world::{SystemClock, SystemIds},
};

/// Copies the database into `to`, which is made; a server may be running on it.
///
/// # Errors
/// `TARGET_NOT_EMPTY` when something is there.
#[expect(clippy::print_stdout, reason = "the command's answer")]
pub async fn backup(config: &Path, to: &Path) -> anyhow::Result<()> {
    let app = beside(config).await?;
    if to.read_dir().is_ok_and(|mut entries| entries.next().is_some()) {
        return Err(no("TARGET_NOT_EMPTY", format!("{} holds something: name a new folder", to.display())));
    }
    fs::create_dir_all(to).with_context(|| to.display().to_string())?;
    #[cfg(unix)]
    fs::set_permissions(to, std::os::unix::fs::PermissionsExt::from_mode(0o700))?;
    let manifest = app.copy_to(to).await?;
    let keys = manifest.keys.keys().cloned().collect::<Vec<_>>().join(", ");
    let opens = if keys.is_empty() {
        "Nothing in it is sealed yet".to_owned()
    } else {
        format!("It opens with {keys} only")
    };
    println!(
        "{} as of {}. {opens}. Not in it: {} and {}.",
        to.join(&manifest.file).display(),
        manifest.made_at,
        app.settings.keys.file.display(),
        app.settings.keys.journal().display()
    );
    app.database.close().await
}

/// Brings the copy in `from` into the empty database that the settings name. Whoever was erased
/// since is erased again; what waited to be mailed is held, and all mail waits for `release`.
///
/// # Errors
/// `TARGET_NOT_EMPTY`, `BACKUP_DAMAGED`, `KEYRING_MISMATCH`: nothing is written then.
#[expect(clippy::print_stdout, reason = "the command's answer")]
pub async fn restore(config: &Path, from: &Path) -> anyhow::Result<()> {
    let settings = Settings::load(config)?;
    let _lock = run::lock_database(&settings)?;
    let (manifest, copy) =
        Manifest::read(from).map_err(|damaged| no("BACKUP_DAMAGED", format!("{damaged:#}")))?;
    manifest.fits(&KeyRing::open(&settings.keys.file)?)?;
    let url = settings.database.url.clone();
    if !Database::is_empty(&url).await? {
        return Err(no("TARGET_NOT_EMPTY", "the database that the settings name holds something"));
    }
    let sqlite = url.strip_prefix("sqlite:").map(|path| PathBuf::from(path.trim_start_matches("//")));
    if sqlite.is_some() != (manifest.database == "sqlite") {
        return Err(no("BACKUP_OTHER_DATABASE", format!("the backup is one of {}", manifest.database)));
    }
    let erased = if let Some(target) = sqlite {
        Box::pin(into_file(settings, &copy, &target)).await?
    } else {
        let now = instant::to_column(SystemClock.now());
        tokio::task::spawn_blocking(move || load(&url, &copy, &pause::begin(now))).await??;
        let (app, erased) = Box::pin(wake(settings)).await?;
        app.database.close().await?;
        erased
    };
    println!(
        "Restored as of {}. {erased} people who were erased since are erased again. \
         Nothing is mailed until `schakel release`.",
        manifest.made_at
    );
    Ok(())
}

/// Everything is done to a file beside the target, which takes its place at one stroke: a server
/// that starts too early finds no database, and never one that mails.
async fn into_file(mut settings: Settings, copy: &Path, target: &Path) -> anyhow::Result<usize> {
    let beside = target.with_extension("restoring");
    for end in ["", "-wal", "-shm"] {
        let mut left = beside.clone().into_os_string();
        left.push(end);
        if let Err(error) = fs::remove_file(&left)
            && error.kind() != std::io::ErrorKind::NotFound
        {
            return Err(error.into());
        }
    }
    fs::copy(copy, &beside)?;
    settings.database.url = format!("sqlite:{}", beside.display());
    let (app, erased) = wake(settings).await?;
    app.begin_pause().await?;
    app.database.close().await?;
    fs::File::open(&beside)?.sync_all()?;
    fs::rename(&beside, target)?;
    let folder = target.parent().filter(|folder| !folder.as_os_str().is_empty());
    fs::File::open(folder.unwrap_or(Path::new(".")))?.sync_all()?;
    Ok(erased)
}

/// Opens the copy as a start does, which erases again; notes the restore. Says how many it erased.
async fn wake(settings: Settings) -> anyhow::Result<(App, usize)> {
    let journal = settings.keys.journal();
    let (app, erased) = run::revive(settings, Arc::new(SystemClock), Arc::new(SystemIds::default()))
        .await
        .with_context(|| format!("with the journal of erasures {}", journal.display()))?;
    app.note_to_all("restore").await?;
    Ok((app, erased.len()))
}

/// Ends the pause after a restore. What was held is given up, or sent after all.
///
/// # Errors
/// `NOT_HELD` when there is no pause.
#[expect(clippy::print_stdout, reason = "the command's answer")]
pub async fn release(config: &Path, send: bool) -> anyhow::Result<()> {
    let app = beside(config).await?;
    let held = if send { Held::Sent } else { Held::Dropped };
    let Some(rows) = app.release(held).await? else {
        return Err(no("NOT_HELD", "mail is not held: there is nothing to release"));
    };
    let what = if send { "will be sent now" } else { "are given up as RESTORED" };
    println!(
        "Mail goes out again. {rows} messages and changes that waited at the time of the backup {what}."
    );
    app.database.close().await
}
