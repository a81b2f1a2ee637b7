//! The compact form of calendars in the database: a few bytes a meeting, thirteen weeks a row.

use std::{
    collections::{BTreeMap, BTreeSet},
    ops::RangeInclusive,
    sync::Arc,
};

use chrono::{DateTime, TimeDelta, Utc};
use schakel_domain::{
    availability::{CalendarId, Site, Span, spans},
    ids::OrganisationId,
    time::Period,
};
use sea_orm::{
    ActiveValue::{NotSet, Set},
    ColumnTrait, Condition, EntityTrait, QueryFilter,
    sea_query::OnConflict,
};
use uuid::Uuid;

use crate::{
    entity::{busy, busy_span},
    error::{Error, Result},
    store::{
        Read, Tx,
        instant::{from_column, to_column},
    },
};

/// Microseconds of a chunk: 91 days. The step of the schema that made the table knows it too.
const CHUNK: i64 = 91 * 24 * 60 * 60 * 1_000_000;
/// How far before it a meeting that touches a period can begin: eight hours, and what it keeps
/// free before the next one.
const REACH: TimeDelta = TimeDelta::hours(24);
/// SQLite takes 32,766 values in a statement.
const ROWS: usize = 5_000;

/// A stretch of 91 days, counted from 1970.
pub(super) type Chunk = i32;

/// The chunk in which a span with this start stands.
pub(super) fn chunk(start: DateTime<Utc>) -> Chunk {
    Chunk::try_from(to_column(start).div_euclid(CHUNK)).unwrap_or(Chunk::MAX)
}

/// The chunks in which everything stands that touches `period` or is its neighbour.
pub(super) fn chunks(period: Period) -> RangeInclusive<Chunk> {
    chunk(period.start() - REACH)..=chunk(period.end() + REACH)
}

/// What a calendar is taken for in one chunk, by start.
pub(super) struct Form {
    pub(super) calendar: CalendarId,
    pub(super) chunk: Chunk,
    /// None of a form that is yet to be made.
    pub(super) version: Option<Uuid>,
    pub(super) spans: Arc<[Span]>,
}

impl Form {
    /// Whose and when.
    pub(super) fn key(&self) -> (CalendarId, Chunk) {
        (self.calendar, self.chunk)
    }
}

/// What `calendars` are taken for in `wanted` chunks, by start; in one statement, and a second
/// for those whose form is yet to be made.
pub(super) async fn load(
    read: &Read,
    calendars: &BTreeSet<CalendarId>,
    wanted: &BTreeSet<Chunk>,
) -> Result<BTreeMap<CalendarId, Vec<Span>>> {
    let mut found: BTreeMap<CalendarId, Vec<Span>> = BTreeMap::new();
    for form in forms(read, calendars, wanted).await? {
        found.entry(form.calendar).or_default().extend(form.spans.iter());
    }
    for spans in found.values_mut() {
        spans.sort_unstable_by_key(|span| span.time);
    }
    Ok(found)
}

/// The same, each chunk apart.
pub(super) async fn forms(
    read: &Read,
    calendars: &BTreeSet<CalendarId>,
    wanted: &BTreeSet<Chunk>,
) -> Result<Vec<Form>> {
    if calendars.is_empty() || wanted.is_empty() {
        return Ok(Vec::new());
    }
    let rows = busy_span::Entity::find()
        .filter(busy_span::Column::CalendarId.is_in(calendars.iter().map(|calendar| calendar.0)))
        .filter(busy_span::Column::Chunk.is_in(wanted.iter().copied()))
        .all(&read.db())
        .await?;
    let (mut forms, mut unmade) = (Vec::with_capacity(rows.len()), Vec::new());
    for row in rows {
        let (calendar, chunk) = (CalendarId(row.calendar_id), row.chunk);
        if row.spans.is_empty() {
            unmade.push((calendar, chunk));
            continue;
        }
        let spans = spans::decode(&row.spans);
        let spans = spans.ok_or(Error::Corrupt { table: "busy_span", column: "spans" })?;
        forms.push(Form { calendar, chunk, version: Some(row.version), spans: Arc::from(spans) });
    }
    if !unmade.is_empty() {
        let mut made: BTreeMap<(CalendarId, Chunk), Vec<Span>> = BTreeMap::new();
        for (calendar, span) in of_rows(read, &unmade).await? {
            made.entry((calendar, chunk(span.time.start()))).or_default().push(span);
        }
        forms.extend(made.into_iter().map(|((calendar, chunk), mut spans)| {
            spans.sort_unstable_by_key(|span| span.time);
            Form { calendar, chunk, version: None, spans: Arc::from(spans) }
        }));
    }
    Ok(forms)
}

