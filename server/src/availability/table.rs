//! Who can take each seat: a person by name, or everybody who fits a role, best first.

use std::{
    collections::{HashMap, HashSet},
    sync::Arc,
};

use chrono::NaiveDate;
use schakel_domain::{
    access::Role,
    availability::{Preference, local},
    directory::{Route, routing::Standing},
    ids::{CaseId, PersonId, SchoolId, TeamId},
    refusal::{Refusal, Violation},
};
use uuid::Uuid;

use super::{
    busy,
    hours::USUAL_ZONE,
    question::{Question, Seat, Who},
    specialists,
};
use crate::{
    access::{
        Reached, affiliation,
        circle::{self, Circle},
        professional,
    },
    directory::route::{self, Neighbourhood},
    error::{Error, Result},
    store::Read,
};

/// More candidates than this for one seat help nobody.
pub(super) const MOST_CANDIDATES: usize = 50;

/// Somebody who could take a seat.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Fit {
    pub(super) person: PersonId,
    pub(super) role: Role,
    pub(super) preference: Preference,
}

/// The table, before anybody's calendar is opened.
pub(super) struct Table {
    /// Per seat of the question, best first.
    pub(super) seats: Vec<Vec<Fit>>,
    /// The names of the professionals among them; parents and children have none here.
    pub(super) names: HashMap<PersonId, String>,
    /// The school, when it is known.
    pub(super) around: Option<Arc<Neighbourhood>>,
    /// Who sat at a table of the case that is over.
    pub(super) acquainted: HashSet<PersonId>,
}

impl Table {
    /// Everybody once.
    pub(super) fn people(&self) -> Vec<PersonId> {
        let people: HashSet<PersonId> = self.seats.iter().flatten().map(|fit| fit.person).collect();
        people.into_iter().collect()
    }
}

/// Finds who can sit, in a constant number of statements.
///
/// # Errors
/// `CASE_NOT_FOUND`, `SCHOOL_NOT_FOUND`, `PERSON_NOT_FOUND`, `NO_TEAM`, `NO_PERSON_FOR_ROLE`.
pub(super) async fn lay(read: &Read, question: &Question) -> Result<Table> {
    let circle = match question.case {
        Some(case) => Some(circle::reach(read, case).await?.0),
        None => None,
    };
    let day = local::date_of(USUAL_ZONE, question.window.start());
    let roles: Vec<Role> = roles(question);
    let school = question.school.or(circle.as_ref().and_then(|circle| circle.school));
    let residence = circle.as_ref().map(|circle| circle.gemeente.as_str());
    let around = match school {
        Some(school) => Some(route::around(read, school, residence, &roles).await?),
        None => None,
    };
    if let Some(around) = &around {
        in_reach(read, around, circle.as_ref())?;
    }
    let officers = match (&around, residence) {
        (None, Some(gemeente)) if !roles.is_empty() => route::officers(read, gemeente, &roles, day).await?,
        (None | Some(_), _) => Vec::new(),
    };
    let routed = around.as_ref().map(|around| around.route(&roles, day));
    let called = specialists::called(read, question, school, day).await?;
    let found = Found { circle: circle.as_ref(), around: around.as_deref(), routed, officers, called, day };
    let seats = seats(read, question, &found).await?;
    let acquainted = match question.case {
        Some(case) => helped(read, case).await?,
        None => HashSet::new(),
    };
    let mut table = Table { seats, names: HashMap::new(), around: None, acquainted };
    let known = professional::of(read, &table.people()).await?;
    check_named(question, &known, &found)?;
    check_roles(question, &table.seats, &found)?;
    table.names = known.into_iter().map(|(person, row)| (person, row.display_name.clone())).collect();
    table.around = around;
    Ok(table)
}

