//! Opens the database that the settings name, and brings its schema up to date.

use std::{path::Path, str::FromStr, sync::Arc, time::Duration};

use schakel_migrations::{Migrator, MigratorTrait};
use sea_orm::{ConnectOptions, ConnectionTrait, DatabaseConnection, DbErr, SqlxSqliteConnector};
use sqlx::sqlite::{SqliteConnectOptions, SqliteJournalMode, SqlitePoolOptions, SqliteSynchronous};

use super::{Database, Writer, sqlite_group::WriterGroup};

/// Readers beside the one writer of SQLite.
const SQLITE_READERS: u32 = 4;
const ACQUIRE: Duration = Duration::from_secs(5);

/// Called with every statement, when somebody counts them.
pub type Watch = Arc<dyn Fn(&sea_orm::metric::Info<'_>) + Send + Sync>;

impl Database {
    /// Opens `url` (`sqlite:<path>` or `postgres://…`) and migrates it.
    ///
    /// # Errors
    /// When it cannot be reached, or its schema is newer than this program.
    pub async fn open(url: &str, watch: Option<Watch>) -> Result<Self, DbErr> {
        match url.strip_prefix("sqlite:") {
            Some(path) => Self::open_sqlite(Path::new(path.trim_start_matches("//")), watch).await,
            None => Self::open_postgres(url, watch).await,
        }
    }

    async fn open_sqlite(path: &Path, watch: Option<Watch>) -> Result<Self, DbErr> {
        let options = SqliteConnectOptions::from_str("sqlite:")
            .map_err(|error| DbErr::Custom(error.to_string()))?
            .filename(path)
            .create_if_missing(true)
            .journal_mode(SqliteJournalMode::Wal)
            .synchronous(SqliteSynchronous::Full)
            .foreign_keys(true)
            .busy_timeout(ACQUIRE)
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
        let mut writer = pool(options.clone(), 1).await?;
        Migrator::up(&writer, None).await?;
        let mut reader = pool(options.read_only(true), SQLITE_READERS).await?;
        observe(&mut writer, watch.clone());
        observe(&mut reader, watch);
        Ok(Self { reader, writer: Writer::Sqlite(WriterGroup::new(writer)) })
    }

    async fn open_postgres(url: &str, watch: Option<Watch>) -> Result<Self, DbErr> {
        let mut options = ConnectOptions::new(url);
        options.max_connections(20).acquire_timeout(ACQUIRE).sqlx_logging(false).test_before_acquire(false);
        let mut pool = sea_orm::Database::connect(options).await?;
        migrate_alone(&pool).await?;
        observe(&mut pool, watch);
        Ok(Self { reader: pool.clone(), writer: Writer::Postgres(pool) })
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

/// Several processes may start at once on one PostgreSQL; one of them migrates.
async fn migrate_alone(pool: &DatabaseConnection) -> Result<(), DbErr> {
    use sea_orm::TransactionTrait;
    #[expect(
        clippy::disallowed_methods,
        reason = "the schema is no region's data: there is no door to go through yet"
    )]
    let lock = pool.begin().await?;
    lock.execute_unprepared("SELECT pg_advisory_xact_lock(hashtext('schakel.migrate'))").await?;
    Migrator::up(pool, None).await?;
    lock.commit().await
}
