//! What waits in the cases that somebody reaches, and what the end of a case leaves to be done, in a constant
//! number of statements.

use std::collections::{HashMap, HashSet};

use chrono::NaiveDate;
use schakel_domain::{
    access::{Action, Class, Classes, Role},
    ids::PersonId,
    refusal::Language,
    thuiszitter::{
        Alarm, DeadlineState, Minded, Norm, Outcome, Profile, Sight, acts_on, due_state, hands_over,
        hears_alarms, is_pressing, is_still_asked, looked_after_since,
    },
};
use uuid::Uuid;

use super::{
    kept::{Kept, kept},
    list::Task,
    waits::{self, Seen, Waits},
    words::{Kind, sentence, to_check, to_tell},
};
use crate::{
    access::{Grant, authenticate::today, circle, consent::sharing::Sharing},
    entity::thuiszitter::Model,
    error::Result,
    store::Read,
    thuiszitter::{
        deadline::name, escalation, handover::returned, information, norms::Norms, plan, store, timeline,
        track,
    },
};

/// What is asked for.
#[derive(Debug, Clone, Copy)]
pub(super) struct Asking<'a> {
    /// What the caller may change.
    pub writes: Option<&'a Grant>,
    /// In which cases it may take the steps of tracks.
    pub tracks: Option<&'a Grant>,
    /// Of which cases it looks whether what was decided is carried out.
    pub decides: Option<&'a Grant>,
    pub language: Language,
    /// Also what is to be done later than soon.
    pub ahead: bool,
}

/// Who asks, and by which norms.
struct Asked<'a> {
    asking: Asking<'a>,
    roles: Vec<Role>,
    profile: &'a Profile,
    actor: Option<Uuid>,
    today: NaiveDate,
}

impl Seen<'_> {
    fn task(&self, kind: Kind, due: Option<NaiveDate>, state: DeadlineState) -> Task {
        let reference = self.classes.has(Class::K2).then(|| self.row.reference.clone());
        Task {
            of_case: Some((self.circle.case, self.circle.child)),
            reference: reference.unwrap_or_default(),
            ..Task::of(kind, self.row.id, (due, state))
        }
    }
}

/// Everything that waits for the caller in cases that are worked on, and of those that ended the hand-over, the
/// aftercare and what an arrangement that goes on is asked for.
pub(super) async fn gather(read: &Read, asking: Asking<'_>) -> Result<Vec<Task>> {
    let rows = store::open_within(read, circle::reached(read)).await?;
    let ids: Vec<Uuid> = rows.iter().map(|row| row.id).collect();
    let mut circles = circle::reach_all(read, &ids).await?;
    // What is restricted or archived is not worked on (AVG art. 18).
    circles.retain(|_, (circle, _)| circle.open && circle.hold.is_none());
    let today = today(read.now());
    let profile = store::profile(read, today).await?;
    let roles = read.grant().role().split(' ').filter_map(|role| role.parse().ok()).collect();
    let asked = Asked { asking, roles, profile: &profile, actor: read.grant().actor(), today };
    let seen: Vec<Seen<'_>> = rows
        .iter()
        .filter_map(|row| {
            let (circle, classes) = circles.get(&row.id)?;
            Some(Seen { row, circle, classes: *classes })
        })
        .collect();
    let mut tasks = planned(read, &asked, &seen).await?;
    tasks.extend(awaited(read, &asked, &seen).await?);
    tasks.extend(given_back(read, &asked, &seen).await?);
    tasks.extend(decided(read, &asked, &seen).await?);
    let facts: Vec<Seen<'_>> = seen.into_iter().filter(|seen| seen.classes.has(Class::K3)).collect();
    let waits = waits::of(read, &profile, &facts).await?;
    for one in &facts {
        tasks.extend(alarms(&asked, one, read.grant().actor()));
        let waits = waits.get(&one.row.id);
        tasks.extend(
            waits.into_iter().flat_map(|waits| waits.iter()).filter_map(|wait| due(&asked, one, wait)),
        );
    }
    tasks.extend(ended(read, &asked).await?);
    tasks.extend(looked_after(read, &asked, &profile).await?);
    Ok(tasks)
}

