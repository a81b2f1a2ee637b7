//! When people and rooms are taken: calendars are opened, changed by the rules, and kept.
//!
//! Of every meeting or hold each calendar has one row, and the database refuses that two
//! overlap; the same stands in the compact form that searches read. Both are written here only.

use std::{
    collections::{BTreeMap, BTreeSet, HashMap},
    sync::Arc,
};

use chrono::{DateTime, TimeDelta, Utc};
use schakel_domain::{
    availability::{Agenda, CalendarId, Rule, Site, Span, Travel},
    ids::PersonId,
    refusal::Refusal,
    time::Period,
};
use sea_orm::{
    ColumnTrait, Condition, EntityTrait, QueryFilter,
    sea_query::{CaseStatement, Expr},
};
use uuid::Uuid;

use super::{
    hours::USUAL_ZONE,
    spans::{self, Chunk},
    travel,
};
use crate::{
    entity::busy::{Column, Entity},
    error::{Error, Result},
    store::{Read, Tx},
};

/// SQLite takes 32,766 values in a statement.
const ROWS: usize = 3_000;
/// How near to the times in question a neighbour can matter.
const NEAR: TimeDelta = TimeDelta::hours(24);

/// What a meeting or hold takes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Booking {
    /// The meeting or hold.
    pub id: Uuid,
    /// When.
    pub time: Period,
    /// Whose calendars, and where each of them is: [`Site::Remote`] for whoever is held to no
    /// travel.
    pub seats: Vec<(CalendarId, Site)>,
    /// When it ends by itself; a meeting does not.
    pub expires: Option<DateTime<Utc>>,
}

/// Makes `after` stand where `before` stood: books with no `before`, frees with no `after`,
/// moves with both. Nobody else changes these calendars until the transaction ends.
///
/// # Errors
/// `TIME_CONFLICT` when somebody is taken already, by whichever region, or cannot get there.
pub async fn change(tx: &Tx, before: Option<&Booking>, after: Option<&Booking>) -> Result<()> {
    let one = |booking: Option<&Booking>| booking.cloned().into_iter().collect::<Vec<_>>();
    exchange(tx, &one(before), &one(after)).await
}

/// Makes all of `after` stand where all of `before` stood.
///
/// # Errors
/// `TIME_CONFLICT`.
pub async fn exchange(tx: &Tx, before: &[Booking], after: &[Booking]) -> Result<()> {
    if before.is_empty() && after.is_empty() {
        return Ok(());
    }
    let mut calendars = Calendars::open(tx, before.iter().chain(after)).await?;
    for booking in before {
        calendars.release(booking.id);
    }
    for booking in after {
        calendars.take(booking)?;
    }
    calendars.keep(tx).await
}

/// What stands in the calendars of these meetings or holds.
pub async fn bookings(read: &Read, ids: &[Uuid]) -> Result<Vec<Booking>> {
    let mut taken: BTreeMap<Uuid, Booking> = BTreeMap::new();
    for ids in ids.chunks(ROWS) {
        let rows =
            Entity::find().filter(Column::BookingId.is_in(ids.iter().copied())).all(&read.db()).await?;
        for row in rows {
            let Span { booking: id, time, site, expires, .. } = spans::span(&row)?;
            let booking = taken.entry(id).or_insert_with(|| Booking { id, time, seats: Vec::new(), expires });
            booking.seats.push((CalendarId(row.calendar_id), site));
        }
    }
    Ok(taken.into_values().collect())
}

/// Frees everybody whom any of these meetings or holds had taken.
pub async fn forget(tx: &Tx, ids: &[Uuid]) -> Result<()> {
    exchange(tx, &bookings(tx, ids).await?, &[]).await
}

/// What `persons` are taken for during `window` and around it, in every region, by start;
/// what has expired is not told.
pub async fn of(read: &Read, persons: &[PersonId], window: Period) -> Result<HashMap<PersonId, Vec<Span>>> {
    let calendars = persons.iter().map(|person| CalendarId::from(*person)).collect();
    let found = counting(read, &calendars, window).await?;
    Ok(found.into_iter().map(|(calendar, spans)| (PersonId(calendar.0), spans)).collect())
}

