//! The register of columns is whole: nothing that is kept is forgotten by an export or an erasure.

use std::collections::BTreeSet;

use schakel_server::privacy::{COLUMNS, TABLES_WITHOUT};
use schakel_tests::TestServer;
use sea_orm::{ConnectionTrait, DatabaseConnection, DbBackend, Statement};

/// `table.column` of the whole schema.
pub(super) async fn columns(db: &DatabaseConnection) -> BTreeSet<(String, String)> {
    let postgres = "SELECT table_name::text, column_name::text FROM information_schema.columns WHERE table_schema = 'public'";
    let sqlite =
        "SELECT m.name, c.name FROM sqlite_master m JOIN pragma_table_info(m.name) c WHERE m.type = 'table'";
    let backend = db.get_database_backend();
    let sql = if backend == DbBackend::Postgres { postgres } else { sqlite };
    let rows = db.query_all_raw(Statement::from_string(backend, sql)).await.unwrap();
    let columns = rows
        .iter()
        .map(|row| (row.try_get_by_index::<String>(0).unwrap(), row.try_get_by_index::<String>(1).unwrap()));
    columns.filter(|(table, _)| table != "seaql_migrations" && !table.starts_with("sqlite_")).collect()
}

#[tokio::test]
async fn x10_every_column_of_the_schema_is_accounted_for() {
    let server = TestServer::start().await;
    let rows = server.rows().await;
    let there = columns(&rows).await;
    rows.close().await.unwrap();
    let without: BTreeSet<&str> = TABLES_WITHOUT.iter().map(|(table, _)| *table).collect();
    assert!(TABLES_WITHOUT.iter().all(|(_, what)| !what.is_empty()));
    let told: BTreeSet<(String, String)> =
        COLUMNS.iter().map(|(table, column, _)| ((*table).to_owned(), (*column).to_owned())).collect();
    assert_eq!(told.len(), COLUMNS.len(), "a column is listed twice");
    let owed: BTreeSet<_> =
        there.iter().filter(|(table, _)| !without.contains(table.as_str())).cloned().collect();
    assert_eq!(owed, told, "left: in the schema; right: in server/src/privacy/columns.rs");
    let tables: BTreeSet<&str> = there.iter().map(|(table, _)| table.as_str()).collect();
    assert!(without.is_subset(&tables), "a table that is gone");
    // What is sealed is about somebody: no table that holds nothing about a child has such a column.
    let sealed = |(table, column): &&(String, String)| {
        // The seals of the log sign it; they hide nothing. Addresses of systems are an organisation's.
        table != "audit_seal"
            && table != "subscription"
            && column.starts_with("sealed_")
            && without.contains(table.as_str())
    };
    assert_eq!(there.iter().filter(sealed).count(), 0);
}
