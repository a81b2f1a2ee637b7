//! Looks up which systems are told of a change, and leaves a piece of work for each.

use schakel_domain::{
    access::Reached,
    ids::{OrganisationId, RegionId},
    thuiszitter::ChangeKind,
};
use uuid::Uuid;

use super::{
    deliver::Note,
    scope,
    store::{self, Model},
};
use crate::{
    access::{Grant, Worker, circle::Circle},
    app::App,
    error::Result,
    store::{
        Tx,
        instant::to_column,
        outbox::{Ended, Kind, Leased, Work},
    },
    thuiszitter::change::{self, Change},
};

/// How many changes are taken at once.
const BATCH: u32 = 100;

/// Does every change of `region` that is due, once, and says how many.
///
/// # Errors
/// When the database fails; what was done until then stays done.
pub async fn work(app: &App, region: RegionId) -> Result<usize> {
    let grant = Grant::worker(Worker::Subscriptions, region);
    let mut done = 0;
    while app.read(grant.clone()).is_due(Kind::CaseChanged).await? {
        let leased =
            app.write(&grant, None, |tx| async move { tx.lease(Kind::CaseChanged, BATCH).await }).await?;
        let rows = &leased;
        app.write(&grant, None, |tx| async move { hand_out(&tx, rows).await }).await?;
        done += leased.len();
    }
    Ok(done)
}

/// A subscription with what it wants and may be told.
struct Open {
    row: Model,
    kinds: Vec<ChangeKind>,
    reached: Reached,
}

impl Open {
    /// What happened before it was made is not told, although it may be written down only now.
    fn wants(&self, change: &Change, circle: &Circle) -> bool {
        (self.kinds.is_empty() || self.kinds.contains(&change.kind))
            && to_column(change.at) >= self.row.created_at
            && scope::tells(circle, &self.reached)
    }
}

/// A change and a subscription are one piece of work, whoever does this twice.
async fn hand_out(tx: &Tx, rows: &[Leased]) -> Result<()> {
    let mut open = Vec::new();
    for row in store::active(tx).await? {
        let reached = scope::of(tx, OrganisationId(row.organisation_id)).await?;
        open.push(Open { kinds: store::kinds(&row)?, row, reached });
    }
    if !open.is_empty() {
        let event = |row: &Leased| Uuid::from_slice(row.sealed_payload.as_deref()?).ok();
        let events: Vec<Uuid> = rows.iter().filter_map(event).collect();
        let mut work = Vec::new();
        for (change, circle, _) in change::find(tx, &events).await? {
            for one in open.iter().filter(|one| one.wants(&change, &circle)) {
                work.push(telling(tx, one.row.id, &change)?);
            }
        }
        tx.enqueue_all(work).await?;
    }
    for row in rows {
        tx.end(row, &Ended::Done).await?;
    }
    Ok(())
}

/// It is about the case, so that it goes when the case does.
fn telling(tx: &Tx, subscription: Uuid, change: &Change) -> Result<Work> {
    let note = Note { event: change.event.0, subscription, made: tx.now(), ping: false };
    Ok(Work {
        kind: Kind::SubscriptionEvent,
        dedupe: format!("{}:{subscription}", change.event.0),
        subject: change.case.0,
        due: tx.now(),
        note: Some(note.write()?),
        mail: None,
    })
}
