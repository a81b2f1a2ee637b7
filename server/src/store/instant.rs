//! Instants as columns: microseconds since 1970, UTC, the same on both databases.

use chrono::{DateTime, Utc};

use crate::error::{Error, Result};

/// As a column.
pub fn to_column(instant: DateTime<Utc>) -> i64 {
    instant.timestamp_micros()
}

/// From a column.
pub fn from_column(micros: i64) -> Result<DateTime<Utc>> {
    DateTime::from_timestamp_micros(micros).ok_or(Error::Corrupt { table: "any", column: "instant" })
}
