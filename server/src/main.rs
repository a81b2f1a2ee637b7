//! The program: `serve`, `demo`, `ctl` and `keys`.

use std::{net::SocketAddr, path::PathBuf, process::ExitCode, sync::Arc};

use chrono::{DateTime, Utc};
use clap::{Parser, Subcommand};
use schakel_server::{
    app::Clock,
    demo::Demo,
    run,
    serve::Listener,
    settings::Settings,
    store::keys::KeyRing,
    telemetry,
    world::{SystemClock, SystemIds},
};
use tokio_util::sync::CancellationToken;

/// BSD sysexits: the settings are wrong.
const CONFIG: u8 = 78;
/// BSD sysexits: the system refuses, for example the port.
const SYSTEM: u8 = 71;

/// Links wijkteams to schools.
#[derive(Parser)]
#[command(version, about)]
struct Arguments {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Serve, as the settings say.
    Serve {
        /// The settings.
        #[arg(long, default_value = "schakel.toml")]
        config: PathBuf,
    },
    /// Serve an example region from a folder of its own.
    Demo {
        /// Where everything is kept.
        #[arg(long, default_value = "schakel-data")]
        data_dir: PathBuf,
        /// Where to listen.
        #[arg(long, default_value = "127.0.0.1:8480")]
        listen: SocketAddr,
        /// Start from nothing: removes the folder's demo first.
        #[arg(long)]
        fresh: bool,
        /// The time at which the clock starts, for example 2026-11-23T09:00:00+01:00.
        #[arg(long)]
        now: Option<DateTime<Utc>>,
        /// Eight schools instead of 114.
        #[arg(long)]
        small: bool,
    },
    /// Talk to a running server.
    Ctl(schakel_cli::Arguments),
    /// Keys that seal personal fields.
    Keys {
        #[command(subcommand)]
        command: Keys,
    },
}

#[derive(Subcommand)]
enum Keys {
    /// Make a new key file. Keep a copy apart from the database: without it nothing opens.
    New {
        /// Where to.
        file: PathBuf,
    },
}

#[tokio::main]
async fn main() -> ExitCode {
    match Arguments::parse().command {
        Command::Serve { config } => serve(&config).await,
        Command::Demo { data_dir, listen, fresh, now, small } => {
            tell(Demo { data_dir, listen, fresh, now, small }.run().await)
        }
        Command::Ctl(arguments) => schakel_cli::run(arguments).await,
        Command::Keys { command: Keys::New { file } } => {
            tell(KeyRing::create(&file, &SystemIds::default()).map_err(anyhow::Error::from))
        }
    }
}

fn tell(done: anyhow::Result<()>) -> ExitCode {
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("schakel: {error:#}");
            ExitCode::from(SYSTEM)
        }
    }
}

async fn serve(config: &std::path::Path) -> ExitCode {
    let settings = match Settings::load(config) {
        Ok(settings) => settings,
        Err(error) => {
            eprintln!("{error}");
            return ExitCode::from(CONFIG);
        }
    };
    if let Err(error) = KeyRing::open(&settings.keys.file) {
        eprintln!("{error}");
        return ExitCode::from(CONFIG);
    }
    telemetry::start(&settings.log);
    tell(serve_settings(settings).await)
}

async fn serve_settings(settings: Settings) -> anyhow::Result<()> {
    let clock = Arc::new(SystemClock);
    let _lock = match settings.database.url.strip_prefix("sqlite:").map(PathBuf::from) {
        Some(path) => Some(run::lock(path.parent().unwrap_or(&path))?),
        None => None,
    };
    let listener = Listener::bind(settings.listen, settings.tls.as_ref(), clock.now()).await?;
    let app = run::assemble(settings, clock, Arc::new(SystemIds::default())).await?;
    tracing::info!(address = %listener.address()?, "listening");
    let stop = CancellationToken::new();
    let served = tokio::spawn(run::serve(app, listener, stop.clone()));
    run::signalled().await;
    stop.cancel();
    served.await?;
    Ok(())
}
