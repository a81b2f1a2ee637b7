//! Everything that happened to a case, and its clocks as they stand today or stood at an instant.

use chrono::{DateTime, Utc};
use schakel_domain::{
    access::{Class, Classes, Role},
    consultation::State,
    ids::CaseId,
    refusal::Language,
    thuiszitter::{acts, suggested_level},
};
use schakel_proto::v1::{self as pb, timeline};

use super::{
    case::Case,
    deadline::{self, warnings},
    escalation,
    facts::{
        class,
        log::Log,
        standing::{Around, may_look_back},
    },
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
        rpc::role_to_wire,
    },
    consultation::meeting::Meeting,
    error::Result,
    store::{
        Read,
        audit::{Deed, Line},
    },
    wire::{fields::text, time::timestamp},
};

/// What a timeline shows.
const SHOWN: Classes = Classes::of(&[Class::K1, Class::K3, Class::K4]);

/// Reads the timeline of case `id`, and says what is to be written down before it is told. Who may not see the
/// facts of absence sees only that it exists.
///
/// # Errors
/// `CASE_NOT_FOUND`; as [`may_look_back`] and [`Log::must_tell`].
pub(super) async fn get_timeline(
    read: &Read,
    id: CaseId,
    as_of: Option<DateTime<Utc>>,
    language: Language,
) -> Result<(pb::Timeline, Line)> {
    let (circle, classes) = circle::reach(read, id).await?;
    let joined = joined(read, &circle, classes).await?;
    may_look_back(read, as_of, joined)?;
    let mut told = compose(read, (&circle, classes), as_of, language).await?;
    if let Some(since) = joined {
        told.events.retain(|event| event.time.is_some_and(|time| happened(time) >= since));
    }
    Ok((told, line(Deed::R, id, circle.child, classes.and(SHOWN))))
}

/// Since when somebody who reaches the case by an invitation alone reads what happened: from
/// when they sat down, unless the child or its parents opened more to them.
pub(super) async fn joined(read: &Read, circle: &Circle, classes: Classes) -> Result<Option<DateTime<Utc>>> {
    let grant = read.grant();
    let by_itself = |reached: &Reached| !matches!(reached, Reached::Invited(_)) && circle.holds(reached);
    let own = grant.to("CASE", |reached| circle.holds(reached))?;
    let opened = classes != own;
    match grant.actor() {
        Some(person) if grant.to("CASE", by_itself).is_err() && !opened => {
            circle::joined(read, circle.case, person).await
        }
        Some(_) | None => Ok(None),
    }
}

/// As the instant that it was, cut to microseconds as rows are.
fn happened(time: prost_types::Timestamp) -> DateTime<Utc> {
    let nanos = u32::try_from(time.nanos).unwrap_or_default();
    DateTime::from_timestamp(time.seconds, nanos).unwrap_or_default()
}

/// The timeline of the case of `circle` as far as `classes` show it, as it was known at an instant. Whoever calls owes
/// an audit line.
pub async fn compose(
    read: &Read,
    (circle, classes): (&Circle, Classes),
    as_of: Option<DateTime<Utc>>,
    language: Language,
) -> Result<pb::Timeline> {
    let (id, child) = (circle.case, circle.child);
    let mut wire = pb::Timeline { case: id.to_string(), ..pb::Timeline::default() };
    if !classes.has(Class::K3) {
        return Ok(wire);
    }
    let day = today(as_of.unwrap_or_else(|| read.now()));
    // Each waits mostly for the database, and none for another.
    let (case, events, log, mut around, profile, decisions) = tokio::try_join!(
        store::get(read, id, child),
        history::of(read, id, child),
        Log::of(read, (id, child)),
        Around::of(read, circle),
        store::profile(read, day),
        escalation::store::of_case(read, id),
    )?;
    let told = events.iter().filter(|event| as_of.is_none_or(|as_of| event.at <= as_of));
    wire.events = told.map(|event| event_to_wire(event, classes, language)).collect();
    log.must_tell(case.opened, (as_of, read.now()))?;
    // Nobody knew of the case, so that it stood nowhere and nobody was to act.
    if as_of.is_some_and(|as_of| as_of < case.opened) {
        return Ok(wire);
    }
    let log = log.or_origin(&case, circle);
    if let Some(as_of) = as_of {
        around.known_by(&events, as_of);
    }
    add_first_meeting(&mut wire, &case, &around);
    let known = around.known(&log, classes, as_of.unwrap_or(DateTime::<Utc>::MAX_UTC));
    let stage = if as_of.is_some() { known.decided.stage_on(day).0 } else { case.stage };
    wire.stage = stage_to_wire(stage);
    wire.acts = acts(stage).iter().copied().map(role_to_wire).collect();
    let (found, holidays) = known.deadlines(&profile, stage, day);
    let clock = suggested_level(&found, day);
    let suggested = escalation::suggested_level(&decisions, (&known.decided, clock), (as_of, day));
    wire.suggested_escalation_level = suggested as i32;
    wire.warnings = warnings(holidays, (&profile, &known.facts, stage), day);
    let shown = class::shown(found, classes);
    wire.deadlines = shown.iter().map(|one| deadline::to_wire(one, language)).collect();
    Ok(wire)
}

/// When parents first sat at the table, and after how long.
fn add_first_meeting(wire: &mut pb::Timeline, case: &Case, around: &Around) {
    let held = around.meetings.iter().filter(|meeting| meeting.state == State::Held);
    let mut with_parents = held.filter(|meeting| {
        meeting.table.iter().any(|seat| seat.role == Role::Ouder && seat.attended == Some(true))
    });
    if let Some(first) = with_parents.next().map(Meeting::day) {
        wire.first_parent_meeting_date = first.to_string();
        let days = (first - case.absence.first_day).num_days();
        wire.days_to_first_parent_meeting = i32::try_from(days).unwrap_or(i32::MAX);
    }
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
