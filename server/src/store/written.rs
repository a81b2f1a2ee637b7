//! Rows that may be there already.

use sea_orm::DbErr;

use crate::error::Result;

/// Whether an insert that does nothing on a conflict wrote a row.
///
/// # Errors
/// Any other failure of the database; `SeaORM` calls nothing written one too.
pub fn is_written(inserted: std::result::Result<u64, DbErr>) -> Result<bool> {
    match inserted {
        Ok(rows) => Ok(rows > 0),
        Err(DbErr::RecordNotInserted) => Ok(false),
        Err(error) => Err(error.into()),
    }
}
