//! What waits in each case on a day, worked out from its log once and remembered as long as nothing that it
//! follows from has changed: so that a list costs what it shows, and not every log of a region.

use std::{
    collections::{HashMap, HashSet},
    hash::{DefaultHasher, Hasher},
    sync::Arc,
};

use chrono::{DateTime, NaiveDate, Utc};
use schakel_domain::{
    access::{
        Class, Classes,
        consent::{Consent, Family},
    },
    consultation::{Kind, State},
    ids::PersonId,
    thuiszitter::{DeadlineState, Facts, Moment, consent_tasks, consents_to_ask, still_waits, transition},
};
use uuid::Uuid;

use crate::{
    access::{
        authenticate::today,
        circle::{self, Circle},
        consent, person,
    },
    consultation::{meeting::Meeting, store as meetings},
    directory::calendar,
    entity::thuiszitter::Model,
    error::Result,
    store::{Read, instant::from_column, memory::Versions},
    thuiszitter::{
        case::{self, held},
        facts::{class, log::Log, standing::Around},
        norms::Norms,
        store,
    },
};

/// Logs that are open at once.
const PAGE: usize = 250;

/// Something that is due in a case, or that was met late: no text, no name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Waits {
    /// The norm of a deadline; none of a consent that is to be asked anew, and of a child that goes on.
    pub(in crate::thuiszitter) norm: Option<String>,
    /// Whether it is that the child goes on to secondary education.
    pub(super) goes_on: bool,
    /// None while holidays are missing that it counts past.
    pub(in crate::thuiszitter) due: Option<NaiveDate>,
    /// The first day on which it can be done, where the norm gives one.
    pub(in crate::thuiszitter) opens: Option<NaiveDate>,
    pub(super) state: DeadlineState,
    /// Of a term that passed first: when it was met all the same.
    pub(in crate::thuiszitter) met: Option<NaiveDate>,
}

/// What waits in cases, by the case and what is seen of it.
pub type Remembered = Versions<(Uuid, u64), Waits>;

/// A case whose facts are seen.
#[derive(Clone, Copy)]
pub(in crate::thuiszitter) struct Seen<'a> {
    pub row: &'a Model,
    pub circle: &'a Circle,
    pub classes: Classes,
}

/// What follows from what is not the case's own.
struct Beside<'a> {
    held: HashMap<Uuid, Vec<Meeting>>,
    agreed: HashMap<Uuid, Vec<Consent>>,
    /// The parents with gezag, of a case about which something was agreed to.
    gezag: HashMap<Uuid, (PersonId, Vec<PersonId>)>,
    /// The days of hand-overs in person that were held or are booked.
    handed_over: HashMap<Uuid, Vec<NaiveDate>>,
    profile: &'a Norms,
    day: NaiveDate,
    /// A number of the profile and the calendars.
    basis: u64,
}

fn number(text: &str) -> u64 {
    let mut hasher = DefaultHasher::new();
    hasher.write(text.as_bytes());
    hasher.finish()
}

impl Beside<'_> {
    /// Another one whenever anything changed that what waits in the case follows from.
    fn version(&self, seen: Seen<'_>) -> Uuid {
        let Seen { row, circle, classes } = seen;
        let held: Vec<_> = self.held.get(&row.id).into_iter().flatten().filter_map(held).collect();
        let agreed = (self.agreed.get(&row.id), self.gezag.get(&row.id));
        let over = self.handed_over.get(&row.id);
        let text = format!(
            "{} {} {} {:?} {} {held:?} {agreed:?} {over:?} {classes}",
            row.version, self.day, self.basis, circle.school, circle.gemeente
        );
        Uuid::from_u64_pair(number(&text), number(&format!("once more: {text}")))
    }
}

fn key(seen: Seen<'_>) -> (Uuid, u64) {
    (seen.row.id, number(&seen.classes.to_string()))
}

