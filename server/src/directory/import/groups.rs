//! Clusters with their schools, teams with their work areas: one line per part.

use std::collections::{BTreeMap, HashMap};

use chrono::NaiveDate;
use schakel_domain::directory::import::{
    Diff,
    cell::{AreaKind, Problem},
    own::{ClusterLine, TeamLine},
};
use uuid::Uuid;

use super::{apply::Line, codes, register::Register};
use crate::{
    access::organisation::OrganisationKind,
    directory::{
        Cluster, Team,
        reading::until,
        resource::{Head, Resource},
    },
    entity::{cluster, cluster_member, team, team_area},
    error::Result,
    store::Tx,
};

/// The lines to be written, by the thing that they are part of.
fn by_code<'a, L: Line>(diff: &'a Diff<L>, code: impl Fn(&'a L) -> &'a str) -> BTreeMap<&'a str, Vec<&'a L>> {
    let mut of: BTreeMap<&str, Vec<&L>> = BTreeMap::new();
    for line in diff.new.iter().chain(diff.changed.iter().map(|change| &change.after)) {
        of.entry(code(line)).or_default().push(line);
    }
    of
}

impl Line for ClusterLine {
    const SHARED: &'static [&'static str] = &["SOORT", "NAAM"];

    fn unknown(&self, register: &Register) -> Option<(&'static str, Problem)> {
        let known = register.schools.contains_key(self.vestigingscode.as_str());
        (!known).then_some(("VESTIGINGSCODE", codes::SCHOOL))
    }

    fn stored(register: &Register, _: NaiveDate) -> Vec<Vec<String>> {
        let line = |Cluster { row, .. }: &Cluster, member: &cluster_member::Model| {
            vec![
                row.code.clone(),
                row.kind.clone(),
                row.display_name.clone(),
                register.code(member.school_id).to_owned(),
                member.valid_from.to_string(),
                until(member.valid_until),
            ]
        };
        let clusters = register.clusters.values();
        clusters.flat_map(|cluster| cluster.members.iter().map(move |member| line(cluster, member))).collect()
    }

    async fn apply(tx: &Tx, mut register: Register, diff: &Diff<Self>, today: NaiveDate) -> Result<()> {
        let mut written = Vec::new();
        let schools: HashMap<&str, Uuid> =
            register.schools.iter().map(|(code, school)| (code.as_str(), school.id())).collect();
        for (code, lines) in by_code(diff, |line| line.clustercode.as_str()) {
            let known = register.clusters.remove(code);
            let from = lines.iter().map(|line| line.vanaf).min().unwrap_or(today);
            let mut cluster = known.unwrap_or_else(|| new_cluster(tx, code, from));
            cluster.row.version += 1;
            for line in lines {
                cluster.row.kind = line.soort.to_string();
                line.naam.as_str().clone_into(&mut cluster.row.display_name);
                let school_id = schools.get(line.vestigingscode.as_str()).copied().unwrap_or_default();
                let new = cluster_member::Model {
                    region_id: tx.region(),
                    cluster_id: cluster.id(),
                    position: 0,
                    school_id,
                    valid_from: line.vanaf,
                    valid_until: line.totenmet,
                };
                let same = |old: &&mut cluster_member::Model| {
                    old.school_id == school_id && old.valid_from == line.vanaf
                };
                match cluster.members.iter_mut().find(same) {
                    Some(old) => *old = new,
                    None => cluster.members.push(new),
                }
            }
            written.push(cluster);
        }
        Cluster::put(tx, &written).await
    }
}

impl Line for TeamLine {
    const SHARED: &'static [&'static str] = &["SOORT", "NAAM", "GEMEENTECODE"];

    fn unknown(&self, register: &Register) -> Option<(&'static str, Problem)> {
        let gemeente = |code: &str| register.of_kind(OrganisationKind::Gemeente, code).is_some();
        if !gemeente(self.gemeentecode.as_str()) {
            return Some(("GEMEENTECODE", codes::GEMEENTE));
        }
        let code = self.gebied.as_str();
        let (known, problem) = match self.gebiedsoort {
            AreaKind::Wijk => (register.areas.contains_key(code), codes::WIJK),
            AreaKind::Postcode => (true, codes::WIJK),
            AreaKind::Gemeente => (gemeente(code), codes::GEMEENTE),
            AreaKind::School => (register.schools.contains_key(code), codes::SCHOOL),
        };
        (!known).then_some(("GEBIED", problem))
    }

    fn stored(register: &Register, _: NaiveDate) -> Vec<Vec<String>> {
        let line = |Team { row, .. }: &Team, area: &team_area::Model| {
            vec![
                row.code.clone(),
                row.kind.clone(),
                row.display_name.clone(),
                row.gemeente_code.clone(),
                area.kind.clone(),
                area.code.clone(),
                area.valid_from.to_string(),
                until(area.valid_until),
            ]
        };
        let teams = register.teams.values();
        teams.flat_map(|team| team.areas.iter().map(move |area| line(team, area))).collect()
    }

    async fn apply(tx: &Tx, mut register: Register, diff: &Diff<Self>, today: NaiveDate) -> Result<()> {
        let mut written = Vec::new();
        for (code, lines) in by_code(diff, |line| line.teamcode.as_str()) {
            let known = register.teams.remove(code);
            let from = lines.iter().map(|line| line.vanaf).min().unwrap_or(today);
            let mut team = known.unwrap_or_else(|| new_team(tx, code, from));
            team.row.version += 1;
            for line in lines {
                team.row.kind = line.soort.to_string();
                line.naam.as_str().clone_into(&mut team.row.display_name);
                line.gemeentecode.as_str().clone_into(&mut team.row.gemeente_code);
                let new = team_area::Model {
                    region_id: tx.region(),
                    team_id: team.id(),
                    position: 0,
                    kind: line.gebiedsoort.to_string(),
                    code: line.gebied.as_str().to_owned(),
                    valid_from: line.vanaf,
                    valid_until: line.totenmet,
                };
                let same = |old: &&mut team_area::Model| {
                    old.kind == new.kind && old.code == new.code && old.valid_from == line.vanaf
                };
                match team.areas.iter_mut().find(same) {
                    Some(old) => *old = new,
                    None => team.areas.push(new),
                }
            }
            written.push(team);
        }
        Team::put(tx, &written).await
    }
}

fn new_cluster(tx: &Tx, code: &str, from: NaiveDate) -> Cluster {
    let row = cluster::Model {
        region_id: tx.region(),
        id: tx.new_id(),
        code: code.to_owned(),
        kind: String::new(),
        display_name: String::new(),
        valid_from: from,
        valid_until: None,
        version: 0,
    };
    Cluster { row, members: Vec::new() }
}

fn new_team(tx: &Tx, code: &str, from: NaiveDate) -> Team {
    let row = team::Model {
        region_id: tx.region(),
        id: tx.new_id(),
        code: code.to_owned(),
        kind: String::new(),
        display_name: String::new(),
        gemeente_code: String::new(),
        valid_from: from,
        valid_until: None,
        version: 0,
    };
    Team { row, areas: Vec::new() }
}
