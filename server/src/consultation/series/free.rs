//! When else everybody at a table can, for dates on which somebody is taken.

use chrono::{DateTime, TimeDelta, Utc};
use schakel_domain::{
    access::Role,
    availability::{
        Calendar, Candidate, Person, Preference, Search, Seat, SeatKind, Site, USUAL_WEIGHT, next_free,
    },
    consultation::series::Closed,
    ids::PersonId,
    time::Period,
};

use crate::{
    availability::{DAY, GRID, USUAL_ZONE, calendars},
    error::{Error, Result},
    store::Read,
};

/// How many times are offered for one date.
const OFFERED: usize = 3;
/// How far ahead of each date it looks.
const AHEAD: TimeDelta = TimeDelta::weeks(2);
/// For more dates than this nothing is offered: another rule is then the better answer.
const MOST: usize = 12;

/// The table of the series.
pub(super) struct At<'a> {
    pub(super) persons: &'a [(PersonId, Role)],
    pub(super) length: TimeDelta,
    pub(super) site: Site,
    pub(super) closed: &'a Closed,
}

/// For each of `clashes` the next times at which all of the table can; three statements.
pub(super) async fn times(
    read: &Read,
    at: &At<'_>,
    clashes: &[DateTime<Utc>],
) -> Result<Vec<Vec<DateTime<Utc>>>> {
    let asked = &clashes[..clashes.len().min(MOST)];
    let (Some(first), Some(last)) = (asked.iter().min(), asked.iter().max()) else {
        return Ok(Vec::new());
    };
    let whole = Period::new(*first, *last + AHEAD)?;
    let people: Vec<PersonId> = at.persons.iter().map(|(person, _)| *person).collect();
    let is_private = |person| at.persons.iter().any(|(own, role)| *own == person && role.is_private());
    let known = calendars::of(read, &people, (whole, &[at.site]), is_private).await?;
    let person = |person: &PersonId| {
        let own = known.calendars.get(person).cloned().unwrap_or_default();
        // Whoever is booked without having hours in the register is asked by the day, like a parent.
        let hours = own.hours.filter(|hours| !hours.is_empty());
        Person { id: (*person).into(), calendar: Calendar { hours, ..own } }
    };
    let people: Vec<Person> = people.iter().map(person).collect();
    let seats = at.persons.iter().enumerate().map(|(place, (_, role))| Seat {
        key: place.to_string(),
        kind: if role.is_private() { SeatKind::Private } else { SeatKind::Professional },
        required: true,
        weight: USUAL_WEIGHT,
        candidates: vec![Candidate {
            person: place,
            role: Some(*role),
            preference: Preference::Named,
            acquainted: false,
        }],
    });
    let seats: Vec<Seat> = seats.collect();
    let one = |clash: &DateTime<Utc>| {
        let window = Period::new(*clash, *clash + AHEAD)?;
        let day = |at: DateTime<Utc>| at.with_timezone(&USUAL_ZONE).date_naive();
        let search = Search {
            window,
            duration: u16::try_from(at.length.num_minutes()).unwrap_or(u16::MAX),
            grid: GRID,
            zone: USUAL_ZONE,
            day_window: DAY,
            now: read.now(),
            not_before: read.now(),
            closed: at.closed.days(day(window.start()), day(window.end())),
            site: at.site,
            travel: known.travel.clone(),
            quorum: None,
            excluded: Vec::new(),
            hold: None,
            people: people.clone(),
            seats: seats.clone(),
            limit: 1,
        };
        let slots = next_free(&search, *clash, OFFERED).map_err(Error::Invalid)?;
        Ok(slots.into_iter().map(|slot| slot.start).collect())
    };
    asked.iter().map(one).collect()
}
