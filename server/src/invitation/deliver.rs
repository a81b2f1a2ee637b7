//! Sends prepared mails, a few at a time, outside any transaction.

use std::{collections::VecDeque, time::Duration};

use chrono::{DateTime, Utc};
use schakel_domain::{
    access::{Class, Classes},
    ids::RegionId,
    invitation::{backoff, spread},
    mail::Verdict,
    text::EmailAddress,
};
use tokio::{task::JoinSet, time::Instant};
use uuid::Uuid;

use super::{news::payload, reply_tag::envelope_sender, transport::Outcome};
use crate::{
    access::{Grant, Worker},
    app::App,
    error::{Error, Result},
    store::{
        audit::{Deed, Line},
        instant::from_column,
        outbox::{ADDRESS_FLAGGED, Ended, Kind, Leased, MAILBOX_REFUSED, Work},
        vault::SubjectKeys,
    },
};

/// How long a slow relay keeps the others from being looked for.
const LOOK_AGAIN: Duration = Duration::from_secs(1);
/// A leased mail that did not get its turn by then is given back: a relay may take ten minutes of
/// the twelve that a lease lasts.
const FRESH: Duration = Duration::from_mins(1);

/// A mail that is ready to go.
struct Ready {
    row: Leased,
    to: EmailAddress,
    index: Vec<u8>,
    message: String,
    expires: Option<DateTime<Utc>>,
    leased: Instant,
}

/// How a row is to end.
struct Settled {
    row: Leased,
    ended: Ended,
    /// The address that was asked, when one was.
    index: Option<Vec<u8>>,
}

/// Sends what is due in the region, and says how many mails ended. A relay that
/// hangs holds one place of a few; the others go on.
pub async fn deliver(app: &App, region: RegionId) -> Result<usize> {
    let grant = Grant::worker(Worker::Invitations, region);
    let mut flying: JoinSet<Settled> = JoinSet::new();
    let mut waiting: VecDeque<Ready> = VecDeque::new();
    let mut settled: Vec<Settled> = Vec::new();
    let mut ended = 0;
    loop {
        if waiting.is_empty() && flying.len() < app.mail.places() {
            match take(app, &grant).await {
                Ok((ready, over)) => {
                    waiting.extend(ready);
                    settled.extend(over);
                }
                Err(error) if flying.is_empty() && settled.is_empty() => return Err(error),
                Err(error) => tracing::error!(%error, "mails that are due cannot be taken up"),
            }
        }
        while flying.len() < app.mail.places()
            && let Some(ready) = waiting.pop_front()
        {
            if app.stopping.is_cancelled() || ready.leased.elapsed() >= FRESH {
                let ended = Ended::Later(app.now(), "NOT_BEGUN");
                settled.push(Settled { row: ready.row, ended, index: None });
            } else {
                flying.spawn(one(app.clone(), ready));
            }
        }
        if !settled.is_empty() {
            match settle(app, &grant, &settled).await {
                Ok(number) => ended += number,
                // Their leases run out, and they are tried again.
                Err(error) => tracing::error!(%error, "mails could not be ended"),
            }
            settled.clear();
        }
        match tokio::time::timeout(LOOK_AGAIN, flying.join_next()).await {
            Ok(None) if waiting.is_empty() => return Ok(ended),
            Ok(None) | Err(_) => {}
            Ok(Some(first)) => {
                let rest = std::iter::from_fn(|| flying.try_join_next());
                for joined in std::iter::once(first).chain(rest) {
                    if let Ok(one) = joined {
                        settled.push(one);
                    } else {
                        tracing::error!("sending a mail ended early");
                    }
                }
            }
        }
    }
}

/// Leases what is due and opens it; says also what is to end without being sent.
async fn take(app: &App, grant: &Grant) -> Result<(Vec<Ready>, Vec<Settled>)> {
    let most = app.mail.batch(app.now());
    if most == 0 || app.stopping.is_cancelled() || !app.read(grant.clone()).is_due(Kind::Mail).await? {
        return Ok((Vec::new(), Vec::new()));
    }
    let leased = app.write(grant, None, |tx| async move { tx.lease_mails(most).await }).await?;
    open(app, grant, leased).await
}

