//! Calendars of who has left go with the day's sweep: nobody could remove them any more.

use schakel_domain::ids::RegionId;

use super::{change::OBJECT, store};
use crate::{
    access::{Grant, Worker},
    app::App,
    availability::change::line,
    error::Result,
    store::audit::{Deed, Line},
};

/// Forgets those of who has left `region`; says how many.
pub async fn work(app: &App, region: RegionId) -> Result<u64> {
    let grant = Grant::worker(Worker::Retention, region);
    app.write(&grant, None, |tx| async move {
        let gone = store::forget_left(&tx).await?;
        let lines: Vec<Line> = gone.iter().map(|(id, person)| line(Deed::D, OBJECT, *id, *person)).collect();
        tx.audit_all(&lines).await?;
        Ok(gone.len() as u64)
    })
    .await
}
