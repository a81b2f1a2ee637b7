//! Writes into timelines what other subjects told of a case.

use std::collections::BTreeSet;

use schakel_domain::ids::{CaseId, RegionId};

use super::{history, store};
use crate::{
    access::{Grant, Worker},
    app::App,
    error::Result,
    store::{
        Tx,
        outbox::{CaseNote, Ended, Kind, Leased},
    },
};

/// How many rows are taken at once.
const BATCH: u32 = 100;

/// Does every row of `region` that is due, once, and says how many.
pub async fn work(app: &App, region: RegionId) -> Result<usize> {
    let grant = Grant::worker(Worker::Cases, region);
    let mut done = 0;
    while app.read(grant.clone()).is_due(Kind::CaseEvent).await? {
        let leased =
            app.write(&grant, None, |tx| async move { tx.lease(Kind::CaseEvent, BATCH).await }).await?;
        let rows = &leased;
        app.write(&grant, None, |tx| async move { write_down(&tx, rows).await }).await?;
        done += leased.len();
    }
    Ok(done)
}

/// Writes `rows` down and ends them. The event has the row's own id, so that a row that
/// is done again after a crash adds nothing.
async fn write_down(tx: &Tx, rows: &[Leased]) -> Result<()> {
    let cases: Vec<_> = rows.iter().map(|row| row.subject_id).collect();
    let known: BTreeSet<_> = store::existing(tx, &cases).await?.into_iter().collect();
    let mut notes = Vec::with_capacity(rows.len());
    for row in rows {
        let note =
            row.sealed_payload.as_deref().and_then(|note| serde_json::from_slice::<CaseNote>(note).ok());
        let ended = match note {
            None => Ended::Dead("no note"),
            Some(_) if !known.contains(&row.subject_id) => Ended::Dead("no case"),
            Some(note) => {
                notes.push((row.id, CaseId(row.subject_id), note));
                Ended::Done
            }
        };
        tx.end(row, &ended).await?;
    }
    history::tell(tx, &notes).await
}
