//! A copy of the database as a whole, with what must be known to bring it back.

use std::{
    collections::BTreeMap,
    path::{Path, PathBuf},
    process::Command,
};

use anyhow::Context;
use sea_orm::{
    ConnectionTrait, DatabaseConnection, EntityTrait, FromQueryResult, QueryOrder, QuerySelect, Statement,
};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::{
    Database, Writer,
    keys::{KeyFileError, KeyRing, hex, sha256},
    proof,
};
use crate::{
    app::App,
    entity::{audit, key_check},
};

/// What stands beside a copy. It holds no secret and no name.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Manifest {
    /// When it was made, UTC.
    pub made_at: String,
    /// The version of the program.
    pub program: String,
    /// `sqlite` or `postgres`.
    pub database: String,
    /// The file with the copy, beside this one.
    pub file: String,
    /// Its SHA-256.
    pub sha256: String,
    /// The steps of its schema.
    pub steps: Vec<String>,
    /// How many rows each key opens: a restore needs these keys.
    pub keys: BTreeMap<String, i64>,
    /// The proof of each key, to tell another key file before anything is written.
    pub proofs: BTreeMap<String, String>,
    /// The newest audit line in it, and its MAC.
    pub audit_head: Option<(Uuid, String)>,
}

/// The manifest's name in the folder of a copy.
pub const MANIFEST: &str = "manifest.json";

/// Who is asked for a database: a URL without its password, and the password.
struct Target {
    url: String,
    password: Option<String>,
}

impl Target {
    /// Other people may read the arguments of a process, but not its environment.
    fn of(url: &str) -> Self {
        let split = || {
            let (scheme, rest) = url.split_once("://")?;
            let (who, place) = rest.split_once('@')?;
            let (user, password) = who.split_once(':')?;
            Some((format!("{scheme}://{user}@{place}"), password.to_owned()))
        };
        match split() {
            Some((url, password)) => Self { url, password: Some(password) },
            None => Self { url: url.to_owned(), password: None },
        }
    }

    fn command(&self, program: &str) -> Command {
        let mut command = Command::new(program);
        command.arg("--dbname").arg(&self.url);
        if let Some(password) = &self.password {
            command.env("PGPASSWORD", password);
        }
        command
    }
}

/// Runs a program of PostgreSQL's; what it says may quote rows, and is not repeated.
fn run(command: &mut Command, program: &str) -> anyhow::Result<()> {
    let ended = command.output().with_context(|| {
        format!("{program} of PostgreSQL is not on PATH: install the client programs of the server's version")
    })?;
    let told = String::from_utf8_lossy(&ended.stderr);
    let first =
        told.lines().find(|line| line.contains("ERROR:") || line.contains("error:")).unwrap_or_default();
    anyhow::ensure!(ended.status.success(), "{program} failed: {first}");
    Ok(())
}

#[derive(FromQueryResult)]
struct Step {
    version: String,
}

impl Database {
    /// Whether anything stands in it.
    ///
    /// # Errors
    /// When it cannot be reached.
    pub async fn is_empty(url: &str) -> anyhow::Result<bool> {
        if let Some(path) = url.strip_prefix("sqlite:") {
            let path = Path::new(path.trim_start_matches("//"));
            return Ok(std::fs::metadata(path).map_or(0, |file| file.len()) == 0);
        }
        let connection = sea_orm::Database::connect(url).await?;
        let asked = "SELECT 1 FROM information_schema.tables WHERE table_schema NOT IN ('pg_catalog', 'information_schema') LIMIT 1";
        let asked = Statement::from_string(connection.get_database_backend(), asked);
        let found = connection.query_one_raw(asked).await?;
        connection.close().await?;
        Ok(found.is_none())
    }

    fn connection(&self) -> &DatabaseConnection {
        match self.writer() {
            Writer::Sqlite(group) => group.connection(),
            Writer::Postgres(pool) => pool,
        }
    }

    /// Ends every connection; on SQLite everything stands in the one file then.
    pub async fn close(&self) -> anyhow::Result<()> {
        self.reader().close_by_ref().await?;
        Ok(self.connection().close_by_ref().await?)
    }
}

