//! The ways between places, as the region knows them.

use std::{
    collections::{BTreeSet, HashMap},
    sync::Arc,
};

use schakel_domain::{
    availability::{Point, Site, Travel, travel::USUAL_WAY},
    ids::OrganisationId,
};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter};
use uuid::Uuid;

use crate::{
    entity::{place_point, travel, travel_usual},
    error::{Error, Result},
    store::{Read, memory::Memory},
};

/// The ways between places, by region.
pub type Remembered = Memory<(Uuid, BTreeSet<Uuid>), Arc<Travel>>;

/// The ways between `sites`, in three statements at most; nothing but the usual has to be
/// known of a single place. A place in another region is
/// known by its point only.
pub async fn between(read: &Read, sites: impl IntoIterator<Item = Site>) -> Result<Arc<Travel>> {
    let places: BTreeSet<Uuid> = sites
        .into_iter()
        .filter_map(|site| match site {
            Site::At(place) => Some(place.0),
            Site::Remote | Site::Unknown => None,
        })
        .collect();
    let (key, count) = ((read.region(), places), read.register_count().await?);
    let memory = &read.app().remembered.ways;
    if let Some(known) = memory.one(count, &key) {
        return Ok(known);
    }
    let found = Arc::new(load(read, &key.1).await?);
    memory.keep(count, [(key, Arc::clone(&found))]);
    Ok(found)
}

/// Where the organisations of the region are, those of which it is said.
pub async fn points(read: &Read) -> Result<HashMap<OrganisationId, Point>> {
    let rows = place_point::Entity::find()
        .filter(place_point::Column::RegionId.eq(read.region()))
        .all(&read.db())
        .await?;
    Ok(rows.iter().map(point).collect())
}

fn point(row: &place_point::Model) -> (OrganisationId, Point) {
    (OrganisationId(row.organisation_id), Point { latitude: row.latitude, longitude: row.longitude })
}

async fn load(read: &Read, places: &BTreeSet<Uuid>) -> Result<Travel> {
    let usual = travel_usual::Entity::find_by_id(read.region()).one(&read.db()).await?;
    let usual = match usual {
        Some(row) => minutes(row.minutes)?,
        None => USUAL_WAY,
    };
    if places.len() < 2 {
        return Ok(Travel { usual, ..Travel::default() });
    }
    let said = travel::Entity::find()
        .filter(travel::Column::RegionId.eq(read.region()))
        .filter(travel::Column::FromId.is_in(places.iter().copied()))
        .filter(travel::Column::ToId.is_in(places.iter().copied()))
        .all(&read.db())
        .await?;
    let points = place_point::Entity::find()
        .filter(place_point::Column::OrganisationId.is_in(places.iter().copied()))
        .all(&read.db())
        .await?;
    let way = |row: travel::Model| {
        Ok(((OrganisationId(row.from_id), OrganisationId(row.to_id)), minutes(row.minutes)?))
    };
    Ok(Travel {
        said: said.into_iter().map(way).collect::<Result<HashMap<_, _>>>()?,
        points: points.iter().map(point).collect(),
        usual,
    })
}

fn minutes(column: i32) -> Result<u16> {
    u16::try_from(column).map_err(|_| Error::Corrupt { table: "travel", column: "minutes" })
}
