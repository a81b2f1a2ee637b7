//! `FindSlots`: who can sit, when they can, and which times are best.

use std::collections::HashMap;

use schakel_domain::{
    access::{Class, Classes, Role},
    availability::{
        self as search, Candidate, DayWindow, Days, Found, Person, Search, Seat, SeatKind, local,
    },
    ids::{CaseId, PersonId},
};
use schakel_proto::v1 as pb;

use super::{
    calendars,
    closed::{self, Closed},
    hours::USUAL_ZONE,
    kinds, obstacles,
    question::Question,
    table::{self, Fit, Table},
    words,
};
use crate::{
    access::{rpc::role_to_wire, wishes},
    error::{Error, Result, language},
    store::{
        Read,
        audit::{Deed, Line},
    },
    wire::time::timestamp,
};

/// Meetings begin and end within these minutes of the day, Monday to Friday: 08:15 to 17:00.
pub const DAY: DayWindow = DayWindow { earliest: 8 * 60 + 15, latest: 17 * 60, days: Days::Weekdays };
/// Meetings begin on the quarter.
pub const GRID: u16 = 15;

/// Answers a question, with the audit lines of the wishes that were opened for it. Nothing else
/// about a child or a parent but ids is read.
pub async fn find(read: Read, wire: &pb::FindSlotsRequest) -> Result<(pb::FindSlotsResponse, Vec<Line>)> {
    let question = Question::read(wire, read.now())?;
    let table = table::lay(&read, &question).await?;
    let closed = closed_days(&read, &question, &table).await?;
    let (search, lines) = plan(&read, &question, &table, &closed).await?;
    let found = search::find(&search).map_err(Error::Invalid)?;
    Ok((answer(&search, &found, &table, &closed), lines))
}

/// The days on which nobody meets for this question.
pub(super) async fn closed_days(read: &Read, question: &Question, table: &Table) -> Result<Closed> {
    let place = table.around.as_ref().filter(|_| question.school.is_some());
    let school = place.map(|around| (around.place.school, around.holidays));
    closed::during(read, question.window, school).await
}

/// What is written down of a question: that a time was sought, about which case; not for whom.
pub fn line(asked: &pb::FindSlotsRequest) -> Line {
    let id = asked.case.parse::<CaseId>().ok().map(|case| case.0);
    Line { deed: Deed::S, object: "slots", id, subject: None, classes: Classes::of(&[Class::K0, Class::K1]) }
}

/// The search for a table: everybody's calendars, in a constant number of statements; with the
/// audit lines of the wishes that were opened for it.
pub(super) async fn plan(
    read: &Read,
    question: &Question,
    table: &Table,
    closed: &Closed,
) -> Result<(Search, Vec<Line>)> {
    let not_before = match question.notice_of {
        Some(kind) => kinds::first_start(read, kind).await?,
        None => read.now(),
    };
    let is_private = |person| !table.names.contains_key(&person);
    let people = table.people();
    let sites = [question.site()];
    let when = (question.window, &sites[..]);
    let calendars::Known { mut calendars, travel } = calendars::of(read, &people, when, is_private).await?;
    let mut lines = Vec::new();
    if let Some(case) = question.case {
        let parents: Vec<PersonId> = people.iter().copied().filter(|person| is_private(*person)).collect();
        let since = local::date_of(USUAL_ZONE, question.window.start());
        let (hours, opened) = wishes::hours(read, case, &parents, (USUAL_ZONE, since)).await?;
        for (parent, hours) in hours {
            calendars.entry(parent).or_default().hours = Some(hours);
        }
        lines = opened;
    }
    let people: Vec<Person> = people
        .into_iter()
        .map(|person| Person { id: person.into(), calendar: calendars.remove(&person).unwrap_or_default() })
        .collect();
    let places: HashMap<PersonId, usize> =
        people.iter().zip(0..).map(|(person, place)| (PersonId(person.id.0), place)).collect();
    let seats = question.seats.iter().zip(&table.seats).enumerate();
    let seats = seats.map(|(at, (seat, fits))| Seat {
        key: at.to_string(),
        kind: if seat.who.is_private(fits) { SeatKind::Private } else { SeatKind::Professional },
        required: !seat.optional,
        weight: seat.weight,
        candidates: fits.iter().filter_map(|fit| candidate(*fit, &places, table)).collect(),
    });
    let search = Search {
        window: question.window,
        duration: question.minutes,
        grid: GRID,
        zone: USUAL_ZONE,
        day_window: DAY,
        now: read.now(),
        not_before,
        closed: closed.days.clone(),
        site: question.site(),
        travel,
        quorum: question.quorum,
        excluded: question.excluded.iter().map(|person| (*person).into()).collect(),
        hold: None,
        seats: seats.collect(),
        people,
        limit: question.limit,
    };
    Ok((search, lines))
}

fn candidate(fit: Fit, places: &HashMap<PersonId, usize>, table: &Table) -> Option<Candidate> {
    Some(Candidate {
        person: *places.get(&fit.person)?,
        role: Some(fit.role),
        preference: fit.preference,
        acquainted: table.acquainted.contains(&fit.person),
    })
}

fn answer(search: &Search, found: &Found, table: &Table, closed: &Closed) -> pb::FindSlotsResponse {
    let language = language();
    let obstacles = found.none.as_ref().map(|none| obstacles::to_wire(none, search, table, language));
    pb::FindSlotsResponse {
        slots: found.slots.iter().map(|slot| slot_to_wire(slot, search, table)).collect(),
        obstacles: obstacles.unwrap_or_default(),
        warnings: closed.unknown.iter().map(|year| words::unknown_year(*year, language)).collect(),
    }
}

/// A slot in words; `table` knows the names.
pub(super) fn slot_to_wire(slot: &search::Slot, search: &Search, table: &Table) -> pb::Slot {
    let small = |points: i64| i32::try_from(points).unwrap_or(i32::MIN);
    let taken = slot.chosen.iter().zip(&search.seats).enumerate().filter_map(|(seat, (who, asked))| {
        let who = (*who)?;
        let came = asked.candidates.iter().find(|candidate| search.people[candidate.person].id == who);
        Some(pb::slot::Taken {
            seat: i32::try_from(seat).ok()?,
            person: PersonId(who.0).to_string(),
            role: role_to_wire(came.and_then(|candidate| candidate.role).unwrap_or(Role::Ouder)),
        })
    });
    let reasons = slot.parts.iter().map(|part| pb::slot::Reason {
        code: words::code(part.reason).to_owned(),
        points: small(part.points),
        text: words::reason(part.reason, &slot.chosen, table, language()),
    });
    pb::Slot {
        start_time: Some(timestamp(slot.start)),
        end_time: Some(timestamp(slot.end)),
        seats: taken.collect(),
        points: small(slot.total),
        reasons: reasons.collect(),
    }
}
