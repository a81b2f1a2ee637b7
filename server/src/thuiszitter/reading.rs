//! Reads the parts of a case from the wire, with every violation under its own path.

use std::collections::BTreeSet;

use chrono::NaiveDate;
use schakel_domain::{
    bound::Bound,
    directory::skills::LanguageTag,
    dutch::{codes::GemeenteCode, leerplicht::age_on},
    ids::PersonId,
    refusal::{Refusal, Violation},
    text::{EmailAddress, FreeText, Name, is_phone},
    thuiszitter::{self, AbsenceGround, AbsenceKind, MissedTime, Outcome, Said, Stage},
};
use schakel_proto::v1::{self as pb, case::parent};

use super::{
    case::{Absence, Case, ENTERED, ExternalReference, Milestones, Missed},
    wire::{kind_from_wire, outcome_from_wire, stage_from_wire},
};
use crate::{
    access::{circle::Gezag, person::PrivatePerson},
    wire::fields::Fields,
};

/// From this age on nobody asks for schooling any more; an older child is a slip.
const TOO_OLD: u8 = 23;
/// More days than a school year has.
const MOST_DAYS: usize = 400;
/// More parents, guardians and carers than a child has.
const MOST_PARENTS: usize = 8;
/// More systems than work with one child.
const MOST_REFERENCES: usize = 10;

/// A child as it was given.
#[derive(Debug, Clone)]
pub(super) struct Child {
    pub name: Name,
    pub birth: NaiveDate,
}

/// A parent as it was given.
#[derive(Debug, Clone)]
pub(super) struct Parent {
    /// None for a new one.
    pub id: Option<PersonId>,
    pub person: PrivatePerson,
    pub gezag: Gezag,
}

/// A required number with a meaning.
fn meaning<T>(fields: &mut Fields, field: &str, number: i32, from: impl Fn(i32) -> Option<T>) -> Option<T> {
    let value = from(number);
    if value.is_none() {
        fields.refuse(field, if number == 0 { Refusal::FieldRequired } else { Refusal::FieldInvalid });
    }
    value
}

/// A required stage.
pub(super) fn stage(fields: &mut Fields, field: &str, number: i32) -> Option<Stage> {
    meaning(fields, field, number, stage_from_wire)
}

/// A required outcome.
pub(super) fn outcome(fields: &mut Fields, field: &str, number: i32) -> Option<Outcome> {
    meaning(fields, field, number, outcome_from_wire)
}

/// A required date, today or earlier.
pub(super) fn past(fields: &mut Fields, field: &str, text: &str, today: NaiveDate) -> Option<NaiveDate> {
    let date = fields.date(field, text)?;
    if date > today {
        fields.bound(field, Refusal::TimeOutOfBounds, Bound::TodayOrEarlier);
        return None;
    }
    Some(date)
}

/// Where the child lives; required.
pub(super) fn gemeente(fields: &mut Fields, code: &str) -> Option<GemeenteCode> {
    fields.parse_as("case.residence_gemeente_code", code, Bound::Gemeente)
}

/// The absence; required.
pub(super) fn absence(
    fields: &mut Fields,
    wire: Option<&pb::case::Absence>,
    today: NaiveDate,
) -> Option<Absence> {
    let Some(wire) = wire else {
        fields.refuse("case.absence", Refusal::FieldRequired);
        return None;
    };
    let kind = meaning(fields, "case.absence.kind", wire.kind, kind_from_wire);
    let first_day = past(fields, "case.absence.first_day", &wire.first_day, today);
    let hours = hours(fields, &wire.unauthorised, today);
    Some(Absence { kind: kind?, first_day: first_day?, hours: hours? })
}

fn hours(fields: &mut Fields, wire: &[pb::case::absence::Hours], today: NaiveDate) -> Option<Vec<Missed>> {
    if wire.len() > MOST_DAYS {
        fields.refuse("case.absence.unauthorised", Refusal::FieldInvalid);
        return None;
    }
    let mut days = BTreeSet::new();
    let mut read = Vec::with_capacity(wire.len());
    for (at, missed) in wire.iter().enumerate() {
        let field = |name: &str| format!("case.absence.unauthorised[{at}].{name}");
        let date = past(fields, &field("date"), &missed.date, today);
        if date.is_some_and(|date| !days.insert(date)) {
            fields.refuse(field("date"), Refusal::FieldInvalid);
        }
        let hours = u8::try_from(missed.hours).ok().filter(|hours| (1..=12).contains(hours));
        if hours.is_none() {
            fields.bound(field("hours"), Refusal::FieldInvalid, Bound::SchoolHours);
        }
        read.extend(date.zip(hours).map(|(date, hours)| Missed { date, hours }));
    }
    (read.len() == wire.len()).then_some(read)
}

