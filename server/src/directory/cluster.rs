//! Clusters: schools of one neighbourhood that meet, whatever their boards.

use schakel_domain::{
    directory::import::cell::ClusterKind,
    ids::{ClusterId, SchoolId},
    refusal::Refusal,
};
use schakel_proto::v1 as pb;
use sea_orm::{ColumnTrait, Condition, sea_query::Query};
use uuid::Uuid;

use super::{
    reading::{Reading, until},
    resource::{Head, Resource, Seen, head},
    school::School,
    store,
};
use crate::{
    entity::{
        cluster::{Column, Entity, Model},
        cluster_member as member,
    },
    error::{Error, Result},
    store::{Read, Tx},
    wire::{enums::number, fields::Fields},
};

/// A cluster and its schools.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Cluster {
    /// The cluster.
    pub row: Model,
    /// Its schools, each for a time.
    pub members: Vec<member::Model>,
}

head! {
    Cluster, row; pb::Cluster; "cluster" "CLUSTER"; id: id ClusterId; order: display_name;
    fixed: [code]; changes: [kind, display_name, members, valid_from, valid_until]
}

impl Resource for Cluster {
    type Entity = Entity;
    type List = pb::ListClustersRequest;

    fn read(reading: &mut Reading, wire: &pb::Cluster) -> Self {
        let code = reading.own_code("code", &wire.code);
        let kind = reading.choice::<_, ClusterKind>("kind", wire.kind, pb::cluster::Kind::as_str_name);
        let display_name = reading.name("display_name", &wire.display_name);
        let (valid_from, valid_until) = reading.days(&wire.valid_from, &wire.valid_until);
        let row = Model {
            region_id: Uuid::nil(),
            id: Uuid::nil(),
            code,
            kind,
            display_name,
            valid_from,
            valid_until,
            version: 1,
        };
        let members = wire.members.iter().zip(0..).map(|(wire, n)| read_member(reading, wire, n));
        Self { row, members: members.collect() }
    }

    fn to_wire(&self) -> pb::Cluster {
        let row = self.row.clone();
        pb::Cluster {
            name: ClusterId(row.id).to_string(),
            code: row.code,
            kind: number("KIND", &row.kind, pb::cluster::Kind::from_str_name),
            display_name: row.display_name,
            members: self.members.iter().map(member_to_wire).collect(),
            valid_from: row.valid_from.to_string(),
            valid_until: until(row.valid_until),
            etag: row.version.to_string(),
        }
    }

    fn filter(fields: &mut Fields, list: &pb::ListClustersRequest, seen: &Seen) -> Condition {
        let clusters = |school: SchoolId| {
            let own = Condition::all()
                .add(member::Column::RegionId.eq(seen.region))
                .add(member::Column::SchoolId.eq(school.0))
                .add(seen.days());
            let clusters = Query::select()
                .column(member::Column::ClusterId)
                .from(member::Entity)
                .cond_where(own)
                .to_owned();
            Column::Id.in_subquery(clusters)
        };
        Condition::all().add_option(fields.parse_if::<SchoolId>("school", &list.school).map(clusters))
    }

    async fn of_rows(read: &Read, rows: Vec<Model>) -> Result<Vec<Self>> {
        let ids: Vec<Uuid> = rows.iter().map(|row| row.id).collect();
        let members = store::parts::<member::Entity>(read, "cluster_id", &ids).await?;
        let mut members = store::by_parent(members, |member| member.cluster_id);
        let cluster = |row: Model| Self { members: members.remove(&row.id).unwrap_or_default(), row };
        Ok(rows.into_iter().map(cluster).collect())
    }

    async fn put(tx: &Tx, all: &[Self]) -> Result<()> {
        store::put::<Entity>(tx, all.iter().map(|cluster| cluster.row.clone()).collect()).await?;
        let ids: Vec<Uuid> = all.iter().map(Head::id).collect();
        let members = all.iter().flat_map(|cluster| {
            cluster.members.iter().zip(0..).map(|(member, position)| member::Model {
                region_id: tx.region(),
                cluster_id: cluster.id(),
                position,
                ..member.clone()
            })
        });
        store::put_parts::<member::Entity>(tx, "cluster_id", &ids, members.collect()).await
    }

    async fn check(&self, tx: &Tx) -> Result<()> {
        let schools: Vec<Uuid> = self.members.iter().map(|member| member.school_id).collect();
        let known = store::among::<School>(tx, &schools).await?;
        match schools.iter().position(|school| !known.contains(school)) {
            Some(n) => Err(Error::field(format!("cluster.members[{n}].school"), Refusal::FieldInvalid)),
            None => Ok(()),
        }
    }
}

fn read_member(reading: &mut Reading, wire: &pb::cluster::Member, n: i32) -> member::Model {
    let part = format!("members[{n}]");
    let school = reading.needed::<SchoolId>(&format!("{part}.school"), &wire.school);
    let (valid_from, valid_until) = reading.part_days(&part, &wire.valid_from, &wire.valid_until);
    member::Model {
        region_id: Uuid::nil(),
        cluster_id: Uuid::nil(),
        position: n,
        school_id: school.map(|school| school.0).unwrap_or_default(),
        valid_from,
        valid_until,
    }
}

fn member_to_wire(member: &member::Model) -> pb::cluster::Member {
    pb::cluster::Member {
        school: SchoolId(member.school_id).to_string(),
        valid_from: member.valid_from.to_string(),
        valid_until: until(member.valid_until),
    }
}
