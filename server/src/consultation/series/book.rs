//! Nothing → a series: a meeting on every date of the rule that is open and free.

use std::collections::HashMap;

use chrono::SecondsFormat;
use schakel_domain::{consultation::series::Mode, ids::SeriesId, refusal::Refusal};
use schakel_proto::v1 as pb;

use super::{
    dates::{self, Date, Dates, Wish},
    free,
    store::{self, Series},
    wire,
};
use crate::{
    access::circle::Circle,
    availability::{busy, proposed::calendars},
    consultation::{
        book,
        meeting::{Meeting, Member},
        provider, seats, shared, together,
    },
    error::{Error, Result},
    store::{Read, Tx, audit::Deed},
};

/// What would be booked.
pub(super) async fn propose(read: &Read, wish: &Wish) -> Result<pb::BookSeriesResponse> {
    let circle =
        book::permitted(read, (wish.first.case, wish.first.school), wish.first.seats(read.grant().actor()))
            .await?;
    let dates = dates::of(read, wish, circle.as_ref()).await?;
    answer(read, wish, &dates, &[]).await
}

/// Books a series.
pub(super) async fn book(tx: &Tx, wish: &Wish, mode: Mode) -> Result<pb::BookSeriesResponse> {
    let circle =
        book::permitted(tx, (wish.first.case, wish.first.school), wish.first.seats(tx.grant().actor()))
            .await?;
    let meeting = book::planned(tx, &wish.first, circle.as_ref())?;
    busy::lock(tx, &calendars(&seats::bookings(tx, &[meeting]).await?)).await?;
    let dates = dates::of(tx, wish, circle.as_ref()).await?;
    refuse(&dates, mode)?;
    let series = series(tx, wish, &dates);
    let mut meetings = meetings(tx, wish, (&dates, circle.as_ref()), series.id)?;
    if let Some(reason) = &wish.first.provider_reason {
        for meeting in &mut meetings {
            meeting.sealed_provider_reason = provider::sealed(tx, meeting, Some(reason)).await?;
        }
    }
    store::insert(tx, std::slice::from_ref(&series)).await?;
    let bookings: Vec<_> = meetings.iter().map(|meeting| seats::booking(meeting, dates.site)).collect();
    let meetings = together::insert(tx, meetings, &bookings).await?;
    for meeting in &meetings {
        // All have one table: what the first is not shared with, none is.
        if !shared::share(tx, meeting, circle.as_ref(), Deed::C).await? {
            break;
        }
    }
    together::invite(tx, &[(series.id, series.version)], tx.now()).await?;
    let mut told = answer(tx, wish, &dates, &meetings).await?;
    told.series = Some(wire::to_wire(&series, (&meetings, true), tx.now()));
    Ok(told)
}

/// Refuses what the mode does not book.
fn refuse(dates: &Dates, mode: Mode) -> Result<()> {
    let held: Vec<&Date> = dates.all.iter().filter(|date| date.time.is_some()).collect();
    let taken = held.iter().filter(|date| date.taken).filter_map(|date| date.time);
    let conflicts: Vec<String> =
        taken.map(|time| time.start().to_rfc3339_opts(SecondsFormat::Secs, true)).collect();
    let whole = match mode {
        Mode::AllOrNothing => conflicts.is_empty(),
        Mode::Each => held.is_empty() || conflicts.len() < held.len(),
    };
    if !whole {
        let metadata = HashMap::from([("conflicts".to_owned(), conflicts.join(","))]);
        return Err(Error::Refused(Refusal::TimeConflict, metadata));
    }
    if held.is_empty() { Err(Refusal::PlanIncomplete.into()) } else { Ok(()) }
}

fn series(tx: &Tx, wish: &Wish, dates: &Dates) -> Series {
    Series {
        id: SeriesId(tx.new_id()),
        kind: wish.first.kind,
        recurrence: Some(wish.recurrence.clone()),
        first: dates.first,
        wall: dates.wall,
        length: wish.first.length,
        on_closed: wish.on_closed,
        place: wish.first.place,
        school: wish.first.school,
        cluster: wish.cluster,
        follows: None,
        booked_by: schakel_domain::ids::PersonId(tx.grant().actor().unwrap_or_default()),
        created: tx.now(),
        updated: tx.now(),
        version: 1,
    }
}

fn meetings(
    tx: &Tx,
    wish: &Wish,
    (dates, circle): (&Dates, Option<&Circle>),
    series: SeriesId,
) -> Result<Vec<Meeting>> {
    let free = dates.all.iter().filter(|date| !date.taken);
    free.filter_map(|date| date.time.map(|time| (date, time)))
        .map(|(date, time)| {
            let own = book::Wish { start: time.start(), ..wish.first.clone() };
            let original = dates.wall.on(date.occurrence.original);
            let member = Some(Member { series, original, apart: false });
            Ok(Meeting { member, ..book::planned(tx, &own, circle)? })
        })
        .collect()
}

/// Every date with what became of it, and for taken ones when else.
async fn answer(
    read: &Read,
    wish: &Wish,
    dates: &Dates,
    booked: &[Meeting],
) -> Result<pb::BookSeriesResponse> {
    let persons: Vec<_> = wish.first.guests.iter().map(|guest| (guest.person, guest.role)).collect();
    let length = wish.first.length;
    let at = free::At { persons: &persons, length, site: dates.site, closed: &dates.closed };
    let clashes: Vec<_> = dates
        .all
        .iter()
        .filter(|date| date.taken)
        .filter_map(|date| date.time)
        .map(schakel_domain::time::Period::start)
        .collect();
    let mut offered = free::times(read, &at, &clashes).await?.into_iter();
    let occurrences = dates.all.iter().map(|date| {
        let offered = if date.taken { offered.next().unwrap_or_default() } else { Vec::new() };
        let original = dates.wall.on(date.occurrence.original);
        let is_it = |meeting: &&Meeting| meeting.member.is_some_and(|part| part.original == original);
        wire::date_to_wire(date, booked.iter().find(is_it), &offered)
    });
    Ok(pb::BookSeriesResponse {
        series: None,
        occurrences: occurrences.collect(),
        warnings: dates.unknown.iter().map(|year| super::words::unknown_year(*year)).collect(),
    })
}
