//! Empties every day what is kept for days only: the text of mails, stored answers, holds, who was
//! named in a proposal that is outdated, sessions that have ended; the calendars that somebody who has left kept
//! elsewhere; and, after two years, what was written in signals and what schools were asked and answered.
//! No file depends on them, so nobody approves; the audit log is not touched, rows can only be added
//! to it.

use chrono::{DateTime, TimeDelta, Utc};
use schakel_domain::{
    ids::RegionId,
    privacy::{RetentionClass, Term},
};

use super::profile;
use crate::{
    access::{Grant, Worker, session},
    app::App,
    availability, consultation,
    error::Result,
    invitation, monitor,
    store::instant::to_column,
};

/// How long a round lasts.
pub const DAY: TimeDelta = TimeDelta::days(1);

/// One round in `region`; says how many rows it emptied.
pub async fn work(app: &App, region: RegionId) -> Result<u64> {
    let grant = Grant::worker(Worker::Retention, region);
    let terms = profile::get(&app.read(grant.clone())).await?.profile;
    let now = app.now();
    let before = |class| terms.term(class).and_then(|term| before(term, now)).map_or(i64::MIN, to_column);
    let (bodies, answers) = (before(RetentionClass::OutboxBody), before(RetentionClass::StoredAnswer));
    let emptied = app.write(&grant, None, |tx| async move { tx.sweep_daily(bodies, answers).await }).await?;
    let mails = app
        .write(&grant, None, |tx| async move { invitation::inbox::sweep::daily(&tx, bodies).await })
        .await?;
    let proposals =
        app.write(&grant, None, |tx| async move { consultation::proposal::sweep::daily(&tx).await }).await?;
    let sessions = app.write(&grant, None, |tx| async move { session::sweep(&tx).await }).await?;
    let left = availability::outside::sweep::work(app, region).await?;
    let holds = availability::hold::sweep::work(app, region).await?;
    let signals = monitor::signal::sweep::work(app, region).await?;
    let surveys = monitor::survey::sweep::work(app, region).await?;
    Ok(emptied + mails + proposals + sessions + left + holds + signals + surveys)
}

/// What was written up to then is no longer kept.
fn before(term: &Term, now: DateTime<Utc>) -> Option<DateTime<Utc>> {
    use schakel_domain::privacy::Length;
    match term.length? {
        Length::Days(days) => now.checked_sub_signed(TimeDelta::days(days.into())),
        Length::Years(years) => now.checked_sub_months(chrono::Months::new(u32::from(years) * 12)),
    }
}
