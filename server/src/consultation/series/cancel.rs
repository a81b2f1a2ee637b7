//! PLANNED → CANCELLED for the coming meetings of a series from a date on.

use chrono::NaiveDate;
use schakel_domain::{
    consultation::{Event, State, series::End},
    ids::SeriesId,
    refusal::Refusal,
    time::wall_clock,
};

use super::{
    show,
    store::{self, Series},
};
use crate::{
    availability::freed,
    consultation::{many, meeting::Meeting, parts, seats, shared, tell, together},
    error::{Error, Result},
    store::{Tx, audit::Deed},
};

/// Which meetings are off.
#[derive(Debug, Clone, Copy)]
pub(super) struct Wish {
    /// Of which series.
    pub(super) series: SeriesId,
    /// The version that was read.
    pub(super) etag: i32,
    /// From this date of the rule on; absent means all coming ones.
    pub(super) from: Option<NaiveDate>,
}

/// Calls them off.
pub(super) async fn cancel(tx: &Tx, wish: Wish) -> Result<(Series, Vec<Meeting>)> {
    let mut series = store::hold(tx, wish.series).await?;
    let mut meetings = many::of_series_to_change(tx, wish.series).await?;
    show::leave(tx, &meetings).await?;
    if series.version != wish.etag {
        return Err(Error::Stale);
    }
    let is_off = |meeting: &Meeting| is_coming(tx, &series, meeting, wish.from);
    let (mut off, stays): (Vec<Meeting>, Vec<Meeting>) = meetings.drain(..).partition(is_off);
    if off.is_empty() {
        return Err(Refusal::AlreadyEnded.into());
    }
    for meeting in &mut off {
        meeting.live_on(meeting.life().after(Event::Cancel, tx.now())?);
    }
    let parts = many::parts_of(tx, &off).await?;
    parts::allowed(tx, &parts).await?;
    let parts = parts::cancelled(tx, parts).await?;
    let all: Vec<&Meeting> = off.iter().chain(&parts).collect();
    seats::change_all(tx, &all, &[]).await?;
    many::update(tx, &mut off).await?;
    together::follow(tx, &off, Deed::U, "CONSULTATION_CANCELLED").await?;
    let parts: Vec<&Meeting> = parts.iter().collect();
    tell::audit(tx, &parts, Deed::U).await?;
    tell::invite(tx, &parts, tx.now()).await?;
    tell::cases(tx, &parts, "CONSULTATION_CANCELLED").await?;
    shared::tell(tx, &off.iter().chain(parts).collect::<Vec<_>>()).await?;
    end(&mut series, &off);
    store::update(tx, &mut series).await?;
    freed::tell(tx, series.id.0, series.version).await?;
    together::invite(tx, &[(series.id, series.version)], tx.now()).await?;
    off.extend(stays);
    Ok((series, off))
}

/// Whether a meeting is planned, has not begun, and its rule has it on `from` or later.
pub(super) fn is_coming(tx: &Tx, series: &Series, meeting: &Meeting, from: Option<NaiveDate>) -> bool {
    let original = meeting.member.map_or(meeting.time.start(), |part| part.original);
    let date = wall_clock(series.wall.zone, original).date();
    let planned = meeting.state == State::Planned && meeting.time.start() > tx.now();
    planned && from.is_none_or(|from| from <= date)
}

/// The rule stops before the first meeting that is off.
fn end(series: &mut Series, off: &[Meeting]) {
    let first = off.iter().filter_map(|meeting| meeting.member).map(|part| part.original).min();
    let Some(first) = first.map(|first| wall_clock(series.wall.zone, first).date()) else { return };
    if let Some(rule) = &mut series.recurrence {
        rule.end = End::Until(first.pred_opt().unwrap_or(first));
    }
}
