//! Which team serves a school and a child, who of it comes, and by which rule.

use chrono::NaiveDate;

use crate::{
    access::Role,
    ids::{PersonId, SchoolId, SchoolTeamLinkId, TeamId},
    refusal::Refusal,
    time::Validity,
};

/// What a team works for. Codes are compared exactly.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Area {
    /// The pupils of one school.
    School(SchoolId),
    /// A postcode of four digits, or of four digits and two letters without a space.
    Postcode(String),
    /// A CBS wijk.
    Wijk(String),
    /// A whole gemeente.
    Gemeente(String),
}

/// A part of a team's work area.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WorkArea {
    /// Whose area.
    pub team: TeamId,
    /// What belongs to it.
    pub area: Area,
    /// When.
    pub validity: Validity,
}

/// The tie of a school to a person of a team.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Link {
    /// The tie.
    pub id: SchoolTeamLinkId,
    /// The school.
    pub school: SchoolId,
    /// The team.
    pub team: TeamId,
    /// As what the person comes.
    pub role: Role,
    /// The link person.
    pub person: PersonId,
    /// Who comes when the link person is away.
    pub deputy: Option<PersonId>,
    /// When it holds.
    pub validity: Validity,
}

/// A person who works in a team.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Member {
    /// The team.
    pub team: TeamId,
    /// The person.
    pub person: PersonId,
    /// As what.
    pub role: Role,
    /// When.
    pub validity: Validity,
}

/// A person who works for the children living in a gemeente.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Officer {
    /// The code of the gemeente.
    pub gemeente: String,
    /// The person.
    pub person: PersonId,
    /// As what.
    pub role: Role,
    /// When.
    pub validity: Validity,
}

/// A postcode of a split gemeente that another samenwerkingsverband serves.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Exclusion {
    /// Four digits, or four digits and two letters without a space.
    pub postcode: String,
    /// Who serves it.
    pub neighbour: Neighbour,
    /// When.
    pub validity: Validity,
}

/// Another samenwerkingsverband.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Neighbour {
    /// Its code, for example `PO2801`.
    pub code: String,
    /// Its name.
    pub display_name: String,
}

/// What the register knows; the order of the lists does not matter.
#[derive(Debug, Clone, Default)]
pub struct Register {
    /// Work areas of teams.
    pub areas: Vec<WorkArea>,
    /// Ties of schools to teams.
    pub links: Vec<Link>,
    /// Members of teams.
    pub members: Vec<Member>,
    /// Officers of gemeenten.
    pub officers: Vec<Officer>,
    /// Postcodes that others serve.
    pub excluded: Vec<Exclusion>,
    /// Days on which people are away.
    pub away: Vec<(PersonId, Validity)>,
}

/// Where a school is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SchoolPlace {
    /// The school.
    pub school: SchoolId,
    /// The CBS wijk it stands in.
    pub wijk: Option<String>,
    /// The gemeente it stands in.
    pub gemeente: String,
    /// Four digits and two letters without a space.
    pub postcode: Option<String>,
}

/// Where a child lives, as far as it may be known.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct ChildPlace {
    /// Four digits and two letters without a space, or the digits alone.
    pub postcode: Option<String>,
    /// The CBS wijk.
    pub wijk: Option<String>,
    /// The gemeente of residence.
    pub gemeente: Option<String>,
}

/// Who is asked for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Question {
    /// The school that asks.
    pub school: SchoolPlace,
    /// The child it asks for.
    pub child: ChildPlace,
    /// The roles wanted.
    pub roles: Vec<Role>,
    /// The day of the meeting.
    pub day: NaiveDate,
    /// The rules in the order of the region; [`RoutingRule::USUAL`] unless it chose another.
    pub order: Vec<RoutingRule>,
}

/// A way to find the team.
#[derive(
    Debug,
    Clone,
    Copy,
    PartialEq,
    Eq,
    Hash,
    PartialOrd,
    Ord,
    strum::Display,
    strum::EnumString,
    strum::EnumIter,
)]
#[strum(serialize_all = "SCREAMING_SNAKE_CASE")]
pub enum RoutingRule {
    /// The school is tied to a team.
    SchoolLink,
    /// A team works for the school by name.
    SchoolInArea,
    /// A team works for the child's postcode; six characters before four.
    PostcodeOfChild,
    /// A team works for the wijk the child lives in.
    WijkOfChild,
    /// A team works for the wijk of the school.
    WijkOfSchool,
    /// A team works for the gemeente of the school.
    GemeenteOfSchool,
    /// Another samenwerkingsverband serves the postcode of the child or of the school: no team
    /// of this region does. Looked at before all others, and told only when it is so.
    PostcodeOfNeighbour,
}

