//! People's calendars: hours, absences, meetings and busy time elsewhere of everybody at once, in
//! seven statements.

use std::collections::HashMap;

use chrono::TimeDelta;
use schakel_domain::{
    availability::{Absence, Calendar, Site, Travel, local},
    ids::PersonId,
    time::{Period, Validity},
};

use super::{busy, hours::USUAL_ZONE, outside, store, travel};
use crate::{directory::absence, error::Result, store::Read};

/// Limits of a week count the meetings of whole weeks.
const A_WEEK: TimeDelta = TimeDelta::weeks(1);

/// What is known of people's time.
pub(super) struct Known {
    pub(super) calendars: HashMap<PersonId, Calendar>,
    /// The ways between all places in them.
    pub(super) travel: Travel,
}

/// The calendars of `persons` during `window`. Who `is_private` keeps no hours and can be
/// asked for any time of the day; a professional without hours offers none, and needs time to
/// get from other meetings to one at `site` and back.
pub(super) async fn of(
    read: &Read,
    persons: &[PersonId],
    (window, site): (Period, Site),
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
    let (first, last) =
        (local::date_of(USUAL_ZONE, window.start()), local::date_of(USUAL_ZONE, window.end()));
    let dates = Validity::new(first, Some(last)).unwrap_or(Validity::since(first));
    for (person, days) in absence::of(read, persons, dates).await? {
        calendars.entry(person).or_default().absences.push(Absence::Days { days, zone: USUAL_ZONE });
    }
    let mut travel = Travel::default();
    if !persons.is_empty() {
        let around = Period::new(window.start() - A_WEEK, window.end() + A_WEEK)?;
        let taken = busy::of(read, persons, around).await?;
        let sites = taken.values().flatten().map(|span| span.site).chain([site]);
        travel = travel::between(read, sites).await?;
        for (person, spans) in taken {
            calendars.entry(person).or_default().busy = spans;
        }
        for (person, time) in outside::of(read, persons, window).await? {
            calendars.entry(person).or_default().elsewhere.push(time);
        }
    }
    Ok(Known { calendars, travel })
}