/// The same of the calendars of people and rooms.
pub(super) async fn counting(
    read: &Read,
    calendars: &BTreeSet<CalendarId>,
    window: Period,
) -> Result<BTreeMap<CalendarId, Vec<Span>>> {
    let mut found = spans::load(read, calendars, &spans::chunks(window).collect()).await?;
    for spans in found.values_mut() {
        spans.retain(|span| span.counts(read.now()));
    }
    Ok(found)
}

/// Calendars that this transaction alone may change.
pub struct Calendars {
    region: Uuid,
    chunks: BTreeSet<Chunk>,
    travel: Arc<Travel>,
    /// As they were read, and as they are to be.
    open: BTreeMap<CalendarId, (Vec<Span>, Agenda)>,
}

impl Calendars {
    /// Opens the calendars of all `bookings`, around the times of all: those to be freed and
    /// those to be made. A transaction opens once, so that no two wait for each other.
    pub async fn open<'a>(tx: &Tx, bookings: impl Iterator<Item = &'a Booking> + Clone) -> Result<Self> {
        let ids: BTreeSet<CalendarId> =
            bookings.clone().flat_map(|booking| &booking.seats).map(|(calendar, _)| *calendar).collect();
        lock(tx, &ids).await?;
        let chunks: BTreeSet<Chunk> =
            bookings.clone().flat_map(|booking| spans::chunks(booking.time)).collect();
        let mut kept = spans::load(tx, &ids, &chunks).await?;
        let near: Vec<Period> = bookings
            .clone()
            .filter_map(|booking| Period::new(booking.time.start() - NEAR, booking.time.end() + NEAR).ok())
            .collect();
        let is_near = |span: &&Span| near.iter().any(|near| near.overlaps(span.time));
        let wanted = bookings.flat_map(|booking| &booking.seats).map(|(_, site)| *site);
        let there = kept.values().flatten().filter(is_near).map(|span| span.site);
        let travel = travel::between(tx, wanted.chain(there)).await?;
        let open = ids.into_iter().map(|id| {
            let spans = kept.remove(&id).unwrap_or_default();
            (id, (spans.clone(), Agenda::of(spans)))
        });
        let mut calendars = Self { region: tx.region(), chunks, travel, open: open.collect() };
        let expired = |span: &&Span| !span.counts(tx.now()) && is_near(span);
        let expired: BTreeSet<Uuid> = calendars
            .open
            .values()
            .flat_map(|(_, agenda)| agenda.spans().iter().filter(expired))
            .map(|span| span.booking)
            .collect();
        for booking in expired {
            calendars.release(booking);
        }
        Ok(calendars)
    }

    /// Takes all calendars of `booking`, or none.
    ///
    /// # Errors
    /// `TIME_CONFLICT`.
    pub fn take(&mut self, booking: &Booking) -> Result<()> {
        let rule = Rule { travel: &self.travel, buffer: TimeDelta::zero(), zone: USUAL_ZONE };
        let span = |site| Span { expires: booking.expires, ..Span::new(booking.id, booking.time, site) };
        for (calendar, site) in &booking.seats {
            let (_, agenda) = self.open.get(calendar).ok_or(NOT_OPEN)?;
            agenda.fits(&span(*site), &rule).map_err(Refusal::from)?;
        }
        for (calendar, site) in &booking.seats {
            let (_, agenda) = self.open.get_mut(calendar).ok_or(NOT_OPEN)?;
            agenda.take(span(*site), &rule).map_err(Refusal::from)?;
        }
        Ok(())
    }

    /// Frees everybody here whom `booking` had taken.
    pub fn release(&mut self, booking: Uuid) {
        let rule = Rule { travel: &self.travel, buffer: TimeDelta::zero(), zone: USUAL_ZONE };
        for (_, agenda) in self.open.values_mut() {
            agenda.release(booking, &rule);
        }
    }

    /// Writes what has changed: rows that go, rows that come to follow another, new rows, and
    /// the compact form of every chunk that one of them stands in. Five statements at most.
    pub async fn keep(self, tx: &Tx) -> Result<()> {
        let mut gone: BTreeMap<Uuid, Vec<Uuid>> = BTreeMap::new();
        let mut leads: Vec<(CalendarId, Span)> = Vec::new();
        let mut new = Vec::new();
        let mut forms = Vec::new();
        for (calendar, (was, agenda)) in &self.open {
            let mut touched: BTreeSet<Chunk> = BTreeSet::new();
            let before: HashMap<Uuid, &Span> = was.iter().map(|span| (span.booking, span)).collect();
            let after: HashMap<Uuid, &Span> =
                agenda.spans().iter().map(|span| (span.booking, span)).collect();
            for span in
                was.iter().filter(|span| after.get(&span.booking).is_none_or(|now| is_another(span, now)))
            {
                gone.entry(span.booking).or_default().push(calendar.0);
                touched.insert(spans::chunk(span.time.start()));
            }
            for span in agenda.spans() {
                match before.get(&span.booking) {
                    Some(was) if *was == span => continue,
                    Some(was) if !is_another(was, span) => leads.push((*calendar, *span)),
                    Some(_) | None => new.push(spans::row(self.region, *calendar, span)),
                }
                touched.insert(spans::chunk(span.time.start()));
            }
            if !touched.is_subset(&self.chunks) {
                return Err(NOT_OPEN);
            }
            forms.extend(touched.into_iter().map(|chunk| {
                let own = agenda.spans().iter().filter(|span| spans::chunk(span.time.start()) == chunk);
                (*calendar, chunk, own.copied().collect())
            }));
        }
        remove(tx, &gone).await?;
        lead(tx, &leads).await?;
        for rows in new.chunks(ROWS) {
            Entity::insert_many(rows.iter().cloned()).exec_without_returning(&tx.db()).await?;
        }
        spans::keep(tx, &forms).await
    }
}