impl RoutingRule {
    /// From the most to the least particular.
    pub const USUAL: [Self; 6] = [
        Self::SchoolLink,
        Self::SchoolInArea,
        Self::PostcodeOfChild,
        Self::WijkOfChild,
        Self::WijkOfSchool,
        Self::GemeenteOfSchool,
    ];
}

/// What a rule found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Why {
    /// Exactly one team.
    Found(TeamId),
    /// More than one team; the first by id is taken.
    FirstOf(Vec<TeamId>),
    /// What the rule looks at is not known.
    NotKnown,
    /// Known, and no team has it on this day.
    NoTeam,
    /// Somebody else's.
    Elsewhere(Neighbour),
}

/// A rule that was tried.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RuleTried {
    /// The rule.
    pub rule: RoutingRule,
    /// Whether it named the team.
    pub matched: bool,
    /// What it found.
    pub why: Why,
}

/// In what standing a person comes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Standing {
    /// The link person of the school.
    LinkPerson,
    /// The deputy.
    Deputy,
    /// Another member of the team with that role.
    TeamMember,
    /// The officer of the gemeente where the child lives.
    OfficerOfResidence,
}

/// Everybody who could come in a role, best first; who is away that day is left out.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ForRole {
    /// The role asked for.
    pub role: Role,
    /// The first is the one to ask.
    pub people: Vec<(PersonId, Standing)>,
    /// Who would have come before the first, but is away.
    pub away: Vec<PersonId>,
}

impl ForRole {
    /// The person to ask; `NO_PERSON_FOR_ROLE` without any.
    pub fn first(&self) -> Result<(PersonId, Standing), Refusal> {
        self.people.first().copied().ok_or(Refusal::NoPersonForRole)
    }
}

/// The answer: the team, the people, and the rules up to the one that matched.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Route {
    /// The responsible team; `NO_TEAM` if no rule matched.
    pub team: Result<TeamId, Refusal>,
    /// The rules in the order tried; only the last can have matched.
    pub tried: Vec<RuleTried>,
    /// Per role asked for, in that order.
    pub roles: Vec<ForRole>,
}

/// Finds the responsible team and people. The same register and question give the same
/// route, whatever the order of the register's lists.
pub fn route(register: &Register, question: &Question) -> Route {
    if let Some(neighbour) = neighbour(register, question) {
        let why = Why::Elsewhere(neighbour.clone());
        let rule = RuleTried { rule: RoutingRule::PostcodeOfNeighbour, matched: true, why };
        let none = |role| ForRole { role, people: Vec::new(), away: Vec::new() };
        let of_home = |asked: &Role| {
            if follows_residence(*asked) { people(register, question, None, *asked) } else { none(*asked) }
        };
        let roles = question.roles.iter().map(of_home).collect();
        return Route { team: Err(Refusal::NoTeam), tried: vec![rule], roles };
    }
    let mut tried = Vec::new();
    let mut team = Err(Refusal::NoTeam);
    for &rule in &question.order {
        let why = apply(rule, register, question);
        let found = match &why {
            Why::Found(team) => Some(*team),
            Why::FirstOf(teams) => teams.first().copied(),
            Why::NotKnown | Why::NoTeam | Why::Elsewhere(_) => None,
        };
        tried.push(RuleTried { rule, matched: found.is_some(), why });
        if let Some(found) = found {
            team = Ok(found);
            break;
        }
    }
    let roles = question.roles.iter().map(|role| people(register, question, team.ok(), *role)).collect();
    Route { team, tried, roles }
}

/// Who serves the child's postcode, or else the school's, when it is not this region.
fn neighbour<'a>(register: &'a Register, question: &Question) -> Option<&'a Neighbour> {
    let known = question.child.postcode.as_deref().or(question.school.postcode.as_deref())?;
    let four = known.get(..4);
    let holds = |excluded: &&Exclusion, code: &str| {
        excluded.postcode == code && excluded.validity.holds_on(question.day)
    };
    let of = |code: &str| register.excluded.iter().find(|excluded| holds(excluded, code));
    of(known).or_else(|| four.and_then(of)).map(|excluded| &excluded.neighbour)
}