/// Who sat at a table of the case that is over: who is only to sit at one has not met the child yet.
async fn helped(read: &Read, case: CaseId) -> Result<HashSet<PersonId>> {
    let seats = circle::tables(read, case).await?;
    let mut meetings: Vec<Uuid> = seats.iter().map(|(meeting, _)| meeting.0).collect();
    meetings.sort_unstable();
    meetings.dedup();
    let taken = busy::bookings(read, &meetings).await?;
    let over: HashSet<Uuid> =
        taken.iter().filter(|one| one.time.end() <= read.now()).map(|one| one.id).collect();
    Ok(seats.into_iter().filter(|(meeting, _)| over.contains(&meeting.0)).map(|(_, person)| person).collect())
}

/// What the register says of the roles that are asked for.
struct Found<'a> {
    circle: Option<&'a Circle>,
    around: Option<&'a Neighbourhood>,
    routed: Option<Route>,
    officers: Vec<(PersonId, Role)>,
    /// By seat.
    called: HashMap<usize, Vec<PersonId>>,
    day: NaiveDate,
}

fn roles(question: &Question) -> Vec<Role> {
    let roles: HashSet<Role> = question
        .seats
        .iter()
        .filter_map(|seat| match seat.who {
            Who::Role(role) if !role.is_private() => Some(role),
            Who::Role(_) | Who::Person(_) | Who::Expertise(_) | Who::Interpreter(_) => None,
        })
        .collect();
    let mut roles: Vec<Role> = roles.into_iter().collect();
    roles.sort_unstable();
    roles
}

/// Whether the caller may plan at this school: through the case, or because of what it acts for.
fn in_reach(read: &Read, around: &Neighbourhood, circle: Option<&Circle>) -> Result<()> {
    let school = around.place.school;
    if circle.is_some_and(|circle| circle.school == Some(school)) {
        return Ok(());
    }
    let holds = |reached: &Reached| match reached {
        Reached::Region => true,
        Reached::School(own) => school == SchoolId(*own),
        Reached::Residence(gemeente) => around.place.gemeente == *gemeente,
        Reached::Team(team) => around.has_team(TeamId(*team)),
        Reached::SchoolEscalated(_)
        | Reached::Escalated(_)
        | Reached::Invited(_)
        | Reached::Own(_)
        | Reached::Case(_)
        | Reached::Held => false,
    };
    read.grant().to("SCHOOL", holds).map(|_| ())
}

async fn seats(read: &Read, question: &Question, found: &Found<'_>) -> Result<Vec<Vec<Fit>>> {
    let named: Vec<PersonId> = question
        .seats
        .iter()
        .filter_map(|seat| match seat.who {
            Who::Person(person) => Some(person),
            Who::Role(_) | Who::Expertise(_) | Who::Interpreter(_) => None,
        })
        .chain(found.called.values().flatten().copied())
        .collect();
    let mut roles: HashMap<PersonId, Role> = HashMap::new();
    for post in affiliation::of(read, &named, found.day).await? {
        roles.entry(post.person).or_insert(post.role);
    }
    let fits = |(at, seat): (usize, &Seat)| match seat.who {
        Who::Role(role) => match found.called.get(&at) {
            Some(people) => specialist(people, |_| Some(role)),
            None => fitting(role, found),
        },
        Who::Expertise(_) => {
            let people = found.called.get(&at).map(Vec::as_slice).unwrap_or_default();
            specialist(people, |person| roles.get(&person).copied())
        }
        Who::Interpreter(_) => {
            specialist(found.called.get(&at).map(Vec::as_slice).unwrap_or_default(), |_| Some(Role::Tolk))
        }
        Who::Person(person) => {
            // A person without a role today is told apart from a stranger by the register alone.
            let role = private_role(person, found.circle).or(roles.get(&person).copied());
            let role = role.unwrap_or(Role::Ouder);
            vec![Fit { person, role, preference: Preference::Named }]
        }
    };
    Ok(question.seats.iter().enumerate().map(fits).collect())
}

/// People from elsewhere, each in a role that they have; who has none today does not come.
fn specialist(people: &[PersonId], role: impl Fn(PersonId) -> Option<Role>) -> Vec<Fit> {
    let fit = |person: &PersonId| {
        role(*person).map(|role| Fit { person: *person, role, preference: Preference::Named })
    };
    people.iter().filter_map(fit).take(MOST_CANDIDATES).collect()
}

