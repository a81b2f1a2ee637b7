//! The ways that a region tells: read as a whole, changed in part.

use std::collections::BTreeSet;

use schakel_domain::{
    access::{Class, Classes},
    availability::travel::{LONGEST_WAY, USUAL_WAY},
    ids::OrganisationId,
    refusal::Refusal,
};
use schakel_proto::v1::{
    self as pb,
    travel::{Point, Way},
};
use sea_orm::{
    ActiveValue::Set, ColumnTrait, Condition, EntityTrait, QueryFilter, QueryOrder, sea_query::OnConflict,
};
use uuid::Uuid;

use crate::{
    access::organisation,
    entity::{place_point, travel, travel_usual},
    error::{Error, Result},
    store::{
        Read, Tx,
        audit::{Deed, Line},
    },
    wire::fields::Fields,
};

/// The most points or ways in one change.
const MOST: usize = 1_000;
const MILLION: f64 = 1_000_000.0;

/// What is to change.
#[derive(Debug, Clone)]
pub(super) struct Wish {
    etag: i32,
    usual: Option<i32>,
    /// Where an organisation is, in millionths of a degree; nothing removes it.
    points: Vec<(OrganisationId, Option<(i32, i32)>)>,
    /// Minutes from one to another; nothing removes them.
    ways: Vec<((OrganisationId, OrganisationId), Option<i32>)>,
}

impl Wish {
    pub(super) fn read(fields: &mut Fields, wire: Option<&pb::Travel>) -> Option<Self> {
        let Some(wire) = wire else {
            fields.refuse("travel", Refusal::FieldRequired);
            return None;
        };
        let etag = fields.etag("travel.etag", &wire.etag);
        for (field, count) in [("travel.points", wire.points.len()), ("travel.ways", wire.ways.len())] {
            if count > MOST {
                fields.refuse(field, Refusal::FieldInvalid);
                return None;
            }
        }
        let usual =
            minutes(fields, "travel.usual_minutes", wire.usual_minutes).filter(|minutes| *minutes > 0);
        let points = wire.points.iter().enumerate().map(|(at, wire)| point(fields, at, wire));
        let points = points.collect::<Vec<_>>().into_iter().collect::<Option<_>>();
        let ways = wire.ways.iter().enumerate().map(|(at, wire)| way(fields, at, wire));
        let ways = ways.collect::<Vec<_>>().into_iter().collect::<Option<_>>();
        Some(Self { etag: etag?, usual, points: points?, ways: ways? })
    }
}

fn minutes(fields: &mut Fields, field: &str, minutes: i32) -> Option<i32> {
    if (0..=i32::from(LONGEST_WAY)).contains(&minutes) {
        return Some(minutes);
    }
    fields.refuse(field, Refusal::FieldInvalid);
    None
}

type At<T> = (OrganisationId, Option<T>);

fn point(fields: &mut Fields, at: usize, wire: &Point) -> Option<At<(i32, i32)>> {
    let organisation = fields.parse(format!("travel.points[{at}].organisation"), &wire.organisation);
    let point = match (wire.latitude, wire.longitude) {
        (None, None) => None,
        (Some(latitude), Some(longitude))
            if (-90.0..=90.0).contains(&latitude) && (-180.0..=180.0).contains(&longitude) =>
        {
            Some((micro(latitude), micro(longitude)))
        }
        (Some(_), _) | (_, Some(_)) => {
            fields.refuse(format!("travel.points[{at}].latitude"), Refusal::FieldInvalid);
            return None;
        }
    };
    Some((organisation?, point))
}

/// Millionths of a degree.
#[expect(clippy::cast_possible_truncation, reason = "at most 180 millions")]
fn micro(degrees: f64) -> i32 {
    (degrees * MILLION).round() as i32
}

type Ways = ((OrganisationId, OrganisationId), Option<i32>);

fn way(fields: &mut Fields, at: usize, wire: &Way) -> Option<Ways> {
    let from = fields.parse(format!("travel.ways[{at}].from"), &wire.from);
    let to = fields.parse(format!("travel.ways[{at}].to"), &wire.to);
    let minutes = match wire.minutes {
        Some(given) => Some(minutes(fields, &format!("travel.ways[{at}].minutes"), given)?),
        None => None,
    };
    Some((from.zip(to)?, minutes))
}

/// All that is known, in three statements.
pub(super) async fn get(read: &Read) -> Result<pb::Travel> {
    let usual = travel_usual::Entity::find_by_id(read.region()).one(&read.db()).await?;
    let points = place_point::Entity::find()
        .filter(place_point::Column::RegionId.eq(read.region()))
        .order_by_asc(place_point::Column::OrganisationId)
        .all(&read.db())
        .await?;
    let ways = travel::Entity::find()
        .filter(travel::Column::RegionId.eq(read.region()))
        .order_by_asc(travel::Column::FromId)
        .order_by_asc(travel::Column::ToId)
        .all(&read.db())
        .await?;
    let degrees = |micro: i32| Some(f64::from(micro) / MILLION);
    Ok(pb::Travel {
        points: points
            .into_iter()
            .map(|row| Point {
                organisation: OrganisationId(row.organisation_id).to_string(),
                latitude: degrees(row.latitude),
                longitude: degrees(row.longitude),
            })
            .collect(),
        ways: ways
            .into_iter()
            .map(|row| Way {
                from: OrganisationId(row.from_id).to_string(),
                to: OrganisationId(row.to_id).to_string(),
                minutes: Some(row.minutes),
            })
            .collect(),
        usual_minutes: usual.as_ref().map_or(i32::from(USUAL_WAY), |row| row.minutes),
        etag: usual.map_or(1, |row| row.version).to_string(),
    })
}

