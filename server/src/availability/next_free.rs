//! The next times at which the same people can all meet: what to offer when a time was just taken.

use chrono::{DateTime, TimeDelta, Utc};
use schakel_domain::{
    access::Role,
    availability::{
        self as search, Candidate, Person, Preference, Search, Seat, SeatKind, Site, USUAL_WEIGHT,
    },
    ids::{PersonId, SchoolId},
    time::Period,
};

use super::{
    calendars, closed,
    find::{DAY, GRID},
    hours::USUAL_ZONE,
};
use crate::{
    directory::route,
    error::{Error, Result},
    store::Read,
};

/// How far ahead it looks.
const AHEAD: TimeDelta = TimeDelta::weeks(4);

/// A meeting as it was wanted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Wanted {
    /// At or for which school: on its days, and where its people sit.
    pub school: Option<SchoolId>,
    /// Where the professionals would have to be.
    pub site: Site,
    /// For how many minutes.
    pub minutes: u16,
}

/// The next `count` starts after `after` at which exactly these persons can all meet as
/// `wanted`. Eleven statements at most.
pub async fn next_free(
    read: &Read,
    persons: &[(PersonId, Role)],
    Wanted { school, site, minutes }: Wanted,
    after: DateTime<Utc>,
    count: usize,
) -> Result<Vec<DateTime<Utc>>> {
    let window = Period::new(after, after + AHEAD)?;
    let at = match school {
        Some(school) => Some((school, route::around(read, school, None, &[]).await?.holidays)),
        None => None,
    };
    let closed = closed::during(read, window, at).await?;
    let people: Vec<PersonId> = persons.iter().map(|(person, _)| *person).collect();
    let is_private = |person| persons.iter().any(|(own, role)| *own == person && role.is_private());
    let calendars::Known { mut calendars, travel } =
        calendars::of(read, &people, (window, &[site]), is_private).await?;
    // Whoever is booked without having hours in the register is asked by the day, like a parent.
    for calendar in
        calendars.values_mut().filter(|calendar| calendar.hours.as_ref().is_some_and(Vec::is_empty))
    {
        calendar.hours = None;
    }
    let seats = persons.iter().enumerate().map(|(at, (_, role))| Seat {
        key: at.to_string(),
        kind: if role.is_private() { SeatKind::Private } else { SeatKind::Professional },
        required: true,
        weight: USUAL_WEIGHT,
        candidates: vec![Candidate {
            person: at,
            role: Some(*role),
            preference: Preference::Named,
            acquainted: false,
        }],
    });
    let search = Search {
        window,
        duration: minutes,
        grid: GRID,
        zone: USUAL_ZONE,
        day_window: DAY,
        now: read.now(),
        not_before: read.now(),
        closed: closed.days,
        site,
        travel,
        quorum: None,
        excluded: Vec::new(),
        hold: None,
        seats: seats.collect(),
        people: people
            .iter()
            .map(|person| Person {
                id: (*person).into(),
                calendar: calendars.get(person).cloned().unwrap_or_default(),
            })
            .collect(),
        limit: 1,
    };
    let slots = search::next_free(&search, after, count).map_err(Error::Invalid)?;
    Ok(slots.into_iter().map(|slot| slot.start).collect())
}
