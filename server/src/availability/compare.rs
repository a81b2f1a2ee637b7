//! `CompareTeams`: which team could come soonest, with the rest of the table as it is.

use std::collections::{HashMap, HashSet};

use schakel_domain::{
    access::Role,
    availability::{self as search, Preference, Search, Slot, local},
    ids::{OrganisationId, PersonId, TeamId},
    refusal::Refusal,
};
use schakel_proto::v1::{self as pb, compare_teams_response::TeamTimes};

use uuid::Uuid;

use super::{
    find,
    hours::USUAL_ZONE,
    obstacles,
    question::{Question, Who},
    table::{self, Fit, Table, of_team},
    words,
};
use crate::{
    access::{
        affiliation::{self, Post},
        organisation::{self, OrganisationKind},
        professional,
    },
    error::{Error, Result, language},
    store::{Read, audit::Line},
    wire::fields::Fields,
};

/// So many times are told of each team.
const TIMES: usize = 3;

/// A team and who of it could take each seat of the question.
struct Team {
    team: OrganisationId,
    seats: Vec<Vec<Fit>>,
}

/// Answers it in a constant number of statements: everybody's calendar is read once. With the
/// audit lines of the wishes that were opened for it.
pub(super) async fn compare(
    read: Read,
    wire: &pb::CompareTeamsRequest,
) -> Result<(pb::CompareTeamsResponse, Vec<Line>)> {
    let mut fields = Fields::default();
    let asked = wire.search.as_ref();
    if asked.is_none() {
        fields.refuse("search", Refusal::FieldRequired);
    }
    let only = wire.teams.iter().enumerate();
    let only: HashSet<TeamId> =
        only.filter_map(|(at, team)| fields.parse(format!("teams[{at}]"), team)).collect();
    let mut question = Question::read(fields.finish(asked)?, read.now())?;
    let roles: Vec<Role> = question.seats.iter().filter_map(|seat| team_role(&seat.who)).collect();
    if roles.is_empty() {
        return Err(Error::field("search.seats", Refusal::FieldRequired));
    }
    let required: Vec<bool> = question.seats.iter().map(|seat| !seat.optional).collect();
    // The school's own team is one of several here: it may lack what is asked for.
    for seat in question.seats.iter_mut().filter(|seat| team_role(&seat.who).is_some()) {
        seat.optional = true;
    }
    let mut table = table::lay(&read, &question).await?;
    for (seat, required) in question.seats.iter_mut().zip(&required) {
        seat.optional = !required;
    }
    let names = teams(&read, &only).await?;
    let day = local::date_of(USUAL_ZONE, question.window.start());
    let posts = affiliation::holding(&read, &roles, day).await?;
    let options = options(&question, &table, &posts, &names);
    let people: Vec<PersonId> = posts.iter().map(|post| post.person).collect();
    let known = professional::of(&read, &people).await?;
    table.names.extend(known.into_iter().map(|(person, row)| (person, row.display_name.clone())));
    // One search with everybody in it, whose seats are filled by one team after another.
    let own = std::mem::take(&mut table.seats);
    table.seats = everybody(&own, &options);
    let closed = find::closed_days(&read, &question, &table).await?;
    let (mut search, lines) = find::plan(&read, &question, &table, &closed).await?;
    let all: Vec<search::Seat> = search.seats.clone();
    let mut teams = Vec::with_capacity(options.len());
    for option in &options {
        for ((seat, all), fits) in search.seats.iter_mut().zip(&all).zip(&option.seats) {
            let is_here = |who: PersonId| fits.iter().any(|fit| fit.person == who);
            let of_option =
                all.candidates.iter().filter(|one| is_here(PersonId(search.people[one.person].id.0)));
            seat.candidates = of_option.copied().collect();
        }
        teams.push(times(&search, &table, option.team, names.get(&option.team.0))?);
    }
    teams.sort_by_key(|(first, _)| first.unwrap_or(i64::MAX));
    let answer = pb::CompareTeamsResponse {
        teams: teams.into_iter().map(|(_, team)| team).collect(),
        warnings: closed.unknown.iter().map(|year| words::unknown_year(*year, language())).collect(),
    };
    Ok((answer, lines))
}

