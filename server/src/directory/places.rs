//! Where schools stand: in which wijk and gemeente, and in which clusters, with what all of these are called.

use std::{
    collections::{BTreeMap, HashMap},
    sync::Arc,
};

use chrono::NaiveDate;
use schakel_domain::dutch::codes::WijkCode;
use sea_orm::{ColumnTrait, Condition, EntityTrait, QueryFilter};
use uuid::Uuid;

use crate::{
    entity::{area, cluster, cluster_member, school},
    error::Result,
    store::{Read, memory::Memory},
};

/// A school as it stands.
#[derive(Debug, Clone, Default)]
pub struct Stands {
    /// What it is called.
    pub name: String,
    /// In which wijk.
    pub wijk: String,
    /// In which clusters on the day.
    pub clusters: Vec<Uuid>,
}

/// All schools, areas and clusters of a region.
#[derive(Debug, Clone, Default)]
pub struct Places {
    /// By their ids.
    pub schools: HashMap<Uuid, Stands>,
    /// What gemeenten and wijken are called, by their codes.
    pub areas: BTreeMap<String, String>,
    /// What clusters are called, by their ids.
    pub clusters: HashMap<Uuid, String>,
}

impl Places {
    /// Whether it is of the region: it is listed, or a school stands there.
    pub fn has_wijk(&self, wijk: &WijkCode) -> bool {
        let wijk = wijk.as_str();
        self.areas.contains_key(wijk) || self.schools.values().any(|school| school.wijk == wijk)
    }
}

/// Where schools of a region stood on the day that was asked for last.
pub type Remembered = Memory<Uuid, (NaiveDate, Arc<Places>)>;

/// As they stand on `day`, in four statements, or in none when nothing of the register changed.
pub async fn places(read: &Read, day: NaiveDate) -> Result<Arc<Places>> {
    let (region, count) = (read.region(), read.register_count().await?);
    let memory = &read.app().remembered.places;
    if let Some((_, known)) = memory.one(count, &region).filter(|(known, _)| *known == day) {
        return Ok(known);
    }
    let found = Arc::new(stand(read, day).await?);
    memory.keep(count, [(region, (day, Arc::clone(&found)))]);
    Ok(found)
}

async fn stand(read: &Read, day: NaiveDate) -> Result<Places> {
    let region = read.region();
    let areas = area::Entity::find().filter(area::Column::RegionId.eq(region)).all(&read.db()).await?;
    let schools = school::Entity::find().filter(school::Column::RegionId.eq(region)).all(&read.db()).await?;
    let clusters =
        cluster::Entity::find().filter(cluster::Column::RegionId.eq(region)).all(&read.db()).await?;
    let lasts = Condition::any()
        .add(cluster_member::Column::ValidUntil.is_null())
        .add(cluster_member::Column::ValidUntil.gte(day));
    let members = cluster_member::Entity::find()
        .filter(cluster_member::Column::RegionId.eq(region))
        .filter(cluster_member::Column::ValidFrom.lte(day))
        .filter(lasts)
        .all(&read.db())
        .await?;
    let stands = |row: school::Model| {
        let stands = Stands { name: row.display_name, wijk: row.wijk_code, clusters: Vec::new() };
        (row.id, stands)
    };
    let mut places = Places {
        schools: schools.into_iter().map(stands).collect(),
        areas: areas.into_iter().map(|row| (row.code, row.display_name)).collect(),
        clusters: clusters.into_iter().map(|row| (row.id, row.display_name)).collect(),
    };
    for member in members {
        if let Some(school) = places.schools.get_mut(&member.school_id) {
            school.clusters.push(member.cluster_id);
        }
    }
    Ok(places)
}
