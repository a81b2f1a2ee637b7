//! Opens the database that the settings name, and brings its schema up to date.

use std::{path::Path, str::FromStr, sync::Arc, time::Duration};

use schakel_migrations::{Migrator, MigratorTrait, SchemaManager};
use sea_orm::{ConnectOptions, ConnectionTrait, DatabaseConnection, DbErr, SqlxSqliteConnector, Statement};
use sqlx::sqlite::{SqliteConnectOptions, SqliteJournalMode, SqlitePoolOptions, SqliteSynchronous};

use super::{
    Database, Writer,
    keys::{KeyFileError, KeyRing},
    proof,
    sqlite_group::WriterGroup,
};

/// Readers beside the one writer of SQLite.
const SQLITE_READERS: u32 = 4;
/// Rows that SQLite has ready before anybody takes them: at the driver's fifty a long log is handed over in stops.
const ROWS: usize = 1_000;
const ACQUIRE: Duration = Duration::from_secs(5);
/// How long another process may be changing the schema.
const PATIENCE: Duration = Duration::from_mins(1);

/// Called with every statement, when somebody counts them.
pub type Watch = Arc<dyn Fn(&sea_orm::metric::Info<'_>) + Send + Sync>;

/// Why a database is not opened.
#[derive(Debug, thiserror::Error)]
pub enum OpenError {
    /// It cannot be reached, or failed.
    #[error(transparent)]
    Database(#[from] DbErr),
    /// A newer program has been at it.
    #[error("SCHEMA_TOO_NEW: the database has step {0}, which this program does not know: use the newer one")]
    TooNew(String),
    /// Another process migrates, and has not ended in time.
    #[error("SCHEMA_LOCKED: another process has been changing the schema for {0} s")]
    Locked(u64),
    /// The schema is older than this program, and it is not for this command to change it.
    #[error("SCHEMA_TOO_OLD: start the server of this version first, or stop the older one")]
    TooOld,
    /// The key file is not the one of this database.
    #[error(transparent)]
    Keys(#[from] KeyFileError),
}

/// How a database is to be opened.
pub struct Opening<'a> {
    /// `sqlite:<path>` or `postgres://…`.
    pub url: &'a str,
    /// The keys that must be those of the database.
    pub keys: &'a KeyRing,
    /// How long another process may be migrating.
    pub patience: Duration,
    /// Whether the schema is brought up to date; else it must be.
    pub migrate: bool,
}

impl Database {
    /// Opens `url` (`sqlite:<path>` or `postgres://…`) and migrates it.
    ///
    /// # Errors
    /// When it cannot be reached, or its schema is newer than this program.
    pub async fn open(url: &str, watch: Option<Watch>) -> Result<Self, OpenError> {
        let mut database = Self::connect(url).await?;
        refuse_newer(database.first()).await?;
        database.migrate(PATIENCE).await?;
        for connection in database.connections() {
            observe(connection, watch.clone());
        }
        Ok(database)
    }

    /// Opens it with its keys; a database of other keys, or of a newer program, is not touched.
    ///
    /// # Errors
    /// Why it is not opened.
    pub async fn open_with(opening: &Opening<'_>) -> Result<Self, OpenError> {
        let database = Self::connect(opening.url).await?;
        let connection = database.first();
        refuse_newer(connection).await?;
        if let Some(fault) = proof::check(connection, opening.keys).await? {
            return Err(fault.into());
        }
        if opening.migrate {
            database.migrate(opening.patience).await?;
        } else if !steps(connection).await?.1 {
            return Err(OpenError::TooOld);
        }
        Ok(database)
    }

    async fn connect(url: &str) -> Result<Self, DbErr> {
        match url.strip_prefix("sqlite:") {
            Some(path) => Self::connect_sqlite(Path::new(path.trim_start_matches("//"))).await,
            None => Self::connect_postgres(url).await,
        }
    }

    async fn connect_sqlite(path: &Path) -> Result<Self, DbErr> {
        let options = SqliteConnectOptions::from_str("sqlite:")
            .map_err(|error| DbErr::Custom(error.to_string()))?
            .filename(path)
            .create_if_missing(true)
            .journal_mode(SqliteJournalMode::Wal)
            .synchronous(SqliteSynchronous::Full)
            .foreign_keys(true)
            .busy_timeout(ACQUIRE)
            .row_buffer_size(ROWS)
            .pragma("secure_delete", "ON");
        let pool = |options: SqliteConnectOptions, size| async move {
            SqlitePoolOptions::new()
                .max_connections(size)
                .min_connections(1)
                .acquire_timeout(ACQUIRE)
                .idle_timeout(None)
                .max_lifetime(None)
                .test_before_acquire(false)
                .connect_with(options)
                .await
                .map(SqlxSqliteConnector::from_sqlx_sqlite_pool)
                .map_err(|error| DbErr::Custom(error.to_string()))
        };
        let writer = pool(options.clone(), 1).await?;
        let reader = pool(options.read_only(true), SQLITE_READERS).await?;
        Ok(Self { reader, writer: Writer::Sqlite(WriterGroup::new(writer)) })
    }

    async fn connect_postgres(url: &str) -> Result<Self, DbErr> {
        let mut options = ConnectOptions::new(url);
        options.max_connections(20).acquire_timeout(ACQUIRE).sqlx_logging(false).test_before_acquire(false);
        let pool = sea_orm::Database::connect(options).await?;
        Ok(Self { reader: pool.clone(), writer: Writer::Postgres(pool) })
    }

    /// The connection that may change the schema.
    fn first(&self) -> &DatabaseConnection {
        match &self.writer {
            Writer::Sqlite(group) => group.connection(),
            Writer::Postgres(pool) => pool,
        }
    }

    fn connections(&mut self) -> [&mut DatabaseConnection; 2] {
        let writer = match &mut self.writer {
            Writer::Sqlite(group) => group.connection_mut(),
            Writer::Postgres(pool) => pool,
        };
        [&mut self.reader, writer]
    }

    async fn migrate(&self, patience: Duration) -> Result<(), OpenError> {
        match &self.writer {
            Writer::Sqlite(group) => Ok(Migrator::up(group.connection(), None).await?),
            Writer::Postgres(pool) => migrate_alone(pool, patience).await,
        }
    }

    /// For reads that no write depends on.
    pub(crate) fn reader(&self) -> &DatabaseConnection {
        &self.reader
    }

    pub(super) fn writer(&self) -> &Writer {
        &self.writer
    }
}

fn observe(connection: &mut DatabaseConnection, watch: Option<Watch>) {
    if let Some(watch) = watch {
        connection.set_metric_callback(move |info| watch(info));
    }
}

/// The first step taken that this program does not know, and whether all that it knows are taken.
async fn steps(connection: &DatabaseConnection) -> Result<(Option<String>, bool), DbErr> {
    let own: Vec<String> = Migrator::migrations().iter().map(|step| step.name().to_owned()).collect();
    if !SchemaManager::new(connection).has_table("seaql_migrations").await? {
        return Ok((None, false));
    }
    let asked = "SELECT version FROM seaql_migrations ORDER BY version";
    let asked = Statement::from_string(connection.get_database_backend(), asked);
    let taken = connection.query_all_raw(asked).await?;
    let taken = taken.iter().map(|row| row.try_get_by_index(0)).collect::<Result<Vec<String>, _>>()?;
    let unknown = taken.iter().find(|step| !own.contains(step)).cloned();
    Ok((unknown, own.iter().all(|step| taken.contains(step))))
}

async fn refuse_newer(connection: &DatabaseConnection) -> Result<(), OpenError> {
    match steps(connection).await?.0 {
        Some(step) => Err(OpenError::TooNew(step)),
        None => Ok(()),
    }
}

/// Several processes may start at once on one PostgreSQL; one of them migrates.
async fn migrate_alone(pool: &DatabaseConnection, patience: Duration) -> Result<(), OpenError> {
    use sea_orm::TransactionTrait;
    #[expect(
        clippy::disallowed_methods,
        reason = "the schema is no region's data: there is no door to go through yet"
    )]
    let lock = pool.begin().await?;
    lock.execute_unprepared(&format!("SET LOCAL lock_timeout = {}", patience.as_millis())).await?;
    let locked = lock.execute_unprepared("SELECT pg_advisory_xact_lock(hashtext('schakel.migrate'))").await;
    if let Err(error) = locked {
        return Err(if is_lock_timeout(&error) {
            OpenError::Locked(patience.as_secs())
        } else {
            error.into()
        });
    }
    Migrator::up(pool, None).await?;
    Ok(lock.commit().await?)
}

/// PostgreSQL's 55P03, `lock_not_available`.
fn is_lock_timeout(error: &DbErr) -> bool {
    crate::error::engine(error).is_some_and(|(code, _)| code == "55P03")
}
