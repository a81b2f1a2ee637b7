//! Everything that happened to a case, and its clocks as they stand today.

use chrono::{DateTime, Utc};
use schakel_domain::{
    access::{Class, Classes, Role},
    consultation::State,
    dutch::Warning,
    ids::CaseId,
    refusal::Language,
    thuiszitter::{DeadlineState, Norm, Profile, acts, deadlines, suggested_level},
};
use schakel_proto::v1::{
    self as pb,
    timeline::{self, deadline},
};

use super::{
    case::{Case, Known},
    history::{self, Event},
    store, texts,
    view::line,
    wire::stage_to_wire,
};
use crate::{
    access::{
        Reached,
        authenticate::today,
        circle::{self, Circle},
        person,
        rpc::role_to_wire,
    },
    consultation::{self as meetings, meeting::Meeting},
    directory::calendar,
    error::Result,
    store::{Tx, audit::Deed},
    wire::{enums::number, fields::text, time::timestamp},
};

/// What a timeline shows.
const SHOWN: Classes = Classes::of(&[Class::K1, Class::K3, Class::K4]);

/// Reads the timeline of case `id`. Who may not see the facts of absence sees only that
/// it exists.
///
/// # Errors
/// `CASE_NOT_FOUND`.
pub(super) async fn get_timeline(tx: &Tx, id: CaseId, language: Language) -> Result<pb::Timeline> {
    let (circle, classes) = circle::reach(tx, id).await?;
    tx.audit(line(Deed::R, id, circle.child, classes.and(SHOWN))).await?;
    let mut told = compose(tx, (&circle, classes), language).await?;
    if let Some(since) = joined(tx, &circle, classes).await? {
        told.events.retain(|event| event.time.is_some_and(|time| happened(time) >= since));
    }
    Ok(told)
}

/// Since when somebody who reaches the case by an invitation alone reads what happened: from
/// when they sat down, unless the child or its parents opened more to them.
async fn joined(tx: &Tx, circle: &Circle, classes: Classes) -> Result<Option<DateTime<Utc>>> {
    let grant = tx.grant();
    let by_itself = |reached: &Reached| !matches!(reached, Reached::Invited(_)) && circle.holds(reached);
    let own = grant.to("CASE", |reached| circle.holds(reached))?;
    let opened = classes != own;
    match grant.actor() {
        Some(person) if grant.to("CASE", by_itself).is_err() && !opened => {
            circle::joined(tx, circle.case, person).await
        }
        Some(_) | None => Ok(None),
    }
}

/// As the instant that it was, cut to microseconds as rows are.
fn happened(time: prost_types::Timestamp) -> DateTime<Utc> {
    let nanos = u32::try_from(time.nanos).unwrap_or_default();
    DateTime::from_timestamp(time.seconds, nanos).unwrap_or_default()
}

/// The timeline of the case of `circle` as far as `classes` show it. Whoever calls owes an
/// audit line.
pub async fn compose(
    tx: &Tx,
    (circle, classes): (&Circle, Classes),
    language: Language,
) -> Result<pb::Timeline> {
    let id = circle.case;
    let mut wire = pb::Timeline { case: id.to_string(), ..pb::Timeline::default() };
    if !classes.has(Class::K3) {
        return Ok(wire);
    }
    let case = store::get(tx, id, circle.child).await?;
    let events = history::of(tx, id, circle.child).await?;
    wire.stage = stage_to_wire(case.stage);
    wire.acts = acts(case.stage).iter().copied().map(role_to_wire).collect();
    wire.events = events.iter().map(|event| event_to_wire(event, classes, language)).collect();
    add_clocks(tx, &mut wire, (&case, circle), language).await?;
    Ok(wire)
}

async fn add_clocks(
    tx: &Tx,
    wire: &mut pb::Timeline,
    (case, circle): (&Case, &Circle),
    language: Language,
) -> Result<()> {
    let today = today(tx.now());
    let child = person::open(tx, &[circle.child]).await?;
    let gemeente = [circle.gemeente.clone()];
    let calendars = calendar::calendars(tx, circle.school.as_slice(), &gemeente).await?;
    let known = Known {
        birth: child.get(&circle.child).and_then(|child| child.birth_date),
        calendar: calendars.of(circle.school, &circle.gemeente),
        meetings: &meetings::store::of_case(tx, case.id).await?,
    };
    let with_parents = known.meetings.iter().filter(|meeting| meeting.state == State::Held);
    let mut with_parents = with_parents.filter(|meeting| {
        meeting.table.iter().any(|seat| seat.role == Role::Ouder && seat.attended == Some(true))
    });
    if let Some(first) = with_parents.next().map(Meeting::day) {
        wire.first_parent_meeting_date = first.to_string();
        let days = (first - case.absence.first_day).num_days();
        wire.days_to_first_parent_meeting = i32::try_from(days).unwrap_or(i32::MAX);
    }
    let facts = case.facts(circle, known);
    let profile: Profile = store::profile(tx, today).await?;
    let (found, warnings) = deadlines(&profile, &facts, case.stage, today);
    wire.suggested_escalation_level = suggested_level(&found, today) as i32;
    wire.warnings = warnings.into_iter().map(warning).collect();
    wire.deadlines = found
        .into_iter()
        .map(|deadline| timeline::Deadline {
            norm: deadline.norm.id.clone(),
            display_name: name(deadline.norm, language).to_owned(),
            kind: number("KIND", deadline.norm.kind.into(), deadline::Kind::from_str_name),
            basis: basis(deadline.norm),
            clock: deadline.norm.term.clock.to_string(),
            start_date: deadline.started_on.to_string(),
            due_date: text(deadline.due_on),
            met_date: text(deadline.met_on),
            state: state_to_wire(deadline.state),
            acts: deadline.norm.roles.iter().copied().map(role_to_wire).collect(),
            profile: deadline.profile_version.to_owned(),
        })
        .collect();
    Ok(())
}

fn event_to_wire(event: &Event, classes: Classes, language: Language) -> timeline::Event {
    let role = event.role.split(' ').next().and_then(|role| role.parse().ok());
    timeline::Event {
        name: event.id.to_string(),
        time: Some(timestamp(event.at)),
        kind: event.kind.clone(),
        role: role.map(role_to_wire).unwrap_or_default(),
        organisation: text(event.organisation),
        text: texts::sentence(event, classes, language),
        subject: event.subject.clone(),
    }
}

fn name(norm: &Norm, language: Language) -> &str {
    match language {
        Language::Dutch => &norm.name_nl,
        Language::English => &norm.name_en,
    }
}

/// Law and article, with the version that was read.
fn basis(norm: &Norm) -> String {
    match &norm.basis.text_of {
        Some(version) => format!("{} ({version})", norm.basis.source),
        None => norm.basis.source.clone(),
    }
}

fn state_to_wire(state: DeadlineState) -> i32 {
    number("STATE", state.into(), deadline::State::from_str_name)
}

fn warning(warning: Warning) -> String {
    match warning {
        Warning::HolidaysUnknown { school_year } => format!("{} {school_year}", warning.refusal()),
    }
}

#[cfg(test)]
mod tests {
    use schakel_domain::thuiszitter::NormKind;
    use strum::IntoEnumIterator;

    use super::*;

    #[test]
    fn every_state_and_kind_of_a_deadline_is_told() {
        assert!(DeadlineState::iter().all(|state| state_to_wire(state) != 0));
        assert!(NormKind::iter().all(|kind| number("KIND", kind.into(), deadline::Kind::from_str_name) != 0));
    }
}
