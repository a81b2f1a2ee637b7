//! Rights and destructions on the wire.

use schakel_domain::{
    access::{Class, Hold, Role},
    privacy::{Length, Signed, Statement, Term},
};
use schakel_proto::v1::{self as pb, case_rights, destruction};

use super::{
    destructions::{Destruction, State},
    profile::Standing,
    rights::CaseRights,
    store::Rectification,
};
use crate::{
    access::rpc::role_to_wire,
    wire::{enums::number, fields::text, time::timestamp},
};

fn class(class: schakel_domain::privacy::RetentionClass) -> i32 {
    number("RETENTION_CLASS", class.into(), pb::RetentionClass::from_str_name)
}

/// The function of who did it; of several the first.
fn role(roles: &str) -> i32 {
    let role: Option<Role> = roles.split(' ').find_map(|role| role.parse().ok());
    role.map(role_to_wire).unwrap_or_default()
}

/// How a case stands.
pub(super) fn rights(rights: &CaseRights) -> pb::CaseRights {
    let content = rights.classes.has(Class::K4);
    pb::CaseRights {
        case: rights.case.to_string(),
        hold: rights.hold.map(hold_to_wire).unwrap_or_default(),
        legal_holds: rights
            .holds
            .iter()
            .map(|hold| case_rights::LegalHold {
                name: hold.id.to_string(),
                reason: if content { hold.reason.clone() } else { String::new() },
                set_time: Some(timestamp(hold.set)),
                lift_time: hold.lifted.map(timestamp),
            })
            .collect(),
        rectifications: if rights.classes.has(Class::K2) {
            rights.rectifications.iter().map(rectification).collect()
        } else {
            Vec::new()
        },
        kept: rights
            .kept
            .iter()
            .map(|(kind, until, basis)| case_rights::Kept {
                class: class(*kind),
                until: text(*until),
                basis: basis.clone(),
            })
            .collect(),
    }
}

fn hold_to_wire(hold: Hold) -> i32 {
    number("HOLD", hold.into(), case_rights::Hold::from_str_name)
}

/// What was put right.
pub(super) fn rectification(made: &Rectification) -> pb::Rectification {
    let before = made.before.as_ref().map(|before| pb::PersonFacts {
        display_name: before.display_name.clone().unwrap_or_default(),
        birth_date: before.birth_date.clone().unwrap_or_default(),
        ..pb::PersonFacts::default()
    });
    pb::Rectification {
        name: made.id.to_string(),
        person: made.person.to_string(),
        kind: number("KIND", made.kind(), pb::rectification::Kind::from_str_name),
        fields: made.fields.clone(),
        asked_by: number("REQUESTER", made.asked_by.into(), pb::Requester::from_str_name),
        time: Some(timestamp(made.at)),
        before,
        statement: made.statement.clone().unwrap_or_default(),
        reason: made.reason.clone(),
    }
}

/// The terms of a region.
pub(super) fn profile(standing: &Standing) -> pb::RetentionProfile {
    let term = |term: &Term| {
        let (years, days) = match term.length {
            None => (0, 0),
            Some(Length::Years(years)) => (years.into(), 0),
            Some(Length::Days(days)) => (0, days.into()),
        };
        pb::RetentionTerm {
            class: class(term.class),
            years,
            days,
            starts: number("START", term.starts.into(), pb::retention_term::Start::from_str_name),
            duty: term.duty,
            basis: term.basis.clone(),
        }
    };
    pb::RetentionProfile {
        terms: standing.profile.terms().iter().map(term).collect(),
        set_time: standing.set.map(timestamp),
        etag: standing.version.to_string(),
    }
}

fn count(count: u64) -> i32 {
    i32::try_from(count).unwrap_or(i32::MAX)
}

/// A proposal, with its statement where it is wanted. Which case it is about is told only to
/// who may know of it.
pub(super) fn destruction(one: &Destruction, names_case: bool, stated: bool) -> pb::Destruction {
    let state = match one.state {
        State::Proposed | State::Running => State::Proposed,
        State::Done => State::Done,
    };
    let statement = one.statement.clone().filter(|_| stated).unwrap_or_default();
    pb::Destruction {
        name: one.id.to_string(),
        kind: number("KIND", one.kind.into(), destruction::Kind::from_str_name),
        state: number("STATE", state.into(), destruction::State::from_str_name),
        case: text(one.case.filter(|_| names_case)),
        ground: one
            .ground
            .map(|ground| number("ERASURE_GROUND", ground.into(), pb::ErasureGround::from_str_name))
            .unwrap_or_default(),
        rows: one
            .plan
            .rows
            .iter()
            .map(|(table, rows)| destruction::Rows { table: table.clone(), count: count(*rows) })
            .collect(),
        parts: one
            .plan
            .parts
            .iter()
            .map(|part| destruction::Parts {
                class: class(part.class),
                count: count(part.count.into()),
                oldest: text(part.oldest),
            })
            .collect(),
        stays: one
            .plan
            .stays
            .iter()
            .map(|stays| destruction::Stays {
                class: class(stays.class),
                count: count(stays.count.into()),
                until: text(stays.until),
                reason: stays.why.to_string(),
                basis: stays.basis.clone(),
            })
            .collect(),
        meetings_cancelled: count(one.plan.cancelled.into()),
        propose_time: Some(timestamp(one.proposed)),
        proposed_by: role(&one.proposed_as),
        approve_time: one.approved.map(timestamp),
        approved_by: role(&one.approved_as),
        statement_text: statement_text(&statement).unwrap_or_default(),
        statement,
    }
}

/// The Dutch of a statement of ours.
fn statement_text(file: &str) -> Option<String> {
    let signed: Signed = serde_json::from_str(file).ok()?;
    let statement: Statement = serde_json::from_str(&signed.statement).ok()?;
    Some(statement.text())
}
