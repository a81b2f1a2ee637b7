//! Offers freed time to those who wait, one after the other in their order.

use chrono::{DateTime, DurationRound, TimeDelta, Utc};
use schakel_domain::{
    access::{CaseState, Role},
    availability::{CalendarId, Site},
    consultation::waiting::{Event, OFFER, REST, State, in_turn},
    ids::{PersonId, RegionId, WaitingEntryId},
    time::Period,
};

use super::{Entry, Offer, audit, store};
use crate::{
    access::{Grant, Worker, authenticate::today, circle},
    app::App,
    availability::{
        busy::Booking,
        freed,
        hold::{self, For},
        seek::{Time, Wanted, seek},
        site,
    },
    consultation::kind,
    error::{Error, Result},
    store::{
        Tx,
        audit::Deed,
        outbox::{Ended, Kind, Work},
    },
};

/// Causes that are taken up together: one look at the list serves them all.
const MOST: u32 = 100;
/// How far ahead a time is sought.
const AHEAD: TimeDelta = TimeDelta::weeks(4);
/// How often somebody else may be faster.
const TRIES: usize = 3;
/// An offer is answered before the notice of its kind begins, and an hour before it at least.
const TO_ANSWER: TimeDelta = TimeDelta::hours(1);

/// One look at the list when time may be free; says how many causes it served.
pub async fn work(app: &App, region: RegionId) -> Result<usize> {
    let grant = Grant::worker(Worker::Planner, region);
    if !app.read(grant.clone()).is_due(Kind::TimeFreed).await? {
        return Ok(0);
    }
    let leased = app.write(&grant, None, |tx| async move { tx.lease(Kind::TimeFreed, MOST).await }).await?;
    let read = app.read(grant.clone());
    for entry in store::in_state(&read, State::Offered).await? {
        let id = entry.id;
        if entry.offer.is_some_and(|offer| offer.expires <= read.now()) {
            app.write(&grant, None, |tx| async move { expire(&tx, id).await }).await?;
        }
    }
    let waiting = store::in_state(&read, State::Waiting).await?.iter().map(Entry::waiter).collect();
    // Each in a transaction of its own: nobody else's booking waits for the whole list.
    for waiter in in_turn(waiting, read.now()) {
        let id = WaitingEntryId(waiter.id);
        for _ in 0..TRIES {
            match app.write(&grant, None, |tx| async move { offer(&tx, id).await }).await {
                // Somebody booked that time meanwhile.
                Err(Error::Refused(..)) => {}
                Ok(()) | Err(Error::NotFound(_)) => break,
                Err(error) => return Err(error),
            }
        }
    }
    let rows = &leased;
    app.write(&grant, None, |tx| async move {
        tomorrow(&tx).await?;
        for row in rows {
            tx.end(row, &Ended::Done).await?;
        }
        Ok(())
    })
    .await?;
    Ok(leased.len())
}

/// OFFERED → WAITING once the offer ran out; the next in order has its chance first.
async fn expire(tx: &Tx, id: WaitingEntryId) -> Result<()> {
    let mut entry = store::hold(tx, id).await?;
    if entry.state != State::Offered || entry.offer.is_none_or(|offer| offer.expires > tx.now()) {
        return Ok(());
    }
    entry.after(Event::Expire)?;
    entry.give_back(tx).await?;
    entry.rests_until = Some(tx.now() + REST);
    store::update(tx, &mut entry).await?;
    look_again(tx, &entry, tx.now() + REST).await?;
    audit(tx, &entry, Deed::U).await
}

/// WAITING → OFFERED when there is a time for it.
async fn offer(tx: &Tx, id: WaitingEntryId) -> Result<()> {
    let mut entry = store::hold(tx, id).await?;
    if entry.state != State::Waiting || rests(tx, &entry).await? {
        return Ok(());
    }
    let rules = kind::rules(tx, entry.kind, today(tx.now())).await?;
    let notice = TimeDelta::hours(rules.notice_hours.into()) + TO_ANSWER;
    let from = tx.now() + notice + TO_ANSWER;
    let wanted = Wanted {
        school: entry.school,
        case: entry.case,
        place: entry.place,
        seats: entry.seats.iter().map(|seat| (seat.who(), seat.optional)).collect(),
        minutes: entry.minutes,
        window: Period::new(from, from + AHEAD)?,
    };
    let Some(Time { start, chosen }) = seek(tx, &wanted).await? else { return Ok(()) };
    for (seat, chosen) in entry.seats.iter_mut().zip(&chosen) {
        seat.offered = chosen.map(|(person, _)| person);
    }
    let hold = tx.new_id();
    let time = Period::new(start, start + TimeDelta::minutes(entry.minutes.into()))?;
    let expires = (tx.now() + OFFER).min(start - notice);
    let site = site::of(tx, (entry.place, entry.school), &[], today(start)).await?;
    let of = |(person, role, _): (PersonId, Role, bool)| {
        (CalendarId::from(person), if role.is_private() { Site::Remote } else { site })
    };
    let booking =
        Booking { id: hold, time, seats: entry.offered().map(of).collect(), expires: Some(expires) };
    let wanted = For { owner: entry.requested_by, place: entry.place, school: entry.school };
    hold::keep(tx, &booking, wanted).await?;
    entry.after(Event::Offer)?;
    entry.offer = Some(Offer { hold, start, expires });
    entry.rests_until = None;
    store::update(tx, &mut entry).await?;
    look_again(tx, &entry, expires).await?;
    let told = Work {
        kind: Kind::OfferMade,
        dedupe: hold.to_string(),
        subject: entry.id.0,
        due: tx.now(),
        note: None,
        mail: None,
    };
    tx.enqueue(told).await?;
    audit(tx, &entry, Deed::U).await
}

/// Whether the entry is about a case with which nothing is done now.
async fn rests(tx: &Tx, entry: &Entry) -> Result<bool> {
    let Some(case) = entry.case else { return Ok(false) };
    let standings = circle::standings(tx, &[case.0]).await?;
    Ok(standings.first().is_none_or(|standing| standing.state() != CaseState::Open))
}

/// Has the list looked through again at `due`.
async fn look_again(tx: &Tx, entry: &Entry, due: DateTime<Utc>) -> Result<()> {
    freed::tell_at(tx, entry.id.0, format!("{}/{}", entry.id.0, entry.version), due).await
}

/// Has the list looked through again tomorrow while anybody waits: each day brings a new day
/// within reach, without anybody changing anything.
async fn tomorrow(tx: &Tx) -> Result<()> {
    let Some(first) = store::in_state(tx, State::Waiting).await?.into_iter().next() else { return Ok(()) };
    let due = (tx.now() + TimeDelta::days(1)).duration_trunc(TimeDelta::days(1)).unwrap_or(tx.now());
    freed::tell_at(tx, first.id.0, format!("day/{}", due.date_naive()), due).await
}
