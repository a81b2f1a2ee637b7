//! The program: `serve` and `demo`, `ctl`, and what an operator does at the machine.

use std::{io::Write, net::SocketAddr, path::PathBuf, process::ExitCode, sync::Arc};

use chrono::{DateTime, Utc};
use clap::{CommandFactory, Parser, Subcommand};
use schakel_domain::{
    access::Role,
    dutch::codes::SwvCode,
    ids::SystemClientId,
    refusal::{Language, Refusal},
    text::{EmailAddress, Name},
};
use schakel_server::{
    access::{found_region::Founding, mtls::Mutual},
    app::Clock,
    demo::Demo,
    operate::{self, CONFIG, audit::AuditCommand},
    run,
    serve::Listener,
    settings::Settings,
    store::keys::KeyRing,
    telemetry,
    world::{SystemClock, SystemIds},
};

/// The audit log, or a statement, is not as it was written.
const TAMPERED: u8 = 3;

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
        /// Without the year before it: a region whose cases begin today.
        #[arg(long)]
        without_past: bool,
        /// A PostgreSQL database instead of the embedded one: `postgres://user@host/database`.
        #[arg(long)]
        database: Option<String>,
        /// A relay that takes the mail over STARTTLS, instead of the Maildir: host:port.
        #[arg(long)]
        smtp: Option<String>,
        /// The authority to trust for the relay's certificate, PEM.
        #[arg(long)]
        smtp_ca: Option<PathBuf>,
        /// What is logged, for example `schakel_server=debug,warn`.
        #[arg(long, default_value = "warn")]
        log: String,
    },
    /// Talk to a running server.
    Ctl(Box<schakel_cli::Arguments>),
    /// Print the script by which a shell completes these commands, `schakel ctl` among them.
    Completion {
        /// Which shell.
        shell: schakel_cli::Shell,
    },
    /// Found a region: one samenwerkingsverband's working area.
    Region {
        #[command(subcommand)]
        command: RegionCommand,
    },
    /// Issue a token to a person or a system, at the machine itself.
    Token {
        #[command(subcommand)]
        command: TokenCommand,
    },
    /// Check, export and ask the audit log, at the machine itself; the server may run meanwhile.
    Audit {
        #[command(subcommand)]
        command: AuditCommand,
    },
    /// Say who signs in at an identity provider, at the machine itself.
    Login {
        #[command(subcommand)]
        command: LoginCommand,
    },
    /// Copy the database into a new folder, while it is served or not.
    Backup {
        /// The settings.
        #[arg(long, default_value = "schakel.toml")]
        config: PathBuf,
        /// The folder.
        #[arg(long)]
        to: PathBuf,
    },
    /// Bring a copy into an empty database; no mail goes out until `release`.
    Restore {
        /// The settings.
        #[arg(long, default_value = "schakel.toml")]
        config: PathBuf,
        /// The folder of the copy.
        #[arg(long)]
        from: PathBuf,
    },
    /// Let mail go out again after a restore; what waited in the copy is given up.
    Release {
        /// The settings.
        #[arg(long, default_value = "schakel.toml")]
        config: PathBuf,
        /// Send what waited in the copy after all; some of it may be told twice.
        #[arg(long)]
        send: bool,
    },
    /// Rights of the people concerned, at the machine itself.
    Privacy {
        #[command(subcommand)]
        command: PrivacyCommand,
    },
    /// Keys that seal personal fields.
    Keys {
        #[command(subcommand)]
        command: Keys,
    },
    /// The monitor's figures, at the machine itself; the server may run meanwhile.
    Monitor {
        #[command(subcommand)]
        command: MonitorCommand,
    },
}

#[derive(Subcommand)]
enum MonitorCommand {
    /// Work out every case of a region anew from its log, and say whether the monitor tells the same
    /// today; exits 3 when it does not. Of days past nothing is kept that could differ.
    Check {
        /// The settings.
        #[arg(long, default_value = "schakel.toml")]
        config: PathBuf,
        /// The region, by the code of its samenwerkingsverband.
        #[arg(long)]
        swv: String,
    },
}

#[derive(Subcommand)]
enum PrivacyCommand {
    /// Check a statement of destruction: prints it, or exits 3 when it was not signed with the
    /// settings' key file or was altered since. Needs no database.
    VerifyStatement {
        /// The settings.
        #[arg(long, default_value = "schakel.toml")]
        config: PathBuf,
        /// The statement.
        file: PathBuf,
    },
}

