//! The key file in the operator's hands: a new key, a list, an old key retired. Never a secret.

use std::path::Path;

use super::{beside, no};
use crate::{
    settings::Settings,
    store::{
        keys::{KeyFile, KeyFileError, State},
        proof::{is_taken, needed},
    },
    world::SystemIds,
};

/// Adds a key that is active from now on. A running server takes it at SIGHUP.
#[expect(clippy::print_stdout, reason = "the command's answer")]
pub fn add(config: &Path) -> anyhow::Result<()> {
    let path = Settings::load(config)?.keys.file;
    let id = KeyFile::read(&path)?.add(&SystemIds::default())?;
    println!("{id} is active. Copy {} apart from the database, then send the server SIGHUP.", path.display());
    Ok(())
}

/// Prints each key, what it is for now and how many rows it opens.
#[expect(clippy::print_stdout, reason = "the command's answer")]
pub async fn list(config: &Path) -> anyhow::Result<()> {
    let app = beside(config).await?;
    let needed = needed(app.database.reader()).await?;
    for key in KeyFile::read(app.keys.path())?.keys {
        let rows = needed.iter().find(|needed| needed.kek_id == key.id).map_or(0, |needed| needed.rows);
        println!("{:<8} {:<12} {rows} rows", key.id, key.state);
    }
    Ok(())
}

/// Takes an old key out of use for good.
///
/// # Errors
/// While it still opens rows, and when it is active.
#[expect(clippy::print_stdout, reason = "the command's answer")]
pub async fn retire(config: &Path, id: &str) -> anyhow::Result<()> {
    let app = beside(config).await?;
    let mut file = KeyFile::read(app.keys.path())?;
    file.retirable(id)?;
    let rows = needed(app.database.reader()).await?.into_iter().find(|needed| needed.kek_id == id);
    let rows = rows.map_or(0, |needed| needed.rows.unsigned_abs());
    if rows > 0 {
        return Err(KeyFileError::InUse { id: id.to_owned(), rows }.into());
    }
    let active = file.keys.iter().find(|key| key.state == State::Active).map_or("", |key| key.id.as_str());
    if !is_taken(app.database.reader(), active).await? {
        let told = format!("no server has taken {active} into use yet: send it SIGHUP, or start it");
        return Err(KeyFileError::Key(told).into());
    }
    file.retire(id)?;
    app.note_to_all("keys").await?;
    println!("{id} is retired. Keep older copies of the key file for as long as backups from before exist.");
    Ok(())
}

/// Opens every sealed value of every table, and prints how many did.
///
/// # Errors
/// When one does not open that should.
#[expect(clippy::print_stdout, reason = "the command's answer")]
pub async fn check(config: &Path) -> anyhow::Result<()> {
    let mut unreadable = 0;
    for checked in beside(config).await?.check_sealed().await? {
        unreadable += checked.unreadable;
        println!(
            "{:<32} {} open, {} erased, {} unreadable",
            format!("{}.{}", checked.table, checked.name),
            checked.open,
            checked.erased,
            checked.unreadable
        );
    }
    if unreadable == 0 {
        Ok(())
    } else {
        Err(no("DECRYPT_FAILED", format!("{unreadable} values do not open")))
    }
}