fn private_role(person: PersonId, circle: Option<&Circle>) -> Option<Role> {
    let circle = circle?;
    if circle.child == person { Some(Role::Jeugdige) } else { circle.has(person).then_some(Role::Ouder) }
}

/// Everybody for a role: whom routing names, then people of the school, its board and the
/// samenwerkingsverband; for a parent or child those of the case.
fn fitting(role: Role, found: &Found<'_>) -> Vec<Fit> {
    let mut fits: Vec<Fit> = Vec::new();
    let mut add = |person, preference| {
        if !fits.iter().any(|fit| fit.person == person) {
            fits.push(Fit { person, role, preference });
        }
    };
    if let Some(circle) = found.circle {
        if role == Role::Jeugdige {
            add(circle.child, Preference::Named);
        }
        if role == Role::Ouder {
            circle.parents_with_gezag().for_each(|parent| add(parent, Preference::Named));
        }
    }
    let routed = found.routed.iter().flat_map(|route| &route.roles).filter(|named| named.role == role);
    for (person, standing) in routed.flat_map(|named| &named.people) {
        let preference = match standing {
            Standing::LinkPerson => Preference::Linked,
            Standing::Deputy => Preference::Deputy,
            Standing::TeamMember => Preference::TeamMember,
            Standing::OfficerOfResidence => Preference::Named,
        };
        add(*person, preference);
    }
    if let Some(around) = found.around {
        around.own(role, found.day).for_each(|person| add(person, Preference::Named));
    }
    for (person, own) in &found.officers {
        if *own == role {
            add(*person, Preference::Named);
        }
    }
    fits.truncate(MOST_CANDIDATES);
    fits
}

/// A person by name is a professional of the region who has not left, or of the case.
fn check_named(
    question: &Question,
    known: &HashMap<PersonId, Arc<professional::Model>>,
    found: &Found<'_>,
) -> Result<()> {
    let is_there = |person: PersonId| {
        let works =
            known.get(&person).is_some_and(|row| row.valid_until.is_none_or(|last| found.day <= last));
        works || found.circle.is_some_and(|circle| circle.has(person))
    };
    let unknown: Vec<Violation> = question
        .seats
        .iter()
        .enumerate()
        .filter(|(_, seat)| matches!(seat.who, Who::Person(person) if !is_there(person)))
        .map(|(at, _)| Violation::new(format!("seats[{at}].person"), Refusal::PersonNotFound))
        .collect();
    if unknown.is_empty() { Ok(()) } else { Err(Error::Invalid(unknown)) }
}

/// A required role that nobody has is refused before anybody searches for a time.
fn check_roles(question: &Question, seats: &[Vec<Fit>], found: &Found<'_>) -> Result<()> {
    for (at, (seat, fits)) in question.seats.iter().zip(seats).enumerate() {
        if seat.optional || !fits.is_empty() {
            continue;
        }
        let role = match &seat.who {
            Who::Role(role) => *role,
            Who::Interpreter(_) => Role::Tolk,
            Who::Expertise(topic) => {
                let which =
                    [("expertise".to_owned(), topic.to_string()), ("seat".to_owned(), at.to_string())];
                return Err(Error::Refused(Refusal::NoPersonForRole, HashMap::from(which)));
            }
            Who::Person(_) => continue,
        };
        let no_team = found.routed.as_ref().is_some_and(|route| route.team.is_err());
        let refusal = if no_team && of_team(role) { Refusal::NoTeam } else { Refusal::NoPersonForRole };
        let which = [("role".to_owned(), role.to_string()), ("seat".to_owned(), at.to_string())];
        return Err(Error::Refused(refusal, HashMap::from(which)));
    }
    Ok(())
}

/// Roles that only a team has.
pub(super) fn of_team(role: Role) -> bool {
    matches!(
        role,
        Role::Smw
            | Role::Gezinswerker
            | Role::Jeugdarts
            | Role::Jeugdverpleegkundige
            | Role::Indicatiesteller
            | Role::WijkteamCoordinator
    )
}
