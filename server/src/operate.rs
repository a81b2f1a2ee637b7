//! What an operator does at the machine itself: found a region, issue a person's token.

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
    privacy::statement,
    run,
    settings::Settings,
    store::keys::KeyRing,
    world::{SystemClock, SystemIds},
};

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
