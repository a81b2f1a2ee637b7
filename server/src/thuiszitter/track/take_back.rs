//! A step that was a mistake is taken back: it stays where it was written, and the track goes on without it.

use chrono::NaiveDate;
use schakel_domain::{
    access::Classes,
    bound::Bound,
    ids::PersonId,
    refusal::{Language, Refusal},
    thuiszitter::track::{TrackState, TrackStep},
};
use schakel_proto::v1 as pb;

use super::{
    step::{Seen, reach},
    store::{self, Step, Track},
    tell::{Line, untell},
    wire::to_wire,
};
use crate::{
    access::authenticate::today,
    error::{Error, Result},
    store::{Read, Tx},
    thuiszitter::{advance_case::must_write, update_case::must_be_ahead},
};

/// What is to be taken back.
#[derive(Debug, Clone, Copy)]
pub(super) struct Back {
    pub known: Seen,
    /// The last step, as the caller read it.
    pub step: TrackStep,
    /// When something happens next.
    pub next: NaiveDate,
}

/// Takes it back. A track that ended by it runs again.
///
/// # Errors
/// As [`reach`]; `STEP_NOT_ALLOWED` for any step but the last; `ALREADY_EXISTS` when another of its kind
/// runs meanwhile; not allowed for a step of a class that the caller does not see; a violation of a next
/// day before the step that is the last then.
pub(super) async fn take_back(tx: &Tx, back: &Back, language: Language) -> Result<pb::Track> {
    let (mut track, writing) = reach(tx, back.known).await?;
    must_write(writing.classes, back.step.class())?;
    let last = track.steps.iter_mut().rfind(|step| !step.taken_back);
    // What came after a step rests on it.
    let last = last.filter(|step| step.kind == back.step).ok_or(Refusal::StepNotAllowed)?;
    last.taken_back = true;
    let step = last.clone();
    let since = track.standing().next_back().map_or(track.started, |step| step.on);
    if back.next < since {
        return Err(Error::bound("next_date", Refusal::TimeOutOfBounds, Bound::SinceStep));
    }
    must_be_ahead("next_date", (track.next, Some(back.next)), today(tx.now()))?;
    if track.closed.is_some() && store::runs(tx, track.case, track.kind).await? {
        return Err(Refusal::AlreadyExists.into());
    }
    let (child, classes) = (writing.circle.child, writing.classes);
    let again = said_again(tx, (&track, child), &step, classes).await?;
    if let Some((other, fact)) = again.as_ref().filter(|other| other.fact.is_none()).zip(step.fact) {
        // It goes when that one is taken back.
        store::own_fact(tx, other, fact).await?;
    }
    let fact = step.fact.filter(|_| again.is_none());
    (track.state, track.outcome, track.closed) = (TrackState::Open, None, None);
    track.next = Some(back.next);
    store::take_back(tx, &track, &step).await?;
    store::update(tx, &mut track).await?;
    let of = (track.kind, Some(step.kind));
    let line = Line { kind: "TRACK_STEP_TAKEN_BACK", of, happened: None, written: step.kind.class() };
    untell(tx, writing, (line, fact), language).await?;
    Ok(to_wire(&track, classes))
}

/// Another step that stands and says the same.
async fn said_again(
    read: &Read,
    (track, child): (&Track, PersonId),
    step: &Step,
    classes: Classes,
) -> Result<Option<Step>> {
    let moment = track.kind.moment(track.ground, step.kind);
    let tracks = store::told(read, (track.case, child), classes).await?;
    let same = |other: &Track, one: &Step| {
        one.id != step.id && one.on == step.on && other.kind.moment(other.ground, one.kind) == moment
    };
    Ok(tracks.iter().find_map(|other| other.standing().find(|one| same(other, one)).cloned()))
}