/// Changes what is known.
///
/// # Errors
/// `ORGANISATION_NOT_FOUND`, [`Error::Stale`].
pub(super) async fn set(tx: &Tx, wish: &Wish) -> Result<pb::Travel> {
    let ends = wish.ways.iter().flat_map(|((from, to), _)| [*from, *to]);
    let named: BTreeSet<OrganisationId> = wish.points.iter().map(|(own, _)| *own).chain(ends).collect();
    let known = organisation::names(tx, &named.iter().copied().collect::<Vec<_>>()).await?;
    if known.len() < named.len() {
        return Err(Error::NotFound("ORGANISATION"));
    }
    raise(tx, wish).await?;
    points(tx, &wish.points).await?;
    ways(tx, &wish.ways).await?;
    let classes = Classes::of(&[Class::K0]);
    tx.audit(Line { deed: Deed::U, object: "travel", id: None, subject: None, classes }).await?;
    get(tx).await
}

/// Raises the version from the one that was read: 1 before anything was said.
async fn raise(tx: &Tx, wish: &Wish) -> Result<()> {
    let row = travel_usual::Entity::find_by_id(tx.region()).one(&tx.db()).await?;
    let (minutes, version) = row.as_ref().map_or((i32::from(USUAL_WAY), 1), |row| (row.minutes, row.version));
    if version != wish.etag {
        return Err(Error::Stale);
    }
    let next = travel_usual::ActiveModel {
        region_id: Set(tx.region()),
        minutes: Set(wish.usual.unwrap_or(minutes)),
        version: Set(version + 1),
    };
    if row.is_none() {
        let done = travel_usual::Entity::insert(next).exec_without_returning(&tx.db()).await;
        return done.map(|_| ()).map_err(|error| {
            let error = Error::from(error);
            if error.is_duplicate() { Error::Stale } else { error }
        });
    }
    let done = travel_usual::Entity::update_many()
        .set(next)
        .filter(travel_usual::Column::RegionId.eq(tx.region()))
        .filter(travel_usual::Column::Version.eq(version))
        .exec(&tx.db())
        .await?;
    if done.rows_affected == 0 { Err(Error::Stale) } else { Ok(()) }
}

async fn points(tx: &Tx, points: &[At<(i32, i32)>]) -> Result<()> {
    if points.is_empty() {
        return Ok(());
    }
    place_point::Entity::delete_many()
        .filter(place_point::Column::RegionId.eq(tx.region()))
        .filter(place_point::Column::OrganisationId.is_in(points.iter().map(|(own, _)| own.0)))
        .exec(&tx.db())
        .await?;
    let rows: Vec<_> = points
        .iter()
        .filter_map(|(own, point)| {
            let (latitude, longitude) = (*point)?;
            Some(place_point::ActiveModel {
                region_id: Set(tx.region()),
                organisation_id: Set(own.0),
                latitude: Set(latitude),
                longitude: Set(longitude),
            })
        })
        .collect();
    if !rows.is_empty() {
        let again = OnConflict::columns([place_point::Column::RegionId, place_point::Column::OrganisationId])
            .update_columns([place_point::Column::Latitude, place_point::Column::Longitude])
            .to_owned();
        place_point::Entity::insert_many(rows).on_conflict(again).exec_without_returning(&tx.db()).await?;
    }
    Ok(())
}

async fn ways(tx: &Tx, ways: &[Ways]) -> Result<()> {
    for ways in ways.chunks(100) {
        let mut gone = Condition::any();
        for ((from, to), _) in ways {
            let one = Condition::all().add(travel::Column::FromId.eq(from.0));
            gone = gone.add(one.add(travel::Column::ToId.eq(to.0)));
        }
        travel::Entity::delete_many()
            .filter(travel::Column::RegionId.eq(tx.region()))
            .filter(gone)
            .exec(&tx.db())
            .await?;
        let rows: Vec<_> =
            ways.iter().filter_map(|(way, minutes)| row(tx.region(), *way, *minutes)).collect();
        if !rows.is_empty() {
            travel::Entity::insert_many(rows).exec_without_returning(&tx.db()).await?;
        }
    }
    Ok(())
}

fn row(
    region: Uuid,
    (from, to): (OrganisationId, OrganisationId),
    minutes: Option<i32>,
) -> Option<travel::ActiveModel> {
    Some(travel::ActiveModel {
        region_id: Set(region),
        from_id: Set(from.0),
        to_id: Set(to.0),
        minutes: Set(minutes?),
    })
}