/// A calendar or time was not opened: a fault of ours.
const NOT_OPEN: Error = Error::Corrupt { table: "busy", column: "calendar_id" };

/// Whether more of it changed than what must stay free before it.
fn is_another(one: &Span, other: &Span) -> bool {
    Span { lead: other.lead, ..*one } != *other
}

/// Deletes rows: calendars by booking.
async fn remove(tx: &Tx, gone: &BTreeMap<Uuid, Vec<Uuid>>) -> Result<()> {
    let gone: Vec<_> = gone.iter().collect();
    for gone in gone.chunks(100) {
        let mut any = Condition::any();
        for (booking, calendars) in gone {
            let one = Condition::all().add(Column::BookingId.eq(**booking));
            any = any.add(one.add(Column::CalendarId.is_in(calendars.iter().copied())));
        }
        Entity::delete_many().filter(any).exec(&tx.db()).await?;
    }
    Ok(())
}

/// Writes what must stay free before meetings that now follow another.
async fn lead(tx: &Tx, leads: &[(CalendarId, Span)]) -> Result<()> {
    for leads in leads.chunks(100) {
        let mut case = CaseStatement::new();
        let mut any = Condition::any();
        for (calendar, span) in leads {
            let this = || {
                let own = Condition::all().add(Column::CalendarId.eq(calendar.0));
                own.add(Column::BookingId.eq(span.booking))
            };
            case = case.case(this(), Expr::value(spans::lead(span)));
            any = any.add(this());
        }
        let case = case.finally(Expr::col(Column::Lead));
        Entity::update_many().col_expr(Column::Lead, case.into()).filter(any).exec(&tx.db()).await?;
    }
    Ok(())
}

/// Locks `calendars` until the transaction ends, always in the same order. A transaction that is to open several
/// of them one after the other locks all before it opens any.
pub async fn lock(tx: &Tx, calendars: &BTreeSet<CalendarId>) -> Result<()> {
    tx.alone(calendars.iter().map(|calendar| calendar.0.as_u64_pair().1.cast_signed()).collect()).await
}

/// What of the time of `persons` around `window` each may not give to a meeting at its site: by
/// booking, with the ways from and to it.
pub async fn around(
    read: &Read,
    persons: &[(PersonId, Site)],
    window: Period,
) -> Result<Vec<(PersonId, Period, Uuid)>> {
    let ids: Vec<PersonId> = persons.iter().map(|(person, _)| *person).collect();
    let taken = of(read, &ids, window).await?;
    let there = taken.values().flatten().map(|span| span.site);
    let travel = travel::between(read, there.chain(persons.iter().map(|(_, site)| *site))).await?;
    let rule = Rule { travel: &travel, buffer: TimeDelta::zero(), zone: USUAL_ZONE };
    let own = persons.iter().filter_map(|(person, site)| Some((*person, *site, taken.get(person)?)));
    Ok(own
        .flat_map(|(person, site, spans)| spans.iter().map(move |span| (person, span, site)))
        .map(|(person, span, site)| (person, rule.around(span, site), span.booking))
        .collect())
}
