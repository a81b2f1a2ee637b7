//! What is written in signals is kept for two years after it was told; then it goes with the day's sweep.

use chrono::Months;
use schakel_domain::ids::RegionId;

use super::{store, withdraw::destroy};
use crate::{
    access::{Grant, Worker, authenticate::today},
    app::App,
    error::Result,
};

/// So that whoever sets the agenda can look back at two school years.
const KEPT: Months = Months::new(24);

/// As many in one transaction.
const BATCH: u64 = 100;

/// Destroys the words of all in `region` whose time is over; says of how many.
///
/// # Errors
/// When the database fails.
pub async fn work(app: &App, region: RegionId) -> Result<u64> {
    let grant = Grant::worker(Worker::Retention, region);
    let mut gone = 0;
    loop {
        let batch = app
            .write(&grant, None, |tx| async move {
                let Some(day) = today(tx.now()).checked_sub_months(KEPT) else { return Ok(0) };
                let mut old = store::told_until(&tx, day, BATCH).await?;
                for signal in &mut old {
                    destroy(&tx, signal).await?;
                }
                Ok(old.len() as u64)
            })
            .await?;
        gone += batch;
        if batch < BATCH {
            return Ok(gone);
        }
    }
}
