//! What waits in the open cases that somebody reaches, in a constant number of statements.

use std::collections::HashMap;

use chrono::{DateTime, NaiveDate, Utc};
use schakel_domain::{
    access::{Class, Classes, Role},
    ids::PersonId,
    refusal::Language,
    thuiszitter::{
        Alarm, ConsentTask, Deadline, DeadlineState, Minded, Profile, Sight, acts_on, consent_tasks,
        consents_to_ask, deadlines, due_state, hears_alarms,
    },
};
use uuid::Uuid;

use super::{
    list::Task,
    words::{Kind, sentence},
};
use crate::{
    access::{
        Grant,
        authenticate::today,
        circle::{self, Circle},
        consent, person,
    },
    consultation::store as meetings,
    directory::calendar,
    error::Result,
    store::Tx,
    thuiszitter::{
        case::Case,
        deadline::name,
        facts::{class, log::Log, standing::Around},
        plan, store,
    },
};

/// Who asks, and by which norms.
struct Asked<'a> {
    roles: Vec<Role>,
    profile: &'a Profile,
    /// What the caller may change.
    writes: Option<&'a Grant>,
    language: Language,
    today: NaiveDate,
}

/// One case with what the caller sees of it.
struct Seen<'a> {
    case: &'a Case,
    circle: &'a Circle,
    classes: Classes,
}

impl Seen<'_> {
    fn task(&self, kind: Kind, due: Option<NaiveDate>, state: DeadlineState) -> Task {
        let reference = self.classes.has(Class::K2).then(|| self.case.reference.clone());
        Task {
            of_case: Some((self.case.id, self.circle.child)),
            reference: reference.unwrap_or_default(),
            ..Task::of(kind, self.case.id.0, (due, state))
        }
    }
}

/// Everything that waits for the caller in cases that are worked on.
pub(super) async fn gather(tx: &Tx, writes: Option<&Grant>, language: Language) -> Result<Vec<Task>> {
    let rows = store::open_within(tx, circle::reached(tx)).await?;
    let ids: Vec<Uuid> = rows.iter().map(|row| row.id).collect();
    let mut circles = circle::reach_all(tx, &ids).await?;
    // What is restricted or archived is not worked on (AVG art. 18).
    circles.retain(|_, (circle, _)| circle.open && circle.hold.is_none());
    let rows: Vec<_> = rows.into_iter().filter(|row| circles.contains_key(&row.id)).collect();
    let children: HashMap<Uuid, PersonId> =
        circles.iter().map(|(id, (circle, _))| (*id, circle.child)).collect();
    let cases = store::open(tx, rows, &children).await?;
    let profile = store::profile(tx, today(tx.now())).await?;
    let roles = tx.grant().role().split(' ').filter_map(|role| role.parse().ok()).collect();
    let asked = Asked { roles, profile: &profile, writes, language, today: today(tx.now()) };
    let seen: Vec<Seen<'_>> = cases
        .iter()
        .filter_map(|case| {
            let (circle, classes) = circles.get(&case.id.0)?;
            Some(Seen { case, circle, classes: *classes })
        })
        .collect();
    let mut tasks = planned(tx, &asked, &seen).await?;
    let facts: Vec<&Seen<'_>> = seen.iter().filter(|seen| seen.classes.has(Class::K3)).collect();
    tasks.extend(of_facts(tx, &asked, &facts).await?);
    Ok(tasks)
}

/// The open plan actions of the caller that it sees whole.
async fn planned(tx: &Tx, asked: &Asked<'_>, seen: &[Seen<'_>]) -> Result<Vec<Task>> {
    let ids: Vec<Uuid> = seen.iter().map(|seen| seen.case.id.0).collect();
    let own = (tx.grant().actor(), tx.grant().organisation());
    let waiting = plan::store::waiting(tx, &ids, own).await?;
    let of: HashMap<Uuid, &Seen<'_>> = seen.iter().map(|seen| (seen.case.id.0, seen)).collect();
    let one = |action: plan::store::Waiting| {
        let seen = of.get(&action.case.0)?;
        action.side.sight(seen.classes).filter(|sight| *sight == Sight::Whole)?;
        let state = due_state(action.due, asked.today, asked.profile.due_soon_days);
        Some(Task {
            id: action.id.0,
            action: action.id.to_string(),
            classes: Classes::of(&[Class::K1]).or([action.side.class()].into_iter().collect()),
            text: sentence(Kind::PlanAction, asked.language).to_owned(),
            ..seen.task(Kind::PlanAction, Some(action.due), state)
        })
    };
    Ok(waiting.into_iter().filter_map(one).collect())
}

