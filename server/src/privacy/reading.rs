//! Reads requests about rights from the wire, with every violation under its own path.

use chrono::NaiveDate;
use schakel_domain::{
    dutch::leerplicht::age_on,
    ids::{CaseId, PersonId},
    privacy::{Fact, Length, Profile, Requester, RetentionClass, Start, Term},
    reference::Reference,
    refusal::Refusal,
    text::FreeText,
};
use schakel_proto::v1 as pb;
use strum::IntoEnumIterator;

use super::{find::Sought, rectify, restrict};
use crate::wire::fields::Fields;

/// From this age on nobody asks for schooling any more; an older child is a slip.
const TOO_OLD: u8 = 23;

/// By name and birth date, or by reference.
pub(super) fn sought(fields: &mut Fields, wire: &pb::FindSubjectRequest) -> Option<Sought> {
    if !wire.reference.is_empty() {
        let reference: Option<Reference> = fields.parse("reference", &wire.reference);
        return reference.map(|reference| Sought::Reference(reference.to_string()));
    }
    let name = fields.parse("display_name", &wire.display_name);
    let birth = fields.date("birth_date", &wire.birth_date);
    name.zip(birth).map(|(name, birth)| Sought::Child(name, birth))
}

/// A restriction.
pub(super) fn restriction(fields: &mut Fields, wire: &pb::RestrictCaseRequest) -> Option<restrict::Wish> {
    let case = fields.parse("name", &wire.name);
    let ground = fields.choice("ground", wire.ground, pb::RestrictionGround::as_str_name);
    let note = fields.parse_if("note", &wire.note);
    Some(restrict::Wish { case: case?, ground: ground?, note, cancel_meetings: wire.cancel_meetings })
}

/// Facts that a mask names, or a statement; one of the two.
pub(super) fn rectification(
    fields: &mut Fields,
    wire: &pb::RectifySubjectRequest,
    today: NaiveDate,
) -> Option<rectify::Wish> {
    let case: Option<CaseId> = fields.parse("case", &wire.case);
    let person: Option<PersonId> = fields.parse("person", &wire.person);
    let asked_by: Option<Requester> = fields.choice("asked_by", wire.asked_by, pb::Requester::as_str_name);
    let reason: Option<FreeText> = fields.parse("reason", &wire.reason);
    let paths = wire.update_mask.as_ref().map(|mask| mask.paths.as_slice()).unwrap_or_default();
    let facts: Vec<Fact> = Fact::iter().filter(|fact| paths.iter().any(|path| path == fact.path())).collect();
    if facts.len() != paths.len() {
        fields.refuse("update_mask", Refusal::MaskInvalid);
    }
    let statement = if paths.is_empty() {
        fields.parse("statement", &wire.statement)
    } else {
        fields.parse_if("statement", &wire.statement)
    };
    let given = wire.facts.clone().unwrap_or_default();
    let has = |fact| facts.contains(&fact);
    let name =
        if has(Fact::DisplayName) { fields.parse("facts.display_name", &given.display_name) } else { None };
    let birth = if has(Fact::BirthDate) { fields.date("facts.birth_date", &given.birth_date) } else { None };
    if birth.is_some_and(|birth| birth >= today || age_on(birth, today) >= TOO_OLD) {
        fields.refuse("facts.birth_date", Refusal::TimeOutOfBounds);
    }
    let email = if has(Fact::Email) { fields.parse_if("facts.email", &given.email) } else { None };
    let phone = if has(Fact::Phone) { fields.parse_if("facts.phone", &given.phone) } else { None };
    Some(rectify::Wish {
        case: case?,
        person: person?,
        facts,
        name,
        birth,
        email,
        phone,
        address_confidential: given.address_confidential,
        statement,
        asked_by: asked_by?,
        reason: reason?,
    })
}

/// Every class once, within its bounds.
pub(super) fn profile(fields: &mut Fields, wire: &[pb::RetentionTerm]) -> Option<Profile> {
    let mut terms = Vec::with_capacity(wire.len());
    for (at, term) in wire.iter().enumerate() {
        let path = |name: &str| format!("profile.terms[{at}].{name}");
        let class: Option<RetentionClass> =
            fields.choice(path("class"), term.class, pb::RetentionClass::as_str_name);
        let starts: Option<Start> =
            fields.choice(path("starts"), term.starts, pb::retention_term::Start::as_str_name);
        let length = match (u16::try_from(term.years), u16::try_from(term.days)) {
            (Ok(0), Ok(0)) => None,
            (Ok(years), Ok(0)) => Some(Length::Years(years)),
            (Ok(0), Ok(days)) => Some(Length::Days(days)),
            (Ok(_) | Err(_), Ok(_) | Err(_)) => {
                fields.refuse(path("years"), Refusal::FieldInvalid);
                None
            }
        };
        let basis: Option<schakel_domain::text::Name> = fields.parse(path("basis"), &term.basis);
        let (Some(class), Some(starts), Some(basis)) = (class, starts, basis) else { continue };
        terms.push(Term { class, length, starts, duty: term.duty, basis: basis.as_str().to_owned() });
    }
    if terms.len() != wire.len() {
        return None;
    }
    match Profile::of(terms) {
        Ok(profile) => Some(profile),
        Err((at, refusal)) => {
            fields.refuse(format!("profile.terms[{at}]"), refusal);
            None
        }
    }
}
