//! Tracks on the wire.

use chrono::NaiveDate;
use schakel_domain::{
    access::Classes,
    bound::Bound,
    refusal::Refusal,
    thuiszitter::track::{TrackGround, TrackKind, TrackOutcome, TrackState, TrackStep, must_have_ground},
};
use schakel_proto::v1::{self as pb, track};
use uuid::Uuid;

use super::{
    start::Wish,
    step::{Seen, Taking},
    store::{Step, Track},
    take_back::Back,
    update::{Change, FIELDS},
};
use crate::{
    thuiszitter::reading::past,
    wire::{
        enums::number,
        fields::{Fields, text},
    },
};

fn kind_to_wire(kind: TrackKind) -> i32 {
    number("KIND", kind.into(), track::Kind::from_str_name)
}

fn ground_to_wire(ground: TrackGround) -> i32 {
    number("GROUND", ground.into(), track::Ground::from_str_name)
}

fn state_to_wire(state: TrackState) -> i32 {
    number("STATE", state.into(), track::State::from_str_name)
}

fn outcome_to_wire(outcome: TrackOutcome) -> i32 {
    number("OUTCOME", outcome.into(), track::Outcome::from_str_name)
}

fn step_to_wire(step: TrackStep) -> i32 {
    number("KIND", step.into(), track::step::Kind::from_str_name)
}

/// A track as somebody sees it who sees `classes`.
pub(super) fn to_wire(track: &Track, classes: Classes) -> pb::Track {
    let seen = track.standing().filter(|step| classes.has(step.kind.class()));
    pb::Track {
        name: track.id.to_string(),
        case: track.case.to_string(),
        kind: kind_to_wire(track.kind),
        ground: track.ground.map(ground_to_wire).unwrap_or_default(),
        coordinator: track.coordinator.to_string(),
        start_date: track.started.to_string(),
        next_date: text(track.next),
        state: state_to_wire(track.state),
        outcome: track.outcome.map(outcome_to_wire).unwrap_or_default(),
        close_date: text(track.closed),
        steps: seen.map(one_step).collect(),
        etag: track.version.to_string(),
    }
}

fn one_step(step: &Step) -> track::Step {
    track::Step {
        kind: step_to_wire(step.kind),
        date: step.on.to_string(),
        until_date: text(step.until),
        school: text(step.school),
        consultation: text(step.consultation),
        note: step.note.as_ref().map(|note| note.as_str().to_owned()).unwrap_or_default(),
    }
}

/// The track that is asked for.
pub(super) fn wish(fields: &mut Fields, wire: Option<&pb::Track>, today: NaiveDate) -> Option<Wish> {
    let Some(wire) = wire else {
        fields.refuse("track", Refusal::FieldRequired);
        return None;
    };
    let case = fields.parse("track.case", &wire.case);
    let kind: Option<TrackKind> = fields.choice("track.kind", wire.kind, track::Kind::as_str_name);
    let ground: Option<TrackGround> = (wire.ground != 0)
        .then(|| fields.choice("track.ground", wire.ground, track::Ground::as_str_name))
        .flatten();
    let is_read = ground.is_some() == (wire.ground != 0);
    if let Some(Err(refusal)) = kind.filter(|_| is_read).map(|kind| must_have_ground(kind, ground)) {
        fields.refuse("track.ground", refusal);
    }
    let coordinator = fields.parse("track.coordinator", &wire.coordinator);
    let started = past(fields, "track.start_date", &wire.start_date, today);
    let next = fields.date("track.next_date", &wire.next_date);
    if started.zip(next).is_some_and(|(started, next)| next < started) {
        fields.bound("track.next_date", Refusal::TimeOutOfBounds, Bound::SinceStep);
    }
    Some(Wish { case: case?, kind: kind?, ground, coordinator: coordinator?, started: started?, next: next? })
}

/// A track as the caller read it.
pub(super) fn seen(
    fields: &mut Fields,
    (name, id): (&str, &str),
    (path, etag): (&str, &str),
) -> Option<Seen> {
    let id = fields.parse(name, id);
    let etag = fields.etag(path, etag);
    Some(Seen { id: id?, etag: etag? })
}

