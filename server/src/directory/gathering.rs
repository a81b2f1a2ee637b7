//! Who could sit at the tables of clusters and schools, for a whole region in six statements.

use std::collections::{BTreeMap, HashMap};

use chrono::NaiveDate;
use schakel_domain::{
    access::Role,
    availability::Preference,
    directory::routing::Link,
    dutch::HolidayRegion,
    ids::{ClusterId, PersonId, SchoolId, TeamId},
};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter};
use uuid::Uuid;

use super::{Cluster, affiliated, route, store};
use crate::{
    access::organisation::{self, OrganisationKind},
    entity::school,
    error::{Error, Result},
    store::Read,
};

/// A cluster with the schools that are in it.
#[derive(Debug, Clone)]
pub struct Group {
    /// Which.
    pub cluster: ClusterId,
    /// What it is called.
    pub name: String,
    /// Its schools, in their order.
    pub schools: Vec<SchoolId>,
}

/// A school and the organisations around it.
#[derive(Debug, Clone)]
pub struct Place {
    /// What it is called.
    pub name: String,
    /// Whose holidays it has.
    pub holidays: HolidayRegion,
    around: Vec<Uuid>,
}

/// The people of a region by where they work, on one day.
pub struct Gathering {
    /// By name.
    pub groups: Vec<Group>,
    /// Every school that is open.
    pub places: BTreeMap<SchoolId, Place>,
    posts: HashMap<(Uuid, Role), Vec<PersonId>>,
    links: Vec<Link>,
}

fn members(cluster: &Cluster, day: NaiveDate) -> Vec<SchoolId> {
    let own = cluster.members.iter().filter(|member| holds((member.valid_from, member.valid_until), day));
    own.map(|member| SchoolId(member.school_id)).collect()
}

fn holds((from, until): (NaiveDate, Option<NaiveDate>), day: NaiveDate) -> bool {
    from <= day && until.is_none_or(|last| day <= last)
}

/// Loads everybody who works in the region on `day`.
pub async fn gather(read: &Read, day: NaiveDate) -> Result<Gathering> {
    let clusters = store::all::<Cluster>(read).await?;
    let mut groups: Vec<Group> = clusters
        .iter()
        .filter(|cluster| holds((cluster.row.valid_from, cluster.row.valid_until), day))
        .map(|cluster| Group {
            cluster: ClusterId(cluster.row.id),
            name: cluster.row.display_name.clone(),
            schools: members(cluster, day),
        })
        .collect();
    groups.sort_by(|one, other| (&one.name, one.cluster).cmp(&(&other.name, other.cluster)));
    let organisations = organisation::all(read).await?;
    let of_kind = |kind: OrganisationKind| {
        let word: &str = kind.into();
        organisations.iter().filter(move |row| row.kind == word)
    };
    let swv: Vec<Uuid> = of_kind(OrganisationKind::Samenwerkingsverband).map(|row| row.id).collect();
    let coded = |kind, code: &str| of_kind(kind).find(|row| row.code == code).map(|row| row.id);
    let rows =
        school::Entity::find().filter(school::Column::RegionId.eq(read.region())).all(&read.db()).await?;
    let mut places = BTreeMap::new();
    for row in rows.into_iter().filter(|row| holds((row.valid_from, row.valid_until), day)) {
        let near = [
            coded(OrganisationKind::Gemeente, &row.gemeente_code),
            coded(OrganisationKind::Board, &row.board_code),
        ];
        let holidays = row
            .holiday_region
            .parse()
            .map_err(|_| Error::Corrupt { table: "school", column: "holiday_region" })?;
        let around = near.into_iter().flatten().chain(swv.iter().copied()).collect();
        places.insert(SchoolId(row.id), Place { name: row.display_name, holidays, around });
    }
    let mut posts: HashMap<(Uuid, Role), Vec<PersonId>> = HashMap::new();
    let mut affiliations = affiliated::all(read).await?;
    affiliations.sort_by_key(|row| row.id);
    for row in affiliations {
        let role = row.role.parse().map_err(|_| Error::Corrupt { table: "affiliation", column: "role" })?;
        if holds((row.valid_from, row.valid_until), day) {
            posts.entry((row.organisation_id, role)).or_default().push(PersonId(row.person_id));
        }
    }
    let mut links = route::links_of(read, None).await?;
    links.retain(|link| link.validity.holds_on(day));
    links.sort_by_key(|link| link.id);
    Ok(Gathering { groups, places, posts, links })
}

impl Gathering {
    /// The team that serves `school`: that of its first link.
    pub fn team_of(&self, school: SchoolId) -> Option<TeamId> {
        self.links.iter().find(|link| link.school == school).map(|link| link.team)
    }

    /// Everybody who could come as `role` for these schools, the nearest first: people of the
    /// schools, whom they call, their deputies, others of those teams, then people of the
    /// gemeente, the board and the samenwerkingsverband.
    pub fn fits(&self, role: Role, schools: &[SchoolId]) -> Vec<(PersonId, Preference)> {
        let mut found: Vec<(PersonId, Preference)> = Vec::new();
        let mut add = |person: PersonId, how| {
            if !found.iter().any(|(known, _)| *known == person) {
                found.push((person, how));
            }
        };
        let at = |organisation: Uuid| self.posts.get(&(organisation, role)).into_iter().flatten().copied();
        let tied = || self.links.iter().filter(|link| schools.contains(&link.school));
        schools.iter().flat_map(|school| at(school.0)).for_each(|person| add(person, Preference::Named));
        let called = || tied().filter(|link| link.role == role);
        called().for_each(|link| add(link.person, Preference::Linked));
        called().filter_map(|link| link.deputy).for_each(|person| add(person, Preference::Deputy));
        tied().flat_map(|link| at(link.team.0)).for_each(|person| add(person, Preference::TeamMember));
        let around =
            schools.iter().filter_map(|school| self.places.get(school)).flat_map(|place| &place.around);
        around.flat_map(|organisation| at(*organisation)).for_each(|person| add(person, Preference::Named));
        found
    }
}
