//! Whether the key file is the one of this database: asked before anything is changed in it.

use schakel_migrations::SchemaManager;
use sea_orm::{
    ActiveValue::Set, ConnectionTrait, DatabaseConnection, DbErr, EntityTrait, FromQueryResult, QuerySelect,
    Statement, sea_query::OnConflict,
};

use super::{
    instant,
    keys::{KeyFileError, KeyRing, ROOT, Ring},
    vault,
    written::is_written,
};
use crate::{
    app::App,
    entity::{key_check, subject_key},
    error::Result,
};

/// How many rows each key opens; answers from before keys were rotated count for none.
const NEEDED: &str = "
    SELECT kek_id, count(*) AS rows FROM (
        SELECT kek_id FROM subject_key UNION ALL
        SELECT kek_id FROM request WHERE kek_id IS NOT NULL) AS needed
    GROUP BY kek_id ORDER BY kek_id";

/// A key, and how many rows it opens.
#[derive(Debug, FromQueryResult)]
pub struct Needed {
    /// Which key.
    pub kek_id: String,
    /// How many rows.
    pub rows: i64,
}

/// How many rows each key opens that opens any.
pub async fn needed(connection: &impl ConnectionTrait) -> std::result::Result<Vec<Needed>, DbErr> {
    let asked = Statement::from_string(connection.get_database_backend(), NEEDED);
    Needed::find_by_statement(asked).all(connection).await
}

/// What is proved about a key file: right, wrong for a reason, or not to be asked now.
pub(super) async fn check(
    connection: &DatabaseConnection,
    keys: &KeyRing,
) -> std::result::Result<Option<KeyFileError>, DbErr> {
    let schema = SchemaManager::new(connection);
    let ring = &keys.now();
    let wrong = |told: String| Ok(Some(KeyFileError::Mismatch(format!("{}: {told}", keys.path().display()))));
    if !schema.has_table("subject_key").await? {
        return Ok(None);
    }
    let known = if schema.has_table("key_check").await? {
        key_check::Entity::find().all(connection).await?
    } else {
        Vec::new()
    };
    let proofs = ring.proofs();
    for row in &known {
        if proofs.iter().any(|(id, proof)| *id == row.id && *proof != *row.proof) {
            return wrong(format!("not the key file of this database: its {} is another", told(&row.id)));
        }
    }
    if !known.iter().any(|row| row.id == ROOT) {
        // From before there were proofs: what the key wraps shows whether it is the one.
        let row = subject_key::Entity::find().limit(1).one(connection).await?;
        if row.is_some_and(|row| vault::unwrap(ring, &row).is_err()) {
            return wrong("not the key file of this database".into());
        }
    }
    if known.is_empty() {
        return Ok(None);
    }
    match lacking(connection, ring).await? {
        Some(needed) => {
            wrong(format!("key {} is not there, and {} rows need it", needed.kek_id, needed.rows))
        }
        None => Ok(None),
    }
}

fn told(id: &str) -> String {
    if id == ROOT { id.to_owned() } else { format!("key {id}") }
}

/// A key that rows need and the file does not hold.
async fn lacking(
    connection: &impl ConnectionTrait,
    ring: &Ring,
) -> std::result::Result<Option<Needed>, DbErr> {
    Ok(needed(connection).await?.into_iter().find(|needed| ring.key(&needed.kek_id).is_none()))
}

/// Whether a server has taken the key with this id into use.
pub async fn is_taken(connection: &impl ConnectionTrait, id: &str) -> std::result::Result<bool, DbErr> {
    Ok(key_check::Entity::find_by_id(id).one(connection).await?.is_some())
}

impl App {
    /// Keeps the proof of every key in use, for the next start.
    pub(crate) async fn keep_proofs(&self) -> Result<()> {
        let proofs = &self.keys.now().proofs();
        self.as_keeper(|tx| async move {
            let rows = proofs.iter().map(|(id, proof)| key_check::ActiveModel {
                id: Set(id.clone()),
                proof: Set(proof.to_vec()),
                created_at: Set(instant::to_column(tx.now())),
            });
            let known = OnConflict::column(key_check::Column::Id).do_nothing().to_owned();
            let kept = key_check::Entity::insert_many(rows).on_conflict(known);
            is_written(kept.exec_without_returning(&tx.db()).await)?;
            Ok(())
        })
        .await
    }

    /// Reads the key file anew and goes on with it. The server keeps its keys when the file
    /// cannot be used, is another database's, or lacks a key that rows need.
    ///
    /// # Errors
    /// Why it keeps them.
    pub async fn reload_keys(&self) -> anyhow::Result<()> {
        let ring = self.keys.reread()?;
        if let Some(needed) = lacking(self.database.reader(), &ring).await? {
            let told = format!("key {} is not there, and {} rows need it", needed.kek_id, needed.rows);
            return Err(KeyFileError::Mismatch(told).into());
        }
        let turned = self.keys.now().active().0 != ring.active().0;
        self.keys.turn_to(ring);
        self.keep_proofs().await?;
        if turned {
            self.note_to_all("keys").await?;
        }
        tracing::info!(active = self.keys.now().active().0, "the key file was read anew");
        Ok(())
    }
}
