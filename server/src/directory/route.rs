//! Who belongs to a school: the team, a person per role, and which rule said so.

use std::{
    collections::{HashMap, HashSet},
    sync::Arc,
};

use chrono::NaiveDate;
use schakel_domain::{
    access::Role,
    directory::{
        Register, Route, RoutingRule, route as decide,
        routing::{
            Area, ChildPlace, Exclusion, Link, Member, Neighbour, Officer, Question, SchoolPlace, WorkArea,
        },
    },
    dutch::HolidayRegion,
    ids::{OrganisationId, PersonId, SchoolId, SchoolTeamLinkId, TeamId},
    time::Validity,
};
use sea_orm::{
    ColumnTrait, Condition, EntityTrait, QueryFilter, QueryOrder,
    sea_query::{Query, SelectStatement},
};
use uuid::Uuid;

use super::absence;
use crate::{
    access::organisation::{self, OrganisationKind},
    entity::{affiliation, excluded_postcode, school, school_team_link, team_area},
    error::{Error, Result},
    store::{Read, memory::Memory},
};

/// Who could come for a school, by region, school, gemeente of residence and roles.
pub type Remembered = Memory<(Uuid, SchoolId, Option<String>, Vec<Role>), Arc<Neighbourhood>>;

/// A school with everybody who could come for it.
pub struct Neighbourhood {
    /// Where the school is.
    pub place: SchoolPlace,
    /// The region of its holidays.
    pub holidays: HolidayRegion,
    /// Where the child lives; without a child, where the school is.
    residence: String,
    /// The child's, when it is known.
    postcode: Option<String>,
    /// Teams, ties and people; nobody is away in it.
    register: Register,
    /// People of the school itself, its board and the samenwerkingsverband.
    own: Vec<(PersonId, Role, Validity)>,
    /// For which organisation each person comes.
    organisations: HashMap<(PersonId, Role), OrganisationId>,
}

/// A route, with the organisations of the people in it.
pub struct Routed {
    /// The team, the people and the rules.
    pub route: Route,
    links: Vec<Link>,
    organisations: HashMap<(PersonId, Role), OrganisationId>,
}

impl Routed {
    /// The ties of the school that hold on `day`, whoever is away.
    pub(super) fn links(&self, day: NaiveDate) -> impl Iterator<Item = &Link> {
        self.links.iter().filter(move |link| link.validity.holds_on(day))
    }

    /// For which organisation a person comes.
    pub fn organisation(&self, person: PersonId, role: Role) -> Option<OrganisationId> {
        self.organisations.get(&(person, role)).copied()
    }
}

impl Neighbourhood {
    /// Who comes in `roles` on `day`.
    pub fn route(&self, roles: &[Role], day: NaiveDate) -> Route {
        let child = ChildPlace {
            gemeente: Some(self.residence.clone()),
            postcode: self.postcode.clone(),
            ..ChildPlace::default()
        };
        let order = RoutingRule::USUAL.to_vec();
        decide(
            &self.register,
            &Question { school: self.place.clone(), child, roles: roles.to_vec(), day, order },
        )
    }

    /// People with `role` at the school itself, its board or the samenwerkingsverband.
    pub fn own(&self, role: Role, day: NaiveDate) -> impl Iterator<Item = PersonId> {
        let fits = self.own.iter().filter(move |(_, own, days)| *own == role && days.holds_on(day));
        fits.map(|(person, ..)| *person)
    }

    /// Whether `team` is tied to the school or works where it stands.
    pub fn has_team(&self, team: TeamId) -> bool {
        self.register.links.iter().any(|link| link.team == team)
            || self.register.areas.iter().any(|area| area.team == team)
    }

    fn people(&self) -> Vec<PersonId> {
        let links = self.register.links.iter().flat_map(|link| [Some(link.person), link.deputy]).flatten();
        let members = self.register.members.iter().map(|member| member.person);
        let officers = self.register.officers.iter().map(|officer| officer.person);
        let people: HashSet<PersonId> = links.chain(members).chain(officers).collect();
        people.into_iter().collect()
    }
}

