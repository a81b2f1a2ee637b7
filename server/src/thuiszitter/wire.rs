//! Cases on the wire: every field with its class, every enum word both ways.

use schakel_domain::{
    access::{Class, Classes},
    text::{EmailAddress, FreeText, Name},
    thuiszitter::{AbsenceKind, Moment, Outcome, Stage},
};
use schakel_proto::v1::{
    self as pb,
    case::{absence, parent},
};

use super::{
    ages,
    case::{Absence, Case, ENTERED, ExternalReference, Milestones, State},
    view::View,
};
use crate::wire::{enums::number, fields::text, time::timestamp};

/// Words that the wire has otherwise. Of several with one word the first is meant by it.
const KINDS: [(AbsenceKind, &str); 3] = [
    (AbsenceKind::RelatiefOngeoorloofd, "ONGEOORLOOFD"),
    (AbsenceKind::ZiekMaarBelastbaar, "ZIEK_BELASTBAAR"),
    (AbsenceKind::VrijstellingAangevraagd, "VRIJSTELLING_GEVRAAGD"),
];

/// As [`KINDS`]: the place that has no kind of its own on the wire is at another regular school.
const OUTCOMES: [(Outcome, &str); 3] = [
    (Outcome::PlaatsingAndereSchool, "PLAATSING"),
    (Outcome::Onderwijszorgarrangement, "OZA"),
    (Outcome::Vrijstelling15AnderOnderwijs, "VRIJSTELLING_15"),
];

fn word<T: Copy + PartialEq + Into<&'static str>>(own: &[(T, &'static str)], value: T) -> &'static str {
    own.iter().find(|(one, _)| *one == value).map_or_else(|| value.into(), |(_, word)| word)
}

