//! What an operator does at the machine itself: found a region, issue tokens, bind logins, turn keys, save and restore.

pub mod backup;
pub mod keys;

pub mod audit;

use std::{path::Path, sync::Arc};

use anyhow::Context;
use chrono::TimeDelta;
use http::{Request, Uri, header};
use http_body_util::{BodyExt, Full, Limited};
use hyper::body::Bytes;
use hyper_util::rt::TokioIo;
use schakel_domain::{
    access::Role,
    ids::{RegionId, SystemClientId},
    invitation::forbidden_word,
    refusal::{Language, Refusal},
    text::Name,
};
use strum::IntoEnumIterator;
use tonic::Code;

use crate::{
    access::{
        Grant, Worker,
        found_region::{Founding, found_region},
        issue_token::issue_token,
        login::{self, Who},
        professional, region,
        system_token::{self, Opening},
    },
    app::App,
    error::Error,
    monitor,
    privacy::statement,
    run,
    settings::{BadSettings, Settings},
    store::{
        connect::OpenError,
        keys::{KeyFileError, KeyRing},
    },
    world::{SystemClock, SystemIds},
};

/// BSD sysexits: the settings or the keys are wrong.
pub const CONFIG: u8 = 78;
/// BSD sysexits: not now; a newer program, or another one at work.
const NOT_NOW: u8 = 75;
/// BSD sysexits: the system refuses, for example the port.
const SYSTEM: u8 = 71;
/// What was asked for is refused as things stand.
const REFUSED: u8 = 3;

/// A command refused as things stand, with its reason.
#[derive(Debug, thiserror::Error)]
#[error("{reason}: {told}")]
struct Refused {
    reason: String,
    told: String,
}

fn no(reason: impl Into<String>, told: impl Into<String>) -> anyhow::Error {
    Refused { reason: reason.into(), told: told.into() }.into()
}

/// The exit code by which a script tells why a command failed.
pub fn exit_code(error: &anyhow::Error) -> u8 {
    if let Some(error) = error.downcast_ref::<OpenError>() {
        return match error {
            OpenError::Keys(_) => CONFIG,
            OpenError::TooNew(_) | OpenError::Locked(_) | OpenError::TooOld => NOT_NOW,
            OpenError::Database(_) => SYSTEM,
        };
    }
    if error.is::<Refused>() {
        return REFUSED;
    }
    if error.is::<BadSettings>() {
        return CONFIG;
    }
    match error.downcast_ref::<KeyFileError>() {
        Some(KeyFileError::Exists(_) | KeyFileError::Key(_) | KeyFileError::InUse { .. }) => REFUSED,
        Some(
            KeyFileError::Missing { .. }
            | KeyFileError::Exposed(_)
            | KeyFileError::Malformed(_)
            | KeyFileError::Active
            | KeyFileError::Mismatch(_),
        ) => CONFIG,
        None => SYSTEM,
    }
}

/// Opens what the settings name beside a server that may be running.
async fn beside(config: &Path) -> anyhow::Result<App> {
    run::attach(Settings::load(config)?, Arc::new(SystemClock), Arc::new(SystemIds::default())).await
}

/// Opens what the settings name, for one command. SQLite is served by one process, so a
/// running server must be stopped first.
async fn open(config: &Path) -> anyhow::Result<(App, Option<std::fs::File>)> {
    let settings = Settings::load(config)?;
    let lock = run::lock_database(&settings)?;
    let app = run::assemble(settings, Arc::new(SystemClock), Arc::new(SystemIds::default())).await?;
    Ok((app, lock))
}

/// What a verb answered: a rule that says no, or a failure, of which the operator sees the cause.
fn refused(error: &Error) -> anyhow::Error {
    let (reason, told) = (error.reason(), error.text(Language::English));
    let failed = matches!(error.code(), Code::Internal | Code::DataLoss | Code::Unavailable);
    match std::error::Error::source(error) {
        Some(source) => anyhow::anyhow!("{reason}: {told} {source}"),
        None if failed => anyhow::anyhow!("{reason}: {told}"),
        None => no(reason, told),
    }
}