/// What cannot be so of a child that was born on `birth`: of its absence and of the milestones that are entered,
/// without what stood in the case already.
pub(super) fn impossible(
    birth: NaiveDate,
    (absence, milestones): (Option<&Absence>, Option<&Milestones>),
    was: Option<&Case>,
) -> Vec<Violation> {
    let mut wrong = Vec::new();
    let mut must_be = |field: String, said: &Said| {
        let bound = thuiszitter::impossible(birth, said);
        wrong.extend(bound.map(|bound| Violation::bound(field, Refusal::TimeOutOfBounds, bound)));
    };
    if let Some(absence) = absence {
        let before = was.map(|was| &was.absence);
        if before.map(|before| (before.first_day, before.kind)) != Some((absence.first_day, absence.kind)) {
            must_be("case.absence.first_day".to_owned(), &Said::Kind(absence.first_day, absence.kind));
        }
        for (at, missed) in absence.hours.iter().enumerate() {
            if before.is_some_and(|before| before.hours.contains(missed)) {
                continue;
            }
            let (date, minutes) = (missed.date, u16::from(missed.hours) * 60);
            let said = Said::Missed(MissedTime { date, minutes, ground: AbsenceGround::Ongeoorloofd });
            must_be(format!("case.absence.unauthorised[{at}].date"), &said);
        }
    }
    for (name, moment) in MILESTONES.into_iter().zip(ENTERED) {
        let told = milestones.and_then(|all| all.moments.get(&moment));
        let stood = was.and_then(|was| was.milestones.moments.get(&moment));
        if let Some(on) = told.filter(|on| stood != Some(*on)) {
            must_be(format!("case.milestones.{name}"), &Said::Happened(moment, *on));
        }
    }
    wrong
}

/// The fields of the milestones that are entered, in the order of [`ENTERED`].
const MILESTONES: [&str; 9] = [
    "enrolment_date",
    "extra_support_date",
    "opp_agreed_date",
    "application_date",
    "application_decided_date",
    "duo_report_date",
    "offer_date",
    "child_heard_date",
    "opp_registered_date",
];

/// The milestones that are entered; none of them is required.
pub(super) fn milestones(fields: &mut Fields, wire: Option<&pb::case::Milestones>) -> Milestones {
    let Some(wire) = wire else { return Milestones::default() };
    let given = [
        &wire.enrolment_date,
        &wire.extra_support_date,
        &wire.opp_agreed_date,
        &wire.application_date,
        &wire.application_decided_date,
        &wire.duo_report_date,
        &wire.offer_date,
        &wire.child_heard_date,
        &wire.opp_registered_date,
    ];
    let mut read = Milestones { extended: wire.application_extended, ..Milestones::default() };
    for ((name, text), moment) in MILESTONES.into_iter().zip(given).zip(ENTERED) {
        if let Some(date) = fields.date_if(format!("case.milestones.{name}"), text) {
            read.moments.insert(moment, date);
        }
    }
    if wire.application_extended && wire.application_date.is_empty() {
        fields.refuse("case.milestones.application_date", Refusal::FieldRequired);
    }
    read
}

/// Why the child gets extra support; read beside the day of that decision.
pub(super) fn extra_support_reason(
    fields: &mut Fields,
    wire: Option<&pb::case::Milestones>,
) -> Option<FreeText> {
    let wire = wire?;
    if wire.extra_support_date.is_empty() && !wire.extra_support_reason.is_empty() {
        fields.refuse("case.milestones.extra_support_date", Refusal::FieldRequired);
    }
    fields.parse_if("case.milestones.extra_support_reason", &wire.extra_support_reason)
}