#[derive(Subcommand)]
enum Keys {
    /// Make a new key file. Keep a copy apart from the database: without it nothing opens.
    New {
        /// Where to.
        file: PathBuf,
    },
    /// Add a key and make it the active one; the old one still opens. Then send SIGHUP.
    Add {
        /// The settings.
        #[arg(long, default_value = "schakel.toml")]
        config: PathBuf,
    },
    /// List the keys, and how many rows each opens.
    List {
        /// The settings.
        #[arg(long, default_value = "schakel.toml")]
        config: PathBuf,
    },
    /// Take an old key out of use for good, once it opens no row.
    Retire {
        /// The settings.
        #[arg(long, default_value = "schakel.toml")]
        config: PathBuf,
        /// Which, for example k1.
        id: String,
    },
    /// Open every sealed value of every table, and say whether all did.
    Check {
        /// The settings.
        #[arg(long, default_value = "schakel.toml")]
        config: PathBuf,
    },
}

#[derive(Subcommand)]
enum RegionCommand {
    /// Founds it, and prints the first administrator's token.
    Found {
        /// The settings.
        #[arg(long, default_value = "schakel.toml")]
        config: PathBuf,
        /// The code of the samenwerkingsverband, for example PO9901.
        #[arg(long, value_parser = swv_code)]
        swv: SwvCode,
        /// Its name.
        #[arg(long, value_parser = name)]
        name: Name,
        /// Under which name mail is sent; neutral, it stands in every inbox.
        #[arg(long, default_value = "Overleg", value_parser = name)]
        sender_name: Name,
        /// The administrator's code in the region's own files.
        #[arg(long, value_parser = name)]
        admin_code: Name,
        /// The administrator's name.
        #[arg(long, value_parser = name)]
        admin_name: Name,
        /// The administrator's work address.
        #[arg(long, value_parser = email)]
        admin_email: EmailAddress,
    },
}

#[derive(Subcommand)]
enum TokenCommand {
    /// Issues it and prints it, once. A server on SQLite must be stopped meanwhile.
    New {
        /// The settings.
        #[arg(long, default_value = "schakel.toml")]
        config: PathBuf,
        /// The region, by the code of its samenwerkingsverband.
        #[arg(long)]
        swv: String,
        /// The person's code in the region's own files.
        #[arg(long)]
        person: String,
        /// Days that it works.
        #[arg(long, default_value_t = 90, value_parser = clap::value_parser!(u16).range(1..=366))]
        days: u16,
    },
    /// Issues one that opens all scopes of a system, and prints it, once.
    System {
        /// The settings.
        #[arg(long, default_value = "schakel.toml")]
        config: PathBuf,
        /// The region, by the code of its samenwerkingsverband.
        #[arg(long)]
        swv: String,
        /// The system: `systemClients/{uuid}`.
        #[arg(long)]
        system: SystemClientId,
        /// Days that it works.
        #[arg(long, default_value_t = 90, value_parser = clap::value_parser!(u16).range(1..=366))]
        days: u16,
    },
    /// Asks a running demo or development server for a token of somebody (a JWT, for an hour).
    Dev {
        /// The server.
        #[arg(long, default_value = "http://127.0.0.1:8480")]
        server: http::Uri,
        /// The person's code in the region's own files.
        #[arg(long, required_unless_present = "role", conflicts_with = "role")]
        person: Option<String>,
        /// The first person with this role, for example IBER.
        #[arg(long, value_parser = operate::role)]
        role: Option<Role>,
    },
}

#[derive(Subcommand)]
enum LoginCommand {
    /// Binds it. A server on SQLite must be stopped meanwhile.
    Bind {
        /// The settings.
        #[arg(long, default_value = "schakel.toml")]
        config: PathBuf,
        /// The region, by the code of its samenwerkingsverband.
        #[arg(long)]
        swv: String,
        /// The person's code in the region's own files.
        #[arg(long)]
        person: String,
        /// The identity provider, as in the settings.
        #[arg(long)]
        issuer: String,
        /// Its word for the person (`sub`).
        #[arg(long)]
        subject: String,
    },
}

fn name(text: &str) -> Result<Name, String> {
    text.parse().map_err(told)
}

fn swv_code(text: &str) -> Result<SwvCode, String> {
    text.parse().map_err(told)
}

fn email(text: &str) -> Result<EmailAddress, String> {
    text.parse().map_err(told)
}

fn told(refusal: Refusal) -> String {
    refusal.text(Language::English).to_owned()
}

