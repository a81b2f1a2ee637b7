//! Decisions and views on the wire, opened for who may read them.

use chrono::{DateTime, Utc};
use schakel_domain::{
    access::{Class, Classes},
    ids::PersonId,
    thuiszitter::{
        escalation::{Compliance, compliance},
        view::{About, Party},
    },
};
use schakel_proto::v1::{self as pb, decision};

use super::{
    store::{Checked, Decision, found_place, text_place},
    view_store::{View, place},
};
use crate::{
    access::{authenticate::today, rpc::role_to_wire},
    error::Result,
    store::{Read, vault::SubjectKeys},
    wire::{enums::number, fields::text, time::timestamp},
};

fn state_to_wire(state: Compliance) -> i32 {
    number("STATE", state.into(), decision::State::from_str_name)
}

fn about_to_wire(about: About) -> i32 {
    number("ABOUT", about.into(), pb::case_view::About::from_str_name)
}

fn role(roles: &str) -> i32 {
    roles.split(' ').next().and_then(|role| role.parse().ok()).map(role_to_wire).unwrap_or_default()
}

/// Decisions, with what was decided and found for who sees `classes`.
pub(super) async fn decisions_to_wire(
    read: &Read,
    child: PersonId,
    classes: Classes,
    decisions: &[Decision],
) -> Result<Vec<pb::Decision>> {
    let keys = if classes.has(Class::K4) { Some(read.subject_keys(&[child.0]).await?) } else { None };
    let today = today(read.now());
    decisions
        .iter()
        .map(|one| {
            let decided = |keys: &SubjectKeys| keys.open(child.0, text_place(one.id), &one.sealed_text);
            let checks = one.checks.iter().map(|checked| check(keys.as_ref(), child, (one, checked)));
            Ok(pb::Decision {
                name: one.id.to_string(),
                case: one.case.to_string(),
                decider: one.decider.to_string(),
                decide_date: one.on.to_string(),
                text: keys.as_ref().map(decided).transpose()?.unwrap_or_default(),
                obliged_organisation: one.obliged.to_string(),
                due_date: one.due.to_string(),
                state: state_to_wire(one.state(DateTime::<Utc>::MAX_UTC, today)),
                checks: checks.collect::<Result<_>>()?,
                record_time: Some(timestamp(one.recorded)),
                role: role(&one.role),
                organisation: text(one.organisation),
                etag: one.version.to_string(),
            })
        })
        .collect()
}

fn check(
    keys: Option<&SubjectKeys>,
    child: PersonId,
    (decision, checked): (&Decision, &Checked),
) -> Result<decision::Check> {
    let on = checked.check.on;
    let found = keys.map(|keys| keys.open(child.0, found_place(checked.id), &checked.sealed_found));
    Ok(decision::Check {
        date: on.to_string(),
        state: state_to_wire(compliance(decision.due, Some(checked.check), on)),
        found: found.transpose()?.unwrap_or_default(),
        record_time: Some(timestamp(checked.recorded)),
        role: role(&checked.role),
        organisation: text(checked.organisation),
    })
}

/// One view, which the caller may see.
pub(super) async fn view_to_wire(read: &Read, child: PersonId, view: &View) -> Result<pb::CaseView> {
    let keys = read.subject_keys(&[child.0]).await?;
    one(&keys, child, view)
}

/// Views that the caller may see, each with those of its rejoinders.
pub(super) async fn views_to_wire(read: &Read, child: PersonId, views: &[View]) -> Result<Vec<pb::CaseView>> {
    let keys = read.subject_keys(&[child.0]).await?;
    let first = views.iter().filter(|view| view.answers.is_none());
    first
        .map(|view| {
            let answers = views.iter().filter(|other| other.answers == Some(view.id));
            let rejoinders = answers.map(|other| one(&keys, child, other)).collect::<Result<_>>()?;
            Ok(pb::CaseView { rejoinders, ..one(&keys, child, view)? })
        })
        .collect()
}

fn one(keys: &SubjectKeys, child: PersonId, view: &View) -> Result<pb::CaseView> {
    let (person, organisation) = match view.party {
        Party::Person(person) => (person.to_string(), String::new()),
        Party::Organisation(organisation) => (String::new(), organisation.to_string()),
    };
    Ok(pb::CaseView {
        name: view.id.to_string(),
        case: view.case.to_string(),
        about: about_to_wire(view.about),
        decision: text(view.decision),
        person,
        organisation,
        text: keys.open(child.0, place(view.id), &view.sealed_text)?,
        record_time: Some(timestamp(view.recorded)),
        role: role(&view.role),
        recorded_by: text(view.organisation),
        answers: text(view.answers),
        rejoinders: Vec::new(),
    })
}
