//! Tells whoever keeps a list of those who wait that somebody may have time again.

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
    let work = Work {
        kind: Kind::TimeFreed,
        dedupe: format!("{cause}/{version}"),
        subject: cause,
        due: tx.now(),
        note: None,
        mail: None,
    };
    tx.enqueue(work).await
}
