//! Seals what was written down: every second, in batches of at most a thousand lines, by one leader per region.
//!
//! Lines are not chained as they are written: writers would wait for each other's disk. So
//! a seal comes a moment later, over lines that nothing can come before any more.

use schakel_domain::ids::RegionId;
use uuid::Uuid;

use super::{
    chain::{self, Anchor},
    store,
};
use crate::{
    access::{Grant, Worker},
    app::App,
    entity::{audit, audit_leaf, audit_seal},
    error::Result,
    store::{Tx, audit_row, instant::to_column},
};

/// Lines of one batch.
const BATCH: u64 = 1_000;

/// Seals what is to be sealed in `region` now, and says how many lines that was.
pub async fn work(app: &App, region: RegionId) -> Result<usize> {
    let grant = Grant::worker(Worker::Sealer, region);
    let mut sealed = 0;
    loop {
        if !store::is_due(&app.read(grant.clone())).await? {
            return Ok(sealed);
        }
        match app.write(&grant, None, |tx| async move { one(&tx).await }).await? {
            0 => return Ok(sealed),
            lines => sealed += lines,
        }
    }
}

/// The newest seal of `region`, for who keeps it elsewhere.
pub async fn anchor(app: &App, region: RegionId) -> Result<Option<Anchor>> {
    let read = app.read(Grant::worker(Worker::Sealer, region));
    Ok(store::newest(&read).await?.as_ref().map(Anchor::of))
}

/// One batch; nothing when another process is at it.
async fn one(tx: &Tx) -> Result<usize> {
    if !store::leads(tx).await? {
        return Ok(0);
    }
    let before = store::newest(tx).await?;
    let found = store::unsealed(tx, before.as_ref(), BATCH).await?;
    let (genuine, forged): (Vec<_>, Vec<_>) =
        found.rows.into_iter().partition(|row| row.row_mac == audit_row::mac(&tx.app().keys, row));
    for row in &forged {
        // It is not sealed, so that whoever checks the log finds it.
        tracing::error!(target: "security", line = %row.id, "an audit line that this server did not write");
    }
    if genuine.is_empty() {
        return Ok(0);
    }
    let first = before.as_ref().map_or(1, |before| before.last_seq + 1);
    let leaves = leaves(tx.region(), first, &genuine);
    let seal = audit_seal::Model {
        region_id: tx.region(),
        batch: before.as_ref().map_or(1, |before| before.batch + 1),
        first_seq: first,
        last_seq: leaves.last().map_or(first, |leaf| leaf.seq),
        row_count: i32::try_from(leaves.len()).unwrap_or(i32::MAX),
        sealed_below: found.sealed_below,
        prev_hash: Vec::new(),
        root: chain::root(leaves.iter().map(|leaf| leaf.leaf.as_slice())),
        sealed_at: to_column(tx.now()),
        key_id: String::new(),
        hash: Vec::new(),
        signature: Vec::new(),
    };
    let count = leaves.len();
    store::insert(tx, leaves, chain::close(seal, before.as_ref(), &tx.app().keys)).await?;
    Ok(count)
}

fn leaves(region_id: Uuid, first: i64, rows: &[audit::Model]) -> Vec<audit_leaf::Model> {
    let leaf = |(seq, row): (i64, &audit::Model)| audit_leaf::Model {
        region_id,
        seq,
        row_id: row.id,
        leaf: audit_row::leaf(row),
    };
    (first..).zip(rows).map(leaf).collect()
}
