//! Tells whoever keeps a list of those who wait that somebody may have time again.

use chrono::{DateTime, Utc};
use uuid::Uuid;

use crate::{
    error::Result,
    store::{
        Tx,
        outbox::{Kind, Work},
    },
};

/// Leaves word, in the transaction that frees the time, that what `cause` names in its
/// `version` has changed; the list is looked through once for it.
pub async fn tell(tx: &Tx, cause: Uuid, version: i32) -> Result<()> {
    tell_at(tx, cause, format!("{cause}/{version}"), tx.now()).await
}

/// Has the list looked through at `due`, once for all who ask for it as `dedupe`.
pub async fn tell_at(tx: &Tx, cause: Uuid, dedupe: String, due: DateTime<Utc>) -> Result<()> {
    let work = Work { kind: Kind::TimeFreed, dedupe, subject: cause, due, note: None, mail: None };
    tx.enqueue(work).await
}
