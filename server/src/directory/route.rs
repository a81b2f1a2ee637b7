//! Who belongs to a school: the team, a person per role, and which rule said so.

use std::collections::{HashMap, HashSet};

use chrono::NaiveDate;
use schakel_domain::{
    access::{Action, Role},
    directory::{
        Register, Route, RoutingRule, route as decide,
        routing::{
            Area, ChildPlace, ForRole, Link, Member, Officer, Question, SchoolPlace, Standing, WorkArea,
        },
    },
    dutch::{HolidayRegion, codes::GemeenteCode},
    ids::{OrganisationId, PersonId, SchoolId, SchoolTeamLinkId, TeamId},
    time::Validity,
};
use schakel_proto::v1 as pb;
use sea_orm::{ColumnTrait, Condition, EntityTrait, QueryFilter};
use tonic::{Request, Response, Status};
use uuid::Uuid;

use super::{absence, route_text};
use crate::{
    access::{
        authenticate::today,
        organisation::{self, OrganisationKind},
        professional,
        rpc::role_to_wire,
    },
    app::App,
    entity::{affiliation, school, school_team_link, team_area},
    error::{Error, Result, language},
    store::Read,
    wire::{call::permit, fields::Fields},
};

/// Whom a school can call.
const CALLED: [Role; 6] = [
    Role::Smw,
    Role::Jeugdverpleegkundige,
    Role::Jeugdarts,
    Role::Indicatiesteller,
    Role::Leerplichtambtenaar,
    Role::Gezinswerker,
];

/// A school with everybody who could come for it.
pub struct Neighbourhood {
    /// Where the school is.
    pub place: SchoolPlace,
    /// The region of its holidays.
    pub holidays: HolidayRegion,
    /// Where the child lives; without a child, where the school is.
    residence: String,
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
    organisations: HashMap<(PersonId, Role), OrganisationId>,
}

impl Routed {
    /// For which organisation a person comes.
    pub fn organisation(&self, person: PersonId, role: Role) -> Option<OrganisationId> {
        self.organisations.get(&(person, role)).copied()
    }
}

impl Neighbourhood {
    /// Who comes in `roles` on `day`.
    pub fn route(&self, roles: &[Role], day: NaiveDate) -> Route {
        let child = ChildPlace { gemeente: Some(self.residence.clone()), ..ChildPlace::default() };
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

/// Loads what decides who comes for `school` in `roles`, in five statements. `residence`
/// is the gemeente where the child lives; none means the school's.
///
/// # Errors
/// `SCHOOL_NOT_FOUND`.
pub async fn around(
    read: &Read,
    school: SchoolId,
    residence: Option<&str>,
    roles: &[Role],
) -> Result<Neighbourhood> {
    let row = school_row(read, school).await?;
    let residence = residence.unwrap_or(&row.gemeente_code).to_owned();
    let links = links_of(read, Some(school)).await?;
    let areas = areas_of(read, &row).await?;
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
        },
        holidays: row
            .holiday_region
            .parse()
            .map_err(|_| Error::Corrupt { table: "school", column: "holiday_region" })?,
        register: Register { areas, links, ..Register::default() },
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

/// Who comes for `school` in `roles` on `day`, those who are away left out; six statements.
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
    let mut found = around(read, school, residence, roles).await?;
    let one_day = Validity::new(day, Some(day)).unwrap_or(Validity::since(day));
    found.register.away = absence::of(read, &found.people(), one_day).await?;
    Ok(Routed { route: found.route(roles, day), organisations: found.organisations })
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

/// The parts of work areas that this school lies in.
async fn areas_of(read: &Read, school: &school::Model) -> Result<Vec<WorkArea>> {
    use team_area::Column;
    let part =
        |kind: &str, code: &str| Condition::all().add(Column::Kind.eq(kind)).add(Column::Code.eq(code));
    let here = Condition::any()
        .add(part("SCHOOL", &school.vestigingscode))
        .add(part("WIJK", &school.wijk_code))
        .add(part("GEMEENTE", &school.gemeente_code));
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
                _ => return Err(corrupt("kind")),
            };
            let validity = Validity::new(row.valid_from, row.valid_until);
            let validity = validity.map_err(|_| corrupt("valid_until"))?;
            Ok(WorkArea { team: TeamId(row.team_id), area, validity })
        })
        .collect()
}

async fn affiliations(read: &Read, at: Vec<Uuid>, roles: &[Role]) -> Result<Vec<affiliation::Model>> {
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

/// `RouteSchool`.
pub(super) async fn route_school_rpc(
    app: &App,
    request: Request<pb::RouteSchoolRequest>,
) -> Result<Response<pb::RouteSchoolResponse>, Status> {
    let grant = permit(&request, Action::ReadDirectory)?;
    let request = request.into_inner();
    let mut fields = Fields::default();
    let school: Option<SchoolId> = fields.parse("school", &request.school);
    let residence: Option<GemeenteCode> =
        fields.parse_if("residence_gemeente_code", &request.residence_gemeente_code);
    let day = fields.date_if("valid_on", &request.valid_on);
    let school = fields.finish(school)?;
    let read = app.read(grant);
    let day = day.unwrap_or_else(|| today(read.now()));
    let routed = route(&read, school, residence.as_ref().map(GemeenteCode::as_str), &CALLED, day).await?;
    Ok(Response::new(to_wire(&read, &routed).await?))
}

async fn to_wire(read: &Read, routed: &Routed) -> Result<pb::RouteSchoolResponse> {
    let asked: Vec<(&ForRole, PersonId, Standing)> = routed
        .route
        .roles
        .iter()
        .filter_map(|role| role.first().ok().map(|(who, how)| (role, who, how)))
        .collect();
    let people: Vec<PersonId> = asked.iter().map(|(_, person, _)| *person).collect();
    let people = professional::of(read, &people).await?;
    let contact = |(role, person, standing): &(&ForRole, PersonId, Standing)| {
        let known = people.get(person)?;
        Some(pb::route_school_response::Contact {
            role: role_to_wire(role.role),
            person: person.to_string(),
            display_name: known.display_name.clone(),
            organisation: crate::wire::fields::text(routed.organisation(*person, role.role)),
            deputy: *standing == Standing::Deputy || !role.away.is_empty(),
            email: known.email.clone(),
            phone: known.phone.clone(),
        })
    };
    let team = routed.route.team.ok();
    let name = match team {
        Some(team) => organisation::get(read, team.into()).await?.display_name,
        None => String::new(),
    };
    Ok(pb::RouteSchoolResponse {
        team: crate::wire::fields::text(team),
        contacts: asked.iter().filter_map(contact).collect(),
        rules: routed.route.tried.iter().map(|tried| route_text::rule(tried, &name, language())).collect(),
        team_display_name: name,
    })
}
