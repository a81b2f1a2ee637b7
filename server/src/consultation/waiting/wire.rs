//! Those who wait, between the wire and the rules.

use schakel_domain::{access::Class, consultation::waiting::Urgency, ids::WaitingEntryId, refusal::Refusal};
use schakel_proto::v1::{
    self as pb,
    consultation::{Kind, ParentException, Place},
    seat::Who as WireWho,
    waiting_entry,
};

use super::{Entry, Seat, accept::Besides, join::Wish, list::Shown};
use crate::{
    access::rpc::role_to_wire,
    availability::Who,
    consultation::wire::{alone, rooms},
    wire::{
        enums::number,
        fields::{Fields, text},
        time::{duration, timestamp},
    },
};

const MOST_SEATS: usize = 20;

/// The entry that is to be made.
pub(in super::super) fn read(fields: &mut Fields, wire: Option<&pb::WaitingEntry>) -> Option<Wish> {
    let Some(wire) = wire else {
        fields.refuse("waiting_entry", Refusal::FieldRequired);
        return None;
    };
    let kind = fields.choice("waiting_entry.kind", wire.kind, Kind::as_str_name);
    let case = fields.parse_if("waiting_entry.case", &wire.case);
    let school = fields.parse_if("waiting_entry.school", &wire.school);
    let place = fields.choice("waiting_entry.place", wire.place, Place::as_str_name);
    let length = fields.length("waiting_entry.duration", wire.duration.as_ref());
    let seats = seats(fields, &wire.seats);
    let urgency = match wire.urgency {
        0 => Some(Urgency::default()),
        own => fields.choice("waiting_entry.urgency", own, waiting_entry::Urgency::as_str_name),
    };
    let target = fields.date_if("waiting_entry.target_date", &wire.target_date);
    let parent_exception = match wire.parent_exception {
        0 => None,
        why => fields.choice("waiting_entry.parent_exception", why, ParentException::as_str_name),
    };
    Some(Wish {
        kind: kind?,
        case,
        school,
        place: place?,
        length: length?,
        seats: seats?,
        urgency: urgency?,
        target,
        parent_exception,
    })
}

fn seats(fields: &mut Fields, wire: &[pb::Seat]) -> Option<Vec<(Who, bool)>> {
    let field = "waiting_entry.seats";
    if wire.is_empty() || wire.len() > MOST_SEATS {
        fields
            .refuse(field, if wire.is_empty() { Refusal::FieldRequired } else { Refusal::TooManyAttendees });
        return None;
    }
    let mut read = |(at, seat): (usize, &pb::Seat)| {
        let who = match &seat.who {
            None => {
                fields.refuse(format!("{field}[{at}].who"), Refusal::FieldRequired);
                None
            }
            Some(WireWho::Person(person)) => {
                fields.parse(format!("{field}[{at}].person"), person).map(Who::Person)
            }
            Some(WireWho::Role(role)) => {
                fields.choice(format!("{field}[{at}].role"), *role, pb::Role::as_str_name).map(Who::Role)
            }
            // Whoever offers something, or interprets, is asked by name.
            Some(WireWho::Expertise(_) | WireWho::Interpreter(_)) => {
                fields.refuse(format!("{field}[{at}].who"), Refusal::FieldInvalid);
                None
            }
        };
        who.map(|who| (who, seat.optional))
    };
    let all: Vec<Option<(Who, bool)>> = wire.iter().enumerate().map(&mut read).collect();
    all.into_iter().collect()
}

/// Which entry, as the caller read it.
pub(in super::super) fn known(fields: &mut Fields, name: &str, etag: &str) -> Option<(WaitingEntryId, i32)> {
    let id = fields.parse("name", name);
    let etag = fields.etag("etag", etag);
    id.zip(etag)
}

/// What is told when an offer is taken.
pub(in super::super) fn besides(fields: &mut Fields, wire: &pb::AcceptOfferRequest) -> Option<Besides> {
    let rooms = rooms(fields, "rooms", &wire.rooms);
    let alone_because = alone(fields, "alone_because", wire.alone_because);
    let provider_reason = fields.parse_if("provider_reason", &wire.provider_reason);
    let hulpvraag = fields.parse_if("hulpvraag", &wire.hulpvraag);
    Some(Besides { rooms: rooms?, alone_because, provider_reason, hulpvraag })
}

/// An entry as far as the caller may see it.
pub(in super::super) fn to_wire(shown: &Shown) -> pb::WaitingEntry {
    let Shown { entry, classes } = shown;
    let known = classes.has(Class::K2);
    let offer = entry.offer.map(|offer| waiting_entry::Offer {
        start_time: Some(timestamp(offer.start)),
        expire_time: Some(timestamp(offer.expires)),
        persons: offered(entry),
    });
    let exception = entry.parent_exception.filter(|_| classes.has(Class::K4));
    pb::WaitingEntry {
        name: entry.id.to_string(),
        state: number("STATE", &entry.state.to_string(), waiting_entry::State::from_str_name),
        kind: number("KIND", &entry.kind.to_string(), Kind::from_str_name),
        case: text(entry.case.filter(|_| known)),
        school: text(entry.school),
        place: number("PLACE", &entry.place.to_string(), Place::from_str_name),
        duration: Some(duration(chrono::TimeDelta::minutes(entry.minutes.into()))),
        seats: entry.seats.iter().map(|seat| seat_to_wire(seat, known)).collect(),
        urgency: number("URGENCY", &entry.urgency.to_string(), waiting_entry::Urgency::from_str_name),
        target_date: text(entry.target),
        parent_exception: exception
            .map_or(0, |why| number("PARENT_EXCEPTION", &why.to_string(), ParentException::from_str_name)),
        wait_start_time: Some(timestamp(entry.since)),
        offer,
        consultation: text(entry.consultation),
        etag: entry.version.to_string(),
    }
}

/// Professionals who were not named and would come.
fn offered(entry: &Entry) -> Vec<String> {
    let chosen = entry.seats.iter().filter(|seat| seat.person.is_none() && !seat.role.is_private());
    chosen.filter_map(|seat| seat.offered).map(|person| person.to_string()).collect()
}

/// Who of the family is wanted is told to those who know the family.
fn seat_to_wire(seat: &Seat, known: bool) -> pb::Seat {
    let who = match seat.person.filter(|_| known || !seat.role.is_private()) {
        Some(person) => WireWho::Person(person.to_string()),
        None => WireWho::Role(role_to_wire(seat.role)),
    };
    pb::Seat { who: Some(who), optional: seat.optional, ..pb::Seat::default() }
}
