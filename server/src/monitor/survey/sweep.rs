//! What a round asked and what schools answered is kept for two years after its end; then it goes with the day's
//! sweep.

use chrono::Months;
use schakel_domain::{
    access::{Class, Classes},
    ids::RegionId,
};

use super::store;
use crate::{
    access::{Grant, Worker, authenticate::today},
    app::App,
    error::Result,
    store::{
        Tx,
        audit::{Deed, Line},
    },
};

/// So that a round is laid beside those of two school years.
const KEPT: Months = Months::new(24);

/// Empties all in `region` whose time is over; says how many.
///
/// # Errors
/// When the database fails.
pub async fn work(app: &App, region: RegionId) -> Result<u64> {
    let grant = Grant::worker(Worker::Retention, region);
    app.write(&grant, None, |tx| async move { empty(&tx).await }).await
}

/// A region asks a few times a year: those of a day are one transaction.
async fn empty(tx: &Tx) -> Result<u64> {
    let Some(day) = today(tx.now()).checked_sub_months(KEPT) else { return Ok(0) };
    let over = store::ended_until(tx, day).await?;
    for survey in &over {
        store::empty(tx, survey).await?;
        let (object, classes) = ("survey", Classes::of(&[Class::K0]));
        tx.audit(Line { deed: Deed::D, object, id: Some(survey.id.0), subject: None, classes }).await?;
    }
    Ok(over.len() as u64)
}
