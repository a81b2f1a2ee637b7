//! Whoever writes about the same thing at one moment takes turns: the second reads what the first wrote.

use std::collections::BTreeSet;

use sea_orm::{ConnectionTrait, Statement, Value};
use uuid::Uuid;

use super::Tx;
use crate::error::Result;

/// The turn about the thing with that id.
pub fn of(id: Uuid) -> i64 {
    let (high, low) = id.as_u64_pair();
    (high ^ low).cast_signed()
}

impl Tx {
    /// Waits until nobody else has one of these `turns`, and has them until the transaction ends; always in the same
    /// order, so that two who want several wait for each other instead of deadlocking. On SQLite there is one writer
    /// anyway.
    pub(crate) async fn alone(&self, turns: BTreeSet<i64>) -> Result<()> {
        if !self.is_postgres() || turns.is_empty() {
            return Ok(());
        }
        let places: Vec<String> = (1..=turns.len()).map(|at| format!("(${at}::bigint)")).collect();
        let sql = format!(
            "SELECT pg_advisory_xact_lock(key) FROM (SELECT key FROM (VALUES {}) AS keys (key) ORDER BY key) AS sorted",
            places.join(", ")
        );
        let backend = self.db().get_database_backend();
        let lock = Statement::from_sql_and_values(backend, sql, turns.into_iter().map(Value::from));
        self.db().query_all_raw(lock).await?;
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A turn is in no row: two servers on one database must come to the same.
    #[test]
    fn a_turn_is_the_two_halves_of_an_id_laid_over_each_other() {
        let id = |high: u64, low: u64| Uuid::from_u64_pair(high, low);
        assert_eq!(of(id(0b1100, 0b1010)), 0b0110);
        assert_eq!(of(id(u64::MAX, 0)), -1);
        assert_eq!(of(id(7, 7)), 0);
    }
}
