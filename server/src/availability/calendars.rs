//! People's calendars: hours, dates apart, limits, absences, meetings and busy time elsewhere of
//! everybody at once, in nine statements at most.

use std::{collections::HashMap, sync::Arc};

use chrono::{Days, TimeDelta};
use schakel_domain::{
    availability::{Absence, Calendar, Limits, Override, Site, Span, Travel, WeeklyHours, local},
    ids::PersonId,
    time::{Period, Validity},
};

use uuid::Uuid;

use super::{absence::stretch, date_override, hours::USUAL_ZONE, limits, store, taken, travel};
use crate::{
    directory::absence,
    error::Result,
    store::{Read, memory::Memory},
};

/// What people have said of their time, by region.
pub type Remembered = Memory<(Uuid, PersonId), Arc<Times>>;

/// What somebody has said of their time, past and to come.
#[derive(Default)]
pub struct Times {
    hours: Vec<WeeklyHours>,
    overrides: Vec<Override>,
    limits: Limits,
    absences: Vec<(Validity, Absence)>,
}

/// Limits of a week count the meetings of whole weeks.
const A_WEEK: TimeDelta = TimeDelta::weeks(1);

/// What is known of people's time.
pub struct Known {
    /// Of each.
    pub calendars: HashMap<PersonId, Calendar>,
    /// The ways between all places in them.
    pub travel: Travel,
}

/// The calendars of `persons` during `window`. Who `is_private` keeps no hours and can be
/// asked for any time of the day; a professional without hours offers none, and needs time to
/// get from other meetings to one at any of `sites` and back.
pub async fn of(
    read: &Read,
    persons: &[PersonId],
    (window, sites): (Period, &[Site]),
    is_private: impl Fn(PersonId) -> bool,
) -> Result<Known> {
    let times = times(read, persons).await?;
    let mut calendars: HashMap<PersonId, Calendar> =
        persons.iter().map(|person| (*person, during(&times[person], window, is_private(*person)))).collect();
    if persons.is_empty() {
        return Ok(Known { calendars, travel: Travel::default() });
    }
    let around = Period::new(window.start() - A_WEEK, window.end() + A_WEEK)?;
    let taken = taken::of(read, persons, (window, around), is_private).await?;
    let there = taken.here.values().flatten().map(|span| span.site);
    let travel = travel::between(read, there.chain(sites.iter().copied())).await?;
    for (person, spans) in taken.here {
        let calendar = calendars.entry(person).or_default();
        calendar.load = load(&spans);
        calendar.busy = spans;
    }
    for (person, time) in taken.elsewhere {
        calendars.entry(person).or_default().elsewhere.push(time);
    }
    Ok(Known { calendars, travel: Travel::clone(&travel) })
}

/// What counts during `window` of what somebody has said.
fn during(times: &Times, window: Period, is_private: bool) -> Calendar {
    let (first, last) =
        (local::date_of(USUAL_ZONE, window.start()), local::date_of(USUAL_ZONE, window.end()));
    let dates = Validity::new(first, Some(last)).unwrap_or(Validity::since(first));
    // A day at either side: hours may be on another zone's clock.
    let near = first - Days::new(1)..=last + Days::new(1);
    let absences = times.absences.iter().filter(|(days, _)| days.overlaps(dates));
    Calendar {
        hours: if is_private && times.hours.is_empty() { None } else { Some(times.hours.clone()) },
        overrides: times.overrides.iter().filter(|day| near.contains(&day.date)).cloned().collect(),
        absences: absences.map(|(_, absence)| *absence).collect(),
        travels: !is_private,
        limits: if is_private { Limits::default() } else { times.limits },
        ..Calendar::default()
    }
}

/// What each of `persons` has said, in four statements at most.
async fn times(read: &Read, persons: &[PersonId]) -> Result<HashMap<PersonId, Arc<Times>>> {
    let (region, count) = (read.region(), read.register_count().await?);
    let memory = &read.app().remembered.times;
    let (mut known, missing) = memory.of(count, persons.iter().map(|person| (region, *person)));
    if !missing.is_empty() {
        let missing: Vec<PersonId> = missing.into_iter().map(|(_, person)| person).collect();
        let found = said(read, &missing).await?.into_iter();
        let found: Vec<_> = found.map(|(person, times)| ((region, person), Arc::new(times))).collect();
        memory.keep(count, found.iter().cloned());
        known.extend(found);
    }
    Ok(known.into_iter().map(|((_, person), times)| (person, times)).collect())
}

async fn said(read: &Read, persons: &[PersonId]) -> Result<HashMap<PersonId, Times>> {
    let mut all: HashMap<PersonId, Times> =
        persons.iter().map(|person| (*person, Times::default())).collect();
    for (person, block) in store::of(read, persons).await? {
        all.entry(person).or_default().hours.push(block);
    }
    for (person, day) in date_override::store::of(read, persons).await? {
        all.entry(person).or_default().overrides.push(day);
    }
    for (person, own) in limits::of(read, persons).await? {
        all.entry(person).or_default().limits = own;
    }
    for row in absence::ever(read, persons).await? {
        let away = (absence::validity(&row)?, stretch(&row)?);
        all.entry(PersonId(row.person_id)).or_default().absences.push(away);
    }
    Ok(all)
}

/// Minutes of meetings; what is only held may come to nothing.
fn load(spans: &[Span]) -> u32 {
    let meetings = spans.iter().filter(|span| span.expires.is_none());
    let minutes: i64 = meetings.map(|span| span.time.duration().num_minutes()).sum();
    u32::try_from(minutes).unwrap_or(u32::MAX)
}
