//! What schools and rooms are called, and whether a school, team or cluster is there at all.

use std::collections::{BTreeSet, HashMap};

use chrono::NaiveDate;
use schakel_domain::ids::{ClusterId, RoomId, SchoolId, TeamId};
use sea_orm::{
    ColumnTrait, Condition, EntityTrait, QueryFilter, QuerySelect,
    sea_query::{Query, SelectStatement},
};
use uuid::Uuid;

use crate::{
    entity::{cluster, cluster_member, room, school, team},
    error::{Error, Result},
    store::Read,
};

/// The names of these schools, in one statement.
pub async fn schools(read: &Read, ids: &BTreeSet<SchoolId>) -> Result<HashMap<SchoolId, String>> {
    if ids.is_empty() {
        return Ok(HashMap::new());
    }
    let rows: Vec<(Uuid, String)> = school::Entity::find()
        .select_only()
        .columns([school::Column::Id, school::Column::DisplayName])
        .filter(school::Column::RegionId.eq(read.region()))
        .filter(school::Column::Id.is_in(ids.iter().map(|id| id.0)))
        .into_tuple()
        .all(&read.db())
        .await?;
    Ok(rows.into_iter().map(|(id, name)| (SchoolId(id), name)).collect())
}

/// The names of these rooms, in one statement.
pub async fn rooms(read: &Read, ids: &BTreeSet<RoomId>) -> Result<HashMap<RoomId, String>> {
    if ids.is_empty() {
        return Ok(HashMap::new());
    }
    let rows: Vec<(Uuid, String)> = room::Entity::find()
        .select_only()
        .columns([room::Column::Id, room::Column::DisplayName])
        .filter(room::Column::RegionId.eq(read.region()))
        .filter(room::Column::Id.is_in(ids.iter().map(|id| id.0)))
        .into_tuple()
        .all(&read.db())
        .await?;
    Ok(rows.into_iter().map(|(id, name)| (RoomId(id), name)).collect())
}

/// The schools of a cluster on `day`: as a part of a statement.
pub fn schools_of(read: &Read, cluster: ClusterId, day: NaiveDate) -> SelectStatement {
    let open = Condition::any()
        .add(cluster_member::Column::ValidUntil.is_null())
        .add(cluster_member::Column::ValidUntil.gte(day));
    Query::select()
        .column(cluster_member::Column::SchoolId)
        .from(cluster_member::Entity)
        .cond_where(
            Condition::all()
                .add(cluster_member::Column::RegionId.eq(read.region()))
                .add(cluster_member::Column::ClusterId.eq(cluster.0))
                .add(cluster_member::Column::ValidFrom.lte(day))
                .add(open),
        )
        .to_owned()
}

/// That the school is one of the region.
///
/// # Errors
/// `SCHOOL_NOT_FOUND`.
pub async fn is_school(read: &Read, id: SchoolId) -> Result<()> {
    let row = school::Entity::find_by_id((read.region(), id.0)).one(&read.db()).await?;
    row.map(|_| ()).ok_or(Error::NotFound("SCHOOL"))
}

/// That the team is one of the region.
///
/// # Errors
/// `TEAM_NOT_FOUND`.
pub async fn is_team(read: &Read, id: TeamId) -> Result<()> {
    let row = team::Entity::find_by_id((read.region(), id.0)).one(&read.db()).await?;
    row.map(|_| ()).ok_or(Error::NotFound("TEAM"))
}

/// That the cluster is one of the region.
///
/// # Errors
/// `CLUSTER_NOT_FOUND`.
pub async fn is_cluster(read: &Read, id: ClusterId) -> Result<()> {
    let row = cluster::Entity::find_by_id((read.region(), id.0)).one(&read.db()).await?;
    row.map(|_| ()).ok_or(Error::NotFound("CLUSTER"))
}
