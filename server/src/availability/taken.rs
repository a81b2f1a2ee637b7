//! What people are taken for, here and in calendars that they keep elsewhere: in one statement, as
//! long as nobody's calendar here has changed since it was last read.

use std::{
    collections::{BTreeMap, BTreeSet, HashMap},
    sync::Arc,
};

use schakel_domain::{
    availability::{CalendarId, Span},
    ids::PersonId,
    time::Period,
};
use sea_orm::{
    ColumnTrait, Condition, ConnectionTrait,
    sea_query::{Expr, Query, SelectStatement, UnionType},
};
use uuid::Uuid;

use super::{
    busy, outside,
    spans::{self, Chunk},
};
use crate::{
    entity::{busy_span, outside_calendar},
    error::Result,
    store::{Read, memory::Versions},
};

/// What calendars of professionals were taken for when they were last read.
pub type Remembered = Versions<(CalendarId, Chunk), Span>;

/// What people are taken for.
pub(super) struct Taken {
    /// Here, in every region, by start; what has expired is not told.
    pub(super) here: HashMap<PersonId, Vec<Span>>,
    /// Elsewhere, during the window.
    pub(super) elsewhere: Vec<(PersonId, Period)>,
}

/// What `persons` are taken for during a window and, here, also `around` it. Of who `is_private`
/// nothing is remembered, and neither is anything that a transaction sees.
pub(super) async fn of(
    read: &Read,
    persons: &[PersonId],
    (window, around): (Period, Period),
    is_private: impl Fn(PersonId) -> bool,
) -> Result<Taken> {
    if read.is_in_transaction() {
        let here = busy::of(read, persons, around).await?;
        return Ok(Taken { here, elsewhere: outside::of(read, persons, window).await? });
    }
    let (versions, elsewhere) = asked(read, persons, (window, around)).await?;
    let memory = &read.app().remembered.taken;
    let (known, missing) = memory.of(versions);
    let mut forms: BTreeMap<(CalendarId, Chunk), Arc<[Span]>> = known.into_iter().collect();
    if !missing.is_empty() {
        let (calendars, chunks): (BTreeSet<CalendarId>, BTreeSet<Chunk>) = missing.into_iter().unzip();
        // As they are by now, and so no older than their versions were.
        let found = spans::forms(read, &calendars, &chunks).await?;
        let own = found.iter().filter(|form| !is_private(PersonId(form.calendar.0)));
        memory.keep(own.filter_map(|form| Some((form.key(), form.version?, Arc::clone(&form.spans)))));
        forms.extend(found.into_iter().map(|form| (form.key(), form.spans)));
    }
    let mut here: HashMap<PersonId, Vec<Span>> = HashMap::with_capacity(persons.len());
    for ((calendar, _), spans) in forms {
        let counting = spans.iter().filter(|span| span.counts(read.now()));
        here.entry(PersonId(calendar.0)).or_default().extend(counting);
    }
    Ok(Taken { here, elsewhere })
}

/// A form of a calendar, by its version.
type Version = ((CalendarId, Chunk), Uuid);

/// The versions of the forms that matter, and busy time elsewhere.
async fn asked(
    read: &Read,
    persons: &[PersonId],
    (window, around): (Period, Period),
) -> Result<(Vec<Version>, Vec<(PersonId, Period)>)> {
    let (mut versions, mut elsewhere) = (Vec::new(), Vec::new());
    for row in read.db().query_all(&statement(persons, around)).await? {
        let who: Uuid = row.try_get_by_index(0)?;
        if let Some(octets) = row.try_get_by_index::<Option<Vec<u8>>>(3)? {
            elsewhere.extend(outside::stretches(&octets, window).map(|time| (PersonId(who), time)));
        } else {
            let (chunk, version) = (row.try_get_by_index(1)?, row.try_get_by_index(2)?);
            versions.push(((CalendarId(who), chunk), version));
        }
    }
    elsewhere.sort_unstable_by_key(|(person, time)| (*person, *time));
    Ok((versions, elsewhere))
}

/// Whose it is; chunk and version, or the busy time elsewhere.
fn statement(persons: &[PersonId], around: Period) -> SelectStatement {
    let null = || Expr::cust("NULL");
    let ids = || persons.iter().map(|person| person.0);
    let own = Condition::all()
        .add(busy_span::Column::CalendarId.is_in(ids()))
        .add(busy_span::Column::Chunk.is_in(spans::chunks(around)));
    let versions = Query::select()
        .columns([busy_span::Column::CalendarId, busy_span::Column::Chunk, busy_span::Column::Version])
        .expr(null())
        .from(busy_span::Entity)
        .cond_where(own)
        .take();
    Query::select()
        .column(outside_calendar::Column::PersonId)
        .expr(null())
        .expr(null())
        .column(outside_calendar::Column::Busy)
        .from(outside_calendar::Entity)
        .and_where(outside_calendar::Column::PersonId.is_in(ids()))
        .union(UnionType::All, versions)
        .take()
}