/// The alarms, deadlines and consents of the cases of which the caller sees the facts.
async fn of_facts(tx: &Tx, asked: &Asked<'_>, seen: &[&Seen<'_>]) -> Result<Vec<Task>> {
    let of: Vec<_> = seen.iter().map(|seen| (seen.case.id, seen.circle.child)).collect();
    let ids: Vec<Uuid> = of.iter().map(|(case, _)| case.0).collect();
    let children: Vec<PersonId> = of.iter().map(|(_, child)| *child).collect();
    let mut logs = Log::of_all(tx, &of).await?;
    let persons = person::open(tx, &children).await?;
    let schools: Vec<_> = seen.iter().filter_map(|seen| seen.circle.school).collect();
    let homeless = seen.iter().filter(|seen| seen.circle.school.is_none());
    let gemeenten: Vec<_> = homeless.map(|seen| seen.circle.gemeente.clone()).collect();
    let calendars = calendar::calendars(tx, &schools, &gemeenten).await?;
    let mut held = meetings::of_cases(tx, &ids).await?;
    let renewed = consent::told::given(tx, &ids).await?;
    let mut tasks = Vec::new();
    for one in seen {
        let log = logs.remove(&one.case.id.0).unwrap_or_default().or_origin(one.case, one.circle);
        let around = Around::without_meetings(one.circle, &calendars, &persons);
        let around = Around { meetings: held.remove(&one.case.id).unwrap_or_default(), ..around };
        tasks.extend(alarms(asked, one, tx.grant().actor()));
        let known = around.known(&log, one.classes, DateTime::<Utc>::MAX_UTC);
        let (found, _) = deadlines(asked.profile, &known.facts, one.case.stage, asked.today);
        let shown = class::shown(found, one.classes);
        let acting = shown.iter().filter(|deadline| acts_on(deadline, &asked.roles));
        tasks.extend(acting.map(|deadline| due(asked, one, deadline)));
        let given = renewed.get(&one.case.id.0).map(Vec::as_slice).unwrap_or_default();
        tasks.extend(consents(asked, one, (&around, given)));
    }
    Ok(tasks)
}

fn due(asked: &Asked<'_>, seen: &Seen<'_>, deadline: &Deadline<'_>) -> Task {
    Task {
        norm: deadline.norm.id.clone(),
        classes: Classes::of(&[Class::K1, Class::K3]),
        text: name(deadline.norm, asked.language).to_owned(),
        ..seen.task(Kind::Deadline, deadline.due_on, deadline.state)
    }
}

fn alarms(asked: &Asked<'_>, seen: &Seen<'_>, actor: Option<Uuid>) -> Vec<Task> {
    let is_regisseur = actor.is_some() && seen.case.regisseur.map(|person| person.0) == actor;
    if !hears_alarms(&asked.roles, is_regisseur) {
        return Vec::new();
    }
    let next_action = seen.case.next_action;
    let minded = Minded { worked_on: true, kept: seen.case.regisseur.is_some(), next_action };
    let one = |alarm: Alarm| {
        let due = match alarm {
            Alarm::NextActionPassed => next_action,
            Alarm::NoRegisseur | Alarm::NoNextAction => None,
        };
        let kind = Kind::from(alarm);
        Task {
            classes: Classes::of(&[Class::K1, Class::K3]),
            text: sentence(kind, asked.language).to_owned(),
            ..seen.task(kind, due, DeadlineState::Overdue)
        }
    };
    minded.alarms(asked.today).into_iter().map(one).collect()
}

fn consents(asked: &Asked<'_>, seen: &Seen<'_>, (around, given): (&Around, &[NaiveDate])) -> Vec<Task> {
    let may = asked.writes.is_some_and(|grant| grant.to("CASE", |way| seen.circle.holds(way)).is_ok());
    let birth = around.birth.filter(|_| may && seen.classes.has(Class::K2));
    let Some(birth) = birth else { return Vec::new() };
    let of = (birth, today(seen.case.opened));
    let tasks = consent_tasks(asked.profile, of, given, &around.calendar, asked.today);
    let one = |task: ConsentTask| Task {
        classes: Classes::of(&[Class::K1, Class::K2]),
        text: sentence(Kind::Consent, asked.language).to_owned(),
        ..seen.task(Kind::Consent, Some(task.birthday), task.state)
    };
    consents_to_ask(&tasks, asked.today).into_iter().map(one).collect()
}
