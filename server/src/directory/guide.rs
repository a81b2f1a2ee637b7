//! Who guides the schools of a cluster for the samenwerkingsverband: trajectbegeleider and boc'er.

use std::collections::BTreeSet;

use chrono::NaiveDate;
use schakel_domain::{
    access::Role,
    ids::{ClusterGuideId, ClusterId, PersonId, SchoolId},
    refusal::Refusal,
};
use schakel_proto::v1 as pb;
use sea_orm::{ColumnTrait, Condition, EntityTrait, QueryFilter, QueryOrder, sea_query::Query};
use uuid::Uuid;

use super::{
    cluster::Cluster,
    reading::{Reading, until},
    resource::{Resource, Seen, head},
    store, verbs,
};
use crate::{
    access::{affiliation, authenticate::today},
    entity::{
        cluster,
        cluster_guide::{Column, Entity, Model},
        cluster_member as member,
    },
    error::{Error, Result},
    store::{Read, Tx},
    wire::fields::Fields,
};

head! {
    Model; pb::ClusterGuide; "cluster_guide" "CLUSTER_GUIDE"; id: id ClusterGuideId; order: role;
    fixed: [cluster, role]; changes: [person, valid_from, valid_until]
}

impl Resource for Model {
    type Entity = Entity;
    type List = pb::ListClusterGuidesRequest;

    fn read(reading: &mut Reading, wire: &pb::ClusterGuide) -> Self {
        let cluster = reading.needed::<ClusterId>("cluster", &wire.cluster);
        let role = reading.role("role", wire.role);
        let guides = [Role::Trajectbegeleider, Role::Bocer];
        if role.parse().is_ok_and(|role| !guides.contains(&role)) {
            reading.refuse("role", Refusal::FieldInvalid);
        }
        let person = reading.needed::<PersonId>("person", &wire.person);
        let (valid_from, valid_until) = reading.days(&wire.valid_from, &wire.valid_until);
        Self {
            region_id: Uuid::nil(),
            id: Uuid::nil(),
            cluster_id: cluster.map(|cluster| cluster.0).unwrap_or_default(),
            role,
            person_id: person.map(|person| person.0).unwrap_or_default(),
            valid_from,
            valid_until,
            version: 1,
        }
    }

    fn to_wire(&self) -> pb::ClusterGuide {
        pb::ClusterGuide {
            name: ClusterGuideId(self.id).to_string(),
            cluster: ClusterId(self.cluster_id).to_string(),
            role: self.role.parse().map(crate::access::rpc::role_to_wire).unwrap_or_default(),
            person: PersonId(self.person_id).to_string(),
            valid_from: self.valid_from.to_string(),
            valid_until: until(self.valid_until),
            etag: self.version.to_string(),
        }
    }

    fn filter(fields: &mut Fields, list: &pb::ListClusterGuidesRequest, _: &Seen) -> Condition {
        let cluster = fields.parse_if::<ClusterId>("cluster", &list.cluster);
        let person = fields.parse_if::<PersonId>("person", &list.person);
        Condition::all()
            .add_option(cluster.map(|cluster| Column::ClusterId.eq(cluster.0)))
            .add_option(person.map(|person| Column::PersonId.eq(person.0)))
    }

    async fn of_rows(_: &Read, rows: Vec<Model>) -> Result<Vec<Self>> {
        Ok(rows)
    }

    async fn put(tx: &Tx, all: &[Self]) -> Result<()> {
        store::put::<Entity>(tx, all.to_vec()).await
    }

    /// Whoever guides has that role; a cluster has one in each role on a day.
    async fn check(&self, tx: &Tx) -> Result<()> {
        store::get::<Cluster>(tx, self.cluster_id).await?;
        let day = self.valid_from.max(today(tx.now()));
        let posts = affiliation::of(tx, &[PersonId(self.person_id)], day).await?;
        if !posts.iter().any(|post| post.role.to_string() == self.role) {
            return Err(Error::field("cluster_guide.person", Refusal::FieldInvalid));
        }
        let same = Condition::all()
            .add(Column::RegionId.eq(tx.region()))
            .add(Column::ClusterId.eq(self.cluster_id))
            .add(Column::Role.eq(self.role.as_str()))
            .add(Column::Id.ne(self.id));
        store::alone(self, &Entity::find().filter(same).all(&tx.db()).await?)
    }
}

