//! The question of `FindSlots`, read: every field, every violation.

use std::collections::HashSet;

use chrono::{DateTime, SecondsFormat, TimeDelta, Utc};
use schakel_domain::{
    access::Role,
    availability::{Site, USUAL_WEIGHT},
    consultation::{Kind, Place},
    directory::skills::{LanguageTag, Topic},
    ids::{CaseId, PersonId, SchoolId},
    refusal::{Refusal, Violation},
    time::Period,
};
use schakel_proto::v1::{self as pb, seat::Who as WireWho};

use super::table::Fit;
use crate::{error::Result, wire::fields::Fields};

const MOST_SEATS: usize = 20;
const USUAL_WINDOW: TimeDelta = TimeDelta::weeks(4);
const LONGEST_WINDOW: TimeDelta = TimeDelta::weeks(26);
const USUAL_SLOTS: usize = 10;
const MOST_SLOTS: usize = 50;
const MOST_WEIGHT: u16 = 1_000;
const STEP_SECONDS: i64 = 5 * 60;
const LONGEST_SECONDS: i64 = 8 * 3600;

/// Who is to sit.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Who {
    /// This person.
    Person(PersonId),
    /// Anybody who fits.
    Role(Role),
    /// Anybody who offers this to the school.
    Expertise(Topic),
    /// Any interpreter who speaks this.
    Interpreter(LanguageTag),
}

impl Who {
    /// Whether it is a parent's or the child's seat, when these people could take it.
    pub(super) fn is_private(&self, fits: &[Fit]) -> bool {
        match self {
            Self::Role(role) => role.is_private(),
            Self::Person(_) => fits.iter().all(|fit| fit.role.is_private()),
            Self::Expertise(_) | Self::Interpreter(_) => false,
        }
    }
}

/// A seat as it was asked for.
#[derive(Debug, Clone)]
pub(super) struct Seat {
    pub(super) who: Who,
    pub(super) optional: bool,
    /// What it costs to leave it empty.
    pub(super) weight: u16,
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
    pub(super) place: Option<Place>,
    pub(super) quorum: Option<usize>,
    pub(super) excluded: Vec<PersonId>,
    /// The kind whose notice is kept.
    pub(super) notice_of: Option<Kind>,
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
        let place = place(&mut fields, wire.place);
        let quorum = quorum(&mut fields, wire.quorum, seats.len());
        let excluded = wire.excluded.iter().enumerate();
        let excluded =
            excluded.filter_map(|(at, person)| fields.parse(format!("excluded[{at}]"), person)).collect();
        let notice_of = kind(&mut fields, wire.kind).filter(|_| !wire.allow_short_notice);
        let read = minutes.zip(window).zip(limit);
        let ((minutes, window), limit) = fields.finish(read)?;
        Ok(Self { school, case, seats, minutes, window, limit, place, quorum, excluded, notice_of })
    }

    /// Where people come together.
    pub(super) fn site(&self) -> Site {
        site(self.place, self.school)
    }
}

/// Where people come together for a meeting of this sort, for this school.
pub(super) fn site(place: Option<Place>, school: Option<SchoolId>) -> Site {
    let at_school = school.map_or(Site::Remote, |school| Site::At(school.into()));
    match place {
        None | Some(Place::School) => at_school,
        Some(Place::Online | Place::Phone) => Site::Remote,
        Some(Place::Team | Place::Home) => Site::Unknown,
    }
}

/// The sort of place, if one is named.
pub(super) fn place(fields: &mut Fields, wire: i32) -> Option<Place> {
    if wire == 0 {
        return None;
    }
    fields.choice("place", wire, pb::consultation::Place::as_str_name)
}

fn kind(fields: &mut Fields, wire: i32) -> Option<Kind> {
    if wire == 0 {
        return None;
    }
    fields.choice("kind", wire, pb::consultation::Kind::as_str_name)
}

fn quorum(fields: &mut Fields, wire: i32, seats: usize) -> Option<usize> {
    let quorum = usize::try_from(wire).ok().filter(|quorum| *quorum <= seats);
    if quorum.is_none() {
        fields.refuse("quorum", Refusal::FieldInvalid);
    }
    quorum.filter(|quorum| *quorum > 0)
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
        let weight = match seat.weight {
            0 => Some(USUAL_WEIGHT),
            weight => u16::try_from(weight).ok().filter(|weight| *weight <= MOST_WEIGHT),
        };
        if weight.is_none() {
            fields.refuse(format!("seats[{at}].weight"), Refusal::FieldInvalid);
        }
        seats.extend(who.zip(weight).map(|(who, weight)| Seat { who, optional: seat.optional, weight }));
    }
    seats
}

fn minutes(fields: &mut Fields, wire: Option<&prost_types::Duration>) -> Option<u16> {
    let Some(given) = wire else {
        fields.refuse("duration", Refusal::FieldRequired);
        return None;
    };
    let refusal = if given.nanos != 0 || !(1..=LONGEST_SECONDS).contains(&given.seconds) {
        Refusal::TimeRangeInvalid
    } else if given.seconds % STEP_SECONDS != 0 {
        Refusal::DurationInvalid
    } else {
        return u16::try_from(given.seconds / 60).ok();
    };
    let form = Some("(5, 10, 15 … 480 min)".to_owned());
    fields.add(vec![Violation { form, ..Violation::new("duration", refusal) }]);
    None
}

fn window(fields: &mut Fields, wire: &pb::FindSlotsRequest, now: DateTime<Utc>) -> Option<Period> {
    let start = match &wire.start_time {
        // Nobody meets in the past.
        Some(start) => fields.instant("start_time", Some(start)).map(|start| start.max(now)),
        None => Some(now),
    };
    let end = match &wire.end_time {
        Some(end) => fields.instant("end_time", Some(end)),
        None => start.map(|start| start + USUAL_WINDOW),
    };
    let (start, end) = start.zip(end)?;
    if end <= now {
        let form = Some(format!("(> {})", now.to_rfc3339_opts(SecondsFormat::Secs, true)));
        fields.add(vec![Violation { form, ..Violation::new("end_time", Refusal::TimeOutOfBounds) }]);
        return None;
    }
    let window = Period::new(start, end).ok().filter(|window| window.duration() <= LONGEST_WINDOW);
    if window.is_none() {
        fields.refuse("end_time", Refusal::TimeRangeInvalid);
    }
    window
}
