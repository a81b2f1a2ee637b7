//! How a case stands, as it was known at an instant, on a day: read from its log.

use std::collections::HashMap;

use chrono::{DateTime, NaiveDate, Utc};
use schakel_domain::{
    access::{
        Class, Classes,
        consent::{Consent, Family},
    },
    consultation::State,
    dutch::{SchoolCalendar, codes::Sector, consent_age::ConsentHolder},
    ids::{CaseId, PersonId},
    refusal::{Language, Refusal},
    thuiszitter::{DuoKind, EscalationLevel, Known, Profile, consent_tasks},
};
use schakel_proto::v1::{self as pb, standing::ConsentTask};

use super::{class, log::Log};
use crate::{
    access::{
        authenticate::today,
        circle::{self, Circle},
        consent,
        person::{self, PrivatePerson},
    },
    consultation::{self as meetings, meeting::Meeting},
    directory::calendar::{self, Calendars},
    error::{Error, Result},
    store::{Read, Tx, audit::Deed},
    thuiszitter::{
        case::held,
        deadline::{self, warnings},
        escalation,
        history::{self, Event},
        store,
        timeline::joined,
        view::line,
        wire::{outcome_to_wire, stage_to_wire},
    },
    wire::{enums::number, time::timestamp},
};

/// What a standing shows.
const SHOWN: Classes = Classes::of(&[Class::K1, Class::K2, Class::K3, Class::K4, Class::K5, Class::K6]);

/// What is known of a case beside its log.
pub(in crate::thuiszitter) struct Around {
    /// When the child was born.
    pub birth: Option<NaiveDate>,
    /// Whether its school is one for primary or secondary education; as the samenwerkingsverband where nobody
    /// said so.
    pub sector: Option<Sector>,
    /// The same only where somebody said so.
    pub said_sector: Option<Sector>,
    /// Whether the samenwerkingsverband is one for primary or secondary education.
    pub own_sector: Option<Sector>,
    /// When its school teaches.
    pub calendar: SchoolCalendar,
    /// Its meetings, oldest first.
    pub meetings: Vec<Meeting>,
}

impl Around {
    /// What stands around the case of `circle`.
    pub(in crate::thuiszitter) async fn of(read: &Read, circle: &Circle) -> Result<Self> {
        let persons = person::open(read, &[circle.child]).await?;
        let gemeente = [circle.gemeente.clone()];
        let calendars = calendar::calendars(read, circle.school.as_slice(), &gemeente).await?;
        let meetings = meetings::store::of_case(read, circle.case).await?;
        Ok(Self { meetings, ..Self::without_meetings(circle, &calendars, &persons) })
    }

    /// The same of a case whose meetings do not matter.
    pub(in crate::thuiszitter) fn without_meetings(
        circle: &Circle,
        calendars: &Calendars,
        persons: &HashMap<PersonId, PrivatePerson>,
    ) -> Self {
        Self {
            birth: persons.get(&circle.child).and_then(|child| child.birth_date),
            sector: calendars.sector(circle.school),
            said_sector: calendars.said_sector(circle.school),
            own_sector: calendars.own_sector(),
            calendar: calendars.of(circle.school, &circle.gemeente),
            meetings: Vec::new(),
        }
    }

    /// Keeps the meetings of which it was known by then that they were held.
    pub(in crate::thuiszitter) fn known_by(&mut self, events: &[Event], as_of: DateTime<Utc>) {
        self.meetings.retain(|meeting| {
            let name = meeting.id.to_string();
            let told = |event: &&Event| event.kind == "OUTCOME_RECORDED" && event.subject == name;
            meeting.state == State::Held && events.iter().filter(told).any(|event| event.at <= as_of)
        });
    }

    /// The case as somebody who sees `classes` knew it at that instant.
    pub(in crate::thuiszitter) fn known(&self, log: &Log, classes: Classes, at: DateTime<Utc>) -> Known {
        let mut known = Known::at(&log.seen(classes), at, self.calendar.clone());
        known.facts.birth = self.birth;
        (known.facts.sector, known.facts.said_sector) = (self.sector, self.said_sector);
        known.facts.moments.extend(self.meetings.iter().filter_map(held));
        known
    }
}

/// As far back as the caller may look.
///
/// # Errors
/// A violation of `as_of_time` that is to come, or before somebody was invited who reaches the
/// case by that alone.
pub(in crate::thuiszitter) fn may_look_back(
    read: &Read,
    as_of: Option<DateTime<Utc>>,
    joined: Option<DateTime<Utc>>,
) -> Result<()> {
    let beyond = as_of.is_some_and(|as_of| as_of > read.now() || joined.is_some_and(|joined| as_of < joined));
    if beyond { Err(Error::field("as_of_time", Refusal::TimeOutOfBounds)) } else { Ok(()) }
}

/// Which standing is asked for.
#[derive(Debug, Clone, Copy)]
pub(super) struct Wanted {
    pub case: CaseId,
    /// None: as it is known now.
    pub as_of: Option<DateTime<Utc>>,
    /// None: the day of that.
    pub date: Option<NaiveDate>,
}