/// The check points of closed cases at which the caller is to look in, and the arrangements that go on in them and
/// that it is to have evaluated.
async fn looked_after(read: &Read, asked: &Asked<'_>, norms: &Norms) -> Result<Vec<Task>> {
    // Who can end nothing of it is not kept waiting for cases that ended.
    if asked.asking.writes.is_none() && asked.asking.tracks.is_none() {
        return Ok(Vec::new());
    }
    let since = looked_after_since(asked.today);
    let rows = store::looked_after_within(read, circle::reached(read), since).await?;
    if rows.is_empty() {
        return Ok(Vec::new());
    }
    let ids: Vec<Uuid> = rows.iter().map(|row| row.id).collect();
    let circles = circle::reach_all(read, &ids).await?;
    let arranging = track::store::arranging(read, &ids).await?;
    let mut seen: Vec<Seen<'_>> = rows
        .iter()
        .filter_map(|row| {
            let (circle, classes) = circles.get(&row.id)?;
            let is_shown = circle.hold.is_none() && classes.has(Class::K3);
            is_shown.then_some(Seen { row, circle, classes: *classes })
        })
        .collect();
    let homeless: Vec<&Model> =
        seen.iter().filter(|one| one.circle.school.is_none()).map(|one| one.row).collect();
    let kept = kept(read, &asked.roles, &homeless).await?;
    let sees_to =
        |one: &Seen<'_>, norm: &Norm| sees_to(asked, (one, &kept), (norm, arranging.get(&one.row.id)));
    seen.retain(|one| norms.norms.iter().any(|norm| sees_to(one, norm)));
    let waits = waits::of(read, norms, &seen).await?;
    let task = |one: &Seen<'_>, wait: &Waits| {
        let norm = norms.norm(wait.norm.as_deref()?).filter(|norm| sees_to(one, norm))?;
        let still = wait.due.is_none_or(|due| is_still_asked(due, asked.today));
        if still || norm.is_of_arrangements() { term(asked, one, (wait, norm)) } else { None }
    };
    let tasks = seen.iter().flat_map(|one| {
        let waits = waits.get(&one.row.id).into_iter().flat_map(|waits| waits.iter());
        waits.filter_map(|wait| task(one, wait)).collect::<Vec<_>>()
    });
    Ok(tasks.collect())
}