/// Loads what decides who comes for `school` in `roles`, in six statements at most. `residence`
/// is the gemeente where the child lives; none means the school's.
///
/// # Errors
/// `SCHOOL_NOT_FOUND`.
pub async fn around(
    read: &Read,
    school: SchoolId,
    residence: Option<&str>,
    roles: &[Role],
) -> Result<Arc<Neighbourhood>> {
    let key = (read.region(), school, residence.map(str::to_owned), roles.to_vec());
    let count = read.register_count().await?;
    let memory = &read.app().remembered.neighbourhoods;
    if let Some(known) = memory.one(count, &key) {
        return Ok(known);
    }
    let home = Home { gemeente: residence, postcode: None };
    let found = Arc::new(around_home(read, school, home, roles).await?);
    memory.keep(count, [(key, Arc::clone(&found))]);
    Ok(found)
}

/// Where a child lives, as far as it is said.
#[derive(Debug, Clone, Copy, Default)]
pub struct Home<'a> {
    /// The gemeente.
    pub gemeente: Option<&'a str>,
    /// Four digits, with or without two letters.
    pub postcode: Option<&'a str>,
}

/// As [`around`], for a child of which the postcode may be known.
async fn around_home(read: &Read, school: SchoolId, home: Home<'_>, roles: &[Role]) -> Result<Neighbourhood> {
    let row = school_row(read, school).await?;
    let residence = home.gemeente.unwrap_or(&row.gemeente_code).to_owned();
    let links = links_of(read, Some(school)).await?;
    let areas = areas_of(read, &row, home.postcode).await?;
    let known = home.postcode.unwrap_or(&row.postcode);
    let excluded = excluded(read, known).await?;
    let wanted = [
        (OrganisationKind::Gemeente, Some(residence.as_str())),
        (OrganisationKind::Board, Some(row.board_code.as_str())),
        (OrganisationKind::School, Some(row.vestigingscode.as_str())),
        (OrganisationKind::Samenwerkingsverband, None),
    ];
    let nearby = organisation::coded(read, &wanted).await?;
    let teams: HashSet<Uuid> =
        links.iter().map(|link| link.team.0).chain(areas.iter().map(|area| area.team.0)).collect();
    let at = teams.iter().copied().chain(nearby.iter().map(|organisation| organisation.id)).collect();
    let mut found = Neighbourhood {
        place: SchoolPlace {
            school,
            wijk: Some(row.wijk_code).filter(|code| !code.is_empty()),
            gemeente: row.gemeente_code,
            postcode: Some(row.postcode).filter(|code| !code.is_empty()),
        },
        postcode: home.postcode.map(str::to_owned),
        holidays: row
            .holiday_region
            .parse()
            .map_err(|_| Error::Corrupt { table: "school", column: "holiday_region" })?,
        register: Register { areas, links, excluded, ..Register::default() },
        own: Vec::new(),
        organisations: HashMap::new(),
        residence,
    };
    for row in affiliations(read, at, roles).await? {
        let kind = nearby.iter().find(|near| near.id == row.organisation_id).map(|near| near.kind.as_str());
        found.take(&row, kind)?;
    }
    found.own.sort_unstable();
    for link in &found.register.links {
        for person in [Some(link.person), link.deputy].into_iter().flatten() {
            found.organisations.insert((person, link.role), link.team.into());
        }
    }
    Ok(found)
}

impl Neighbourhood {
    /// A team member when `kind` is none: the other organisations were asked for by kind.
    fn take(&mut self, row: &affiliation::Model, kind: Option<&str>) -> Result<()> {
        let corrupt = |column| Error::Corrupt { table: "affiliation", column };
        let role: Role = row.role.parse().map_err(|_| corrupt("role"))?;
        let validity = Validity::new(row.valid_from, row.valid_until).map_err(|_| corrupt("valid_until"))?;
        let person = PersonId(row.person_id);
        self.organisations.insert((person, role), OrganisationId(row.organisation_id));
        let gemeente: &str = OrganisationKind::Gemeente.into();
        match kind {
            None => {
                self.register.members.push(Member {
                    team: TeamId(row.organisation_id),
                    person,
                    role,
                    validity,
                });
            }
            Some(kind) if kind == gemeente => {
                self.register.officers.push(Officer {
                    gemeente: self.residence.clone(),
                    person,
                    role,
                    validity,
                });
            }
            Some(_) => self.own.push((person, role, validity)),
        }
        Ok(())
    }
}

