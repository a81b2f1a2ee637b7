//! Asks the addresses that are due, reads what they answer, and keeps when it makes busy.

use std::{sync::Arc, time::Duration};

use chrono::{DateTime, TimeDelta, Utc};
use http::Uri;
use hyper::body::Bytes;
use schakel_domain::{
    ical::{Asked, Refused, Taken, taken},
    ids::RegionId,
    time::Period,
};
use tokio::task::JoinSet;

use super::{
    fetch::{self, Failure, Fetched, Validators},
    spans,
    store::{self, Model, place},
};
use crate::{
    access::{Grant, Worker},
    app::App,
    availability::hours::USUAL_ZONE,
    error::{Error, Result},
    outward::Way,
    store::instant::to_column,
};

/// How far back and ahead a calendar is read.
const BEFORE: TimeDelta = TimeDelta::days(1);
const AHEAD: TimeDelta = TimeDelta::days(731);
/// When less than this is known ahead, an unchanged calendar is had again all the same:
/// its repetitions go on.
const ENOUGH: TimeDelta = TimeDelta::days(548);
/// When an address is asked again, at the earliest; by chance up to 15 minutes later.
const AGAIN: TimeDelta = TimeDelta::minutes(30);
/// The longest that an address which fails is left alone.
const LONGEST: TimeDelta = TimeDelta::days(1);

/// One round in `region`; says how many addresses it asked, 0 when none was due.
pub async fn work(app: &App, region: RegionId) -> Result<usize> {
    let grant = Grant::worker(Worker::Calendars, region);
    if !store::is_due(&app.read(grant.clone())).await? {
        return Ok(0);
    }
    let rows = app.write(&grant, None, |tx| async move { store::lease(&tx).await }).await?;
    let way = Way::new(app.settings.outside.network, None).map_err(|why| {
        tracing::error!(why, "no certificate authorities to ask calendars elsewhere with");
        Error::Corrupt { table: "none", column: "authorities" }
    })?;
    let (way, count) = (Arc::new(way), rows.len());
    let mut asked = JoinSet::new();
    for row in rows {
        let (app, grant, way) = (app.clone(), grant.clone(), Arc::clone(&way));
        asked.spawn(async move { one(&app, &grant, &way, row).await });
    }
    while let Some(done) = asked.join_next().await {
        match done {
            Ok(done) => done?,
            Err(error) => tracing::error!(%error, "a calendar elsewhere could not be read"),
        }
    }
    Ok(count)
}

async fn one(app: &App, grant: &Grant, way: &Way, row: Model) -> Result<()> {
    let asked_at = app.now();
    let learned = learn(app, grant, way, &row).await;
    let mut random = [0];
    app.ids.fill(&mut random);
    let mut row = Model { fetched_at: Some(to_column(asked_at)), ..row };
    match learned {
        Ok(learned) => {
            if let Some((known, seen)) = learned {
                row = Model {
                    etag: seen.etag,
                    last_modified: seen.last_modified,
                    ..filled(row, &known, asked_at)
                };
            }
            (row.failures, row.last_error) = (0, String::new());
            row.next_fetch_at =
                Some(to_column(asked_at + AGAIN + TimeDelta::minutes(i64::from(random[0] % 16))));
        }
        Err(failure) => {
            row.failures = row.failures.saturating_add(1);
            row.last_error = failure.code();
            let doubled = AGAIN * 2_i32.pow(u32::try_from(row.failures - 1).unwrap_or(0).min(6));
            row.next_fetch_at = Some(to_column(asked_at + doubled.min(LONGEST)));
        }
    }
    let row = &row;
    app.write(grant, None, |tx| async move { store::end_lease(&tx, row.clone()).await }).await
}

/// What there is to learn: nothing when nothing changed.
async fn learn(
    app: &App,
    grant: &Grant,
    way: &Way,
    row: &Model,
) -> std::result::Result<Option<(Known, Validators)>, Failure> {
    let url = address(app, grant, row).await.ok_or(Failure::AddressRefused)?;
    let enough = to_column(app.now() + ENOUGH);
    let seen = if row.known_until.is_some_and(|until| until >= enough) {
        Validators { etag: row.etag.clone(), last_modified: row.last_modified.clone() }
    } else {
        Validators::default()
    };
    let patience = Duration::from_secs(app.settings.outside.patience_seconds.into());
    match fetch::get((way, patience), url, &seen).await? {
        Fetched::Unchanged => Ok(None),
        Fetched::New(bytes, seen) => match read(app, bytes).await {
            Ok(known) => Ok(Some((known, seen))),
            Err(_) => Err(Failure::CalendarUnreadable),
        },
    }
}

async fn address(app: &App, grant: &Grant, row: &Model) -> Option<Uri> {
    let sealed = row.sealed_address.as_deref()?;
    let keys = app.read(grant.clone()).subject_keys(&[row.person_id]).await.ok()?;
    keys.open(row.person_id, place(row.id), sealed).ok()?.parse().ok()
}

/// What a calendar said, up to when.
pub(super) struct Known {
    taken: Taken,
    until: DateTime<Utc>,
}

/// Reads a calendar, beside the threads that answer calls.
pub(super) async fn read(app: &App, bytes: Bytes) -> std::result::Result<Known, Refused> {
    let now = app.now();
    let sender = app.settings.mail.sender.as_str();
    let own_domain = sender.rsplit_once('@').map_or_else(String::new, |(_, domain)| domain.to_owned());
    let until = now + AHEAD;
    let Ok(window) = Period::new(now - BEFORE, until) else { return Err(Refused::TooMuch) };
    let reading = tokio::task::spawn_blocking(move || {
        taken(&bytes, &Asked { window, floating: USUAL_ZONE, own_domain: &own_domain })
    });
    let taken = reading.await.unwrap_or(Err(Refused::TooMuch))?;
    Ok(Known { taken, until })
}

/// `row` with what was read of it.
pub(super) fn filled(row: Model, known: &Known, now: DateTime<Utc>) -> Model {
    let why: &str = known.taken.why.map_or("", <&str>::from);
    Model {
        busy: spans::write(&known.taken.periods),
        known_until: Some(to_column(known.until)),
        read_at: Some(to_column(now)),
        unread: i32::try_from(known.taken.unread).unwrap_or(i32::MAX),
        unread_reason: why.to_owned(),
        ..row
    }
}