/// The step that is asked for.
pub(super) fn taking(
    fields: &mut Fields,
    wire: &pb::AddTrackStepRequest,
    today: NaiveDate,
) -> Option<Taking> {
    let seen = seen(fields, ("name", &wire.name), ("etag", &wire.etag));
    let outcome: Option<TrackOutcome> = (wire.outcome != 0)
        .then(|| fields.choice("outcome", wire.outcome, track::Outcome::as_str_name))
        .flatten();
    let next = fields.date_if("next_date", &wire.next_date);
    let Some(step) = &wire.step else {
        fields.refuse("step", Refusal::FieldRequired);
        return None;
    };
    let kind: Option<TrackStep> = fields.choice("step.kind", step.kind, track::step::Kind::as_str_name);
    let on = past(fields, "step.date", &step.date, today);
    let school = fields.parse_if("step.school", &step.school);
    let consultation = fields.parse_if("step.consultation", &step.consultation);
    let until = fields.date_if("step.until_date", &step.until_date);
    if let Some(kind) = kind {
        must_name(fields, "step.school", kind.names_school(), &step.school);
        must_name(fields, "step.consultation", kind.names_meeting(), &step.consultation);
        must_name(fields, "step.until_date", kind.names_end(), &step.until_date);
        if !kind.takes_note() && !step.note.is_empty() {
            fields.bound("step.note", Refusal::FieldInvalid, Bound::NoCareNote);
        }
        if kind.needs_note() && step.note.is_empty() {
            fields.bound("step.note", Refusal::FieldRequired, Bound::WhyExtra);
        }
    }
    if on.zip(until).is_some_and(|(on, until)| until < on) {
        fields.bound("step.until_date", Refusal::TimeOutOfBounds, Bound::SinceStart);
    }
    let note = fields.parse_if("step.note", &step.note);
    // The row gets its number when it is written.
    let (id, fact, taken_back) = (Uuid::nil(), None, false);
    let step = Step { id, kind: kind?, on: on?, until, school, consultation, note, fact, taken_back };
    Some(Taking { known: seen?, step, outcome, next })
}

/// What is to be taken back.
pub(super) fn back(fields: &mut Fields, wire: &pb::TakeBackTrackStepRequest) -> Option<Back> {
    let known = seen(fields, ("name", &wire.name), ("etag", &wire.etag));
    let step = fields.choice("step", wire.step, track::step::Kind::as_str_name);
    let next = fields.date("next_date", &wire.next_date);
    Some(Back { known: known?, step: step?, next: next? })
}

/// Refuses what a step needs and lacks, and what it has and does not take.
fn must_name(fields: &mut Fields, field: &str, needs: bool, given: &str) {
    match (needs, given.is_empty()) {
        (true, true) => fields.refuse(field, Refusal::FieldRequired),
        (false, false) => fields.refuse(field, Refusal::FieldInvalid),
        (true, false) | (false, true) => {}
    }
}

/// No mask and `*` mean both fields.
pub(super) fn change(fields: &mut Fields, wire: &pb::Track, paths: Vec<String>) -> Option<Change> {
    let all = paths.is_empty() || paths.iter().any(|path| path == "*");
    let paths = if all { FIELDS.iter().map(|field| (*field).to_owned()).collect() } else { paths };
    if paths.iter().any(|path| !FIELDS.contains(&path.as_str())) {
        fields.refuse("update_mask", Refusal::MaskInvalid);
        return None;
    }
    let named = |field: &str| paths.iter().any(|path| path == field);
    let mut change = Change::default();
    if named("coordinator") {
        change.coordinator = fields.parse("track.coordinator", &wire.coordinator);
    }
    if named("next_date") {
        change.next = fields.date("track.next_date", &wire.next_date);
    }
    Some(change)
}

#[cfg(test)]
mod tests {
    use strum::IntoEnumIterator;

    use super::*;

    #[test]
    fn every_word_of_a_track_is_told() {
        assert!(TrackKind::iter().all(|kind| kind_to_wire(kind) != 0));
        assert!(TrackGround::iter().all(|ground| ground_to_wire(ground) != 0));
        assert!(TrackState::iter().all(|state| state_to_wire(state) != 0));
        assert!(TrackOutcome::iter().all(|outcome| outcome_to_wire(outcome) != 0));
        assert!(TrackStep::iter().all(|step| step_to_wire(step) != 0));
    }
}
