//! Parts between the wire and the rules.

use chrono::TimeDelta;
use schakel_domain::{access::Class, refusal::Refusal};
use schakel_proto::v1::{
    self as pb,
    consultation::{self as wire, ParentException, State},
};

use super::{Newcomer, Turn, Which, update};
use crate::{
    access::rpc::role_to_wire,
    consultation::{
        reach::Known,
        show::PartShown,
        wire::{guest, known},
    },
    wire::{
        enums::number,
        fields::{Fields, text},
        time::{duration, timestamp},
    },
};

/// The shortest turn of a child.
const SHORTEST: TimeDelta = TimeDelta::minutes(5);
/// More parts than any kind can have.
const MOST: usize = 20;

/// The parts of a meeting that is to be booked: all of them new.
pub(in crate::consultation) fn booked(
    fields: &mut Fields,
    field: &str,
    wire: &[wire::Part],
) -> Option<Vec<Turn>> {
    if wire.len() > MOST {
        fields.refuse(field, Refusal::TooManyAttendees);
        return None;
    }
    let all: Vec<_> =
        wire.iter().enumerate().map(|(at, part)| new(fields, &format!("{field}[{at}]"), part)).collect();
    all.into_iter().collect()
}

/// The parts as a meeting is to have them.
pub(in crate::consultation) fn wish(
    fields: &mut Fields,
    request: &pb::UpdatePartsRequest,
) -> Option<update::Wish> {
    let known: Option<Known> = known(fields, &request.name, &request.etag);
    if request.parts.len() > MOST {
        fields.refuse("parts", Refusal::TooManyAttendees);
        return None;
    }
    let turns: Vec<_> = request
        .parts
        .iter()
        .enumerate()
        .map(|(at, part)| {
            let field = format!("parts[{at}]");
            if part.consultation.is_empty() { new(fields, &field, part) } else { there(fields, &field, part) }
        })
        .collect();
    Some(update::Wish { known: known?, turns: turns.into_iter().collect::<Option<_>>()? })
}

fn there(fields: &mut Fields, field: &str, part: &wire::Part) -> Option<Turn> {
    let id = fields.parse(format!("{field}.consultation"), &part.consultation);
    let start = fields.instant_if(&format!("{field}.start_time"), part.start_time.as_ref());
    let length = match &part.duration {
        Some(_) => Some(length(fields, field, part)?),
        None => None,
    };
    Some(Turn { which: Which::There(id?), start, length })
}

fn new(fields: &mut Fields, field: &str, part: &wire::Part) -> Option<Turn> {
    let case = fields.parse(format!("{field}.case"), &part.case);
    let start = fields.instant_if(&format!("{field}.start_time"), part.start_time.as_ref());
    let length = length(fields, field, part);
    let participants = part.participants.iter().enumerate();
    let guests: Vec<_> =
        participants.map(|(at, wire)| guest(fields, &format!("{field}.participants[{at}]"), wire)).collect();
    let parent_exception = match part.parent_exception {
        0 => None,
        why => fields.choice(format!("{field}.parent_exception"), why, ParentException::as_str_name),
    };
    let guests = guests.into_iter().collect::<Option<_>>();
    let provider_reason = fields.parse_if(format!("{field}.provider_reason"), &part.provider_reason);
    let child = Newcomer { case: case?, guests: guests?, parent_exception, provider_reason };
    Some(Turn { which: Which::New(child), start, length: Some(length?) })
}

fn length(fields: &mut Fields, field: &str, part: &wire::Part) -> Option<TimeDelta> {
    let field = format!("{field}.duration");
    let length = fields.length(&field, part.duration.as_ref())?;
    if length < SHORTEST {
        fields.refuse(field, Refusal::DurationInvalid);
        return None;
    }
    Some(length)
}

/// A part as far as the caller of its meeting may see it.
pub(in crate::consultation) fn to_wire(shown: &PartShown) -> wire::Part {
    let PartShown { meeting, classes, without_consent } = shown;
    wire::Part {
        consultation: meeting.id.to_string(),
        case: text(meeting.case.filter(|_| classes.has(Class::K2))),
        start_time: Some(timestamp(meeting.time.start())),
        duration: Some(duration(meeting.time.duration())),
        participants: Vec::new(),
        parent_exception: 0,
        state: number("STATE", &meeting.state.to_string(), State::from_str_name),
        provider_reason: String::new(),
        without_consent: without_consent.iter().copied().map(role_to_wire).collect(),
    }
}