/// Founds a region and prints its administrator's token.
#[expect(clippy::print_stdout, reason = "the command's answer")]
pub async fn found(config: &Path, founding: Founding) -> anyhow::Result<()> {
    if let Some(word) = forbidden_word(founding.sender_name.as_str()) {
        anyhow::bail!(
            "--sender-name holds {word:?}, which tells what a mail is about: choose a neutral name"
        );
    }
    let (app, _lock) = open(config).await?;
    let founded = found_region(&app, &founding)
        .await
        .map_err(|error| refused(&error).context(format!("region {}", founding.swv_code)))?;
    println!("{}", founded.secret);
    Ok(())
}

/// Issues a token to the person with this code, and prints it.
#[expect(clippy::print_stdout, reason = "the command's answer")]
pub async fn token(config: &Path, swv_code: &str, person_code: &str, days: u16) -> anyhow::Result<()> {
    let (app, _lock) = open(config).await?;
    let secret = issue(&app, swv_code, person_code, TimeDelta::days(days.into())).await?;
    println!("{secret}");
    Ok(())
}

async fn region_of(app: &App, swv_code: &str) -> anyhow::Result<RegionId> {
    let found = region::of_swv(app, swv_code).await.map_err(|error| refused(&error))?;
    found.ok_or_else(|| {
        no("REGION_NOT_FOUND", format!("no region {swv_code}: `schakel region found` makes one"))
    })
}

/// Works out every case of a region anew, and says whether the monitor tells the same today. What it tells
/// of days past, this process would work out from the logs itself.
#[expect(clippy::print_stdout, reason = "the command's answer")]
pub async fn check_monitor(config: &Path, swv_code: &str) -> anyhow::Result<()> {
    let app = beside(config).await?;
    let region = region_of(&app, swv_code).await?;
    let checked = monitor::worker::check(&app, region, None).await.map_err(|error| refused(&error))?;
    if checked.differing.is_empty() {
        println!("{} cases, each as its log comes to", checked.cases);
        return Ok(());
    }
    let differing: Vec<String> = checked.differing.iter().map(ToString::to_string).collect();
    Err(no("MONITOR_DIFFERS", differing.join(" ")))
}

/// Issues a token to a system, which opens all of its scopes, and prints it.
#[expect(clippy::print_stdout, reason = "the command's answer")]
pub async fn system_token(
    config: &Path,
    swv_code: &str,
    system: SystemClientId,
    days: u16,
) -> anyhow::Result<()> {
    let (app, _lock) = open(config).await?;
    let region = region_of(&app, swv_code).await?;
    let name: Name = "operator".parse().map_err(anyhow::Error::msg)?;
    let name = &name;
    let lasts = TimeDelta::days(days.into());
    let issued = app
        .write(&Grant::worker(Worker::Setup, region), None, |tx| async move {
            system_token::issue(&tx, system, name, lasts, Opening::Scopes).await
        })
        .await;
    let issued = issued.map_err(|error| refused(&error).context(format!("{system} in {swv_code}")))?;
    println!("{}", issued.1);
    Ok(())
}

/// A sign-in to be bound.
#[derive(Debug, Clone)]
pub struct Login {
    /// The identity provider, as in the settings.
    pub issuer: String,
    /// Its word for the person.
    pub subject: String,
    /// The person's code in the region's own files.
    pub person: String,
}

/// Says that a subject of an identity provider is the person with this code.
///
/// # Errors
/// `PERSON_NOT_FOUND`; `ALREADY_EXISTS` when it is, or was, somebody else.
#[expect(clippy::print_stdout, reason = "the command's answer")]
pub async fn bind_login(config: &Path, swv_code: &str, wish: &Login) -> anyhow::Result<()> {
    let (app, _lock) = open(config).await?;
    anyhow::ensure!(app.issuers.knows(&wish.issuer), "{} is no auth.issuer of the settings", wish.issuer);
    let region = region_of(&app, swv_code).await?;
    let bound = app
        .write(&Grant::worker(Worker::Setup, region), None, |tx| async move {
            let person = professional::by_code(&tx, &wish.person).await?;
            login::bind(&tx, &wish.issuer, &wish.subject, Who::Person(person)).await
        })
        .await;
    let Login { issuer, subject, person } = wish;
    match bound {
        Ok(_) => {
            println!("{subject} at {issuer} signs in as {person} of {swv_code}.");
            Ok(())
        }
        Err(Error::Refused(Refusal::AlreadyExists, _)) => Err(no(
            "ALREADY_EXISTS",
            format!(
                "{subject} at {issuer} is, or was before it was removed, the login of another than {person}"
            ),
        )),
        Err(error) => Err(refused(&error).context(format!("{person} in {swv_code}"))),
    }
}

