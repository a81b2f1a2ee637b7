//! Who tells of a meeting takes turns with whoever else does, and with whoever withdraws what was told.

use schakel_domain::ids::ConsultationId;
use sea_orm::{ConnectionTrait, Statement};

use crate::{error::Result, store::Tx};

/// Two who tell of one meeting take turns, always in the same order. On SQLite there is one writer anyway.
pub async fn alone(tx: &Tx, ids: &[ConsultationId]) -> Result<()> {
    if !tx.is_postgres() || ids.is_empty() {
        return Ok(());
    }
    let key = |id: &ConsultationId| {
        let (high, low) = id.0.as_u64_pair();
        i64::from_be_bytes((high ^ low).to_be_bytes())
    };
    let mut keys: Vec<i64> = ids.iter().map(key).collect();
    keys.sort_unstable();
    keys.dedup();
    let places: Vec<String> = (1..=keys.len()).map(|at| format!("(${at}::bigint)")).collect();
    let sql = format!(
        "SELECT pg_advisory_xact_lock(key) FROM (SELECT key FROM (VALUES {}) AS keys (key) ORDER BY key) AS sorted",
        places.join(", ")
    );
    let backend = tx.db().get_database_backend();
    let lock = Statement::from_sql_and_values(backend, sql, keys.into_iter().map(sea_orm::Value::from));
    tx.db().query_all_raw(lock).await?;
    Ok(())
}
