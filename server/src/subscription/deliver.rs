//! Tells one system one event: judges once more, sends, and remembers how it went.

use std::{sync::Arc, time::Duration};

use chrono::{DateTime, TimeDelta, Utc};
use http::{StatusCode, Uri};
use schakel_domain::{
    access::{Class, Classes},
    ids::{OrganisationId, RegionId, SubscriptionId},
    invitation::{backoff, spread},
    subscription::{Heard, State, source},
};
use tokio::task::JoinSet;
use uuid::Uuid;

use super::{
    event, scope, secret,
    send::{self, Failure, Message},
    store::{self, Model, place},
};
use crate::{
    access::{Grant, Worker, region},
    app::App,
    error::{Error, Result},
    outward::Way,
    store::{
        Tx,
        audit::{Deed, Line},
        instant::{from_column, to_column},
        outbox::{Ended, Kind, Leased},
    },
    thuiszitter::change,
};

/// How many events are on their way at once.
const MOST: u32 = 8;
/// No event is tried for longer. An address that fails all the time is paused before.
const LONGEST: TimeDelta = TimeDelta::days(4);

/// Which event is told to which subscription; ids only.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub(super) struct Note {
    /// The event of the timeline, or of a ping its own id.
    pub(super) event: Uuid,
    pub(super) subscription: Uuid,
    /// When the work was made.
    pub(super) made: DateTime<Utc>,
    /// Whether it is about nothing.
    pub(super) ping: bool,
}

impl Note {
    /// As a row keeps it.
    pub(super) fn write(&self) -> Result<Vec<u8>> {
        serde_json::to_vec(self).map_err(|_| Error::Corrupt { table: "outbox", column: "sealed_payload" })
    }
}

/// What is to be sent, or how the row ends without.
enum Next {
    Send(Uri, Message),
    End(Ended),
}

/// One round in `region`; says how many rows it took, 0 when none was due.
///
/// # Errors
/// When the database fails.
pub async fn work(app: &App, region: RegionId) -> Result<usize> {
    let grant = Grant::worker(Worker::Subscriptions, region);
    if !app.read(grant.clone()).is_due(Kind::SubscriptionEvent).await? {
        return Ok(0);
    }
    let leased =
        app.write(&grant, None, |tx| async move { tx.lease(Kind::SubscriptionEvent, MOST).await }).await?;
    let way = Way::new(app.settings.outside.network, None).map_err(|why| {
        tracing::error!(why, "no certificate authorities to call systems elsewhere with");
        Error::Corrupt { table: "none", column: "authorities" }
    })?;
    let (way, count) = (Arc::new(way), leased.len());
    let mut calls = JoinSet::new();
    for row in leased {
        let (app, grant, way) = (app.clone(), grant.clone(), Arc::clone(&way));
        calls.spawn(async move { one(&app, &grant, &way, &row).await });
    }
    while let Some(done) = calls.join_next().await {
        match done {
            Ok(done) => done?,
            Err(error) => tracing::error!(%error, "a system elsewhere could not be told"),
        }
    }
    Ok(count)
}

async fn one(app: &App, grant: &Grant, way: &Way, row: &Leased) -> Result<()> {
    let note = row.sealed_payload.as_deref().and_then(|note| serde_json::from_slice::<Note>(note).ok());
    let Some(note) = &note else { return end(app, grant, row, &Ended::Dead("no note")).await };
    let id = SubscriptionId(note.subscription);
    let Some(found) = store::find(&app.read(grant.clone()), id).await? else {
        return end(app, grant, row, &Ended::Dead("SUBSCRIPTION_GONE")).await;
    };
    let told = Grant::subscribed(grant.region(), found.organisation_id);
    let found = &found;
    let next = app.write(&told, None, |tx| async move { prepare(&tx, note, found).await }).await?;
    let (url, message) = match next {
        Next::Send(url, message) => (url, message),
        Next::End(ended) => return end(app, grant, row, &ended).await,
    };
    let patience = Duration::from_secs(app.settings.outside.patience_seconds.into());
    let sent = send::post((way, patience), &url, &message).await;
    let mut random = [0];
    app.ids.fill(&mut random);
    let (sent, random) = (&sent, random[0]);
    app.write(&told, None, |tx| async move { finish(&tx, (row, note), sent, random).await }).await
}

async fn end(app: &App, grant: &Grant, row: &Leased, ended: &Ended) -> Result<()> {
    app.write(grant, None, |tx| async move { tx.end(row, ended).await.map(|_| ()) }).await
}