fn apply(rule: RoutingRule, register: &Register, question: &Question) -> Why {
    let Question { school, child, day, .. } = question;
    let within = |area: Option<Area>| area.map_or(Why::NotKnown, |area| why(teams_of(register, &area, *day)));
    match rule {
        RoutingRule::SchoolLink => {
            let links = register.links.iter().filter(|link| link.school == school.school);
            why(links.filter(|link| link.validity.holds_on(*day)).map(|link| link.team).collect())
        }
        RoutingRule::SchoolInArea => within(Some(Area::School(school.school))),
        RoutingRule::PostcodeOfChild => match within(child.postcode.clone().map(Area::Postcode)) {
            Why::NoTeam => {
                let four = child.postcode.as_deref().and_then(|code| code.get(..4)).map(str::to_owned);
                within(four.map(Area::Postcode))
            }
            found @ (Why::Found(_) | Why::FirstOf(_) | Why::NotKnown | Why::Elsewhere(_)) => found,
        },
        RoutingRule::WijkOfChild => within(child.wijk.clone().map(Area::Wijk)),
        RoutingRule::WijkOfSchool => within(school.wijk.clone().map(Area::Wijk)),
        RoutingRule::GemeenteOfSchool => within(Some(Area::Gemeente(school.gemeente.clone()))),
        RoutingRule::PostcodeOfNeighbour => match neighbour(register, question) {
            Some(neighbour) => Why::Elsewhere(neighbour.clone()),
            None => Why::NotKnown,
        },
    }
}

fn teams_of(register: &Register, area: &Area, day: NaiveDate) -> Vec<TeamId> {
    let areas = register.areas.iter().filter(|work| work.area == *area && work.validity.holds_on(day));
    areas.map(|work| work.team).collect()
}

fn why(mut teams: Vec<TeamId>) -> Why {
    teams.sort_unstable();
    teams.dedup();
    match teams[..] {
        [] => Why::NoTeam,
        [team] => Why::Found(team),
        [_, _, ..] => Why::FirstOf(teams),
    }
}

/// Roles that follow the gemeente where the child lives, not the school: leerplicht
/// (Leerplichtwet art. 16) and Doorstroompunt.
fn follows_residence(role: Role) -> bool {
    matches!(role, Role::Leerplichtambtenaar | Role::Doorstroomcoach)
}

fn people(register: &Register, question: &Question, team: Option<TeamId>, role: Role) -> ForRole {
    let named = if follows_residence(role) {
        officers(register, question, role)
    } else {
        linked(register, question, team, role)
    };
    let is_away = |person: PersonId| {
        register.away.iter().any(|(away, days)| *away == person && days.holds_on(question.day))
    };
    let mut found = ForRole { role, people: Vec::new(), away: Vec::new() };
    for (person, standing) in named {
        let known = found.people.iter().any(|(known, _)| *known == person) || found.away.contains(&person);
        if known {
            continue;
        }
        if !is_away(person) {
            found.people.push((person, standing));
        } else if found.people.is_empty() {
            found.away.push(person);
        }
    }
    found
}

fn officers(register: &Register, question: &Question, role: Role) -> Vec<(PersonId, Standing)> {
    let officers = register.officers.iter().filter(|officer| {
        officer.role == role
            && question.child.gemeente.as_ref() == Some(&officer.gemeente)
            && officer.validity.holds_on(question.day)
    });
    let mut people: Vec<PersonId> = officers.map(|officer| officer.person).collect();
    people.sort_unstable();
    people.into_iter().map(|person| (person, Standing::OfficerOfResidence)).collect()
}

/// Link persons of the responsible team first, then of other teams tied to the school,
/// then the deputies, then the rest of the team; in each the oldest tie first.
fn linked(
    register: &Register,
    question: &Question,
    team: Option<TeamId>,
    role: Role,
) -> Vec<(PersonId, Standing)> {
    let day = question.day;
    let mut links: Vec<&Link> = register
        .links
        .iter()
        .filter(|link| link.school == question.school.school && link.role == role)
        .filter(|link| link.validity.holds_on(day))
        .collect();
    links.sort_by_key(|link| (Some(link.team) != team, link.validity, link.id));
    let mut members: Vec<PersonId> = register
        .members
        .iter()
        .filter(|member| Some(member.team) == team && member.role == role && member.validity.holds_on(day))
        .map(|member| member.person)
        .collect();
    members.sort_unstable();
    let persons = links.iter().map(|link| (link.person, Standing::LinkPerson));
    let deputies = links.iter().filter_map(|link| link.deputy).map(|deputy| (deputy, Standing::Deputy));
    persons.chain(deputies).chain(members.into_iter().map(|member| (member, Standing::TeamMember))).collect()
}

#[cfg(test)]
mod tests;
