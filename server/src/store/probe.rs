//! Whether the database can be worked with: it answers, has our schema, and takes audit lines.

use schakel_migrations::{Migrator, MigratorTrait};
use sea_orm::{ConnectionTrait, DbErr, Statement};

use super::{Database, Writer};
use crate::error::{Error, Result};

/// Writes no line, but fails where none could be: without the table, the right, or on a replica.
const NO_LINE: &str = "INSERT INTO audit SELECT * FROM audit WHERE 1 = 0";

impl Database {
    /// Asks for all three.
    ///
    /// # Errors
    /// Whichever fails first.
    pub(crate) async fn probe(&self) -> Result<()> {
        let reader = self.reader();
        let steps = Statement::from_string(
            reader.get_database_backend(),
            "SELECT COUNT(*) FROM seaql_migrations".to_owned(),
        );
        let applied =
            reader.query_one_raw(steps).await?.map(|row| row.try_get_by_index::<i64>(0)).transpose()?;
        let known = i64::try_from(Migrator::migrations().len()).unwrap_or(i64::MAX);
        if applied.is_none_or(|applied| applied < known) {
            return Err(Error::Database(DbErr::Custom("the schema is older than this program".into())));
        }
        match self.writer() {
            Writer::Sqlite(group) => {
                let (savepoint, place) = group.enter().await?;
                let tried = savepoint.execute_unprepared(NO_LINE).await;
                savepoint.rollback().await?;
                place.leave().await?;
                tried?;
            }
            Writer::Postgres(pool) => {
                pool.execute_unprepared(NO_LINE).await?;
            }
        }
        Ok(())
    }
}