/// The same from the rows themselves.
async fn of_rows(read: &Read, wanted: &[(CalendarId, Chunk)]) -> Result<Vec<(CalendarId, Span)>> {
    let mut any = Condition::any();
    for (calendar, chunk) in wanted {
        let start = i64::from(*chunk) * CHUNK;
        let one = Condition::all()
            .add(busy::Column::CalendarId.eq(calendar.0))
            .add(busy::Column::StartsAt.gte(start))
            .add(busy::Column::StartsAt.lt(start + CHUNK));
        any = any.add(one);
    }
    let rows = busy::Entity::find().filter(any).all(&read.db()).await?;
    rows.into_iter().map(|row| Ok((CalendarId(row.calendar_id), span(&row)?))).collect()
}

/// A row as the rules know it.
pub(super) fn span(row: &busy::Model) -> Result<Span> {
    let corrupt = |_| Error::Corrupt { table: "busy", column: "ends_at" };
    Ok(Span {
        booking: row.booking_id,
        time: Period::new(from_column(row.starts_at)?, from_column(row.ends_at)?).map_err(corrupt)?,
        lead: TimeDelta::microseconds(row.lead),
        site: match row.place_id {
            Some(place) => Site::At(OrganisationId(place)),
            None if row.remote => Site::Remote,
            None => Site::Unknown,
        },
        expires: row.expires_at.map(from_column).transpose()?,
    })
}

/// A span as a row.
pub(super) fn row(region: Uuid, calendar: CalendarId, span: &Span) -> busy::ActiveModel {
    let place = match span.site {
        Site::At(place) => Some(place.0),
        Site::Remote | Site::Unknown => None,
    };
    busy::ActiveModel {
        calendar_id: Set(calendar.0),
        booking_id: Set(span.booking),
        region_id: Set(region),
        starts_at: Set(to_column(span.time.start())),
        ends_at: Set(to_column(span.time.end())),
        lead: Set(lead(span)),
        remote: Set(span.site == Site::Remote),
        place_id: Set(place),
        expires_at: Set(span.expires.map(to_column)),
    }
}

/// A lead as a column: at most four hours, so always a number of microseconds.
pub(super) fn lead(span: &Span) -> i64 {
    span.lead.num_microseconds().unwrap_or_default()
}

/// Writes the forms of chunks anew; a chunk without spans leaves nothing behind.
pub(super) async fn keep(tx: &Tx, forms: &[(CalendarId, Chunk, Vec<Span>)]) -> Result<()> {
    let (gone, kept): (Vec<_>, Vec<_>) = forms.iter().partition(|(.., spans)| spans.is_empty());
    for gone in gone.chunks(ROWS) {
        let mut any = Condition::any();
        for chunk in gone.iter().map(|(_, chunk, _)| *chunk).collect::<BTreeSet<Chunk>>() {
            let calendars = gone.iter().filter(|(_, own, _)| *own == chunk).map(|(calendar, ..)| calendar.0);
            let one = Condition::all().add(busy_span::Column::Chunk.eq(chunk));
            any = any.add(one.add(busy_span::Column::CalendarId.is_in(calendars)));
        }
        busy_span::Entity::delete_many().filter(any).exec(&tx.db()).await?;
    }
    for kept in kept.chunks(ROWS) {
        let rows = kept.iter().map(|(calendar, chunk, spans)| busy_span::ActiveModel {
            calendar_id: Set(calendar.0),
            chunk: Set(*chunk),
            version: NotSet,
            spans: Set(spans::encode(spans)),
        });
        let again = OnConflict::columns([busy_span::Column::CalendarId, busy_span::Column::Chunk])
            .update_column(busy_span::Column::Spans)
            .to_owned();
        busy_span::Entity::insert_many(rows).on_conflict(again).exec_without_returning(&tx.db()).await?;
    }
    Ok(())
}