/// What waits in each of the cases of `all`, in a constant number of statements as long as no more than
/// a page of them changed.
pub(in crate::thuiszitter) async fn of(
    read: &Read,
    profile: &Norms,
    all: &[Seen<'_>],
) -> Result<HashMap<Uuid, Arc<[Waits]>>> {
    let ids: Vec<Uuid> = all.iter().map(|seen| seen.row.id).collect();
    let calendars = calendar::basis(read).await?;
    let held = meetings::of_cases(read, &ids).await?;
    let agreed = consent::told::standing(read, &ids).await?;
    let agreeing: Vec<Uuid> = agreed.keys().copied().collect();
    let handed_over = held.iter().map(|(case, meetings)| (case.0, handed_over(meetings))).collect();
    let beside = Beside {
        handed_over,
        held: held.into_iter().map(|(case, meetings)| (case.0, meetings)).collect(),
        gezag: circle::families(read, &agreeing).await?,
        agreed,
        profile,
        day: today(read.now()),
        basis: number(&format!("{calendars} {}", profile.number)),
    };
    let memory = &read.app().remembered.tasks;
    let versions: Vec<(Seen<'_>, Uuid)> = all.iter().map(|seen| (*seen, beside.version(*seen))).collect();
    let (known, missing) = memory.of(versions.iter().map(|(seen, version)| (key(*seen), *version)));
    let mut found: HashMap<Uuid, Arc<[Waits]>> =
        known.into_iter().map(|((case, _), waits)| (case, waits)).collect();
    let missing: HashSet<(Uuid, u64)> = missing.into_iter().collect();
    let behind: Vec<(Seen<'_>, Uuid)> =
        versions.into_iter().filter(|(seen, _)| missing.contains(&key(*seen))).collect();
    for page in behind.chunks(PAGE) {
        let worked_out = worked_out(read, &beside, page).await?;
        // What a transaction sees may never be committed.
        if !read.is_in_transaction() {
            let keys: HashMap<Uuid, ((Uuid, u64), Uuid)> =
                page.iter().map(|(seen, version)| (seen.row.id, (key(*seen), *version))).collect();
            let kept = worked_out.iter().filter_map(|(case, waits)| {
                let (key, version) = keys.get(case)?;
                Some((*key, *version, Arc::clone(waits)))
            });
            memory.keep(kept.collect::<Vec<_>>());
        }
        found.extend(worked_out);
    }
    Ok(found)
}

/// What the logs of a page come to.
async fn worked_out(
    read: &Read,
    beside: &Beside<'_>,
    page: &[(Seen<'_>, Uuid)],
) -> Result<HashMap<Uuid, Arc<[Waits]>>> {
    let children: HashMap<Uuid, PersonId> =
        page.iter().map(|(seen, _)| (seen.row.id, seen.circle.child)).collect();
    let rows = page.iter().map(|(seen, _)| seen.row.clone()).collect();
    let cases = store::open(read, rows, &children).await?;
    let cases: HashMap<Uuid, _> = cases.into_iter().map(|case| (case.id.0, case)).collect();
    let of: Vec<_> = page.iter().map(|(seen, _)| (seen.circle.case, seen.circle.child)).collect();
    let mut logs = Log::of_all(read, &of).await?;
    let persons: Vec<PersonId> = children.values().copied().collect();
    let persons = person::open(read, &persons).await?;
    let schools: Vec<_> = page.iter().filter_map(|(seen, _)| seen.circle.school).collect();
    let homeless = page.iter().filter(|(seen, _)| seen.circle.school.is_none());
    let gemeenten: Vec<_> = homeless.map(|(seen, _)| seen.circle.gemeente.clone()).collect();
    let calendars = calendar::calendars(read, &schools, &gemeenten).await?;
    let mut found = HashMap::with_capacity(page.len());
    for (seen, _) in page {
        let Some(case) = cases.get(&seen.row.id) else { continue };
        let log = logs.remove(&seen.row.id).unwrap_or_default().or_origin(case, seen.circle);
        let meetings = beside.held.get(&seen.row.id).cloned().unwrap_or_default();
        let around = Around { meetings, ..Around::without_meetings(seen.circle, &calendars, &persons) };
        let known = around.known(&log, seen.classes, DateTime::<Utc>::MAX_UTC);
        let (all, _) = known.deadlines(beside.profile, case.stage, beside.day);
        let shown = class::shown(all, seen.classes);
        let mut waits: Vec<Waits> = shown
            .iter()
            .filter(|deadline| still_waits(deadline) || deadline.met_late_by().is_some())
            .map(|deadline| Waits {
                norm: Some(deadline.norm.id.clone()),
                goes_on: false,
                due: deadline.due_on,
                opens: deadline.opens_on,
                state: deadline.state,
                met: deadline.met_on,
            })
            .collect();
        // Of a closed case nothing else is asked than what its end leaves to be done.
        if case.state == case::State::Open {
            waits.extend(consents(beside, *seen, &around)?);
            waits.extend(goes_on(beside, *seen, &known.facts));
        }
        found.insert(seen.row.id, Arc::from(waits));
    }
    Ok(found)
}

/// The consents that are to be asked anew, of whose child the birthday is seen.
fn consents(beside: &Beside<'_>, seen: Seen<'_>, around: &Around) -> Result<Vec<Waits>> {
    if !seen.classes.has(Class::K2) {
        return Ok(Vec::new());
    }
    let gezag = beside.gezag.get(&seen.row.id).map(|(_, gezag)| gezag.clone()).unwrap_or_default();
    let family = Family { child: seen.circle.child, birth: around.birth, gezag };
    let of = (&family, today(from_column(seen.row.opened_at)?));
    let agreed = beside.agreed.get(&seen.row.id).map(Vec::as_slice).unwrap_or_default();
    let tasks = consent_tasks(beside.profile, of, agreed, &around.calendar, beside.day);
    let one = |task: schakel_domain::thuiszitter::ConsentTask| Waits {
        norm: None,
        goes_on: false,
        due: Some(task.birthday),
        opens: None,
        state: task.state,
        met: None,
    };
    Ok(consents_to_ask(&tasks, beside.day).into_iter().map(one).collect())
}

/// The days of a case's hand-overs in person that were held or are booked.
fn handed_over(meetings: &[Meeting]) -> Vec<NaiveDate> {
    let counts = |meeting: &&Meeting| {
        matches!(meeting.kind, Kind::WarmeOverdracht) && matches!(meeting.state, State::Planned | State::Held)
    };
    meetings.iter().filter(counts).map(Meeting::day).collect()
}

/// That the child goes on to secondary education, until its hand-over is booked.
fn goes_on(beside: &Beside<'_>, seen: Seen<'_>, facts: &Facts) -> Option<Waits> {
    let mut over = beside.handed_over.get(&seen.row.id).cloned().unwrap_or_default();
    over.extend(facts.moments.until(Moment::WarmlyHandedOver, beside.day));
    let found = transition(beside.profile, facts, &over, beside.day)?;
    let waits = !matches!(found.state, DeadlineState::Met);
    waits.then_some(Waits {
        norm: None,
        goes_on: true,
        due: Some(found.due_on),
        opens: None,
        state: found.state,
        met: None,
    })
}