/// Whether the caller is to do what a norm asks after the end of a case, and may say that it was done. An
/// arrangement is also seen to by who keeps the case, and by the coordinators of its tracks, if one runs.
fn sees_to(
    asked: &Asked<'_>,
    (seen, kept): (&Seen<'_>, &Kept),
    (norm, coordinators): (&Norm, Option<&HashSet<Uuid>>),
) -> bool {
    let goes_on = norm.is_of_arrangements();
    if !goes_on && !norm.is_of_aftercare() {
        return false;
    }
    // An arrangement of which no track tells is told of by facts, as aftercare is.
    let (says, by) = if goes_on && coordinators.is_some() {
        (asked.asking.tracks, Action::WriteTrack)
    } else {
        (asked.asking.writes, Action::WriteCase)
    };
    let is_regisseur = asked.actor.is_some() && seen.row.regisseur_id == asked.actor;
    let coordinates = coordinators.zip(asked.actor).is_some_and(|(them, actor)| them.contains(&actor));
    let is_own = goes_on && (coordinates || is_regisseur);
    // Where no school is to look in, who keeps the case does.
    let keeps = seen.circle.school.is_none()
        && hands_over(&asked.roles, is_regisseur, kept.contains(&(seen.row.id, by)));
    (is_own || keeps || acts_on(norm, &asked.roles)) && may_say(says, seen)
}

/// Whether a grant that says what was done reaches the case.
fn may_say(says: Option<&Grant>, seen: &Seen<'_>) -> bool {
    says.is_some_and(|says| says.to("CASE", |way| seen.circle.holds(way)).is_ok())
}

/// The closed cases that the caller has to see handed over, until they are.
async fn ended(read: &Read, asked: &Asked<'_>) -> Result<Vec<Task>> {
    let rows = store::to_hand_over_within(read, circle::reached(read)).await?;
    if rows.is_empty() {
        return Ok(Vec::new());
    }
    let ids: Vec<Uuid> = rows.iter().map(|row| row.id).collect();
    let circles = circle::reach_all(read, &ids).await?;
    let kept = kept(read, &asked.roles, &rows.iter().collect::<Vec<_>>()).await?;
    let one = |row: &Model| {
        let (circle, classes) = circles.get(&row.id)?;
        let seen = Seen { row, circle, classes: *classes };
        let (outcome, due): (Outcome, _) = (row.outcome.as_deref()?.parse().ok()?, row.next_action_date?);
        let kind = Kind::after(outcome.counts_as().follow_up)?;
        let is_regisseur = asked.actor.is_some() && row.regisseur_id == asked.actor;
        let is_kept = kept.contains(&(row.id, Action::WriteCase));
        let is_theirs = hands_over(&asked.roles, is_regisseur, is_kept);
        let is_shown = circle.hold.is_none() && classes.has(Class::K3);
        let state = due_state(due, asked.today, asked.profile.due_soon_days);
        (is_shown && is_theirs && may_say(asked.asking.writes, &seen)).then(|| Task {
            classes: Classes::of(&[Class::K1, Class::K3]),
            text: sentence(kind, asked.asking.language).to_owned(),
            ..seen.task(kind, Some(due), state)
        })
    };
    Ok(rows.iter().filter_map(one).collect())
}

/// The open plan actions of the caller that it sees whole.
async fn planned(read: &Read, asked: &Asked<'_>, seen: &[Seen<'_>]) -> Result<Vec<Task>> {
    if seen.is_empty() {
        return Ok(Vec::new());
    }
    let own = (read.grant().actor(), read.grant().organisation());
    let waiting = plan::store::waiting(read, own).await?;
    let of: HashMap<Uuid, &Seen<'_>> = seen.iter().map(|seen| (seen.row.id, seen)).collect();
    let one = |action: plan::store::Waiting| {
        let seen = of.get(&action.case.0)?;
        action.side.sight(seen.classes).filter(|sight| *sight == Sight::Whole)?;
        let state = due_state(action.due, asked.today, asked.profile.due_soon_days);
        Some(Task {
            id: action.id.0,
            action: action.id.to_string(),
            classes: Classes::of(&[Class::K1]).or([action.side.class()].into_iter().collect()),
            text: sentence(Kind::PlanAction, asked.asking.language).to_owned(),
            ..seen.task(Kind::PlanAction, Some(action.due), state)
        })
    };
    Ok(waiting.into_iter().filter_map(one).collect())
}

