//! Sends prepared mails, a few at a time, outside any transaction.

use std::time::Duration;

use chrono::{DateTime, Utc};
use schakel_domain::{
    access::{Class, Classes},
    ids::RegionId,
    invitation::{backoff, spread},
    text::EmailAddress,
};
use tokio::task::JoinSet;

use super::{prepare::payload, transport::Failure};
use crate::{
    access::{Grant, Worker},
    app::App,
    error::{Error, Result},
    store::{
        audit::{Deed, Line},
        instant::from_column,
        outbox::{Ended, Kind, Leased},
    },
};

/// Mails in flight at once.
const MOST: usize = 8;
/// How long a slow relay keeps the others from being looked for.
const LOOK_AGAIN: Duration = Duration::from_secs(1);

/// Sends what is due in the region, and says how many mails ended. A relay that
/// hangs holds one place of eight; the others go on.
pub async fn deliver(app: &App, region: RegionId) -> Result<usize> {
    let grant = Grant::worker(Worker::Invitations, region);
    let mut flying: JoinSet<Result<()>> = JoinSet::new();
    let mut ended = 0;
    loop {
        let room = u32::try_from(MOST - flying.len()).unwrap_or_default();
        if room > 0 && app.read(grant.clone()).is_due(Kind::Mail).await? {
            let leased =
                app.write(&grant, None, |tx| async move { tx.lease(Kind::Mail, room).await }).await?;
            for row in leased {
                flying.spawn(one(app.clone(), grant.clone(), row));
            }
        }
        match tokio::time::timeout(LOOK_AGAIN, flying.join_next()).await {
            Ok(None) => return Ok(ended),
            Ok(Some(Ok(Ok(())))) => ended += 1,
            // The row's lease runs out, and it is tried again.
            Ok(Some(Ok(Err(error)))) => tracing::error!(%error, "a mail could not be ended"),
            Ok(Some(Err(_))) => tracing::error!("sending a mail ended early"),
            Err(_) => {}
        }
    }
}

async fn one(app: App, grant: Grant, row: Leased) -> Result<()> {
    let ended = send(&app, &grant, &row).await?;
    let (row, ended) = (&row, &ended);
    app.write(&grant, None, |tx| async move {
        if !tx.end(row, ended).await? {
            tracing::warn!(mail = %row.id, "a mail went after its lease had gone to another");
        }
        if *ended == Ended::Done {
            let classes = Classes::of(&[Class::K1, Class::K2]);
            let subject = row.recipient_id;
            tx.audit(Line { deed: Deed::E, object: "mail", id: Some(row.id), subject, classes }).await?;
        }
        Ok(())
    })
    .await
}

/// Opens one mail and hands it over; says how its row is to end.
pub async fn send(app: &App, grant: &Grant, row: &Leased) -> Result<Ended> {
    let expires = row.expires_at.map(from_column).transpose()?;
    if expires.is_some_and(|expires| app.now() >= expires) {
        return Ok(Ended::Dead("EXPIRED"));
    }
    let (to, message) = match open(app, grant, row).await {
        Ok(opened) => opened,
        Err(Error::Unreadable { .. } | Error::Corrupt { .. }) => {
            tracing::error!(mail = %row.id, "a mail does not open");
            return Ok(Ended::Dead("PAYLOAD_UNREADABLE"));
        }
        Err(error) => return Err(error),
    };
    let from = &app.settings.mail.sender;
    match app.mail.send(from, &to, &row.id.to_string(), message.as_bytes()).await {
        Ok(()) => Ok(Ended::Done),
        Err(Failure::GiveUp(reason)) => {
            tracing::warn!(mail = %row.id, reason, "a mail was refused for good");
            Ok(Ended::Dead(reason))
        }
        Err(Failure::Retry(reason)) => Ok(again(app, row, expires, reason)),
    }
}

fn again(app: &App, row: &Leased, expires: Option<DateTime<Utc>>, reason: &'static str) -> Ended {
    let mut random = [0];
    app.ids.fill(&mut random);
    let attempts = u32::try_from(row.attempts).unwrap_or(u32::MAX);
    let due = app.now() + spread(backoff(attempts), random[0]);
    if expires.is_some_and(|expires| due >= expires) {
        tracing::warn!(mail = %row.id, reason, "a mail is given up: there is no time left");
        return Ended::Dead("EXPIRED");
    }
    Ended::Again(due, reason)
}

async fn open(app: &App, grant: &Grant, row: &Leased) -> Result<(EmailAddress, String)> {
    let place = payload(row.id);
    let corrupt = || Error::Corrupt { table: place.table, column: place.column };
    let recipient = row.recipient_id.ok_or_else(corrupt)?;
    let sealed = row.sealed_payload.as_deref().ok_or_else(corrupt)?;
    let keys = app.read(grant.clone()).subject_keys(&[recipient]).await?;
    let plain = keys.open(recipient, place, sealed)?;
    let (to, message) = plain.split_once("\r\n").ok_or_else(corrupt)?;
    Ok((to.parse().map_err(|_| corrupt())?, message.to_owned()))
}
