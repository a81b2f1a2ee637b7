//! Schools of one neighbourhood that meet.

use std::str::FromStr;

use chrono::NaiveDate;
use schakel_client::v1 as pb;

use crate::{
    entry::{entry, fields},
    session::{Names, Outcome, Session, call, request_id},
    time::validity,
    value::{Choice, Reference, Value},
};

fields! {
    Fields for pb::Cluster {
        /// The region's own code
        code: String,
        /// ROK or KNOOPPUNT
        kind: Choice<pb::cluster::Kind>,
        /// What people call it
        display_name: String,
        /// First day [default: today]
        valid_from: NaiveDate,
        /// Last day, inclusive
        valid_until: NaiveDate,
    }
    many {
        /// A school, as SCHOOL[=FROM[:UNTIL]]; all members are given anew
        members as "member": Member,
    }
}

fields! {
    Filter for pb::ListClustersRequest {
        /// Only with this school
        school: Reference,
    }
}

entry! {
    Cluster in directory {
        message: Cluster cluster, fields: Fields, filter: Filter,
        get: get_cluster GetClusterRequest,
        list: list_clusters ListClustersRequest clusters,
        create: create_cluster CreateClusterRequest,
        update: update_cluster UpdateClusterRequest,
        end: end_cluster EndClusterRequest,
        columns: ["code", "kind", "display_name", "valid_from", "valid_until", "name"],
        examples: [
            "cluster list --school @school",
            "cluster get @cluster",
            "cluster create --code ROK9 --kind ROK --display-name 'ROK Noord' --member @school=2026-08-01",
            "cluster update @cluster --display-name 'ROK Noord en Oost'",
            "cluster end @cluster --valid-until 2027-07-31",
        ],
    }
}

/// A school in the cluster, for a time.
#[derive(Clone)]
pub(crate) struct Member {
    school: Reference,
    from: Option<NaiveDate>,
    until: Option<NaiveDate>,
}

impl FromStr for Member {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let (school, days) = text.split_once('=').unwrap_or((text, ""));
        let (from, until) = validity(days)?;
        Ok(Self { school: Reference(school.to_owned()), from, until })
    }
}

impl Value for Member {
    type Wire = pb::cluster::Member;

    fn wire(self, names: &Names) -> Outcome<Self::Wire> {
        Ok(pb::cluster::Member {
            school: names.resolve(&self.school)?,
            valid_from: self.from.map(|day| day.to_string()).unwrap_or_default(),
            valid_until: self.until.map(|day| day.to_string()).unwrap_or_default(),
        })
    }
}