/// The child; required.
pub(super) fn child(fields: &mut Fields, wire: Option<&pb::case::Child>, today: NaiveDate) -> Option<Child> {
    let Some(wire) = wire else {
        fields.refuse("case.child", Refusal::FieldRequired);
        return None;
    };
    let name = fields.parse("case.child.display_name", &wire.display_name);
    let birth = fields.date("case.child.birth_date", &wire.birth_date).filter(|&birth| {
        let young = birth < today && age_on(birth, today) < TOO_OLD;
        if !young {
            fields.bound("case.child.birth_date", Refusal::TimeOutOfBounds, Bound::Birthday);
        }
        young
    });
    Some(Child { name: name?, birth: birth? })
}

/// The parents; at least one.
pub(super) fn parents(fields: &mut Fields, wire: &[pb::case::Parent]) -> Option<Vec<Parent>> {
    if wire.is_empty() || wire.len() > MOST_PARENTS {
        let refusal = if wire.is_empty() { Refusal::FieldRequired } else { Refusal::FieldInvalid };
        fields.refuse("case.parents", refusal);
        return None;
    }
    let mut seen = BTreeSet::new();
    let read: Vec<_> = wire
        .iter()
        .enumerate()
        .filter_map(|(at, parent)| {
            let read = one_parent(fields, &format!("case.parents[{at}]"), parent)?;
            if read.id.is_some_and(|id| !seen.insert(id)) {
                fields.refuse(format!("case.parents[{at}].person"), Refusal::DuplicateAttendee);
            }
            Some(read)
        })
        .collect();
    (read.len() == wire.len()).then_some(read)
}

fn one_parent(fields: &mut Fields, path: &str, wire: &pb::case::Parent) -> Option<Parent> {
    let id = fields.parse_if(format!("{path}.person"), &wire.person);
    let name = fields.parse(format!("{path}.display_name"), &wire.display_name);
    let email: Option<EmailAddress> = fields.parse_if(format!("{path}.email"), &wire.email);
    let phone: Option<Name> = fields.parse_if(format!("{path}.phone"), &wire.phone);
    if phone.as_ref().is_some_and(|phone| !is_phone(phone.as_str())) {
        fields.bound(format!("{path}.phone"), Refusal::FieldInvalid, Bound::Phone);
    }
    let gezag = fields.choice(format!("{path}.gezag"), wire.gezag, parent::Gezag::as_str_name);
    if !wire.language.is_empty() && wire.language.parse::<LanguageTag>().is_err() {
        fields.bound(format!("{path}.language"), Refusal::FieldInvalid, Bound::LanguageCode);
        return None;
    }
    let language = if wire.language.is_empty() { "nl" } else { &wire.language };
    let person = PrivatePerson {
        name: name?,
        email,
        phone,
        birth_date: None,
        address_confidential: wire.address_confidential,
        language: language.to_owned(),
    };
    Some(Parent { id, person, gezag: gezag? })
}

/// By what the case is known elsewhere; each once.
pub(super) fn external(
    fields: &mut Fields,
    wire: &[pb::case::ExternalReference],
) -> Option<Vec<ExternalReference>> {
    if wire.len() > MOST_REFERENCES {
        fields.refuse("case.external_references", Refusal::FieldInvalid);
        return None;
    }
    let mut read: Vec<ExternalReference> = Vec::with_capacity(wire.len());
    for (at, one) in wire.iter().enumerate() {
        let field = |name: &str| format!("case.external_references[{at}].{name}");
        let mut part = |name: &str, text: &str| -> Option<Name> {
            if text.is_empty() {
                fields.bound(field(name), Refusal::FieldRequired, Bound::Reference);
                return None;
            }
            fields.parse(field(name), text)
        };
        let system = part("system", &one.system);
        let id = part("id", &one.id);
        let Some((system, id)) = system.zip(id) else { continue };
        let one = ExternalReference { system, id };
        if read.contains(&one) {
            fields.refuse(field("id"), Refusal::FieldInvalid);
        }
        read.push(one);
    }
    (read.len() == wire.len()).then_some(read)
}

/// 0 to 4.
pub(super) fn level(fields: &mut Fields, number: i32) -> Option<u8> {
    let level = u8::try_from(number).ok().filter(|level| *level <= 4);
    if level.is_none() {
        fields.refuse("case.escalation_level", Refusal::FieldInvalid);
    }
    level
}

/// Whether the absence is that of a child without a school, as far as it can be read.
pub(super) fn is_unenrolled(wire: &pb::case::Absence) -> bool {
    kind_from_wire(wire.kind) == Some(AbsenceKind::Absoluut)
}