fn team_role(who: &Who) -> Option<Role> {
    match who {
        Who::Role(role) if of_team(*role) => Some(*role),
        Who::Role(_) | Who::Person(_) | Who::Expertise(_) | Who::Interpreter(_) => None,
    }
}

/// The teams of the region by id, with their names.
async fn teams(read: &Read, only: &HashSet<TeamId>) -> Result<HashMap<Uuid, String>> {
    let rows = organisation::coded(read, &[(OrganisationKind::Team, None)]).await?;
    let wanted = rows.into_iter().filter(|row| only.is_empty() || only.contains(&TeamId(row.id)));
    let names: HashMap<Uuid, String> = wanted.map(|row| (row.id, row.display_name)).collect();
    if only.iter().all(|team| names.contains_key(&team.0)) { Ok(names) } else { Err(Error::NotFound("TEAM")) }
}

/// The teams that have somebody for every required seat of a team, in the order of their names.
fn options(question: &Question, table: &Table, posts: &[Post], names: &HashMap<Uuid, String>) -> Vec<Team> {
    let mut teams: Vec<(&String, OrganisationId)> =
        names.iter().map(|(id, name)| (name, OrganisationId(*id))).collect();
    teams.sort_unstable();
    let fits = |team: OrganisationId, role: Role, own: &[Fit]| -> Vec<Fit> {
        let posts = posts.iter().filter(|post| post.organisation == team && post.role == role);
        let known = |person| own.iter().find(|fit| fit.person == person).map(|fit| fit.preference);
        posts
            .map(|post| Fit {
                person: post.person,
                role,
                preference: known(post.person).unwrap_or(Preference::TeamMember),
            })
            .take(table::MOST_CANDIDATES)
            .collect()
    };
    teams
        .into_iter()
        .filter_map(|(_, team)| {
            let seats =
                question.seats.iter().zip(&table.seats).map(|(seat, own)| match team_role(&seat.who) {
                    Some(role) => {
                        Some(fits(team, role, own)).filter(|fits| seat.optional || !fits.is_empty())
                    }
                    None => Some(own.clone()),
                });
            Some(Team { team, seats: seats.collect::<Option<Vec<Vec<Fit>>>>()? })
        })
        .collect()
}

/// Per seat everybody of any team.
fn everybody(own: &[Vec<Fit>], options: &[Team]) -> Vec<Vec<Fit>> {
    (0..own.len())
        .map(|seat| {
            let mut seen = HashSet::new();
            let fits = options.iter().flat_map(|option| &option.seats[seat]);
            fits.filter(|fit| seen.insert(fit.person)).copied().collect()
        })
        .collect()
}

/// The first times of a team, with the second of the first; or what is in the way.
fn times(
    search: &Search,
    table: &Table,
    team: OrganisationId,
    name: Option<&String>,
) -> Result<(Option<i64>, TeamTimes)> {
    let slots: Vec<Slot> = search::next_free(search, search.window.start(), TIMES).map_err(Error::Invalid)?;
    let none = if slots.is_empty() { search::find(search).map_err(Error::Invalid)?.none } else { None };
    let obstacles = none.map(|none| obstacles::to_wire(&none, search, table, language()));
    let times = TeamTimes {
        team: TeamId(team.0).to_string(),
        display_name: name.cloned().unwrap_or_default(),
        slots: slots.iter().map(|slot| find::slot_to_wire(slot, search, table)).collect(),
        obstacles: obstacles.unwrap_or_default(),
    };
    Ok((slots.first().map(|slot| slot.start.timestamp()), times))
}
