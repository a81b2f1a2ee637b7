//! The only door to the database: nothing is read or written without a [`Grant`].

use std::{
    ops::Deref,
    sync::{Arc, Mutex, PoisonError},
};

use chrono::{DateTime, Utc};
use sea_orm::{DatabaseExecutor, DatabaseTransaction, TransactionTrait};
use uuid::Uuid;

use super::{Writer, journal::Entry, memory};
use crate::{
    access::Grant,
    app::App,
    error::{Error, Result},
};

/// How often a transaction is run again when PostgreSQL could not serialize it.
const TRIES: u32 = 3;

/// Where statements go.
enum Way {
    Pool,
    Transaction(DatabaseTransaction),
}

/// Leave to read, with what a read needs: the grant, the time, the keys.
pub struct Read {
    app: App,
    way: Way,
    grant: Grant,
    now: DateTime<Utc>,
}

/// Leave to write, inside one transaction.
pub struct Tx {
    read: Read,
    request_id: Option<Uuid>,
    /// Who is erased by it, for the journal outside the database.
    erased: Mutex<Vec<Entry>>,
}

impl Read {
    /// The database.
    pub(crate) fn db(&self) -> DatabaseExecutor<'_> {
        match &self.way {
            Way::Pool => DatabaseExecutor::from(self.app.database.reader()),
            Way::Transaction(transaction) => DatabaseExecutor::from(transaction),
        }
    }

    /// Whether what is read here may never be committed.
    pub(crate) fn is_in_transaction(&self) -> bool {
        matches!(self.way, Way::Transaction(_))
    }

    /// The server's parts.
    pub fn app(&self) -> &App {
        &self.app
    }

    /// By what right.
    pub fn grant(&self) -> &Grant {
        &self.grant
    }

    /// The region in which everything is sought.
    pub fn region(&self) -> Uuid {
        self.grant.region().0
    }

    /// The one instant of this request.
    pub fn now(&self) -> DateTime<Utc> {
        self.now
    }
}

impl Deref for Tx {
    type Target = Read;

    fn deref(&self) -> &Read {
        &self.read
    }
}

impl Tx {
    /// A fresh id, stamped now.
    pub fn new_id(&self) -> Uuid {
        self.app().ids.next(self.now())
    }

    /// The caller's id for this change, when it has one.
    pub fn request_id(&self) -> Option<Uuid> {
        self.request_id
    }

    /// Has `entries` written in the journal once this is committed.
    pub(super) fn note_erased(&self, entries: Vec<Entry>) {
        self.erased.lock().unwrap_or_else(PoisonError::into_inner).extend(entries);
    }

    /// Whether this runs on PostgreSQL, where writers do not wait for each other by themselves.
    pub(crate) fn is_postgres(&self) -> bool {
        sea_orm::ConnectionTrait::get_database_backend(&self.db()) == sea_orm::DbBackend::Postgres
    }
}

impl App {
    /// Leave to read what no audit line is owed for.
    pub fn read(&self, grant: Grant) -> Read {
        Read { app: self.clone(), way: Way::Pool, grant, now: self.now() }
    }

    /// Runs `verb` in one transaction and commits it; on an error nothing is left of it.
    ///
    /// The verb has no effect outside the transaction, because it may run again. It is
    /// handed the transaction to share, not to keep.
    pub async fn write<T, F>(
        &self,
        grant: &Grant,
        request_id: Option<Uuid>,
        verb: impl Fn(Arc<Tx>) -> F,
    ) -> Result<T>
    where
        F: Future<Output = Result<T>>,
    {
        let tx = |transaction| Tx {
            read: Read {
                app: self.clone(),
                way: Way::Transaction(transaction),
                grant: grant.clone(),
                now: self.now(),
            },
            request_id,
            erased: Mutex::default(),
        };
        let (done, erased) = match self.database.writer() {
            Writer::Sqlite(group) => {
                let (savepoint, place) = group.enter().await?;
                let done = end(tx(savepoint), &verb).await;
                place.leave().await?;
                done
            }
            Writer::Postgres(pool) => {
                let mut tries = 1;
                loop {
                    #[expect(clippy::disallowed_methods, reason = "this is the door")]
                    let transaction = pool.begin().await?;
                    let done = end(tx(transaction), &verb).await;
                    match done {
                        (Err(error), _) if error.is_serialization() && tries < TRIES => tries += 1,
                        done => break done,
                    }
                }
            }
        };
        if let Err(Error::StorageFull(_)) = &done {
            self.edge.found_full(self.now());
        }
        if done.is_ok() {
            memory::changed();
            if !erased.is_empty() {
                self.after_erasure(erased).await;
            }
            self.committed.send_modify(|commits| *commits += 1);
        }
        done
    }
}

/// Runs the verb and ends its transaction accordingly; says whom it erased.
async fn end<T, F>(tx: Tx, verb: &impl Fn(Arc<Tx>) -> F) -> (Result<T>, Vec<Entry>)
where
    F: Future<Output = Result<T>>,
{
    let tx = Arc::new(tx);
    let done = verb(Arc::clone(&tx)).await;
    let Some(Tx { read: Read { way: Way::Transaction(transaction), .. }, erased, .. }) = Arc::into_inner(tx)
    else {
        return (Err(Error::Corrupt { table: "none", column: "transaction" }), Vec::new());
    };
    let ended = match done {
        Ok(done) => transaction.commit().await.map(|()| done).map_err(Error::from),
        Err(error) => transaction.rollback().await.map_err(Error::from).and(Err(error)),
    };
    (ended, erased.into_inner().unwrap_or_else(PoisonError::into_inner))
}