/// Who guides the clusters of `school` on `day`, in one statement.
pub(super) async fn of_school(
    read: &Read,
    school: SchoolId,
    day: NaiveDate,
) -> Result<Vec<(PersonId, Role)>> {
    let seen = Seen { region: read.region(), on: Some(day) };
    let clusters = Query::select()
        .column(member::Column::ClusterId)
        .from(member::Entity)
        .cond_where(
            Condition::all()
                .add(member::Column::RegionId.eq(read.region()))
                .add(member::Column::SchoolId.eq(school.0))
                .add(seen.days()),
        )
        .to_owned();
    let rows = Entity::find()
        .filter(Column::RegionId.eq(read.region()))
        .filter(Column::ClusterId.in_subquery(clusters))
        .filter(seen.days())
        .order_by_asc(Column::Role)
        .order_by_asc(Column::Id)
        .all(&read.db())
        .await?;
    let corrupt = |_| Error::Corrupt { table: "cluster_guide", column: "role" };
    rows.into_iter().map(|row| Ok((PersonId(row.person_id), row.role.parse().map_err(corrupt)?))).collect()
}

/// One guide follows another.
#[derive(Debug, Clone, Copy)]
pub struct Succession {
    /// Of which cluster.
    pub cluster: ClusterId,
    /// TRAJECTBEGELEIDER or BOCER.
    pub role: Role,
    /// Who guides until then.
    pub from: PersonId,
    /// Who guides from then on.
    pub to: PersonId,
    /// The successor's first day.
    pub day: NaiveDate,
}

/// Ends the guide of a cluster the day before, and begins the next; gives that one.
///
/// # Errors
/// `CLUSTER_NOT_FOUND`; `CLUSTER_GUIDE_NOT_FOUND` when `from` does not guide it on that day;
/// a violation when the successor has not that role.
pub async fn succeed(tx: &Tx, wish: &Succession) -> Result<pb::ClusterGuide> {
    store::hold::<Cluster>(tx, wish.cluster.0).await?;
    let seen = Seen { region: tx.region(), on: Some(wish.day) };
    let held = Entity::find()
        .filter(Column::RegionId.eq(tx.region()))
        .filter(Column::ClusterId.eq(wish.cluster.0))
        .filter(Column::Role.eq(wish.role.to_string()))
        .filter(Column::PersonId.eq(wish.from.0))
        .filter(seen.days())
        .one(&tx.db())
        .await?
        .ok_or(Error::NotFound("CLUSTER_GUIDE"))?;
    let until = held.valid_until;
    let last = wish.day.pred_opt().unwrap_or(wish.day);
    if held.valid_from > last {
        return Err(Error::field("first_day", Refusal::TimeRangeInvalid));
    }
    verbs::end::<Model>(tx, held.id, last, held.version).await?;
    let next = Model { person_id: wish.to.0, valid_from: wish.day, valid_until: until, version: 1, ..held };
    verbs::create(tx, &next).await.map(|next| next.to_wire())
}

/// Refuses a cluster that the region has not.
///
/// # Errors
/// `CLUSTER_NOT_FOUND`.
pub async fn known(read: &Read, cluster: ClusterId) -> Result<()> {
    store::get::<Cluster>(read, cluster.0).await.map(|_| ())
}

/// The schools of a cluster on `day`, in one statement.
pub async fn schools(read: &Read, cluster: ClusterId, day: NaiveDate) -> Result<Vec<SchoolId>> {
    let seen = Seen { region: read.region(), on: Some(day) };
    let rows = member::Entity::find()
        .filter(member::Column::RegionId.eq(read.region()))
        .filter(member::Column::ClusterId.eq(cluster.0))
        .filter(seen.days())
        .all(&read.db())
        .await?;
    Ok(rows.into_iter().map(|row| SchoolId(row.school_id)).collect())
}

/// The schools of several clusters on `day`, in two statements however many they are.
///
/// # Errors
/// `CLUSTER_NOT_FOUND` for one that the region has not.
pub async fn schools_of_all(read: &Read, clusters: &[ClusterId], day: NaiveDate) -> Result<Vec<SchoolId>> {
    if clusters.is_empty() {
        return Ok(Vec::new());
    }
    let ids: BTreeSet<Uuid> = clusters.iter().map(|cluster| cluster.0).collect();
    let known = cluster::Entity::find()
        .filter(cluster::Column::RegionId.eq(read.region()))
        .filter(cluster::Column::Id.is_in(ids.iter().copied()))
        .all(&read.db())
        .await?;
    if known.len() < ids.len() {
        return Err(Error::NotFound("CLUSTER"));
    }
    let seen = Seen { region: read.region(), on: Some(day) };
    let rows = member::Entity::find()
        .filter(member::Column::RegionId.eq(read.region()))
        .filter(member::Column::ClusterId.is_in(ids))
        .filter(seen.days())
        .all(&read.db())
        .await?;
    Ok(rows.into_iter().map(|row| SchoolId(row.school_id)).collect())
}
