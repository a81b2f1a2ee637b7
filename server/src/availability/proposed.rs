//! Whether times that are proposed together are free for all, before anything is booked.

use std::collections::{BTreeMap, BTreeSet};

use chrono::TimeDelta;
use schakel_domain::{
    availability::{Agenda, CalendarId, Rule, Site, Span, limits::around},
    ids::PersonId,
    time::Period,
};
use uuid::Uuid;

use super::{
    busy::{self, Booking},
    hours::USUAL_ZONE,
    limits, outside, travel,
};
use crate::{error::Result, store::Read};

/// Whether each of `wanted` meets somebody's taken time or a taken room, or leaves no time to get
/// there: of another meeting, or of an earlier one of `wanted` that is free itself; or is more than
/// somebody takes; or, unless that does not count, is busy in a calendar elsewhere. Who agreed to
/// it before, at one of `stood` at the same time, is held to meetings alone. Seven statements.
pub async fn taken(
    read: &Read,
    (wanted, stood): (&[Booking], &[Booking]),
    over_outside_busy: bool,
) -> Result<Vec<bool>> {
    let starts = wanted.iter().map(|booking| booking.time.start()).min();
    let ends = wanted.iter().map(|booking| booking.time.end()).max();
    let Some(window) = starts.zip(ends).and_then(|(start, end)| Period::new(start, end).ok()) else {
        return Ok(Vec::new());
    };
    let all = calendars(wanted);
    let persons: Vec<PersonId> = all.iter().map(|calendar| PersonId(calendar.0)).collect();
    let limits = limits::of(read, &persons).await?;
    // Caps count whole weeks.
    let weeks = wanted.iter().map(|booking| around(booking.time, USUAL_ZONE));
    let first = weeks.clone().map(Period::start).min().unwrap_or(window.start());
    let last = weeks.map(Period::end).max().unwrap_or(window.end());
    let known = busy::counting(read, &all, Period::new(first, last)?).await?;
    let elsewhere = if over_outside_busy { Vec::new() } else { outside::of(read, &persons, window).await? };
    let there = known.values().flatten().map(|span| span.site);
    let sites: Vec<Site> = there.chain(wanted.iter().flat_map(sites)).collect();
    let travel = travel::between(read, sites).await?;
    let rule = Rule { travel: &travel, buffer: TimeDelta::zero(), zone: USUAL_ZONE };
    let mut agendas: BTreeMap<CalendarId, Agenda> =
        known.into_iter().map(|(calendar, spans)| (calendar, Agenda::of(spans))).collect();
    let mut clashes = Vec::with_capacity(wanted.len());
    for booking in wanted {
        let span = |site: Site| Span::new(booking.id, booking.time, site);
        let fits = |(calendar, site): &(CalendarId, Site)| {
            agendas.get(calendar).is_none_or(|own| own.fits(&span(*site), &rule).is_ok())
        };
        let own = stood.iter().find(|own| own.id == booking.id && own.time == booking.time);
        let agreed = |calendar| own.is_some_and(|own| own.seats.iter().any(|(one, _)| *one == calendar));
        let asked = booking.seats.iter().filter(|(calendar, _)| !agreed(*calendar));
        let is_too_much = |(calendar, _): &(CalendarId, Site)| {
            let Some(limits) = limits.get(&PersonId(calendar.0)) else { return false };
            let others: Vec<Period> =
                agendas.get(calendar).into_iter().flat_map(Agenda::spans).map(|span| span.time).collect();
            limits.allow(&others, booking.time, (read.now(), USUAL_ZONE)).is_err()
        };
        let is_elsewhere = |(person, other): &(PersonId, Period)| {
            let is_theirs = |(calendar, _): &(CalendarId, Site)| calendar.0 == person.0;
            other.overlaps(booking.time) && asked.clone().any(is_theirs)
        };
        let clash = !booking.seats.iter().all(fits)
            || asked.clone().any(is_too_much)
            || elsewhere.iter().any(is_elsewhere);
        if !clash {
            for (calendar, site) in &booking.seats {
                // It fits: it was asked a moment ago.
                let _ = agendas.entry(*calendar).or_default().take(span(*site), &rule);
            }
        }
        clashes.push(clash);
    }
    Ok(clashes)
}

/// Of each of `wanted` who of its calendars is taken then, leaves no time to get there, or is busy in
/// a calendar elsewhere; what stands for any of `own` counts for nothing. Four statements.
pub async fn whose(read: &Read, wanted: &[(Booking, Vec<Uuid>)]) -> Result<Vec<Vec<CalendarId>>> {
    let bookings = || wanted.iter().map(|(booking, _)| booking);
    let starts = bookings().map(|booking| booking.time.start()).min();
    let ends = bookings().map(|booking| booking.time.end()).max();
    let Some(window) = starts.zip(ends).and_then(|(start, end)| Period::new(start, end).ok()) else {
        return Ok(Vec::new());
    };
    let all = calendars(bookings());
    let persons: Vec<PersonId> = all.iter().map(|calendar| PersonId(calendar.0)).collect();
    let known = busy::counting(read, &all, window).await?;
    let elsewhere = outside::of(read, &persons, window).await?;
    let there = known.values().flatten().map(|span| span.site);
    let travel = travel::between(read, there.chain(bookings().flat_map(sites)).collect::<Vec<_>>()).await?;
    let rule = Rule { travel: &travel, buffer: TimeDelta::zero(), zone: USUAL_ZONE };
    let taken = |booking: &Booking, own: &[Uuid], (calendar, site): (CalendarId, Site)| {
        let others = known.get(&calendar).into_iter().flatten();
        let others: Vec<Span> = others.filter(|span| !own.contains(&span.booking)).copied().collect();
        let fits = Agenda::of(others).fits(&Span::new(booking.id, booking.time, site), &rule).is_ok();
        let busy =
            |(person, time): &(PersonId, Period)| person.0 == calendar.0 && time.overlaps(booking.time);
        !fits || elsewhere.iter().any(busy)
    };
    let of_one = |(booking, own): &(Booking, Vec<Uuid>)| {
        let seats = booking.seats.iter().filter(|seat| taken(booking, own, **seat));
        seats.map(|(calendar, _)| *calendar).collect()
    };
    Ok(wanted.iter().map(of_one).collect())
}

fn sites(booking: &Booking) -> impl Iterator<Item = Site> {
    booking.seats.iter().map(|(_, site)| *site)
}

/// The calendars of everybody and every room that is wanted.
pub fn calendars<'a>(wanted: impl IntoIterator<Item = &'a Booking>) -> BTreeSet<CalendarId> {
    wanted.into_iter().flat_map(|booking| &booking.seats).map(|(calendar, _)| *calendar).collect()
}
