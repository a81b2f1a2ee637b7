//! A step is taken in a track, if the rules and the facts of the case let it.

use chrono::{DateTime, NaiveDate, Utc};
use schakel_domain::{
    access::Class,
    bound::Bound,
    consultation::State as MeetingState,
    dutch::{HolidayRegion, SchoolCalendar},
    ids::{CaseId, ConsultationId, TrackId},
    refusal::{Language, Refusal, Violation},
    thuiszitter::{
        Known, TrackCourse, is_told_after,
        track::{TrackKind, TrackOutcome, TrackState, TrackStep},
    },
};
use schakel_proto::v1 as pb;
use uuid::Uuid;

use super::{
    store::{self, Step, Track},
    tell::{Line, tell},
    wire::to_wire,
};
use crate::{
    access::{authenticate::today, organisation},
    consultation,
    error::{Error, Result},
    store::{Read, Tx},
    thuiszitter::{advance_case::must_write, facts::Writing},
};

/// A track as the caller read it.
#[derive(Debug, Clone, Copy)]
pub(super) struct Seen {
    pub id: TrackId,
    pub etag: i32,
}

/// The step that is asked for.
#[derive(Debug, Clone)]
pub(super) struct Taking {
    pub known: Seen,
    pub step: Step,
    pub outcome: Option<TrackOutcome>,
    /// When something happens next; none when it ends.
    pub next: Option<NaiveDate>,
}

const MISSING: Error = Error::NotFound("TRACK");

/// The running track that the caller may change by `step`, and the log of its case.
///
/// # Errors
/// As [`reach`]; `ALREADY_ENDED`.
pub(super) async fn hold(tx: &Tx, known: Seen, step: Option<TrackStep>) -> Result<(Track, Writing)> {
    let (track, writing) = reach(tx, known, step).await?;
    match track.state {
        TrackState::Open => Ok((track, writing)),
        TrackState::Closed => Err(Refusal::AlreadyEnded.into()),
    }
}

/// The same whether it runs or ended.
///
/// # Errors
/// `TRACK_NOT_FOUND` when there is none or the caller does not see it, alike; `CASE_CLOSED` for all but a step of
/// an arrangement that goes on after its case ended, `CASE_RESTRICTED`, `ETAG_MISMATCH`.
pub(super) async fn reach(tx: &Tx, known: Seen, step: Option<TrackStep>) -> Result<(Track, Writing)> {
    let row = store::find(tx, known.id).await?;
    // Asked in any case: how long a refusal takes tells nobody whether there is one.
    let case = row.as_ref().map_or(CaseId(Uuid::max()), |row| CaseId(row.case_id));
    let kind: Option<TrackKind> = row.as_ref().and_then(|row| row.kind.parse().ok());
    let moment = kind.zip(step).and_then(|(kind, step)| kind.moment(None, step));
    let is_told = |writing: &Writing| {
        let ended = writing.case.outcome.map(|(outcome, _)| outcome.counts_as().follow_up);
        ended.zip(moment).is_some_and(|(follow_up, moment)| is_told_after(follow_up, moment))
    };
    let begun = Writing::begin_or_after(tx, case, is_told).await;
    let writing = begun.map_err(|error| if matches!(error, Error::NotFound(_)) { MISSING } else { error })?;
    let track = store::open(tx, row.ok_or(MISSING)?, writing.circle.child).await?;
    if !writing.classes.has(Class::K4) {
        return Err(MISSING);
    }
    if track.version == known.etag { Ok((track, writing)) } else { Err(Error::Stale) }
}