#[tokio::main]
async fn main() -> ExitCode {
    match schakel_cli::typed::<Arguments>().command {
        Command::Serve { config } => serve(&config).await,
        Command::Demo { data_dir, listen, fresh, now, small, without_past, database, smtp, smtp_ca, log } => {
            let demo =
                Demo { data_dir, listen, fresh, now, small, without_past, database, smtp, smtp_ca, log };
            tell(demo.run().await)
        }
        Command::Ctl(arguments) => schakel_cli::run(*arguments).await,
        Command::Completion { shell } => {
            complete(shell);
            ExitCode::SUCCESS
        }
        Command::Region { command } => tell(region(command).await),
        Command::Token { command } => tell(token(command).await),
        Command::Login { command: LoginCommand::Bind { config, swv, person, issuer, subject } } => {
            let login = operate::Login { issuer, subject, person };
            tell(operate::bind_login(&config, &swv, &login).await)
        }
        Command::Audit { command } => match command.run().await {
            Ok(true) => ExitCode::SUCCESS,
            Ok(false) => ExitCode::from(TAMPERED),
            Err(error) => tell(Err(error)),
        },
        Command::Backup { config, to } => tell(operate::backup::backup(&config, &to).await),
        Command::Restore { config, from } => tell(operate::backup::restore(&config, &from).await),
        Command::Release { config, send } => tell(operate::backup::release(&config, send).await),
        Command::Privacy { command: PrivacyCommand::VerifyStatement { config, file } } => {
            match operate::verify_statement(&config, &file) {
                Ok(true) => ExitCode::SUCCESS,
                Ok(false) => {
                    eprintln!("schakel: {}: not signed with this key file, or altered since", file.display());
                    ExitCode::from(TAMPERED)
                }
                Err(error) => tell(Err(error)),
            }
        }
        Command::Keys { command } => tell(keys(command).await),
        Command::Monitor { command: MonitorCommand::Check { config, swv } } => {
            tell(operate::check_monitor(&config, &swv).await)
        }
    }
}

/// Prints it. A reader that has gone away is no fault.
fn complete(shell: schakel_cli::Shell) {
    let script = schakel_cli::complete(Arguments::command(), shell);
    let _ = writeln!(std::io::stdout().lock(), "{script}");
}

async fn token(command: TokenCommand) -> anyhow::Result<()> {
    match command {
        TokenCommand::New { config, swv, person, days } => operate::token(&config, &swv, &person, days).await,
        TokenCommand::System { config, swv, system, days } => {
            operate::system_token(&config, &swv, system, days).await
        }
        TokenCommand::Dev { server, person, role } => {
            let form = match (person, role) {
                (Some(person), _) => format!("person={person}"),
                (None, Some(role)) => format!("role={role}"),
                (None, None) => anyhow::bail!("--person or --role"),
            };
            operate::development_token(&server, form).await
        }
    }
}

async fn region(command: RegionCommand) -> anyhow::Result<()> {
    let RegionCommand::Found { config, swv, name, sender_name, admin_code, admin_name, admin_email } =
        command;
    let founding = Founding {
        swv_code: swv.to_string(),
        display_name: name,
        sender_name,
        administrator: (admin_code, admin_name, admin_email),
    };
    operate::found(&config, founding).await
}

async fn keys(command: Keys) -> anyhow::Result<()> {
    match command {
        Keys::New { file } => Ok(KeyRing::create(&file, &SystemIds::default())?),
        Keys::Add { config } => operate::keys::add(&config),
        Keys::List { config } => operate::keys::list(&config).await,
        Keys::Check { config } => operate::keys::check(&config).await,
        Keys::Retire { config, id } => operate::keys::retire(&config, &id).await,
    }
}

fn tell(done: anyhow::Result<()>) -> ExitCode {
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("schakel: {error:#}");
            ExitCode::from(operate::exit_code(&error))
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
    let _lock = run::lock_database(&settings)?;
    let mut listeners = vec![Listener::bind(settings.listen, settings.tls.as_ref(), clock.now()).await?];
    if let Some(mtls) = &settings.mtls {
        let mutual = Mutual::open(mtls.clone(), clock.clone())?;
        listeners.push(Listener::bind_mutual(mtls.listen, mutual).await?);
    }
    let app = run::assemble(settings, clock, Arc::new(SystemIds::default())).await?;
    for listener in &listeners {
        tracing::info!(address = %listener.address()?, "listening");
    }
    let served = tokio::spawn(run::serve(app.clone(), listeners));
    run::signalled().await;
    run::stop(&app, served).await
}
