//! Who carries how much: meetings, hours and open work of a team or a person.

use std::collections::BTreeSet;

use schakel_domain::{
    access::Role,
    ids::{OrganisationId, PersonId, TeamId},
    time::Period,
};
use schakel_proto::v1::get_workload_response::Workload;

use crate::{
    access::{
        Reached, affiliation,
        authenticate::today,
        circle,
        organisation::{self, OrganisationKind},
        professional,
    },
    availability::work::Staff,
    error::{Error, Result},
    hulpvraag,
    store::Read,
};

/// Of whom.
#[derive(Debug, Clone, Copy)]
pub(super) enum Of {
    /// Everybody in it today.
    Team(TeamId),
    /// One.
    Person(PersonId),
}

/// Everybody's load in `window`, the least burdened first; a constant number of statements.
///
/// # Errors
/// `TEAM_NOT_FOUND`, `PERSON_NOT_FOUND`.
pub(super) async fn workload(read: &Read, of: Of, window: Period) -> Result<Vec<Workload>> {
    let persons = persons(read, of).await?;
    let staff = Staff::load(read, &persons, (window, &[])).await?;
    let known = professional::of(read, &persons).await?;
    let cases = circle::open_cases(read, &persons).await?;
    let requests = hulpvraag::store::open_of(read, &persons).await?;
    let small = |number: i64| i32::try_from(number).unwrap_or(i32::MAX);
    let count = |number: usize| i32::try_from(number).unwrap_or(i32::MAX);
    let days = window.duration().num_days();
    let mut loads: Vec<Workload> = persons
        .iter()
        .filter_map(|person| {
            let (meetings, load) = staff.load_of(*person, window);
            Some(Workload {
                person: person.to_string(),
                display_name: known.get(person)?.display_name.clone(),
                meetings: count(meetings),
                meeting_minutes: small(load.meetings),
                work_minutes: small(load.work),
                weekly_minutes_per_fte: small(load.weekly_per_fte(days)),
                open_cases: count(cases.get(person).copied().unwrap_or_default()),
                open_hulpvragen: count(requests.get(person).copied().unwrap_or_default()),
            })
        })
        .collect();
    loads.sort_by_key(|load| {
        (load.weekly_minutes_per_fte, load.open_cases + load.open_hulpvragen, load.person.clone())
    });
    Ok(loads)
}

async fn persons(read: &Read, of: Of) -> Result<Vec<PersonId>> {
    match of {
        Of::Team(team) => {
            let posts = posts(read, team).await?;
            // Who plans for the team carries no cases of it.
            let members = posts.iter().filter(|post| post.role != Role::WijkteamCoordinator);
            let persons: BTreeSet<PersonId> = members.map(|post| post.person).collect();
            Ok(persons.into_iter().collect())
        }
        Of::Person(person) => {
            let posts = affiliation::of(read, &[person], today(read.now())).await?;
            let at = |own: uuid::Uuid| posts.iter().any(|post| post.organisation == OrganisationId(own));
            read.grant().to("PERSON", |reached| reaches(reached, at, Some(person)))?;
            professional::get(read, person).await?;
            Ok(vec![person])
        }
    }
}

/// Who is in a team today, as what, for whoever plans for it.
///
/// # Errors
/// `TEAM_NOT_FOUND`.
pub(super) async fn posts(read: &Read, team: TeamId) -> Result<Vec<affiliation::Post>> {
    let holds = |reached: &Reached| reaches(reached, |own| own == team.0, None);
    read.grant().to("TEAM", holds)?;
    match organisation::get(read, team.into()).await {
        Ok(found) if found.kind == OrganisationKind::Team.to_string() => {}
        Ok(_) | Err(Error::NotFound(_)) => return Err(Error::NotFound("TEAM")),
        Err(error) => return Err(error),
    }
    affiliation::at(read, team.into(), today(read.now())).await
}

fn reaches(reached: &Reached, team: impl Fn(uuid::Uuid) -> bool, person: Option<PersonId>) -> bool {
    match reached {
        Reached::Region => true,
        Reached::Team(own) => team(*own),
        Reached::Own(own) => person == Some(PersonId(*own)),
        Reached::School(_)
        | Reached::SchoolEscalated(_)
        | Reached::Escalated(_)
        | Reached::Residence(_)
        | Reached::Invited(_)
        | Reached::Case(_)
        | Reached::Held => false,
    }
}
