//! The demo: a data folder, the example region, a running server, and the words to try it with.

mod clock;
pub mod load;
mod past;
pub mod region;
mod welcome;
mod widen;

use std::{
    fs,
    net::SocketAddr,
    path::{Path, PathBuf},
    sync::Arc,
};

use anyhow::Context;
use chrono::{DateTime, Utc};

use self::region::{Region, Size};
use crate::{
    access::{authenticate::today, found_region::Founded},
    app::{App, Clock},
    run,
    serve::Listener,
    settings::{
        AuthSettings, DatabaseSettings, ForwardedHeader, KeySettings, LimitSettings, LogSettings,
        MailSettings, Network, OutsideSettings, Profile, RelayLimits, Security, SecuritySettings, Settings,
        SmtpSettings,
    },
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
    /// Without the year before it.
    pub without_past: bool,
    /// A database other than the embedded one.
    pub database: Option<String>,
    /// A relay that takes the mail, instead of the Maildir: `host:port`, STARTTLS.
    pub smtp: Option<String>,
    /// The authority to trust for the relay's certificate, PEM.
    pub smtp_ca: Option<PathBuf>,
    /// What is logged, for example `schakel_server=debug,warn`.
    pub log: String,
}

/// Shows that a folder is a demo's own, so that `--fresh` removes nothing else.
const MARK: &str = "demo";
/// What ctl reads: address, tokens and names.
const PROFILE: &str = "profile.toml";
/// The seed of the example region.
const SEED: u64 = 9901;

impl Demo {
    /// Runs until Ctrl-C.
    pub async fn run(self) -> anyhow::Result<()> {
        telemetry::start(&LogSettings { filter: self.log.clone(), json: false });
        self.prepare()?;
        let _lock = run::lock(&self.data_dir)?;
        let clock = Arc::new(ShiftedClock::kept_in(self.data_dir.join("clock")));
        if let Some(now) = self.now {
            clock.set(now);
        }
        let listener = Listener::bind(self.listen, None, clock.now()).await?;
        let app = self.app(clock, listener.address()?).await?;
        let signalled = run::signalled();
        tokio::pin!(signalled);
        // The past is over before anybody is served and any mail goes.
        let begun = tokio::select! {
            begun = self.begin(&app) => begun?,
            () = signalled.as_mut() => return Ok(()),
        };
        let served = tokio::spawn(run::serve(app.clone(), vec![listener]));
        let started = tokio::select! {
            started = self.welcome(&app, begun) => {
                if started.is_ok() {
                    signalled.as_mut().await;
                }
                started
            }
            () = signalled.as_mut() => Ok(()),
        };
        run::stop(&app, served).await?;
        started
    }

    /// At the first start founds the region and lives the year before it.
    async fn begin(&self, app: &App) -> anyhow::Result<Option<(Region, Founded)>> {
        if self.data_dir.join(PROFILE).exists() {
            return Ok(None);
        }
        let size = if self.small { Size::Small } else { Size::Full };
        let region = Region::generate(size, SEED, today(app.now()));
        let example = self.data_dir.join("example");
        fs::create_dir_all(&example)?;
        for (file, bytes) in region.files() {
            fs::write(example.join(file), bytes)?;
        }
        let past = if self.without_past { Vec::new() } else { region.past(SEED) };
        let founded = past::live(app, &region, &past).await.context("the year before")?;
        Ok(Some((region, founded)))
    }

    /// Loads how things stand at the first start, and tells how to try it.
    async fn welcome(&self, app: &App, begun: Option<(Region, Founded)>) -> anyhow::Result<()> {
        let profile = self.data_dir.join(PROFILE);
        if let Some((region, founded)) = begun {
            let written = welcome::first_start(app, &region, &founded).await?;
            // Written last: without it a start that was cut off begins anew.
            write_private(&profile, &toml::to_string(&written)?)?;
        }
        let written = fs::read_to_string(&profile)?;
        let known = toml::from_str::<welcome::Profile>(&written).context("the demo's profile.toml")?;
        known.print(app, &self.data_dir);
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
        let half = used && !self.data_dir.join(PROFILE).exists();
        if (self.fresh && used) || half {
            let _lock = run::lock(&self.data_dir)?;
            fs::remove_dir_all(&self.data_dir).context("removing the old demo")?;
        }
        fs::create_dir_all(&self.data_dir)?;
        fs::write(mark, "A demo's data folder. `--fresh` removes it.\n")?;
        Ok(())
    }

    async fn app(&self, clock: Arc<ShiftedClock>, address: SocketAddr) -> anyhow::Result<App> {
        let ids = Arc::new(SystemIds::default());
        let file = self.data_dir.join("keys.toml");
        if !file.exists() {
            KeyRing::create(&file, ids.as_ref())?;
        }
        let embedded = || format!("sqlite:{}", self.data_dir.join("schakel.db").display());
        let settings = Settings {
            profile: Profile::Development,
            listen: address,
            public_url: format!("http://{address}"),
            database: DatabaseSettings {
                url: self.database.clone().unwrap_or_else(embedded),
                migration_wait_seconds: 60,
            },
            keys: KeySettings { file, erasure_journal: None },
            mail: self.mail()?,
            tls: None,
            auth: AuthSettings { issuer: Vec::new(), builtin_issuer: address.ip().is_loopback() },
            mtls: None,
            log: LogSettings::default(),
            limits: LimitSettings::generous(),
            trusted_proxies: Vec::new(),
            forwarded_header: ForwardedHeader::default(),
            reflection: None,
            security: SecuritySettings::default(),
            outside: OutsideSettings {
                // A system on the machine that tries the demo can be told of changes. Where others reach
                // the demo, its machine is not theirs to call.
                network: if address.ip().is_loopback() { Network::Demo } else { Network::Public },
                ..OutsideSettings::default()
            },
        };
        run::assemble(settings, clock, ids).await
    }
}

impl Demo {
    fn mail(&self) -> anyhow::Result<MailSettings> {
        let smtp = match &self.smtp {
            None => None,
            Some(relay) => {
                let (host, port) = relay.rsplit_once(':').context("--smtp is host:port")?;
                Some(SmtpSettings {
                    host: host.to_owned(),
                    port: Some(port.parse().context("--smtp is host:port")?),
                    security: Security::Starttls,
                    username: None,
                    password_file: None,
                    ca_file: self.smtp_ca.clone(),
                    limits: RelayLimits::default(),
                })
            }
        };
        Ok(MailSettings {
            sender: "overleg@maasduin.example".parse().map_err(anyhow::Error::msg)?,
            update_delay_seconds: 60,
            telephone: Some("077 000 00 00".into()),
            maildir: smtp.is_none().then(|| self.data_dir.join("mail")),
            smtp,
            dkim: None,
            inbox: None,
        })
    }
}

/// Only its owner reads it; it is there whole or not at all.
fn write_private(path: &Path, text: &str) -> std::io::Result<()> {
    let half = path.with_extension("half");
    let mut options = fs::OpenOptions::new();
    options.write(true).create(true).truncate(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let mut file = options.open(&half)?;
    std::io::Write::write_all(&mut file, text.as_bytes())?;
    file.sync_all()?;
    fs::rename(half, path)
}