/// What the caller asked of others or is asked without an answer, and the next days of tracks that it coordinates,
/// as far as it sees them.
async fn awaited(read: &Read, asked: &Asked<'_>, seen: &[Seen<'_>]) -> Result<Vec<Task>> {
    let ids: Vec<Uuid> = seen.iter().map(|seen| seen.row.id).collect();
    let actor = read.grant().actor();
    let of: HashMap<Uuid, &Seen<'_>> = seen.iter().map(|seen| (seen.row.id, seen)).collect();
    let one = |kind: Kind, (id, name): (Uuid, String), (case, class): (Uuid, Class), due: NaiveDate| {
        let seen = of.get(&case).filter(|seen| seen.classes.has(class))?;
        let state = due_state(due, asked.today, asked.profile.due_soon_days);
        Some(Task {
            id,
            action: name,
            classes: Classes::of(&[Class::K1]).or([class].into_iter().collect()),
            text: sentence(kind, asked.asking.language).to_owned(),
            ..seen.task(kind, Some(due), state)
        })
    };
    let requests = information::store::waiting(read, &ids, (actor, asked.roles.as_slice())).await?;
    let tracks = track::store::coordinated(read, &ids, actor).await?;
    let about: Vec<Uuid> = requests.iter().map(|request| request.case.0).collect();
    let sharing = Sharing::of(read, &about).await?;
    let told = requests.iter().filter(|request| {
        let seen = of.get(&request.case.0);
        seen.is_some_and(|seen| {
            information::is_told(read, (seen.circle, &sharing), (request.asked, request.class))
        })
    });
    let requests = told.filter_map(|request| {
        let name = (request.id.0, request.id.to_string());
        let task = one(Kind::Information, name, (request.case.0, request.class), request.due)?;
        let text = to_tell(asked.asking.language).to_owned();
        Some(if request.own { task } else { Task { text, ..task } })
    });
    let tracks = tracks.iter().filter_map(|track| {
        let name = (track.id.0, track.id.to_string());
        let task = one(Kind::Track, name, (track.case.0, Class::K4), track.next)?;
        // A case can have several at once.
        let which = track::sentence(&(track.kind.to_string(), String::new()), asked.asking.language);
        Some(Task { text: format!("{}: {which}", task.text.trim_end_matches('.')), ..task })
    });
    Ok(requests.chain(tracks).collect())
}

/// The hand-overs that were given back and that the caller has to mend.
async fn given_back(read: &Read, asked: &Asked<'_>, seen: &[Seen<'_>]) -> Result<Vec<Task>> {
    let Some(actor) = read.grant().actor() else { return Ok(Vec::new()) };
    let ids: Vec<Uuid> = seen.iter().map(|seen| seen.row.id).collect();
    let waiting = returned::waiting(read, &ids).await?;
    let one = |seen: &Seen<'_>| {
        let back = waiting.get(&seen.circle.case)?;
        back.persons.contains(&PersonId(actor)).then(|| Task {
            consultation: Some(back.meeting),
            classes: Classes::of(&[Class::K1]),
            text: sentence(Kind::HandoverReturned, asked.asking.language).to_owned(),
            ..seen.task(Kind::HandoverReturned, None, DeadlineState::Overdue)
        })
    };
    Ok(seen.iter().filter_map(one).collect())
}

/// What was decided with doorzettingsmacht and was not found carried out: for the organisation that has to do
/// it, and from the last day on for whoever looks whether it was done.
async fn decided(read: &Read, asked: &Asked<'_>, seen: &[Seen<'_>]) -> Result<Vec<Task>> {
    let of: HashMap<Uuid, &Seen<'_>> =
        seen.iter().filter(|seen| seen.classes.has(Class::K3)).map(|seen| (seen.row.id, seen)).collect();
    let ids: Vec<Uuid> = of.keys().copied().collect();
    let looks = |seen: &Seen<'_>| {
        let Some(decides) = asked.asking.decides else { return false };
        decides.to("CASE", |way| seen.circle.holds(way)).is_ok_and(|classes| classes.has(Class::K4))
    };
    let (mut tasks, mut since) = (Vec::new(), HashMap::new());
    for decision in escalation::store::waiting(read, &ids).await? {
        let Some(&seen) = of.get(&decision.case.0) else { continue };
        let checks = asked.today >= decision.due && looks(seen);
        let obliged = read.grant().organisation() == Some(decision.obliged.0);
        if !checks && !obliged {
            continue;
        }
        let joined = if let Some(joined) = since.get(&seen.row.id) {
            *joined
        } else {
            let joined = timeline::joined(read, seen.circle, seen.classes).await?;
            since.insert(seen.row.id, joined);
            joined
        };
        if joined.is_some_and(|joined| decision.recorded < joined) {
            continue;
        }
        let (kind, language) = (Kind::Decision, asked.asking.language);
        let state = due_state(decision.due, asked.today, asked.profile.due_soon_days);
        tasks.push(Task {
            id: decision.id.0,
            action: decision.id.to_string(),
            classes: Classes::of(&[Class::K1, Class::K3]),
            text: if checks { to_check(language) } else { sentence(kind, language) }.to_owned(),
            ..seen.task(kind, Some(decision.due), state)
        });
    }
    Ok(tasks)
}