/// Who comes for `school` in `roles` on `day`, those who are away left out; seven statements.
///
/// # Errors
/// `SCHOOL_NOT_FOUND`.
pub async fn route(
    read: &Read,
    school: SchoolId,
    residence: Option<&str>,
    roles: &[Role],
    day: NaiveDate,
) -> Result<Routed> {
    route_home(read, school, Home { gemeente: residence, postcode: None }, (roles, day)).await
}

/// As [`route`], for a child of which the postcode may be known.
pub async fn route_home(
    read: &Read,
    school: SchoolId,
    home: Home<'_>,
    (roles, day): (&[Role], NaiveDate),
) -> Result<Routed> {
    let mut found = around_home(read, school, home, roles).await?;
    let one_day = Validity::new(day, Some(day)).unwrap_or(Validity::since(day));
    found.register.away = absence::of(read, &found.people(), one_day).await?;
    let route = found.route(roles, day);
    Ok(Routed { route, links: found.register.links, organisations: found.organisations })
}

/// Who works in `roles` for the children of a gemeente on `day`, without a school; two statements.
pub async fn officers(
    read: &Read,
    gemeente: &str,
    roles: &[Role],
    day: NaiveDate,
) -> Result<Vec<(PersonId, Role)>> {
    let at = organisation::coded(read, &[(OrganisationKind::Gemeente, Some(gemeente))]).await?;
    let rows = affiliations(read, at.iter().map(|gemeente| gemeente.id).collect(), roles).await?;
    let mut people = Vec::new();
    for row in rows {
        let role = row.role.parse().map_err(|_| Error::Corrupt { table: "affiliation", column: "role" })?;
        if row.valid_from <= day && row.valid_until.is_none_or(|last| day <= last) {
            people.push((PersonId(row.person_id), role));
        }
    }
    people.sort_unstable();
    Ok(people)
}

/// A school's own row.
async fn school_row(read: &Read, school: SchoolId) -> Result<school::Model> {
    let row = school::Entity::find_by_id((read.region(), school.0)).one(&read.db()).await?;
    row.ok_or(Error::NotFound("SCHOOL"))
}

/// Whether the region has this school.
pub async fn exists(read: &Read, school: SchoolId) -> Result<bool> {
    match school_row(read, school).await {
        Ok(_) => Ok(true),
        Err(Error::NotFound(_)) => Ok(false),
        Err(error) => Err(error),
    }
}

/// The schools that are tied to `team`: as a part of a statement.
pub fn schools_of(read: &Read, team: Uuid) -> SelectStatement {
    use school_team_link::Column;
    Query::select()
        .column(Column::SchoolId)
        .from(school_team_link::Entity)
        .cond_where(Condition::all().add(Column::RegionId.eq(read.region())).add(Column::TeamId.eq(team)))
        .to_owned()
}

/// Who is tied to which of `schools` in which role, as link person or deputy, on `day`.
pub async fn linked(
    read: &Read,
    schools: &[SchoolId],
    day: NaiveDate,
) -> Result<Vec<(SchoolId, Role, PersonId)>> {
    let links = if schools.is_empty() { Vec::new() } else { links_of(read, None).await? };
    let own = links.iter().filter(|link| schools.contains(&link.school) && link.validity.holds_on(day));
    Ok(own
        .flat_map(|link| {
            let people = [Some(link.person), link.deputy].into_iter().flatten();
            people.map(move |person| (link.school, link.role, person))
        })
        .collect())
}

