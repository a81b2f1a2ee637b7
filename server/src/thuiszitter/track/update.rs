//! A running track gets another coordinator or another next day.

use chrono::NaiveDate;
use schakel_domain::{
    access::Class,
    bound::Bound,
    ids::PersonId,
    refusal::{Language, Refusal},
};
use schakel_proto::v1 as pb;

use super::{
    start::must_work,
    step::{Seen, hold, is_beyond},
    store,
    tell::{Line, tell},
    wire::to_wire,
};
use crate::{
    access::authenticate::today,
    error::{Error, Result},
    store::Tx,
    thuiszitter::update_case::must_be_ahead,
};

/// The fields that can change, as a mask names them.
pub(super) const FIELDS: [&str; 2] = ["coordinator", "next_date"];

/// What is to change; none stays.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Change {
    pub coordinator: Option<PersonId>,
    pub next: Option<NaiveDate>,
}

/// Changes it.
///
/// # Errors
/// As [`hold`] and [`must_work`]; a violation of a next day before the last step or after the
/// last day of an arrangement.
pub(super) async fn update(tx: &Tx, seen: Seen, change: &Change, language: Language) -> Result<pb::Track> {
    let (mut track, writing) = hold(tx, seen, None).await?;
    if let Some(coordinator) = change.coordinator {
        must_work(tx, coordinator).await?;
        track.coordinator = coordinator;
    }
    let last = track.standing().next_back().map_or(track.started, |step| step.on);
    if change.next.is_some_and(|next| next < last) {
        return Err(Error::bound("track.next_date", Refusal::TimeOutOfBounds, Bound::SinceStep));
    }
    if is_beyond(track.until(), change.next, today(tx.now())) {
        return Err(Error::field("track.next_date", Refusal::TimeOutOfBounds));
    }
    must_be_ahead("track.next_date", (track.next, change.next.or(track.next)), today(tx.now()))?;
    track.next = change.next.or(track.next);
    store::update(tx, &mut track).await?;
    let classes = writing.classes;
    let of = (track.kind, None);
    let line = Line { kind: "TRACK_CHANGED", of, happened: None, written: Class::K4, why: None };
    tell(tx, writing, line, language).await?;
    Ok(to_wire(&track, classes))
}