/// Opens mails together: their keys are one statement, and so are the addresses that take none.
async fn open(app: &App, grant: &Grant, rows: Vec<Leased>) -> Result<(Vec<Ready>, Vec<Settled>)> {
    let read = app.read(grant.clone());
    let leased = Instant::now();
    let recipients: Vec<Uuid> = rows.iter().filter_map(|row| row.recipient_id).collect();
    let together = match read.subject_keys(&recipients).await {
        Ok(keys) => Some(keys),
        // One that does not open keeps no other from being sent.
        Err(Error::Unreadable { .. } | Error::Corrupt { .. }) => None,
        Err(error) => return Err(error),
    };
    let (mut ready, mut over) = (Vec::new(), Vec::new());
    for row in rows {
        let expires = row.expires_at.map(from_column).transpose()?;
        if expires.is_some_and(|expires| app.now() >= expires) {
            over.push(Settled { row, ended: Ended::Dead("EXPIRED"), index: None });
            continue;
        }
        let opened = match &together {
            Some(keys) => plain(keys, &row),
            None => match read.subject_keys(&row.recipient_id.into_iter().collect::<Vec<_>>()).await {
                Ok(keys) => plain(&keys, &row),
                Err(error) => Err(error),
            },
        };
        match opened {
            Ok((to, message)) => {
                let index = read.address_index(&to);
                ready.push(Ready { row, to, index, message, expires, leased });
            }
            Err(Error::Unreadable { .. } | Error::Corrupt { .. }) => {
                tracing::error!(mail = %row.id, "a mail does not open");
                over.push(Settled { row, ended: Ended::Dead("PAYLOAD_UNREADABLE"), index: None });
            }
            Err(error) => return Err(error),
        }
    }
    let indexes: Vec<Vec<u8>> = ready.iter().map(|ready| ready.index.clone()).collect();
    let flagged = read.flagged(&indexes).await?;
    let (kept, refused): (Vec<Ready>, Vec<Ready>) =
        ready.into_iter().partition(|ready| !flagged.contains(&ready.index));
    let refused = refused.into_iter().map(|ready| ready.row);
    over.extend(refused.map(|row| Settled { row, ended: Ended::Bounced(ADDRESS_FLAGGED), index: None }));
    Ok((kept, over))
}

fn plain(keys: &SubjectKeys, row: &Leased) -> Result<(EmailAddress, String)> {
    let place = payload(row.id);
    let corrupt = || Error::Corrupt { table: place.table, column: place.column };
    let recipient = row.recipient_id.ok_or_else(corrupt)?;
    let sealed = row.sealed_payload.as_deref().ok_or_else(corrupt)?;
    let plain = keys.open(recipient, place, sealed)?;
    let (to, message) = plain.split_once("\r\n").ok_or_else(corrupt)?;
    Ok((to.parse().map_err(|_| corrupt())?, message.to_owned()))
}

/// Hands over one mail; says how its row is to end.
async fn one(app: App, ready: Ready) -> Settled {
    let Ready { row, to, index, message, expires, leased } = ready;
    let from = envelope_sender(&app, row.id);
    let addresses = [&from, &to];
    let now = app.now();
    let sent = app.mail.send(addresses, &row.id.to_string(), message.as_bytes(), (leased, now)).await;
    let ended = match sent {
        Outcome::Later(due, reason) => Ended::Later(due, reason),
        Outcome::Ended(Verdict::Sent) => Ended::Done,
        Outcome::Ended(Verdict::Again(reason)) => again(&app, &row, expires, reason),
        Outcome::Ended(Verdict::Bounced(reason)) => {
            tracing::warn!(mail = %row.id, reason, "a mailbox takes no mail");
            Ended::Bounced(reason)
        }
        Outcome::Ended(Verdict::Dead(reason)) => {
            tracing::warn!(mail = %row.id, reason, "a mail was refused for good");
            Ended::Dead(reason)
        }
    };
    Settled { row, ended, index: Some(index) }
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

/// Opens one mail and hands it over; says how its row is to end.
pub async fn send(app: &App, grant: &Grant, row: &Leased) -> Result<Ended> {
    let (mut ready, mut over) = open(app, grant, vec![row.clone()]).await?;
    match ready.pop() {
        Some(ready) => Ok(one(app.clone(), ready).await.ended),
        None => Ok(over.pop().map_or(Ended::Dead("PAYLOAD_UNREADABLE"), |settled| settled.ended)),
    }
}

/// Ends rows in one transaction, with what follows from it; says how many are over or tried.
async fn settle(app: &App, grant: &Grant, settled: &[Settled]) -> Result<usize> {
    app.write(grant, None, |tx| async move {
        let (mut lines, mut news, mut cleared) = (Vec::new(), Vec::new(), Vec::new());
        for Settled { row, ended, index } in settled {
            if !tx.end_mail(row, ended, index.as_deref()).await? {
                tracing::warn!(mail = %row.id, "a mail went after its lease had gone to another");
            }
            match ended {
                Ended::Done => {
                    let classes = Classes::of(&[Class::K1, Class::K2]);
                    let subject = row.recipient_id;
                    lines.push(Line { deed: Deed::E, object: "mail", id: Some(row.id), subject, classes });
                    cleared.extend(index.clone());
                }
                Ended::Bounced(reason) => {
                    if let Some(index) = index.as_deref().filter(|_| *reason == MAILBOX_REFUSED) {
                        tx.address_refused(index, reason).await?;
                    }
                    news.push(unreached(row.subject_id, row.recipient_id, tx.now()));
                }
                Ended::Again(..) | Ended::Later(..) | Ended::Dead(_) => {}
            }
        }
        tx.audit_all(&lines).await?;
        tx.address_cleared(&cleared).await?;
        tx.enqueue_all(news).await
    })
    .await?;
    Ok(settled.iter().filter(|one| !matches!(one.ended, Ended::Later(..))).count())
}

/// That somebody was not reached about something: told once, however often it is tried.
pub(super) fn unreached(subject: Uuid, recipient: Option<Uuid>, now: DateTime<Utc>) -> Work {
    let recipient = recipient.unwrap_or_default();
    Work {
        kind: Kind::AddressBounced,
        dedupe: format!("{subject}/{recipient}"),
        subject,
        due: now,
        note: None,
        mail: None,
    }
}