/// Takes it.
///
/// # Errors
/// As [`hold`]; `STEP_NOT_ALLOWED`, `FACTS_DISAGREE`; not allowed for a step of a class that the caller
/// does not see; violations of the day, the outcome, the next day, the school and the meeting.
pub(super) async fn take(tx: &Tx, taking: &Taking, language: Language) -> Result<pb::Track> {
    let (step, on) = (taking.step.kind, taking.step.on);
    let (mut track, writing) = hold(tx, taking.known, Some(step)).await?;
    must_write(writing.classes, step.class())?;
    let taken = track.taken();
    let course =
        TrackCourse { kind: track.kind, ground: track.ground, started: track.started, taken: &taken };
    course.may_take(step)?;
    let mut violations = Vec::new();
    if on < course.since() {
        violations.push(Violation::bound("step.date", Refusal::TimeOutOfBounds, Bound::SinceStep));
    }
    let outcome = track.kind.outcome(step, taking.outcome);
    let outcome = outcome.unwrap_or_else(|refusal| {
        let bound = matches!(refusal, Refusal::FieldInvalid).then_some(Bound::StepOutcome);
        violations.push(Violation { bound, ..Violation::new("outcome", refusal) });
        None
    });
    let now = today(tx.now());
    violations.extend(next_fits(step, taking.next, (on, now)));
    if is_beyond(taking.step.until.or(track.until()), taking.next, now) {
        violations.push(Violation::new("next_date", Refusal::TimeOutOfBounds));
    }
    violations.extend(known_place(tx, track.case, &taking.step).await?);
    if !violations.is_empty() {
        return Err(Error::Invalid(violations));
    }
    // When lessons are given has no part in what must agree.
    let calendar = SchoolCalendar::shipped(HolidayRegion::Midden);
    let known = Known::at(&writing.log.facts(), DateTime::<Utc>::MAX_UTC, calendar);
    course.must_agree(step, on, &known.facts)?;
    if outcome.is_some() {
        (track.state, track.closed) = (TrackState::Closed, Some(on));
    }
    (track.outcome, track.next) = (outcome, taking.next);
    store::update(tx, &mut track).await?;
    let (child, classes) = (writing.circle.child, writing.classes);
    let kind = if outcome.is_some() { "TRACK_ENDED" } else { "TRACK_STEP_TAKEN" };
    let happened = course.moment(step, on, &known.facts).map(|moment| (moment, on));
    let why = taking.step.note.as_ref();
    let line = Line { kind, of: (track.kind, Some(step)), happened, written: step.class(), why };
    let fact = tell(tx, writing, line, language).await?;
    let step_taken = Step { id: tx.new_id(), fact, ..taking.step.clone() };
    store::add_step(tx, (&track, child), &step_taken).await?;
    track.steps.push(step_taken);
    Ok(to_wire(&track, classes))
}

/// A track that goes on has a next day, not before the step and not over, and one that ended has none.
fn next_fits(
    step: TrackStep,
    next: Option<NaiveDate>,
    (on, today): (NaiveDate, NaiveDate),
) -> Option<Violation> {
    let (refusal, bound) = match next {
        None if !step.ends() => return Some(Violation::new("next_date", Refusal::FieldRequired)),
        Some(_) if step.ends() => (Refusal::FieldInvalid, Bound::NoNext),
        Some(next) if next < on => (Refusal::TimeOutOfBounds, Bound::SinceStep),
        Some(next) if next < today => (Refusal::TimeOutOfBounds, Bound::TodayOrLater),
        Some(_) | None => return None,
    };
    Some(Violation::bound("next_date", refusal, bound))
}

/// Whether the next day of an arrangement is after its last one. Once that is over, something is still to be done.
pub(super) fn is_beyond(until: Option<NaiveDate>, next: Option<NaiveDate>, today: NaiveDate) -> bool {
    until.filter(|until| *until >= today).zip(next).is_some_and(|(until, next)| next > until)
}

/// What is wrong with the school and the meeting that the step names.
async fn known_place(read: &Read, case: CaseId, step: &Step) -> Result<Vec<Violation>> {
    let mut violations = Vec::new();
    if let Some(school) = step.school {
        match organisation::get(read, school.into()).await {
            Ok(_) => {}
            Err(Error::NotFound(_)) => {
                violations.push(Violation::new("step.school", Refusal::FieldInvalid));
            }
            Err(error) => return Err(error),
        }
    }
    if let Some(meeting) = step.consultation
        && !is_about(read, case, meeting).await?
    {
        violations.push(Violation::new("step.consultation", Refusal::FieldInvalid));
    }
    Ok(violations)
}

/// Whether a meeting is about the case, and goes on or was held.
async fn is_about(read: &Read, case: CaseId, meeting: ConsultationId) -> Result<bool> {
    let meetings = consultation::store::of_case(read, case).await?;
    Ok(meetings.iter().any(|one| one.id == meeting && one.state != MeetingState::Cancelled))
}
