//! A step that was a mistake is taken back: it stays where it was written, and the track goes on without it.

use chrono::{DateTime, NaiveDate, Utc};
use schakel_domain::{
    bound::Bound,
    dutch::{HolidayRegion, SchoolCalendar},
    ids::FactId,
    refusal::{Language, Refusal},
    thuiszitter::{
        Fact, Known, Said, TrackCourse, stands,
        track::{TrackState, TrackStep},
    },
};
use schakel_proto::v1 as pb;

use super::{
    step::{Seen, is_beyond, reach},
    store::{self, Step, Track},
    tell::{Line, in_place_of, write},
    wire::to_wire,
};
use crate::{
    access::authenticate::today,
    error::{Error, Result},
    store::Tx,
    thuiszitter::{advance_case::must_write, facts::log::New, update_case::must_be_ahead},
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
/// day before the step that is the last then or after the last day of an arrangement.
pub(super) async fn take_back(tx: &Tx, back: &Back, language: Language) -> Result<pb::Track> {
    let (mut track, writing) = reach(tx, back.known, Some(back.step)).await?;
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
    if is_beyond(track.until(), Some(back.next), today(tx.now())) {
        return Err(Error::field("next_date", Refusal::TimeOutOfBounds));
    }
    must_be_ahead("next_date", (track.next, Some(back.next)), today(tx.now()))?;
    if track.closed.is_some() && store::runs(tx, track.case, track.kind).await? {
        return Err(Refusal::AlreadyExists.into());
    }
    let (child, classes) = (writing.circle.child, writing.classes);
    let tracks = store::told(tx, (track.case, child), classes).await?;
    let others = tracks.iter().flat_map(|other| other.standing().map(move |one| (other, one)));
    let others: Vec<Other<'_>> = others.filter(|(_, one)| one.id != step.id).collect();
    let again = said_again(&others, (&track, &step));
    if let Some((other, fact)) = again.filter(|other| other.fact.is_none()).zip(step.fact) {
        // It goes when that one is taken back.
        store::own_fact(tx, other, fact).await?;
    }
    let log = writing.log.facts();
    let place = step.fact.filter(|_| again.is_none()).and_then(|fact| in_place_of(&log, fact));
    let anew = step.fact.and_then(|_| decides_now(&others, &step, (&log, place)));
    let said = anew.as_ref().map(|(_, said)| said.clone());
    let new = (place.is_some() || said.is_some()).then_some(New { corrects: place, said });
    (track.state, track.outcome, track.closed) = (TrackState::Open, None, None);
    track.next = Some(back.next);
    store::take_back(tx, &track, &step).await?;
    store::update(tx, &mut track).await?;
    let (of, written) = ((track.kind, Some(step.kind)), step.kind.class());
    let why = anew.as_ref().and_then(|(other, _)| other.note.as_ref());
    let line = Line { kind: "TRACK_STEP_TAKEN_BACK", of, happened: None, written, why };
    let fact = write(tx, writing, (line, new), language).await?;
    if let Some(((other, _), fact)) = anew.zip(fact) {
        store::own_fact(tx, other, fact).await?;
    }
    Ok(to_wire(&track, classes))
}

/// A step that stands beside the one that is taken back, and its track.
type Other<'a> = (&'a Track, &'a Step);

/// Another that says the same. What is told with a reason of its own is not the same.
fn said_again<'a>(others: &[Other<'a>], (track, step): (&Track, &Step)) -> Option<&'a Step> {
    if step.kind.needs_note() {
        return None;
    }
    let moment = track.kind.moment(track.ground, step.kind);
    let same = others
        .iter()
        .find(|(other, one)| one.on == step.on && other.kind.moment(other.ground, one.kind) == moment);
    same.map(|(_, one)| *one)
}

/// The earliest other that wrote no fact, since extra support was decided on already, and decides on it once what
/// stands at `place` goes: the term of six weeks runs from its own day then (WPO art. 40a).
fn decides_now<'a>(
    others: &[Other<'a>],
    step: &Step,
    (log, place): (&[Fact], Option<FactId>),
) -> Option<(&'a Step, Said)> {
    if !step.kind.needs_note() {
        return None;
    }
    let standing = stands(log, DateTime::<Utc>::MAX_UTC);
    let left: Vec<Fact> = standing.into_iter().filter(|fact| Some(fact.id) != place).cloned().collect();
    // When lessons are given has no part in what was decided.
    let calendar = SchoolCalendar::shipped(HolidayRegion::Midden);
    let facts = Known::at(&left, DateTime::<Utc>::MAX_UTC, calendar).facts;
    let says = |(track, one): &Other<'a>| {
        let Track { kind, ground, started, .. } = **track;
        let course = TrackCourse { kind, ground, started, taken: &[] };
        Some((*one, Said::Happened(course.moment(one.kind, one.on, &facts)?, one.on)))
    };
    let silent = others.iter().filter(|(_, one)| one.kind == step.kind && one.fact.is_none());
    silent.filter_map(says).min_by_key(|(one, _)| one.on)
}
