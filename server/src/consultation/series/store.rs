//! Series in the database.

use chrono::{DateTime, NaiveDate, TimeDelta, Utc};
use schakel_domain::{
    consultation::{
        Kind, Place,
        series::{OnClosed, Recurrence, Wall},
    },
    ids::{ClusterId, PersonId, SchoolId, SeriesId},
    time::{DayTime, zone},
};
use sea_orm::{
    ActiveModelTrait, ColumnTrait, Condition, EntityTrait, IntoActiveModel, QueryFilter, QueryOrder,
    QuerySelect,
    sea_query::{Query, SelectStatement},
};
use uuid::Uuid;

use crate::{
    consultation::store as meetings,
    entity::{
        consultation,
        series::{ActiveModel, Column, Entity, Model},
    },
    error::{Error, Result},
    store::{
        Read, Tx,
        instant::{from_column, to_column},
    },
    wire::page::Page,
};

/// SQLite takes 32,766 values in a statement.
const ROWS: usize = 1_500;

/// How some meetings repeat.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::consultation) struct Series {
    /// Which.
    pub id: SeriesId,
    /// What the meetings are.
    pub kind: Kind,
    /// The rule; none for dates that a year plan chose.
    pub recurrence: Option<Recurrence>,
    /// The first date of the rule.
    pub first: NaiveDate,
    /// When on a day.
    pub wall: Wall,
    /// How long each lasts.
    pub length: TimeDelta,
    /// What holidays do.
    pub on_closed: OnClosed,
    /// Where.
    pub place: Place,
    /// At or for which school.
    pub school: Option<SchoolId>,
    /// For which cluster.
    pub cluster: Option<ClusterId>,
    /// The series before it.
    pub follows: Option<SeriesId>,
    /// Who booked it.
    pub booked_by: PersonId,
    /// When.
    pub created: DateTime<Utc>,
    /// When it last changed.
    pub updated: DateTime<Utc>,
    /// The etag.
    pub version: i32,
}

/// Keeps new series.
pub(in crate::consultation) async fn insert(tx: &Tx, all: &[Series]) -> Result<()> {
    for some in all.chunks(ROWS) {
        let rows = some.iter().map(|series| ActiveModel::from(row(tx, series)));
        Entity::insert_many(rows).exec_without_returning(&tx.db()).await?;
    }
    Ok(())
}

/// One series, whoever asks: the caller of this owes the policy.
///
/// # Errors
/// `SERIES_NOT_FOUND`.
pub(super) async fn get(read: &Read, id: SeriesId) -> Result<Series> {
    let row = Entity::find_by_id((read.region(), id.0)).one(&read.db()).await?;
    series(&row.ok_or(Error::NotFound("SERIES"))?)
}

/// One series, held until the end of the transaction.
///
/// # Errors
/// `SERIES_NOT_FOUND`.
pub(super) async fn hold(tx: &Tx, id: SeriesId) -> Result<Series> {
    let row = Entity::find_by_id((tx.region(), id.0)).lock_exclusive().one(&tx.db()).await?;
    series(&row.ok_or(Error::NotFound("SERIES"))?)
}

/// Writes a held series back; raises its version.
pub(super) async fn update(tx: &Tx, series: &mut Series) -> Result<()> {
    series.version += 1;
    series.updated = tx.now();
    Entity::update(row(tx, series).into_active_model().reset_all()).exec(&tx.db()).await?;
    Ok(())
}

/// Those with a meeting that the grant reaches, by id; one more than the page holds when there are more.
pub(super) async fn list(read: &Read, school: Option<SchoolId>, page: &Page<Uuid>) -> Result<Vec<Series>> {
    let mut query = Entity::find()
        .filter(Column::RegionId.eq(read.region()))
        .filter(Column::Id.in_subquery(with_a_reached_meeting(read)));
    if let Some(school) = school {
        query = query.filter(Column::SchoolId.eq(school.0));
    }
    if let Some(after) = page.after {
        query = query.filter(Column::Id.gt(after));
    }
    let rows = query.order_by_asc(Column::Id).limit(page.size + 1).all(&read.db()).await?;
    rows.iter().map(series).collect()
}

fn with_a_reached_meeting(read: &Read) -> SelectStatement {
    let part = Condition::all()
        .add(consultation::Column::RegionId.eq(read.region()))
        .add(consultation::Column::SeriesId.is_not_null())
        .add(meetings::reached(read));
    Query::select()
        .column(consultation::Column::SeriesId)
        .from(consultation::Entity)
        .cond_where(part)
        .to_owned()
}

fn row(tx: &Tx, series: &Series) -> Model {
    Model {
        region_id: tx.region(),
        id: series.id.0,
        kind: series.kind.to_string(),
        recurrence: series.recurrence.as_ref().map(ToString::to_string).unwrap_or_default(),
        first_date: series.first,
        start_minute: series.wall.time.minutes().into(),
        length_minutes: i32::try_from(series.length.num_minutes()).unwrap_or(i32::MAX),
        time_zone: series.wall.zone.name().to_owned(),
        on_closed: series.on_closed.to_string(),
        place: series.place.to_string(),
        school_id: series.school.map(|school| school.0),
        cluster_id: series.cluster.map(|cluster| cluster.0),
        follows: series.follows.map(|before| before.0),
        booked_by: series.booked_by.0,
        created_at: to_column(series.created),
        updated_at: to_column(series.updated),
        version: series.version,
    }
}

fn series(row: &Model) -> Result<Series> {
    let corrupt = |column| Error::Corrupt { table: "series", column };
    let recurrence = match row.recurrence.as_str() {
        "" => None,
        text => Some(text.parse().map_err(|_| corrupt("recurrence"))?),
    };
    let minute = u16::try_from(row.start_minute).ok().and_then(|minute| DayTime::new(minute).ok());
    let wall = Wall {
        time: minute.ok_or(corrupt("start_minute"))?,
        zone: zone(&row.time_zone).map_err(|_| corrupt("time_zone"))?,
    };
    Ok(Series {
        id: SeriesId(row.id),
        kind: row.kind.parse().map_err(|_| corrupt("kind"))?,
        recurrence,
        first: row.first_date,
        wall,
        length: TimeDelta::minutes(row.length_minutes.into()),
        on_closed: row.on_closed.parse().map_err(|_| corrupt("on_closed"))?,
        place: row.place.parse().map_err(|_| corrupt("place"))?,
        school: row.school_id.map(SchoolId),
        cluster: row.cluster_id.map(ClusterId),
        follows: row.follows.map(SeriesId),
        booked_by: PersonId(row.booked_by),
        created: from_column(row.created_at)?,
        updated: from_column(row.updated_at)?,
        version: row.version,
    })
}
