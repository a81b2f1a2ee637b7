//! Meetings that stand in the way of a crisis: each with its parts, for a part never gives way
//! alone.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use chrono::TimeDelta;
use schakel_domain::{
    availability::{CalendarId, Site},
    consultation::{
        Kind, KindRules, State,
        kinds::Priority,
        preempt::{InTheWay, Taken},
    },
    ids::{CaseId, ConsultationId, PersonId},
    time::Period,
};

use super::store::{hold_all, with_kind};
use crate::{
    access::authenticate::today,
    availability::busy,
    consultation::{kind, meeting::Meeting, reach, store},
    error::Result,
    store::{Read, Tx},
};

/// How far from the window a meeting can stand in the way, because of the way to it.
const NEAR: TimeDelta = TimeDelta::hours(4);
/// For so long after a crisis no meeting about the child gives way to another.
const AFTER: TimeDelta = TimeDelta::days(14);

/// A meeting with the parts that are still to be held.
#[derive(Debug, Clone)]
pub(super) struct Whole {
    /// The meeting.
    pub meeting: Meeting,
    /// By start.
    pub parts: Vec<Meeting>,
    /// What its region asks of its kind on its day.
    pub rules: KindRules,
}

impl Whole {
    /// The meeting first.
    pub(super) fn all(&self) -> impl Iterator<Item = &Meeting> {
        std::iter::once(&self.meeting).chain(&self.parts)
    }

    fn cases(&self) -> impl Iterator<Item = CaseId> {
        self.all().filter_map(|meeting| meeting.case)
    }
}

/// Holds the meetings that stand in the way of `persons`, and then the calendars of everybody
/// at them, in the order in which every change of a meeting takes them.
pub(super) async fn hold(tx: &Tx, persons: &[PersonId], window: Period) -> Result<Vec<Whole>> {
    let taken = busy::of(tx, persons, window).await?;
    // The longest way between two places is shorter than this.
    let near = Period::new(window.start() - NEAR, window.end() + NEAR)?;
    let spans = taken.values().flatten().filter(|span| span.time.overlaps(near));
    let ids: BTreeSet<ConsultationId> = spans.map(|span| ConsultationId(span.booking)).collect();
    let found = store::of_ids(tx, &ids.into_iter().collect::<Vec<_>>()).await?;
    let wholes: BTreeSet<ConsultationId> =
        found.iter().map(|meeting| meeting.within.unwrap_or(meeting.id)).collect();
    let wholes: Vec<ConsultationId> = wholes.into_iter().collect();
    let held = hold_all(tx, &wholes).await?;
    let mut parts: BTreeMap<ConsultationId, Vec<Meeting>> = BTreeMap::new();
    for part in store::parts_of(tx, &wholes).await? {
        if let Some(whole) = part.within.filter(|_| part.state == State::Planned) {
            parts.entry(whole).or_default().push(part);
        }
    }
    let days: Vec<_> = held.iter().map(|meeting| (meeting.kind, meeting.day())).collect();
    let rules = kind::rules_of_each(tx, &days).await?;
    let wholes: Vec<Whole> = held
        .into_iter()
        .zip(rules)
        .map(|(meeting, rules)| Whole {
            parts: parts.remove(&meeting.id).unwrap_or_default(),
            meeting,
            rules,
        })
        .collect();
    let own = persons.iter().map(|person| CalendarId::from(*person));
    let calendars = wholes.iter().flat_map(Whole::all).flat_map(Meeting::calendars).chain(own).collect();
    busy::lock(tx, &calendars).await?;
    Ok(wholes)
}

/// When each of `people` is taken, who would have to be there, and by what that could give way to
/// a crisis about `case`.
pub(super) async fn taken(
    tx: &Tx,
    case: CaseId,
    people: &[(PersonId, Site)],
    (held, window): (&[Whole], Period),
) -> Result<HashMap<PersonId, Vec<Taken>>> {
    let movable = movable(tx, case, held).await?;
    let mut taken: HashMap<PersonId, Vec<Taken>> = HashMap::new();
    for (person, time, by) in busy::around(tx, people, window).await? {
        let by = movable.get(&ConsultationId(by)).copied();
        taken.entry(person).or_default().push(Taken { time, by });
    }
    Ok(taken)
}

/// The meetings and parts that can give way, each as the meeting that then does.
async fn movable(read: &Read, case: CaseId, held: &[Whole]) -> Result<HashMap<ConsultationId, InTheWay>> {
    let kinds = kind::all(read, today(read.now())).await?;
    let kinds = kinds.iter().filter(|standing| standing.rules.priority == Priority::Crisis);
    let kinds: Vec<Kind> = kinds.map(|standing| standing.kind).collect();
    let cases: Vec<CaseId> = held.iter().flat_map(Whole::cases).collect();
    let in_crisis = with_kind(read, &cases, (&kinds, read.now() - AFTER)).await?;
    let all: Vec<Meeting> = held.iter().flat_map(Whole::all).cloned().collect();
    let arounds = reach::around(read, &all).await?;
    let stays = |own: CaseId| {
        let around = arounds.iter().find(|around| around.case == own.0);
        let is_open = around.is_some_and(|around| around.open && around.hold.is_none());
        own == case || in_crisis.contains(&own) || !is_open
    };
    let gives_way = |whole: &&Whole| {
        let meeting = &whole.meeting;
        let begins = meeting.state == State::Planned && meeting.time.start() > read.now();
        begins && !whole.cases().any(stays)
    };
    let wholes = held.iter().filter(gives_way);
    Ok(wholes
        .flat_map(|whole| {
            let way = InTheWay { meeting: whole.meeting.id, priority: whole.rules.priority };
            whole.all().map(move |meeting| (meeting.id, way))
        })
        .collect())
}