fn meant<T: Copy + std::str::FromStr>(own: &[(T, &'static str)], word: &str) -> Option<T> {
    own.iter().find(|(_, one)| *one == word).map_or_else(|| word.parse().ok(), |(value, _)| Some(*value))
}

/// A stage's number.
pub(super) fn stage_to_wire(stage: Stage) -> i32 {
    number("STAGE", stage.into(), pb::Stage::from_str_name)
}

/// The stage with that number.
pub(super) fn stage_from_wire(number: i32) -> Option<Stage> {
    pb::Stage::try_from(number).ok()?.as_str_name().strip_prefix("STAGE_")?.parse().ok()
}

/// A kind's number.
pub(super) fn kind_to_wire(kind: AbsenceKind) -> i32 {
    number("KIND", word(&KINDS, kind), absence::Kind::from_str_name)
}

/// The kind with that number.
pub(super) fn kind_from_wire(number: i32) -> Option<AbsenceKind> {
    meant(&KINDS, absence::Kind::try_from(number).ok()?.as_str_name().strip_prefix("KIND_")?)
}

/// The word that the API has for an outcome.
fn outcome_word(outcome: Outcome) -> &'static str {
    word(&OUTCOMES, outcome)
}

/// An outcome's number.
pub(super) fn outcome_to_wire(outcome: Outcome) -> i32 {
    number("CASE_OUTCOME", outcome_word(outcome), pb::CaseOutcome::from_str_name)
}

/// The outcome with that number.
pub(crate) fn outcome_from_wire(number: i32) -> Option<Outcome> {
    meant(&OUTCOMES, pb::CaseOutcome::try_from(number).ok()?.as_str_name().strip_prefix("CASE_OUTCOME_")?)
}

/// A state's number.
fn state_to_wire(state: State) -> i32 {
    number("STATE", state.into(), pb::case::State::from_str_name)
}

/// What the caller sees of a case. What it may not see is empty.
pub(super) fn to_wire(view: &View) -> pb::Case {
    let case = &view.case;
    let mut wire = pb::Case {
        name: case.id.to_string(),
        state: state_to_wire(case.state),
        school: text(view.circle.school),
        ..pb::Case::default()
    };
    if view.sees(Class::K2) {
        wire.reference.clone_from(&case.reference);
    }
    if view.sees(Class::K3) {
        add_absence(&mut wire, view);
    }
    if view.listed {
        return wire;
    }
    if view.sees(Class::K2) {
        wire.residence_gemeente_code.clone_from(&view.circle.gemeente);
        wire.warnings = view.warnings.iter().copied().map(ages::to_wire).collect();
        add_persons(&mut wire, view);
        let one = |one: &ExternalReference| pb::case::ExternalReference {
            system: one.system.as_str().to_owned(),
            id: one.id.as_str().to_owned(),
        };
        wire.external_references = case.external.iter().map(one).collect();
    }
    if view.sees(Class::K3) {
        wire.absence = Some(absence_to_wire(&case.absence));
        wire.milestones = Some(milestones_to_wire(&case.milestones, view.classes));
    }
    if view.sees(Class::K4) {
        case.question.as_ref().map_or("", FreeText::as_str).clone_into(&mut wire.question);
    }
    wire
}

/// Where it stands (K3), in a list and on its own.
fn add_absence(wire: &mut pb::Case, view: &View) {
    let case: &Case = &view.case;
    wire.stage = stage_to_wire(case.stage);
    wire.escalation_level = i32::from(case.level);
    wire.regisseur = text(case.regisseur);
    wire.next_action_date = text(case.next_action);
    wire.labels = view.labels.iter().map(ToString::to_string).collect();
    wire.days_absent = case.days_absent(view.today);
    if let Some((outcome, date)) = case.outcome {
        wire.outcome = outcome_to_wire(outcome);
        wire.outcome_date = date.to_string();
    }
    wire.open_time = Some(timestamp(case.opened));
    wire.close_time = case.closed.map(timestamp);
    wire.reopened = case.reopened;
    wire.etag = case.version.to_string();
}

fn absence_to_wire(absence: &Absence) -> pb::case::Absence {
    pb::case::Absence {
        kind: kind_to_wire(absence.kind),
        first_day: absence.first_day.to_string(),
        unauthorised: absence
            .hours
            .iter()
            .map(|missed| absence::Hours { date: missed.date.to_string(), hours: i32::from(missed.hours) })
            .collect(),
    }
}

fn milestones_to_wire(milestones: &Milestones, classes: Classes) -> pb::case::Milestones {
    let date = |moment: Moment| text(milestones.moments.get(&moment).filter(|_| classes.has(moment.class())));
    let [enrolled, extra, opp, asked, decided, duo, offer, heard, registered] = ENTERED.map(date);
    pb::case::Milestones {
        enrolment_date: enrolled,
        extra_support_date: extra,
        opp_agreed_date: opp,
        application_date: asked,
        application_extended: milestones.extended,
        application_decided_date: decided,
        duo_report_date: duo,
        offer_date: offer,
        child_heard_date: heard,
        opp_registered_date: registered,
        // The log tells it, to who may see it.
        extra_support_reason: String::new(),
    }
}

fn add_persons(wire: &mut pb::Case, view: &View) {
    wire.child = view.persons.get(&view.circle.child).map(|child| pb::case::Child {
        person: view.circle.child.to_string(),
        display_name: child.name.as_str().to_owned(),
        birth_date: text(child.birth_date),
    });
    let parents = view.circle.parents.iter().filter_map(|(id, gezag)| {
        let person = view.persons.get(id)?;
        // A secret address is shown to whoever guards safety only; mail still finds its way.
        let shown = !person.address_confidential || view.sees(Class::K8);
        Some(pb::case::Parent {
            person: id.to_string(),
            display_name: person.name.as_str().to_owned(),
            email: person.email.as_ref().filter(|_| shown).map_or("", EmailAddress::as_str).to_owned(),
            phone: person.phone.as_ref().filter(|_| shown).map_or("", Name::as_str).to_owned(),
            gezag: number("GEZAG", gezag.into(), parent::Gezag::from_str_name),
            address_confidential: person.address_confidential,
            language: person.language.clone(),
        })
    });
    wire.parents = parents.collect();
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use strum::IntoEnumIterator;

    use super::*;

    /// Every number that `from_wire` reads comes back from what it reads.
    fn comes_back<T>(numbers: std::ops::RangeInclusive<i32>, from: fn(i32) -> Option<T>, to: fn(T) -> i32) {
        for number in numbers {
            assert_eq!(from(number).map(to), Some(number));
        }
        assert!(from(0).is_none(), "nothing is meant by 0");
        assert!(from(99).is_none());
    }

    #[test]
    fn every_word_of_the_wire_has_one_meaning_and_comes_back() {
        comes_back(1..=10, stage_from_wire, stage_to_wire);
        comes_back(1..=8, kind_from_wire, kind_to_wire);
        comes_back(1..=25, outcome_from_wire, outcome_to_wire);
    }

    #[test]
    fn every_domain_word_is_told() {
        let stages: BTreeSet<_> = Stage::iter().map(stage_to_wire).collect();
        assert_eq!((stages.len(), stages.contains(&0)), (Stage::iter().count(), false));
        for kind in AbsenceKind::iter() {
            assert_ne!(kind_to_wire(kind), 0, "{kind}");
        }
        for outcome in Outcome::iter() {
            assert_eq!(outcome_from_wire(outcome_to_wire(outcome)), Some(outcome), "{outcome}");
        }
        for state in [State::Open, State::Closed] {
            assert_ne!(state_to_wire(state), 0);
        }
    }
}