impl App {
    /// Copies the database, while it is served, into `folder`, which is empty.
    pub async fn copy_to(&self, folder: &Path) -> anyhow::Result<Manifest> {
        let url = &self.settings.database.url;
        let (database, file) =
            if url.starts_with("sqlite:") { ("sqlite", "schakel.db") } else { ("postgres", "schakel.sql") };
        let path = folder.join(file);
        self.keep_proofs().await?;
        let mut manifest = self.manifest().await?;
        if let Writer::Sqlite(group) = self.database.writer() {
            let into = path.to_str().context("a path that is no text")?;
            let connection = group.connection();
            let copy = "VACUUM INTO $1";
            let copy = Statement::from_sql_and_values(connection.get_database_backend(), copy, [into.into()]);
            connection.execute_raw(copy).await?;
        } else {
            let mut dump = Target::of(url).command("pg_dump");
            run(dump.args(["--no-owner", "--no-privileges", "--file"]).arg(&path), "pg_dump")?;
        }
        std::fs::File::open(&path)?.sync_all()?;
        manifest.sha256 = hex(&sha256(&std::fs::read(&path)?));
        (manifest.database, manifest.file) = (database.to_owned(), file.to_owned());
        std::fs::write(folder.join(MANIFEST), serde_json::to_vec_pretty(&manifest)?)?;
        std::fs::File::open(folder)?.sync_all()?;
        Ok(manifest)
    }

    async fn manifest(&self) -> anyhow::Result<Manifest> {
        let reader = self.database.reader();
        let steps = Statement::from_string(
            reader.get_database_backend(),
            "SELECT version FROM seaql_migrations ORDER BY version",
        );
        let proofs = key_check::Entity::find().all(reader).await?;
        let head = audit::Entity::find().order_by_desc(audit::Column::Id).limit(1).one(reader).await?;
        Ok(Manifest {
            made_at: self.now().to_rfc3339(),
            program: env!("CARGO_PKG_VERSION").to_owned(),
            database: String::new(),
            file: String::new(),
            sha256: String::new(),
            steps: Step::find_by_statement(steps).all(reader).await?.into_iter().map(|s| s.version).collect(),
            keys: proof::needed(reader).await?.into_iter().map(|key| (key.kek_id, key.rows)).collect(),
            proofs: proofs.into_iter().map(|row| (row.id, hex(&row.proof))).collect(),
            audit_head: head.map(|line| (line.id, hex(&line.row_mac))),
        })
    }
}

impl Manifest {
    /// Reads the manifest in `folder`, and whether the copy beside it is whole; fails when it is not.
    pub fn read(folder: &Path) -> anyhow::Result<(Self, PathBuf)> {
        let path = folder.join(MANIFEST);
        let text = std::fs::read(&path).with_context(|| path.display().to_string())?;
        let manifest: Self =
            serde_json::from_slice(&text).with_context(|| format!("{} is no manifest", path.display()))?;
        anyhow::ensure!(
            manifest.file == "schakel.db" || manifest.file == "schakel.sql",
            "{} is no manifest",
            path.display()
        );
        let copy = folder.join(&manifest.file);
        let bytes = std::fs::read(&copy).with_context(|| copy.display().to_string())?;
        anyhow::ensure!(hex(&sha256(&bytes)) == manifest.sha256, "{} is not what was saved", copy.display());
        Ok((manifest, copy))
    }

    /// Whether `keys` open it.
    ///
    /// # Errors
    /// `KEYRING_MISMATCH`.
    pub fn fits(&self, keys: &KeyRing) -> Result<(), KeyFileError> {
        let ring = keys.now();
        let own: BTreeMap<_, _> = ring.proofs().into_iter().collect();
        for (id, proof) in &self.proofs {
            if own.get(id).is_some_and(|own| hex(own) != *proof) {
                return Err(KeyFileError::Mismatch(format!("the backup was made with another {id}")));
            }
        }
        match self.keys.iter().find(|(id, _)| ring.key(id).is_none()) {
            Some((id, rows)) => Err(KeyFileError::Mismatch(format!(
                "the backup has {rows} rows that need key {id}: use the key file of its time"
            ))),
            None => Ok(()),
        }
    }
}

/// Brings a dump into the empty database at `url`, and does `then` in the same transaction.
pub(crate) fn load(url: &str, dump: &Path, then: &str) -> anyhow::Result<()> {
    let mut load = Target::of(url).command("psql");
    load.args(["--no-psqlrc", "--quiet", "--single-transaction", "--set", "ON_ERROR_STOP=1", "--file"]);
    load.arg(dump).arg("--command").arg(format!("SET search_path TO public; {then}"));
    run(&mut load, "psql")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_password_stands_in_no_argument() {
        let target = Target::of("postgres://schakel:ge%40heim@db.example:5432/schakel?sslmode=require");
        assert_eq!(target.url, "postgres://schakel@db.example:5432/schakel?sslmode=require");
        assert_eq!(target.password.as_deref(), Some("ge%40heim"));
        assert!(Target::of("postgres://schakel@127.0.0.1:5432/schakel").password.is_none());
    }
}
