//! SQLite's one writer: waiting writes share a transaction and one commit.
//!
//! Each write runs in a savepoint of a shared `BEGIN IMMEDIATE` transaction. The
//! committer queues for the same fair lock as the writers, so every write that
//! waited before it is in its group, and one fsync makes all of them durable.

use std::sync::Arc;

use sea_orm::{
    ConnectionTrait, DatabaseConnection, DatabaseTransaction, SqliteTransactionMode, TransactionOptions,
    TransactionTrait,
};
use tokio::sync::{Mutex, OwnedMutexGuard, watch};

use crate::error::{Error, Result};

/// How a shared transaction ended.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Fate {
    Open,
    Committed,
    Lost,
}

struct Shared {
    transaction: DatabaseTransaction,
    fate: watch::Sender<Fate>,
}

/// The one writer.
pub(super) struct WriterGroup {
    connection: DatabaseConnection,
    shared: Arc<Mutex<Option<Shared>>>,
}

/// A write's own place in the shared transaction.
pub(super) struct Place {
    guard: OwnedMutexGuard<Option<Shared>>,
    fate: watch::Receiver<Fate>,
}

impl WriterGroup {
    pub(super) fn new(connection: DatabaseConnection) -> Self {
        Self { connection, shared: Arc::default() }
    }

    /// Before anybody writes: to look at the schema and change it.
    pub(super) fn connection(&self) -> &DatabaseConnection {
        &self.connection
    }

    /// The same, to watch what goes over it.
    pub(super) fn connection_mut(&mut self) -> &mut DatabaseConnection {
        &mut self.connection
    }

    /// Waits for the writer, and opens a savepoint in the shared transaction.
    #[expect(clippy::disallowed_methods, reason = "this is the door")]
    pub(super) async fn enter(&self) -> Result<(DatabaseTransaction, Place)> {
        let mut guard = Arc::clone(&self.shared).lock_owned().await;
        if guard.is_none() {
            let options = TransactionOptions {
                sqlite_transaction_mode: Some(SqliteTransactionMode::Immediate),
                ..TransactionOptions::default()
            };
            let transaction = self.connection.begin_with_options(options).await?;
            *guard = Some(Shared { transaction, fate: watch::Sender::new(Fate::Open) });
            // Queued behind whoever waits already: they join this commit.
            tokio::spawn(commit(Arc::clone(&self.shared)));
        }
        let shared = guard.as_ref().expect("opened above");
        let savepoint = shared.transaction.begin().await?;
        let fate = shared.fate.subscribe();
        Ok((savepoint, Place { guard, fate }))
    }
}

impl WriterGroup {
    /// Empties the WAL into the database and cuts it off, so that nothing that was deleted
    /// stands there any more. Whoever waits to write waits for this too.
    pub(super) async fn truncate_log(&self) -> Result<()> {
        let mut guard = Arc::clone(&self.shared).lock_owned().await;
        if let Some(shared) = guard.take() {
            shared.commit().await;
        }
        self.connection.execute_unprepared("PRAGMA wal_checkpoint(TRUNCATE)").await?;
        Ok(())
    }
}

impl Place {
    /// Lets the next writer in, and waits until what was written is on disk.
    pub(super) async fn leave(self) -> Result<()> {
        let Self { guard, mut fate } = self;
        drop(guard);
        match fate.wait_for(|fate| *fate != Fate::Open).await.map(|fate| *fate) {
            Ok(Fate::Committed) => Ok(()),
            Ok(Fate::Open | Fate::Lost) | Err(_) => {
                Err(Error::Busy(sea_orm::DbErr::Custom("the shared commit failed".into())))
            }
        }
    }
}

impl Shared {
    async fn commit(self) {
        let outcome = self.transaction.commit().await;
        if let Err(error) = &outcome {
            tracing::error!(%error, "shared commit failed");
        }
        self.fate.send_replace(if outcome.is_ok() { Fate::Committed } else { Fate::Lost });
    }
}

/// Ends the shared transaction when its turn comes.
async fn commit(shared: Arc<Mutex<Option<Shared>>>) {
    let mut guard = shared.lock_owned().await;
    if let Some(shared) = guard.take() {
        shared.commit().await;
    }
}
