//! Holds between the wire and the rules.

use chrono::{DateTime, TimeDelta, Utc};
use schakel_domain::{
    consultation::booking::{MAX_DAYS_AHEAD, MAX_PARTICIPANTS},
    refusal::Refusal,
};
use schakel_proto::v1::{self as pb, consultation::Place};

use super::take::{Held, Wish};
use crate::wire::{
    enums::number,
    fields::{Fields, text},
    time::{duration, timestamp},
};

/// How long a hold lasts when nothing is said.
const USUAL: TimeDelta = TimeDelta::minutes(15);
const LONGEST: TimeDelta = TimeDelta::hours(24);
const SHORTEST_MEETING: TimeDelta = TimeDelta::minutes(5);
const MOST_ROOMS: usize = 5;

/// What is to be kept free.
pub(super) fn wish(fields: &mut Fields, wire: &pb::HoldSlotRequest, now: DateTime<Utc>) -> Option<Wish> {
    if wire.persons.is_empty() && wire.rooms.is_empty() {
        fields.refuse("persons", Refusal::FieldRequired);
    }
    let persons = names(fields, "persons", &wire.persons, MAX_PARTICIPANTS);
    let rooms = names(fields, "rooms", &wire.rooms, MOST_ROOMS);
    let start = fields.instant("start_time", wire.start_time.as_ref());
    if start.is_some_and(|start| start <= now || start - now > TimeDelta::days(MAX_DAYS_AHEAD)) {
        fields.refuse("start_time", Refusal::TimeOutOfBounds);
    }
    let length = fields.length("duration", wire.duration.as_ref());
    if length.is_some_and(|length| length < SHORTEST_MEETING) {
        fields.refuse("duration", Refusal::DurationInvalid);
    }
    let place = fields.choice("place", wire.place, Place::as_str_name);
    let school = fields.parse_if("school", &wire.school);
    let case = fields.parse_if("case", &wire.case);
    let ttl = match &wire.ttl {
        Some(ttl) if ttl.nanos == 0 && (1..=LONGEST.num_seconds()).contains(&ttl.seconds) => {
            Some(TimeDelta::seconds(ttl.seconds))
        }
        Some(_) => {
            fields.refuse("ttl", Refusal::FieldInvalid);
            None
        }
        None => Some(USUAL),
    };
    Some(Wish {
        persons: persons?,
        rooms: rooms?,
        start: start?,
        length: length?,
        place: place?,
        school,
        case,
        ttl: ttl?,
    })
}

/// Resource names, each once and at most `most`.
fn names<T>(fields: &mut Fields, field: &str, wire: &[String], most: usize) -> Option<Vec<T>>
where
    T: std::str::FromStr<Err: crate::wire::fields::Reason> + PartialEq,
{
    if wire.len() > most {
        fields.refuse(field, Refusal::TooManyAttendees);
        return None;
    }
    let mut all = Vec::with_capacity(wire.len());
    for (at, name) in wire.iter().enumerate() {
        let one = fields.parse(format!("{field}[{at}]"), name)?;
        if all.contains(&one) {
            fields.refuse(format!("{field}[{at}]"), Refusal::DuplicateAttendee);
        }
        all.push(one);
    }
    Some(all)
}

/// A hold as its owner sees it.
pub(super) fn to_wire(kept: &Held) -> pb::Hold {
    let hold = &kept.hold;
    pb::Hold {
        name: hold.id.to_string(),
        persons: kept.persons.iter().map(ToString::to_string).collect(),
        rooms: kept.rooms.iter().map(ToString::to_string).collect(),
        start_time: Some(timestamp(hold.time.start())),
        duration: Some(duration(hold.time.duration())),
        place: number("PLACE", &hold.place.to_string(), Place::from_str_name),
        school: text(hold.school),
        expire_time: Some(timestamp(hold.expires)),
    }
}