/// What is to be told now, by what the organisation reads at this moment; written down before it
/// goes out.
async fn prepare(tx: &Tx, note: &Note, row: &Model) -> Result<Next> {
    let now = tx.now();
    let dead = |why| Ok(Next::End(Ended::Dead(why)));
    if now - note.made >= LONGEST {
        return dead("EXPIRED");
    }
    let tries = store::tries(row)?;
    if !note.ping {
        if tries.state == State::PausedAfterFailures {
            return dead("PAUSED");
        }
        // An address that fails is not tried by every event that waits for it.
        let rests = row.tried_at.filter(|_| tries.failures > 0).map(from_column).transpose()?;
        let until = rests.map(|last| last + backoff(tries.failures)).filter(|until| *until > now);
        if let Some(until) = until {
            return Ok(Next::End(Ended::Later(until, "WAITING")));
        }
    }
    let swv_code = region::swv_code(tx).await?;
    let source = source(tx.app().settings.outside.oin.as_deref(), &swv_code);
    let body = if note.ping {
        event::ping(&source, (note.event, note.made), SubscriptionId(row.id))
    } else {
        let reached = scope::of(tx, OrganisationId(row.organisation_id)).await?;
        let Some((change, circle, _)) = change::find(tx, &[note.event]).await?.pop() else {
            return dead("EVENT_GONE");
        };
        if !scope::tells(&circle, &reached) {
            return dead("NOT_THEIRS");
        }
        let (subject, classes) = (Some(circle.child.0), Classes::of(&[Class::K1, Class::K3]));
        tx.audit(Line { deed: Deed::E, object: "case", id: Some(change.case.0), subject, classes }).await?;
        event::of_change(&source, &change)
    };
    signed(tx, note, row, body).await
}

async fn signed(tx: &Tx, note: &Note, row: &Model, body: String) -> Result<Next> {
    let now = tx.now();
    let subject = row.organisation_id;
    let keys = tx.subject_keys(&[subject]).await?;
    let open = |column, sealed: &[u8]| keys.open(subject, place(column, row.id), sealed);
    let Ok(url) = open("sealed_address", &row.sealed_address)?.parse::<Uri>() else {
        return Err(Error::Corrupt { table: "subscription", column: "sealed_address" });
    };
    let mut secrets = vec![open("sealed_secret", &row.sealed_secret)?];
    let overlaps = row.former_until.is_some_and(|until| until > to_column(now));
    if let Some(former) = row.sealed_former_secret.as_deref().filter(|_| overlaps) {
        secrets.push(open("sealed_former_secret", former)?);
    }
    let id = note.event.to_string();
    let signature = secret::signatures(&secrets, (&id, now), &body);
    let public: Option<Uri> = tx.app().settings.public_url.parse().ok();
    let origin = public.and_then(|url| url.host().map(str::to_owned)).unwrap_or_default();
    Ok(Next::Send(url, Message { id, at: now, body, signature, origin }))
}

/// Ends the row, and notes at the subscription how it went.
async fn finish(
    tx: &Tx,
    (row, note): (&Leased, &Note),
    sent: &std::result::Result<(), Failure>,
    random: u8,
) -> Result<()> {
    let now = tx.now();
    let owner = OrganisationId(tx.grant().organisation().unwrap_or_default());
    let held = match store::hold(tx, owner, SubscriptionId(note.subscription)).await {
        Ok(held) => held,
        Err(Error::NotFound(_)) => {
            tx.end(row, &Ended::Dead("SUBSCRIPTION_GONE")).await?;
            return Ok(());
        }
        Err(error) => return Err(error),
    };
    let (heard, ended) = match sent {
        Ok(()) => (Heard::Taken, Ended::Done),
        Err(Failure::Http(StatusCode::GONE, _)) => (Heard::Gone, Ended::Dead("GONE")),
        Err(_) if note.ping => (Heard::Failed, Ended::Dead("FAILED")),
        Err(failure) => {
            let attempts = u32::try_from(row.attempts).unwrap_or(u32::MAX);
            let wait = spread(backoff(attempts), random);
            let asked = match failure {
                Failure::Http(_, asked) => *asked,
                Failure::AddressRefused | Failure::Unreachable | Failure::TimedOut => None,
            };
            let wait = wait.max(asked.unwrap_or(TimeDelta::zero()));
            (Heard::Failed, Ended::Again(now + wait, "FAILED"))
        }
    };
    if !tx.end(row, &ended).await? {
        // Whoever has it now tells how it goes.
        return Ok(());
    }
    let tries = store::tries(&held)?.after(heard, now);
    let delivered = if heard == Heard::Taken { Some(to_column(now)) } else { held.delivered_at };
    let last_error = sent.as_ref().err().map(|failure| failure.code()).unwrap_or_default();
    let held = Model { delivered_at: delivered, last_error, ..held };
    store::update(tx, store::tried(held, tries, now)).await
}