/// Reads it. Who may not see the facts of absence sees only that the case exists, and nobody saw more
/// before it was opened.
///
/// # Errors
/// `CASE_NOT_FOUND`; as [`may_look_back`] and [`Log::must_tell`]; a violation of `date` before somebody was invited who reaches
/// the case by that alone, and of any other than the day of `as_of` for who may not see who the child is.
pub(super) async fn get_standing(tx: &Tx, wanted: &Wanted, language: Language) -> Result<pb::Standing> {
    let (circle, classes) = circle::reach(tx, wanted.case).await?;
    tx.audit(line(Deed::R, wanted.case, circle.child, classes.and(SHOWN))).await?;
    let joined = joined(tx, &circle, classes).await?;
    may_look_back(tx, wanted.as_of, joined)?;
    let as_of = wanted.as_of.unwrap_or_else(|| tx.now());
    let date = wanted.date.unwrap_or_else(|| today(as_of));
    // Labels change on birthdays: day after day they would tell the one that is not shown.
    let birthday = !classes.has(Class::K2) && date != today(as_of);
    if birthday || joined.is_some_and(|joined| date < today(joined)) {
        return Err(Error::field("date", Refusal::TimeOutOfBounds));
    }
    let mut wire = pb::Standing {
        case: wanted.case.to_string(),
        as_of_time: Some(timestamp(as_of)),
        date: date.to_string(),
        ..pb::Standing::default()
    };
    if !classes.has(Class::K3) {
        return Ok(wire);
    }
    let case = store::get(tx, wanted.case, circle.child).await?;
    let log = Log::of(tx, (wanted.case, circle.child)).await?;
    log.must_tell(case.opened, (wanted.as_of, tx.now()))?;
    if as_of < case.opened {
        return Ok(wire);
    }
    let log = log.or_origin(&case, &circle);
    let mut around = Around::of(tx, &circle).await?;
    let mut events = Vec::new();
    if wanted.as_of.is_some() {
        events = history::of(tx, wanted.case, circle.child).await?;
        around.known_by(&events, as_of);
    }
    let profile = store::profile(tx, date).await?;
    let until = wanted.as_of.unwrap_or(DateTime::<Utc>::MAX_UTC);
    let known = around.known(&log, classes, until);
    let clock = add_standing(&mut wire, (&known, &profile), (classes, date), language);
    let decisions = escalation::store::of_case(tx, wanted.case).await?;
    let suggested = escalation::suggested_level(&decisions, (&known.decided, clock), (wanted.as_of, date));
    wire.suggested_escalation_level = suggested as i32;
    if classes.has(Class::K2) {
        let told = consent::told::of_case(tx, (wanted.case, circle.child)).await?;
        let known = told.iter().filter(|told| told.recorded <= as_of);
        let agreed: Vec<_> = known.map(|told| told.known_at(as_of)).collect();
        let then = history::gezag_at(&events, as_of);
        let gezag = then.unwrap_or_else(|| circle.parents_with_gezag().collect());
        let family = Family { child: circle.child, birth: around.birth, gezag };
        let of = (&family, today(case.opened));
        wire.consent_tasks = tasks(&profile, of, &agreed, (&around.calendar, date));
    }
    Ok(wire)
}

/// Tells how it stands; gives the level which the clock asks for.
fn add_standing(
    wire: &mut pb::Standing,
    (known, profile): (&Known, &Profile),
    (classes, date): (Classes, NaiveDate),
    language: Language,
) -> EscalationLevel {
    let standing = known.standing(profile, date);
    wire.stage = stage_to_wire(standing.stage);
    wire.labels = standing.labels.iter().map(ToString::to_string).collect();
    wire.duo_kinds = standing.duo.iter().map(|kind| duo_to_wire(*kind)).collect();
    wire.escalation_level = standing.level as i32;
    let clock = standing.suggested;
    if let Some((day, outcome)) = standing.outcome {
        wire.outcome = outcome_to_wire(outcome);
        wire.outcome_date = day.to_string();
    }
    wire.warnings = warnings(standing.warnings, (profile, &known.facts, standing.stage), date);
    let shown = class::shown(standing.deadlines, classes);
    wire.deadlines = shown.iter().map(|one| deadline::to_wire(one, language)).collect();
    clock
}

fn duo_to_wire(kind: DuoKind) -> i32 {
    number("DUO_KIND", kind.into(), pb::DuoKind::from_str_name)
}

/// The tasks of the birthdays that are to come on `date`, and of the last one before it.
fn tasks(
    profile: &Profile,
    of: (&Family, NaiveDate),
    agreed: &[Consent],
    (calendar, date): (&SchoolCalendar, NaiveDate),
) -> Vec<ConsentTask> {
    let all = consent_tasks(profile, of, agreed, calendar, date);
    let past = all.iter().take_while(|task| task.birthday <= date).count();
    let holder = |who: ConsentHolder| number("CONSENT_HOLDER", who.into(), pb::ConsentHolder::from_str_name);
    let coming = all.into_iter().skip(past.saturating_sub(1));
    coming
        .map(|task| ConsentTask {
            birthday: task.birthday.to_string(),
            before: holder(task.before),
            after: holder(task.after),
            task_date: task.task_on.to_string(),
            state: deadline::state_to_wire(task.state),
        })
        .collect()
}
