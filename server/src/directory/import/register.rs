//! The whole register by its public codes: what the lines of a file are compared with.

use std::collections::HashMap;

use uuid::Uuid;

use crate::{
    access::organisation::{self, OrganisationKind},
    directory::{Area, Cluster, Person, School, Team, store},
    entity::{affiliation, organisation as organisations, school_team_link as link},
    error::Result,
    store::Read,
};

/// The register, ended things too. A region has hundreds of each.
pub struct Register {
    /// Gemeenten and wijken, by code.
    pub areas: HashMap<String, Area>,
    /// By vestigingscode.
    pub schools: HashMap<String, School>,
    /// By code.
    pub clusters: HashMap<String, Cluster>,
    /// By code.
    pub teams: HashMap<String, Team>,
    /// By code.
    pub persons: HashMap<String, Person>,
    /// All roles.
    pub affiliations: Vec<affiliation::Model>,
    /// All links.
    pub links: Vec<link::Model>,
    /// All organisations.
    pub organisations: Vec<organisations::Model>,
    codes: HashMap<Uuid, String>,
    at: HashMap<String, Uuid>,
}

impl Register {
    /// Loads it, in a constant number of statements.
    pub async fn load(read: &Read) -> Result<Self> {
        let areas: Vec<Area> = store::all(read).await?;
        let schools: Vec<School> = store::all(read).await?;
        let clusters: Vec<Cluster> = store::all(read).await?;
        let teams: Vec<Team> = store::all(read).await?;
        let persons: Vec<Person> = store::all(read).await?;
        let organisations = organisation::all(read).await?;
        let people = persons.iter().map(|person| (person.row.person_id, person.row.code.clone()));
        let codes = organisations.iter().map(|at| (at.id, at.code.clone())).chain(people).collect();
        let at = organisations.iter().map(|at| (at.code.clone(), at.id)).collect();
        Ok(Self {
            areas: areas.into_iter().map(|area| (area.row.code.clone(), area)).collect(),
            schools: schools.into_iter().map(|school| (school.row.vestigingscode.clone(), school)).collect(),
            clusters: clusters.into_iter().map(|cluster| (cluster.row.code.clone(), cluster)).collect(),
            teams: teams.into_iter().map(|team| (team.row.code.clone(), team)).collect(),
            persons: persons.into_iter().map(|person| (person.row.code.clone(), person)).collect(),
            affiliations: store::all(read).await?,
            links: store::all(read).await?,
            organisations,
            codes,
            at,
        })
    }

    /// The code of a school, team, person or other organisation.
    pub fn code(&self, id: Uuid) -> &str {
        self.codes.get(&id).map_or("", String::as_str)
    }

    /// The organisation with this code, of whatever kind.
    pub fn organisation(&self, code: &str) -> Option<Uuid> {
        self.at.get(code).copied()
    }

    /// What the organisation with this code is.
    pub fn kind(&self, code: &str) -> Option<&str> {
        let id = self.organisation(code)?;
        self.organisations.iter().find(|at| at.id == id).map(|at| at.kind.as_str())
    }

    /// The person with this code.
    pub fn person(&self, code: &str) -> Option<Uuid> {
        self.persons.get(code).map(|person| person.row.person_id)
    }

    /// The organisation of this kind with this code.
    pub fn of_kind(&self, kind: OrganisationKind, code: &str) -> Option<&organisations::Model> {
        let kind = kind.to_string();
        self.organisations.iter().find(|at| at.kind == kind && at.code == code)
    }
}
