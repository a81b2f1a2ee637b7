//! A track begins, and its first day is a fact where a clock knows it.

use chrono::NaiveDate;
use schakel_domain::{
    access::Class,
    bound::Bound,
    ids::{CaseId, PersonId, TrackId},
    refusal::{Language, Refusal},
    thuiszitter::track::{TrackGround, TrackKind, TrackState},
};
use schakel_proto::v1 as pb;

use super::{
    store::{self, Track},
    tell::{Line, tell},
    wire::to_wire,
};
use crate::{
    access::{affiliation, authenticate::today},
    error::{Error, Result},
    store::{Read, Tx},
    thuiszitter::{advance_case::must_write, facts::Writing, update_case::must_be_ahead},
};

/// The track that is asked for.
#[derive(Debug, Clone, Copy)]
pub(super) struct Wish {
    pub case: CaseId,
    pub kind: TrackKind,
    pub ground: Option<TrackGround>,
    pub coordinator: PersonId,
    pub started: NaiveDate,
    pub next: NaiveDate,
}

/// Begins it.
///
/// # Errors
/// `CASE_NOT_FOUND`, `CASE_CLOSED`, `CASE_RESTRICTED`; not allowed for who does not see the content of
/// education; `ALREADY_EXISTS` while one of its kind runs; as [`must_work`].
pub(super) async fn start(tx: &Tx, wish: &Wish, language: Language) -> Result<pb::Track> {
    let writing = Writing::begin(tx, wish.case).await?;
    must_write(writing.classes, Class::K4)?;
    must_work(tx, wish.coordinator).await?;
    must_be_ahead("track.next_date", (None, Some(wish.next)), today(tx.now()))?;
    if writing.born().is_some_and(|birth| wish.started < birth) {
        return Err(Error::bound("track.start_date", Refusal::TimeOutOfBounds, Bound::SinceBirth));
    }
    if store::runs(tx, wish.case, wish.kind).await? {
        return Err(Refusal::AlreadyExists.into());
    }
    let track = Track {
        id: TrackId(tx.new_id()),
        case: wish.case,
        kind: wish.kind,
        ground: wish.ground,
        coordinator: wish.coordinator,
        started: wish.started,
        next: Some(wish.next),
        state: TrackState::Open,
        outcome: None,
        closed: None,
        steps: Vec::new(),
        version: 1,
    };
    store::insert(tx, &track).await?;
    let classes = writing.classes;
    let happened = wish.kind.begins(wish.ground).map(|moment| (moment, wish.started));
    let of = (wish.kind, None);
    let line = Line { kind: "TRACK_STARTED", of, happened, written: Class::K4, why: None };
    tell(tx, writing, line, language).await?;
    Ok(to_wire(&track, classes))
}

/// Refuses a coordinator who works nowhere in the region today.
///
/// # Errors
/// A violation of the coordinator.
pub(super) async fn must_work(read: &Read, coordinator: PersonId) -> Result<()> {
    let posts = affiliation::of(read, &[coordinator], today(read.now())).await?;
    let works = posts.iter().any(|post| !post.role.is_private());
    if works { Ok(()) } else { Err(Error::field("track.coordinator", Refusal::FieldInvalid)) }
}