/// What waits as a task, if the caller has to do it.
fn due(asked: &Asked<'_>, seen: &Seen<'_>, wait: &Waits) -> Option<Task> {
    let Some(norm) = &wait.norm else {
        return if wait.goes_on { goes_on(asked, seen, wait) } else { consent(asked, seen, wait) };
    };
    let norm = asked.profile.norm(norm).filter(|norm| acts_on(norm, &asked.roles))?;
    term(asked, seen, (wait, norm))
}

/// The term of a norm that waits as a task, if it is time for it.
fn term(asked: &Asked<'_>, seen: &Seen<'_>, (wait, norm): (&Waits, &Norm)) -> Option<Task> {
    if wait.met.is_some() || !(asked.asking.ahead || is_pressing(wait.state)) {
        return None;
    }
    Some(Task {
        norm: norm.id.clone(),
        classes: Classes::of(&[Class::K1, Class::K3]),
        text: name(norm, asked.asking.language).to_owned(),
        ..seen.task(Kind::Deadline, wait.due, wait.state)
    })
}

fn alarms(asked: &Asked<'_>, seen: &Seen<'_>, actor: Option<Uuid>) -> Vec<Task> {
    let is_regisseur = actor.is_some() && seen.row.regisseur_id == actor;
    if !hears_alarms(&asked.roles, is_regisseur) {
        return Vec::new();
    }
    let next_action = seen.row.next_action_date;
    let minded = Minded { worked_on: true, kept: seen.row.regisseur_id.is_some(), next_action };
    let one = |alarm: Alarm| {
        let due = match alarm {
            Alarm::NextActionPassed => next_action,
            Alarm::NoRegisseur | Alarm::NoNextAction => None,
        };
        let kind = Kind::from(alarm);
        Task {
            classes: Classes::of(&[Class::K1, Class::K3]),
            text: sentence(kind, asked.asking.language).to_owned(),
            ..seen.task(kind, due, DeadlineState::Overdue)
        }
    };
    minded.alarms(asked.today).into_iter().map(one).collect()
}

/// That the child goes on to secondary education, of its regisseur; without one of whoever knows every case.
fn goes_on(asked: &Asked<'_>, seen: &Seen<'_>, wait: &Waits) -> Option<Task> {
    let is_regisseur = asked.actor.is_some() && seen.row.regisseur_id == asked.actor;
    let is_theirs = hands_over(&asked.roles, is_regisseur, seen.row.regisseur_id.is_some());
    if !is_theirs || !(asked.asking.ahead || is_pressing(wait.state)) {
        return None;
    }
    Some(Task {
        classes: Classes::of(&[Class::K1, Class::K3]),
        text: sentence(Kind::Transition, asked.asking.language).to_owned(),
        ..seen.task(Kind::Transition, wait.due, wait.state)
    })
}

/// A consent that is to be asked anew, of who may ask it.
fn consent(asked: &Asked<'_>, seen: &Seen<'_>, wait: &Waits) -> Option<Task> {
    let writes = asked.asking.writes?;
    writes.to("CASE", |way| seen.circle.holds(way)).ok()?;
    Some(Task {
        classes: Classes::of(&[Class::K1, Class::K2]),
        text: sentence(Kind::Consent, asked.asking.language).to_owned(),
        ..seen.task(Kind::Consent, wait.due, wait.state)
    })
}
