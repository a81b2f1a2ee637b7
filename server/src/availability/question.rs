//! The question of `FindSlots`, read: every field, every violation.

use std::collections::HashSet;

use chrono::{DateTime, TimeDelta, Utc};
use schakel_domain::{
    access::Role,
    directory::skills::{LanguageTag, Topic},
    ids::{CaseId, PersonId, SchoolId},
    refusal::Refusal,
    time::Period,
};
use schakel_proto::v1::{self as pb, seat::Who as WireWho};

use crate::{error::Result, wire::fields::Fields};

const MOST_SEATS: usize = 20;
const USUAL_WINDOW: TimeDelta = TimeDelta::weeks(4);
const LONGEST_WINDOW: TimeDelta = TimeDelta::weeks(26);
const USUAL_SLOTS: usize = 10;
const MOST_SLOTS: usize = 50;
const STEP_SECONDS: i64 = 5 * 60;

/// Who is to sit.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Who {
    /// This person.
    Person(PersonId),
    /// Anybody who fits.
    Role(Role),
    /// Anybody who offers this to the school.
    Expertise(Topic),
    /// Any interpreter who speaks this.
    Interpreter(LanguageTag),
}

/// A seat as it was asked for.
#[derive(Debug, Clone)]
pub(super) struct Seat {
    pub(super) who: Who,
    pub(super) optional: bool,
}

/// What is asked.
#[derive(Debug, Clone)]
pub(super) struct Question {
    pub(super) school: Option<SchoolId>,
    pub(super) case: Option<CaseId>,
    pub(super) seats: Vec<Seat>,
    pub(super) minutes: u16,
    pub(super) window: Period,
    pub(super) limit: usize,
}

impl Question {
    pub(super) fn read(wire: &pb::FindSlotsRequest, now: DateTime<Utc>) -> Result<Self> {
        let mut fields = Fields::default();
        let school = fields.parse_if("school", &wire.school);
        let case = fields.parse_if("case", &wire.case);
        let seats = seats(&mut fields, &wire.seats);
        let needs_school = seats.iter().any(|seat| matches!(seat.who, Who::Role(role) if !role.is_private()));
        if wire.school.is_empty() && wire.case.is_empty() && needs_school {
            fields.refuse("school", Refusal::FieldRequired);
        }
        let minutes = minutes(&mut fields, wire.duration.as_ref());
        let window = window(&mut fields, wire, now);
        if window
            .zip(minutes)
            .is_some_and(|(window, minutes)| window.duration() < TimeDelta::minutes(minutes.into()))
        {
            fields.refuse("end_time", Refusal::TimeRangeInvalid);
        }
        let limit = match usize::try_from(wire.max_slots) {
            Ok(0) => Some(USUAL_SLOTS),
            Ok(limit) => Some(limit.min(MOST_SLOTS)),
            Err(_) => {
                fields.refuse("max_slots", Refusal::FieldInvalid);
                None
            }
        };
        let read = minutes.zip(window).zip(limit);
        let ((minutes, window), limit) = fields.finish(read)?;
        Ok(Self { school, case, seats, minutes, window, limit })
    }
}

fn seats(fields: &mut Fields, wire: &[pb::Seat]) -> Vec<Seat> {
    match wire.len() {
        0 => fields.refuse("seats", Refusal::FieldRequired),
        1..=MOST_SEATS => {}
        _ => {
            fields.refuse("seats", Refusal::TooManyAttendees);
            return Vec::new();
        }
    }
    let mut named = HashSet::new();
    let mut seats = Vec::with_capacity(wire.len());
    for (at, seat) in wire.iter().enumerate() {
        let who = match &seat.who {
            None => {
                fields.refuse(format!("seats[{at}].who"), Refusal::FieldRequired);
                None
            }
            Some(WireWho::Person(person)) => {
                fields.parse(format!("seats[{at}].person"), person).map(Who::Person)
            }
            Some(WireWho::Role(role)) => {
                fields.choice(format!("seats[{at}].role"), *role, pb::Role::as_str_name).map(Who::Role)
            }
            Some(WireWho::Expertise(topic)) => {
                fields.parse(format!("seats[{at}].expertise"), topic).map(Who::Expertise)
            }
            Some(WireWho::Interpreter(language)) => {
                fields.parse(format!("seats[{at}].interpreter"), language).map(Who::Interpreter)
            }
        };
        if let Some(Who::Person(person)) = who
            && !named.insert(person)
        {
            fields.refuse(format!("seats[{at}].person"), Refusal::DuplicateAttendee);
        }
        seats.extend(who.map(|who| Seat { who, optional: seat.optional }));
    }
    seats
}

fn minutes(fields: &mut Fields, wire: Option<&prost_types::Duration>) -> Option<u16> {
    let length = fields.length("duration", wire)?;
    if length.num_seconds() % STEP_SECONDS != 0 {
        fields.refuse("duration", Refusal::DurationInvalid);
        return None;
    }
    u16::try_from(length.num_minutes()).ok()
}

fn window(fields: &mut Fields, wire: &pb::FindSlotsRequest, now: DateTime<Utc>) -> Option<Period> {
    let start = match &wire.start_time {
        Some(start) => fields.instant("start_time", Some(start)),
        None => Some(now),
    };
    let end = match &wire.end_time {
        Some(end) => fields.instant("end_time", Some(end)),
        None => start.map(|start| start + USUAL_WINDOW),
    };
    let (start, end) = start.zip(end)?;
    let window = Period::new(start, end).ok().filter(|window| window.duration() <= LONGEST_WINDOW);
    if window.is_none() {
        fields.refuse("end_time", Refusal::TimeRangeInvalid);
    }
    window
}
