//! Whom to call about cases of the household: who keeps them together, and the wijkteam of each.

use std::collections::BTreeSet;

use chrono::NaiveDate;
use schakel_domain::{
    access::Role,
    ids::{OrganisationId, PersonId, TeamId},
};
use schakel_proto::v1::{self as pb, household_contact::Professional};

use super::found::Found;
use crate::{
    access::{affiliation, circle::Circle, organisation, professional},
    directory::route,
    error::Result,
    store::Read,
    wire::fields::text,
};

/// Whom to call about one case. Two cases of which that is the same are told as one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct Called {
    regisseur: Option<PersonId>,
    team: Option<TeamId>,
    member: Option<PersonId>,
}

/// Whom to call about `others` on `day`, by name.
pub(super) async fn told(read: &Read, others: &[Found], day: NaiveDate) -> Result<Vec<pb::HouseholdContact>> {
    if others.is_empty() {
        return Ok(Vec::new());
    }
    let keepers: Vec<PersonId> = others.iter().filter_map(|one| one.regisseur).collect();
    let working = affiliation::of(read, &keepers, day).await?;
    let works = |person: &PersonId| working.iter().any(|post| post.person == *person);
    let of_register = affiliation::holding(read, &[Role::Thuiszitterscoordinator], day).await?;
    let of_register = of_register.first().map(|post| post.person);
    let mut called = BTreeSet::new();
    for one in others {
        let regisseur = one.regisseur.filter(works).or(of_register);
        let (team, member) = served(read, &one.circle, day).await?;
        called.insert(Called { regisseur, team, member });
    }
    to_wire(read, &called).await
}

/// The wijkteam that serves the school and gemeente of a case, and its social worker there.
async fn served(read: &Read, circle: &Circle, day: NaiveDate) -> Result<(Option<TeamId>, Option<PersonId>)> {
    let Some(school) = circle.school else { return Ok((None, None)) };
    let roles = [Role::Smw];
    let found = route::around(read, school, Some(&circle.gemeente), &roles).await?.route(&roles, day);
    let member = found.roles.iter().find_map(|role| role.first().ok()).map(|(person, _)| person);
    Ok((found.team.ok(), member))
}

async fn to_wire(read: &Read, called: &BTreeSet<Called>) -> Result<Vec<pb::HouseholdContact>> {
    let people: Vec<PersonId> = called.iter().flat_map(|one| [one.regisseur, one.member]).flatten().collect();
    let people = professional::of(read, &people).await?;
    let teams: Vec<OrganisationId> = called.iter().filter_map(|one| one.team).map(Into::into).collect();
    let teams = organisation::names(read, &teams).await?;
    let professional = |person: Option<PersonId>| {
        let known = people.get(&person?)?;
        Some(Professional {
            person: text(person),
            display_name: known.display_name.clone(),
            email: known.email.clone(),
            phone: known.phone.clone(),
        })
    };
    let contact = |one: &Called| pb::HouseholdContact {
        regisseur: professional(one.regisseur),
        team: text(one.team),
        team_display_name: one.team.and_then(|team| teams.get(&team.0).cloned()).unwrap_or_default(),
        team_member: professional(one.member),
    };
    let mut contacts: Vec<_> = called.iter().map(contact).collect();
    contacts.retain(|one| one.regisseur.is_some() || !one.team.is_empty());
    let name = |one: Option<&Professional>| one.map(|one| one.display_name.clone());
    contacts.sort_by_key(|one| (name(one.regisseur.as_ref()), one.team_display_name.clone()));
    Ok(contacts)
}
