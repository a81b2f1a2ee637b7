//! Keeps telling going: what changed becomes mails, and mails go out.

use schakel_domain::{
    ids::{ConsultationId, RegionId},
    invitation::{backoff, spread},
};

pub use super::deliver::deliver;
use super::{
    answers::refused_due,
    held,
    notify::notify_due,
    polls::poll_due,
    prepare::{When, prepare},
    remind::remind_due,
    series,
};
use crate::{
    access::{Grant, Worker},
    app::App,
    error::Result,
    store::outbox::{Ended, Kind, Leased},
};

/// Changes that are taken up together.
const MOST: u32 = 50;
/// A change that cannot be told for so long is given up, loudly.
const MOST_TRIES: i32 = 30;

/// One round in one region: changes become mails, due mails are sent. Says how many rows
/// it ended; 0 means that nothing is due now.
pub async fn work(app: &App, region: RegionId) -> Result<usize> {
    Ok(tell(app, region).await? + deliver(app, region).await?)
}

/// Everything that is to be told becomes mails; says how much it was.
pub async fn tell(app: &App, region: RegionId) -> Result<usize> {
    let meetings = prepare_due(app, region).await? + series::prepare_due(app, region).await?;
    let later = held::tell_due(app, region).await? + remind_due(app, region).await?;
    let proposals = refused_due(app, region).await?;
    Ok(meetings + later + proposals + notify_due(app, region).await? + poll_due(app, region).await?)
}

/// Turns changes that are due into mails; says how many.
async fn prepare_due(app: &App, region: RegionId) -> Result<usize> {
    let grant = Grant::worker(Worker::Invitations, region);
    if !app.read(grant.clone()).is_due(Kind::ConsultationChanged).await? {
        return Ok(0);
    }
    let leased =
        app.write(&grant, None, |tx| async move { tx.lease(Kind::ConsultationChanged, MOST).await }).await?;
    let leased = &leased;
    if let Err(error) = prepare_all(app, &grant, leased).await {
        tracing::error!(%error, "changes could not be told together");
        // One that cannot be told does not hold up the others.
        for row in leased {
            if let Err(error) = prepare_all(app, &grant, std::slice::from_ref(row)).await {
                tracing::error!(%error, change = %row.id, "a change could not be told");
                postpone(app, &grant, row).await?;
            }
        }
    }
    Ok(leased.len())
}

/// The mails and the ends of the rows are one transaction: a change is told once.
async fn prepare_all(app: &App, grant: &Grant, rows: &[Leased]) -> Result<()> {
    app.write(grant, None, |tx| async move {
        let mut ours = Vec::with_capacity(rows.len());
        for row in rows {
            if tx.end(row, &Ended::Done).await? {
                ours.push(ConsultationId(row.subject_id));
            }
        }
        ours.sort_unstable();
        ours.dedup();
        prepare(&tx, &ours, When::AsWanted).await
    })
    .await
}

/// Tries again later what could not be told, or gives it up.
pub(super) async fn postpone(app: &App, grant: &Grant, row: &Leased) -> Result<()> {
    let mut random = [0];
    app.ids.fill(&mut random);
    let attempts = u32::try_from(row.attempts).unwrap_or(u32::MAX);
    let ended = if row.attempts >= MOST_TRIES {
        Ended::Dead("NOT_TELLABLE")
    } else {
        Ended::Again(app.now() + spread(backoff(attempts), random[0]), "NOT_TELLABLE")
    };
    let ended = &ended;
    app.write(grant, None, |tx| async move { tx.end(row, ended).await.map(|_| ()) }).await
}
