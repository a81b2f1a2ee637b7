//! People's calendars: hours, dates apart, limits, absences, meetings and busy time elsewhere of
//! everybody at once, in nine statements.

use std::collections::HashMap;

use chrono::TimeDelta;
use schakel_domain::{
    availability::{Calendar, Site, Span, Travel, local},
    ids::PersonId,
    time::{Period, Validity},
};

use super::{absence::stretch, busy, date_override, hours::USUAL_ZONE, limits, outside, store, travel};
use crate::{directory::absence, error::Result, store::Read};

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
    let usual = |person| if is_private(person) { None } else { Some(Vec::new()) };
    let mut calendars: HashMap<PersonId, Calendar> = persons
        .iter()
        .map(|person| {
            let travels = !is_private(*person);
            (*person, Calendar { hours: usual(*person), travels, ..Calendar::default() })
        })
        .collect();
    for (person, block) in store::of(read, persons).await? {
        let calendar = calendars.entry(person).or_default();
        calendar.hours.get_or_insert_default().push(block);
    }
    for (person, day) in date_override::store::of(read, persons, window).await? {
        calendars.entry(person).or_default().overrides.push(day);
    }
    let professionals: Vec<PersonId> = persons.iter().copied().filter(|one| !is_private(*one)).collect();
    for (person, own) in limits::of(read, &professionals).await? {
        calendars.entry(person).or_default().limits = own;
    }
    let (first, last) =
        (local::date_of(USUAL_ZONE, window.start()), local::date_of(USUAL_ZONE, window.end()));
    let dates = Validity::new(first, Some(last)).unwrap_or(Validity::since(first));
    for row in absence::during(read, persons, dates).await? {
        calendars.entry(PersonId(row.person_id)).or_default().absences.push(stretch(&row)?);
    }
    let mut travel = Travel::default();
    if !persons.is_empty() {
        let around = Period::new(window.start() - A_WEEK, window.end() + A_WEEK)?;
        let taken = busy::of(read, persons, around).await?;
        let there = taken.values().flatten().map(|span| span.site);
        travel = travel::between(read, there.chain(sites.iter().copied())).await?;
        for (person, spans) in taken {
            let calendar = calendars.entry(person).or_default();
            calendar.load = load(&spans);
            calendar.busy = spans;
        }
        for (person, time) in outside::of(read, persons, window).await? {
            calendars.entry(person).or_default().elsewhere.push(time);
        }
    }
    Ok(Known { calendars, travel })
}

/// Minutes of meetings; what is only held may come to nothing.
fn load(spans: &[Span]) -> u32 {
    let meetings = spans.iter().filter(|span| span.expires.is_none());
    let minutes: i64 = meetings.map(|span| span.time.duration().num_minutes()).sum();
    u32::try_from(minutes).unwrap_or(u32::MAX)
}