/// The ties of one school, or of all.
pub(super) async fn links_of(read: &Read, school: Option<SchoolId>) -> Result<Vec<Link>> {
    use school_team_link::Column;
    let mut query = school_team_link::Entity::find().filter(Column::RegionId.eq(read.region()));
    if let Some(school) = school {
        query = query.filter(Column::SchoolId.eq(school.0));
    }
    let corrupt = |column| Error::Corrupt { table: "school_team_link", column };
    let rows = query.all(&read.db()).await?;
    rows.into_iter()
        .map(|row| {
            Ok(Link {
                id: SchoolTeamLinkId(row.id),
                school: SchoolId(row.school_id),
                team: TeamId(row.team_id),
                role: row.role.parse().map_err(|_| corrupt("role"))?,
                person: PersonId(row.person_id),
                deputy: row.deputy_id.map(PersonId),
                validity: Validity::new(row.valid_from, row.valid_until)
                    .map_err(|_| corrupt("valid_until"))?,
            })
        })
        .collect()
}

/// The postcodes of others that are this one, or its digits; one statement, none when it is not known.
async fn excluded(read: &Read, postcode: &str) -> Result<Vec<Exclusion>> {
    use excluded_postcode::{Column, Entity};
    if postcode.is_empty() {
        return Ok(Vec::new());
    }
    let codes = [postcode, postcode.get(..4).unwrap_or(postcode)];
    let rows = Entity::find()
        .filter(Column::RegionId.eq(read.region()))
        .filter(Column::Postcode.is_in(codes))
        .order_by_asc(Column::AreaId)
        .order_by_asc(Column::Position)
        .all(&read.db())
        .await?;
    let corrupt = |_| Error::Corrupt { table: "excluded_postcode", column: "valid_until" };
    rows.into_iter()
        .map(|row| {
            Ok(Exclusion {
                postcode: row.postcode,
                neighbour: Neighbour { code: row.swv_code, display_name: row.swv_name },
                validity: Validity::new(row.valid_from, row.valid_until).map_err(corrupt)?,
            })
        })
        .collect()
}

/// The parts of work areas that this school lies in, or the child's home.
async fn areas_of(read: &Read, school: &school::Model, home: Option<&str>) -> Result<Vec<WorkArea>> {
    use team_area::Column;
    let part =
        |kind: &str, code: &str| Condition::all().add(Column::Kind.eq(kind)).add(Column::Code.eq(code));
    let here = Condition::any()
        .add(part("SCHOOL", &school.vestigingscode))
        .add(part("WIJK", &school.wijk_code))
        .add(part("GEMEENTE", &school.gemeente_code))
        .add_option(home.map(|code| part("POSTCODE", code)))
        .add_option(home.and_then(|code| code.get(..4)).map(|code| part("POSTCODE", code)));
    let rows = team_area::Entity::find()
        .filter(Column::RegionId.eq(read.region()))
        .filter(here)
        .all(&read.db())
        .await?;
    let corrupt = |column| Error::Corrupt { table: "team_area", column };
    rows.into_iter()
        .map(|row| {
            let area = match row.kind.as_str() {
                "SCHOOL" => Area::School(SchoolId(school.id)),
                "WIJK" => Area::Wijk(row.code),
                "GEMEENTE" => Area::Gemeente(row.code),
                "POSTCODE" => Area::Postcode(row.code),
                _ => return Err(corrupt("kind")),
            };
            let validity = Validity::new(row.valid_from, row.valid_until);
            let validity = validity.map_err(|_| corrupt("valid_until"))?;
            Ok(WorkArea { team: TeamId(row.team_id), area, validity })
        })
        .collect()
}

pub(super) async fn affiliations(
    read: &Read,
    at: Vec<Uuid>,
    roles: &[Role],
) -> Result<Vec<affiliation::Model>> {
    use affiliation::Column;
    if roles.is_empty() {
        return Ok(Vec::new());
    }
    Ok(affiliation::Entity::find()
        .filter(Column::RegionId.eq(read.region()))
        .filter(Column::OrganisationId.is_in(at))
        .filter(Column::Role.is_in(roles.iter().map(ToString::to_string)))
        .all(&read.db())
        .await?)
}
