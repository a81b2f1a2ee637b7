//! The database: connections, the door for writes, sealed columns, audit lines and the outbox.

pub mod audit;
pub mod audit_row;
pub mod check;
pub mod connect;
pub mod copy;
pub mod door;
pub mod erasure;
pub mod instant;
pub mod journal;
pub mod keyfile;
pub mod keys;
pub mod mail_address;
pub mod memory;
pub mod messages;
pub mod outbox;
pub mod pause;
mod probe;
pub mod proof;
pub mod request;
pub mod rewrap;
pub mod seen;
pub mod sign;
mod sqlite_group;
pub mod sweep;
pub mod turn;
pub mod vault;
pub mod written;

pub use door::{Read, Tx};
use sea_orm::DatabaseConnection;

use self::sqlite_group::WriterGroup;

/// The database, opened.
pub struct Database {
    /// For reads outside a write; on SQLite it cannot write.
    reader: DatabaseConnection,
    /// The door's own way in.
    writer: Writer,
}

/// How writes reach the database.
enum Writer {
    /// One connection, waiting writes grouped in one commit.
    Sqlite(WriterGroup),
    /// A transaction each.
    Postgres(DatabaseConnection),
}
