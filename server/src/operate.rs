//! What an operator does at the machine itself: found a region, issue a token, turn keys, save and restore.

pub mod backup;
pub mod keys;

use std::{path::Path, sync::Arc};

use anyhow::Context;
use chrono::TimeDelta;
use schakel_domain::{invitation::forbidden_word, text::Name};

use crate::{
    access::{
        Grant, Worker,
        found_region::{Founding, found_region},
        issue_token::issue_token,
        professional, region,
    },
    app::App,
    run,
    settings::Settings,
    store::{connect::OpenError, keys::KeyFileError},
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
    reason: &'static str,
    told: String,
}

fn no(reason: &'static str, told: impl Into<String>) -> anyhow::Error {
    Refused { reason, told: told.into() }.into()
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
    match error.downcast_ref::<KeyFileError>() {
        Some(KeyFileError::Key(_) | KeyFileError::InUse { .. }) => REFUSED,
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

fn refused(error: &crate::error::Error) -> anyhow::Error {
    anyhow::anyhow!("{}: {}", error.reason(), error.text(schakel_domain::refusal::Language::English))
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
    let founded = found_region(&app, &founding).await.map_err(|error| refused(&error))?;
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

/// A new token of the person with this code.
pub async fn issue(app: &App, swv_code: &str, person_code: &str, lasts: TimeDelta) -> anyhow::Result<String> {
    let found = region::of_swv(app, swv_code).await.map_err(|error| refused(&error))?;
    let region = found.with_context(|| format!("no region {swv_code}: `schakel region found` makes one"))?;
    let name: Name = "operator".parse().map_err(anyhow::Error::msg)?;
    let name = &name;
    let issued = app
        .write(&Grant::worker(Worker::Setup, region), None, |tx| async move {
            let person = professional::by_code(&tx, person_code).await?;
            Ok(issue_token(&tx, person, name, lasts).await?.1)
        })
        .await;
    issued.map_err(|error| refused(&error))
}
