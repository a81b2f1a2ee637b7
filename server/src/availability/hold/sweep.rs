//! Holds that have expired go with the day's sweep. Until then they count for nobody.

use schakel_domain::ids::RegionId;

use super::store;
use crate::{
    access::{Grant, Worker},
    app::App,
    availability::{busy, freed},
    error::Result,
};

/// As many in one transaction.
const BATCH: u64 = 100;

/// Lets all that expired in `region` go; says how many.
pub async fn work(app: &App, region: RegionId) -> Result<u64> {
    let grant = Grant::worker(Worker::Retention, region);
    let mut gone = 0;
    loop {
        let batch = app
            .write(&grant, None, |tx| async move {
                let ids = store::expired(&tx, BATCH).await?;
                busy::forget(&tx, &ids).await?;
                store::delete(&tx, &ids).await?;
                if let Some(first) = ids.first() {
                    freed::tell(&tx, *first, 1).await?;
                }
                Ok(ids.len() as u64)
            })
            .await?;
        gone += batch;
        if batch < BATCH {
            return Ok(gone);
        }
    }
}