/// Asks a running development server for a token of somebody, and prints it. `form` says who.
#[expect(clippy::print_stdout, reason = "the command's answer")]
pub async fn development_token(server: &Uri, form: String) -> anyhow::Result<()> {
    let authority = server.authority().context("--server is like http://127.0.0.1:8480")?.as_str();
    let stream = tokio::net::TcpStream::connect(authority).await;
    let stream = stream.with_context(|| {
        format!(
            "no server answers at {server}; a demo says its address when it starts: give that as --server"
        )
    })?;
    let (mut sender, connection) = hyper::client::conn::http1::handshake(TokioIo::new(stream)).await?;
    let conversation = tokio::spawn(connection);
    let request = Request::post("/dev/token")
        .header(header::HOST, authority)
        .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded")
        .body(Full::new(Bytes::from(form)))?;
    let response = sender.send_request(request).await?;
    let status = response.status();
    let body = Limited::new(response.into_body(), 64 << 10).collect().await.map_err(anyhow::Error::msg)?;
    conversation.abort();
    let body: serde_json::Value = serde_json::from_slice(&body.to_bytes()).unwrap_or_default();
    let token = body["access_token"].as_str();
    println!("{}", token.with_context(|| format!("{status}: nobody such, or no development server"))?);
    Ok(())
}

/// A role as people type it: in any case, with or without hyphens.
///
/// # Errors
/// The roles that there are.
pub fn role(text: &str) -> Result<Role, String> {
    text.replace('-', "_").to_uppercase().parse().map_err(|_| {
        let all: Vec<String> = Role::iter().map(|role| role.to_string()).collect();
        format!("choose one of {}", all.join(", "))
    })
}

/// A new token of the person with this code.
pub async fn issue(app: &App, swv_code: &str, person_code: &str, lasts: TimeDelta) -> anyhow::Result<String> {
    let region = region_of(app, swv_code).await?;
    let name: Name = "operator".parse().map_err(anyhow::Error::msg)?;
    let name = &name;
    let issued = app
        .write(&Grant::worker(Worker::Setup, region), None, |tx| async move {
            let person = professional::by_code(&tx, person_code).await?;
            Ok(issue_token(&tx, person, name, lasts).await?.1)
        })
        .await;
    issued.map_err(|error| refused(&error).context(format!("{person_code} in {swv_code}")))
}

/// Prints what a statement of destruction says, when it was signed with the settings' key file
/// and not altered since; says whether it was.
#[expect(clippy::print_stdout, reason = "the command's answer")]
pub fn verify_statement(config: &Path, file: &Path) -> anyhow::Result<bool> {
    let settings = Settings::load(config)?;
    let keys = KeyRing::open(&settings.keys.file)?;
    let text = std::fs::read_to_string(file).with_context(|| file.display().to_string())?;
    let statement = statement::verify(&keys, &text);
    if let Some(statement) = &statement {
        println!("{}", statement.text());
    }
    Ok(statement.is_some())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_role_is_typed_in_any_case_and_a_wrong_one_is_told_the_right_ones() {
        for text in ["WIJKTEAM_COORDINATOR", "wijkteam-coordinator"] {
            assert_eq!(role(text), Ok(Role::WijkteamCoordinator));
        }
        assert!(role("BLA").unwrap_err().contains("IBER, "));
    }

    #[tokio::test]
    async fn where_no_server_answers_it_is_said_where_was_asked_and_how_to_ask_elsewhere() {
        // Nobody listens on the first port.
        let server = "http://127.0.0.1:1".parse().unwrap();
        let told = format!("{:#}", development_token(&server, "role=IBER".to_owned()).await.unwrap_err());
        assert!(told.contains("http://127.0.0.1:1/") && told.contains("--server"), "{told}");
    }
}
