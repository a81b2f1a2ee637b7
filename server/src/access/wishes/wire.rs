//! Wishes between the wire and the rules.

use chrono::Weekday;
use schakel_domain::{
    availability::{
        Wishes,
        wishes::{Supporter, SupporterKind},
    },
    ids::{CaseId, PersonId},
    refusal::Refusal,
};
use schakel_proto::v1::{
    self as pb,
    parent_wishes::{self, Weekday as WireDay, supporter::Kind},
};

use super::{keep::Wish, store::Kept};
use crate::wire::{
    enums::number,
    fields::{Fields, text},
    time::timestamp,
};

/// A week has no more days.
const MOST_DAYS: usize = 7;

/// What is to be written down.
pub(super) fn wish(fields: &mut Fields, wire: Option<&pb::ParentWishes>) -> Option<Wish> {
    let Some(wire) = wire else {
        fields.refuse("parent_wishes", Refusal::FieldRequired);
        return None;
    };
    let case = fields.parse("parent_wishes.case", &wire.case);
    let person = fields.parse("parent_wishes.person", &wire.person);
    let earliest = fields.parse_if("parent_wishes.earliest", &wire.earliest);
    let latest = fields.parse_if("parent_wishes.latest", &wire.latest);
    let never = days(fields, &wire.never_on);
    let supporter = wire.supporter.as_ref().map(|one| supporter(fields, one));
    let etag = fields.etag("parent_wishes.etag", &wire.etag);
    let wishes = Wishes {
        language: wire.language.clone(),
        interpreter: wire.interpreter,
        earliest,
        latest,
        never: never?,
        online: wire.online,
        large_print: wire.large_print,
        supporter: match supporter {
            None => None,
            Some(read) => Some(read?),
        },
    };
    Some(Wish { case: case?, person: person?, wishes, etag: etag? })
}

fn days(fields: &mut Fields, wire: &[i32]) -> Option<Vec<Weekday>> {
    if wire.len() > MOST_DAYS {
        fields.refuse("parent_wishes.never_on", Refusal::FieldInvalid);
        return None;
    }
    let all: Vec<Option<Weekday>> = wire
        .iter()
        .enumerate()
        .map(|(at, day)| fields.choice(format!("parent_wishes.never_on[{at}]"), *day, WireDay::as_str_name))
        .collect();
    all.into_iter().collect()
}

fn supporter(fields: &mut Fields, wire: &parent_wishes::Supporter) -> Option<Supporter> {
    let field = |name: &str| format!("parent_wishes.supporter.{name}");
    let kind: Option<SupporterKind> = fields.choice(field("kind"), wire.kind, Kind::as_str_name);
    let name = fields.parse(field("display_name"), &wire.display_name);
    let email = fields.parse_if(field("email"), &wire.email);
    Some(Supporter { kind: kind?, name: name?, email })
}

/// The wishes of a parent; without any the form to be filled in.
pub(super) fn to_wire((case, person): (CaseId, PersonId), kept: Option<&Kept>) -> pb::ParentWishes {
    let none = Wishes::default();
    let wishes = kept.map_or(&none, |kept| &kept.wishes);
    pb::ParentWishes {
        case: case.to_string(),
        person: person.to_string(),
        language: wishes.language.clone(),
        interpreter: wishes.interpreter,
        earliest: text(wishes.earliest),
        latest: text(wishes.latest),
        never_on: wishes.never.iter().map(|day| day_to_wire(*day).into()).collect(),
        online: wishes.online,
        large_print: wishes.large_print,
        supporter: wishes.supporter.as_ref().map(|one| parent_wishes::Supporter {
            kind: number("KIND", &one.kind.to_string(), Kind::from_str_name),
            display_name: one.name.as_str().to_owned(),
            email: one.email.as_ref().map(|email| email.as_str().to_owned()).unwrap_or_default(),
        }),
        update_time: kept.map(|kept| timestamp(kept.updated)),
        etag: kept.map_or(0, |kept| kept.version).to_string(),
    }
}

fn day_to_wire(day: Weekday) -> WireDay {
    match day {
        Weekday::Mon => WireDay::Monday,
        Weekday::Tue => WireDay::Tuesday,
        Weekday::Wed => WireDay::Wednesday,
        Weekday::Thu => WireDay::Thursday,
        Weekday::Fri => WireDay::Friday,
        Weekday::Sat => WireDay::Saturday,
        Weekday::Sun => WireDay::Sunday,
    }
}
