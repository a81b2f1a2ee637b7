//! The demo: a data folder, the example region, a running server, and the words to try it with.

mod load;
pub mod region;

use std::{
    fs,
    net::SocketAddr,
    path::{Path, PathBuf},
    sync::Arc,
};

use anyhow::Context;
use chrono::{DateTime, TimeDelta, Utc};
use tokio_util::sync::CancellationToken;

use crate::{
    app::{App, Clock},
    run,
    serve::Listener,
    settings::{DatabaseSettings, KeySettings, LogSettings, MailSettings, Settings},
    store::keys::KeyRing,
    telemetry,
    world::{ShiftedClock, SystemIds},
};

/// How the demo is to be started.
#[derive(Debug, Clone)]
pub struct Demo {
    /// Where everything is kept.
    pub data_dir: PathBuf,
    /// Where to listen.
    pub listen: SocketAddr,
    /// Start from nothing.
    pub fresh: bool,
    /// What time it is when it starts.
    pub now: Option<DateTime<Utc>>,
    /// The eight schools of the tests instead of all 114.
    pub small: bool,
}

/// Shows that a folder is a demo's own, so that `--fresh` removes nothing else.
const MARK: &str = "demo";
const CLOCK: &str = "clock";
/// What ctl reads: address and tokens.
pub const PROFILE: &str = "profile.toml";

impl Demo {
    /// Runs until Ctrl-C.
    pub async fn run(self) -> anyhow::Result<()> {
        telemetry::start(&LogSettings { filter: "warn".into(), json: false });
        self.prepare()?;
        let _lock = run::lock(&self.data_dir)?;
        let clock = Arc::new(self.clock()?);
        let listener = Listener::bind(self.listen, None, clock.now()).await?;
        let address = listener.address()?;
        let app = self.app(Arc::clone(&clock), address).await?;
        let welcome = load::first_start(&app, &self.data_dir, self.small).await?;
        welcome.print(&app, &self.data_dir);
        let stop = CancellationToken::new();
        let served = tokio::spawn(run::serve(app, listener, stop.clone()));
        run::signalled().await;
        stop.cancel();
        served.await?;
        fs::write(
            self.data_dir.join(CLOCK),
            clock.shift().num_microseconds().unwrap_or_default().to_string(),
        )?;
        Ok(())
    }

    fn prepare(&self) -> anyhow::Result<()> {
        let mark = self.data_dir.join(MARK);
        let used = self.data_dir.read_dir().is_ok_and(|mut entries| entries.next().is_some());
        anyhow::ensure!(
            !used || mark.exists(),
            "{} holds something else: choose another --data-dir",
            self.data_dir.display()
        );
        if self.fresh && used {
            let _lock = run::lock(&self.data_dir)?;
            fs::remove_dir_all(&self.data_dir).context("removing the old demo")?;
        }
        fs::create_dir_all(&self.data_dir)?;
        fs::write(mark, "A demo's data folder. `--fresh` removes it.\n")?;
        Ok(())
    }

    /// Goes on where the last run's clock stopped being moved.
    fn clock(&self) -> anyhow::Result<ShiftedClock> {
        if let Some(now) = self.now {
            return Ok(ShiftedClock::starting_at(now));
        }
        let shift = match fs::read_to_string(self.data_dir.join(CLOCK)) {
            Ok(text) => text.trim().parse().context("the clock file of the demo")?,
            Err(_) => 0,
        };
        Ok(ShiftedClock::new(TimeDelta::microseconds(shift)))
    }

    async fn app(&self, clock: Arc<ShiftedClock>, address: SocketAddr) -> anyhow::Result<App> {
        let ids = Arc::new(SystemIds::default());
        let file = self.data_dir.join("keys.toml");
        if !file.exists() {
            KeyRing::create(&file, ids.as_ref())?;
        }
        let settings = Settings {
            listen: address,
            public_url: format!("http://{address}"),
            database: DatabaseSettings {
                url: format!("sqlite:{}", self.data_dir.join("schakel.db").display()),
            },
            keys: KeySettings { file },
            mail: MailSettings {
                sender: "overleg@maasduin.example".parse().map_err(anyhow::Error::msg)?,
                update_delay_seconds: 60,
                telephone: Some("077 000 00 00".into()),
                maildir: Some(self.data_dir.join("mail")),
                smtp: None,
            },
            tls: None,
            log: LogSettings::default(),
        };
        run::assemble(settings, clock, ids).await
    }
}

/// Only its owner reads it.
fn write_private(path: &Path, text: &str) -> std::io::Result<()> {
    let mut options = fs::OpenOptions::new();
    options.write(true).create(true).truncate(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    std::io::Write::write_all(&mut options.open(path)?, text.as_bytes())
}
