//! The roster of a team: who can be called when, and whom to call now.

mod rpc;
mod store;

use schakel_domain::{
    access::Role,
    availability::on_call::{MAX_DAYS, MAX_ORDER, at},
    directory::{Route, routing::Standing},
    ids::{OnCallShiftId, OrganisationId, PersonId, SchoolId, TeamId},
    refusal::Refusal,
    time::Period,
};
use schakel_proto::v1::{self as pb, get_on_call_response::contact::Reason};

use self::store::Model;
pub use self::store::during;
use super::change;
use crate::{
    access::{
        Reached, affiliation,
        authenticate::today,
        organisation::{self, OrganisationKind},
        professional,
        rpc::role_to_wire,
    },
    directory::route,
    error::{Error, Result},
    store::{Read, Tx, audit::Deed, instant::to_column},
    wire::{
        fields::Fields,
        time::{timestamp, timestamp_of},
    },
};

const OBJECT: &str = "on_call_shift";
/// Roles of a team that can be asked for in a crisis, the first to be called first.
pub const CALLED: [Role; 5] =
    [Role::Smw, Role::Gezinswerker, Role::Jeugdverpleegkundige, Role::Jeugdarts, Role::Indicatiesteller];

/// A stretch on call as somebody wants it.
#[derive(Debug, Clone, Copy)]
struct Wish {
    team: TeamId,
    person: PersonId,
    role: Role,
    time: Period,
    order: i32,
}

impl Wish {
    fn read(fields: &mut Fields, wire: &pb::OnCallShift) -> Option<Self> {
        let team = fields.parse("on_call_shift.team", &wire.team);
        let person = fields.parse("on_call_shift.person", &wire.person);
        let role = fields.choice("on_call_shift.role", wire.role, pb::Role::as_str_name);
        let start = fields.instant("on_call_shift.start_time", wire.start_time.as_ref());
        let end = fields.instant("on_call_shift.end_time", wire.end_time.as_ref());
        let order = if wire.phone_order == 0 { 1 } else { wire.phone_order };
        if !(1..=MAX_ORDER).contains(&order) {
            fields.refuse("on_call_shift.phone_order", Refusal::FieldInvalid);
        }
        let time = start.zip(end).and_then(|(start, end)| {
            let time = Period::new(start, end).ok().filter(|time| time.duration().num_days() < MAX_DAYS);
            if time.is_none() {
                fields.refuse("on_call_shift.end_time", Refusal::TimeRangeInvalid);
            }
            time
        });
        Some(Self { team: team?, person: person?, role: role?, time: time?, order })
    }
}

/// Whether the caller keeps the roster of `team`.
fn may_write(tx: &Tx, team: TeamId) -> Result<()> {
    let holds = |reached: &Reached| match reached {
        Reached::Region => true,
        Reached::Team(own) => *own == team.0,
        Reached::School(_)
        | Reached::SchoolEscalated(_)
        | Reached::Escalated(_)
        | Reached::Residence(_)
        | Reached::Own(_)
        | Reached::Invited(_)
        | Reached::Case(_)
        | Reached::Held => false,
    };
    tx.grant().to("TEAM", holds).map(|_| ())
}

/// Refuses what is no team of the region.
async fn is_team(read: &Read, team: TeamId) -> Result<()> {
    match organisation::get(read, team.into()).await {
        Ok(found) if found.kind == OrganisationKind::Team.to_string() => Ok(()),
        Ok(_) | Err(Error::NotFound(_)) => Err(Error::NotFound("TEAM")),
        Err(error) => Err(error),
    }
}

/// Nothing → there.
async fn create(tx: &Tx, wish: Wish) -> Result<Model> {
    may_write(tx, wish.team)?;
    is_team(tx, wish.team).await?;
    let posts = affiliation::of(tx, &[wish.person], today(wish.time.start())).await?;
    let team = OrganisationId::from(wish.team);
    if !posts.iter().any(|post| post.organisation == team && post.role == wish.role) {
        return Err(Error::field("on_call_shift.person", Refusal::PersonNotFound));
    }
    let row = Model {
        region_id: tx.region(),
        id: tx.new_id(),
        team_id: wish.team.0,
        person_id: wish.person.0,
        role: wish.role.to_string(),
        starts_at: to_column(wish.time.start()),
        ends_at: to_column(wish.time.end()),
        phone_order: wish.order,
        version: 1,
    };
    store::insert(tx, row.clone()).await?;
    tx.audit(change::line(Deed::C, OBJECT, row.id, wish.person)).await?;
    Ok(row)
}

/// There → gone.
async fn remove(tx: &Tx, id: OnCallShiftId, etag: i32) -> Result<Model> {
    let row = store::hold(tx, id.0).await?;
    may_write(tx, TeamId(row.team_id)).map_err(|_| Error::NotFound("ON_CALL_SHIFT"))?;
    if row.version != etag {
        return Err(Error::Stale);
    }
    store::remove(tx, id.0).await?;
    tx.audit(change::line(Deed::D, OBJECT, row.id, PersonId(row.person_id))).await?;
    Ok(row)
}

/// Whom to ask.
#[derive(Debug, Clone, Copy)]
enum Where {
    School(SchoolId),
    Team(TeamId),
}

/// Whom to call at an instant, first to be called first: who is on call, then who comes for the
/// school, or is in the team.
///
/// # Errors
/// `SCHOOL_NOT_FOUND`, `TEAM_NOT_FOUND`, `NOBODY_ON_CALL`.
async fn contacts(
    read: &Read,
    place: Where,
    instant: chrono::DateTime<chrono::Utc>,
) -> Result<Vec<pb::get_on_call_response::Contact>> {
    let day = today(instant);
    let route = match place {
        Where::School(school) => Some(route::route(read, school, None, &CALLED, day).await?.route),
        Where::Team(team) => {
            is_team(read, team).await?;
            None
        }
    };
    let team = match (place, &route) {
        (Where::Team(team), _) => Some(team),
        (Where::School(_), route) => route.as_ref().and_then(|route| route.team.as_ref().ok().copied()),
    };
    let mut found: Vec<(PersonId, Role, Reason, Option<i64>)> = Vec::new();
    if let Some(team) = team {
        let moment = Period::new(instant, instant + chrono::TimeDelta::microseconds(1))?;
        for shift in at(&during(read, team, moment).await?, instant) {
            found.push((shift.person, shift.role, Reason::OnCall, Some(to_column(shift.time.end()))));
        }
    }
    let others = match (&route, team) {
        (Some(route), _) => fallback(route),
        (None, Some(team)) => affiliation::at(read, team.into(), day)
            .await?
            .into_iter()
            .filter(|post| CALLED.contains(&post.role))
            .map(|post| (post.person, post.role, Reason::TeamMember))
            .collect(),
        (None, None) => Vec::new(),
    };
    for (person, role, reason) in others {
        if found.iter().all(|(known, ..)| *known != person) {
            found.push((person, role, reason, None));
        }
    }
    let persons: Vec<PersonId> = found.iter().map(|(person, ..)| *person).collect();
    let known = professional::of(read, &persons).await?;
    let contact = |(person, role, reason, end): (PersonId, Role, Reason, Option<i64>)| {
        let row = known.get(&person)?;
        Some(pb::get_on_call_response::Contact {
            person: person.to_string(),
            display_name: row.display_name.clone(),
            role: role_to_wire(role),
            phone: row.phone.clone(),
            reason: reason.into(),
            end_time: end.and_then(timestamp_of),
        })
    };
    let contacts: Vec<_> = found.into_iter().filter_map(contact).collect();
    if contacts.is_empty() { Err(Refusal::NobodyOnCall.into()) } else { Ok(contacts) }
}

/// Who comes for a school when nobody is on call, who knows it best first.
pub fn fallback(route: &Route) -> Vec<(PersonId, Role, Reason)> {
    let mut people: Vec<(PersonId, Role, Reason)> = Vec::new();
    for named in &route.roles {
        for (person, standing) in &named.people {
            let reason = match standing {
                Standing::LinkPerson => Reason::LinkPerson,
                Standing::Deputy => Reason::Deputy,
                Standing::TeamMember => Reason::TeamMember,
                Standing::OfficerOfResidence => continue,
            };
            if people.iter().all(|(known, ..)| known != person) {
                people.push((*person, named.role, reason));
            }
        }
    }
    people.sort_by_key(|(_, _, reason)| *reason as i32);
    people
}

/// On the wire.
fn to_wire(row: &Model) -> Result<pb::OnCallShift> {
    let role: Role =
        row.role.parse().map_err(|_| Error::Corrupt { table: "on_call_shift", column: "role" })?;
    let instant = |micros| crate::store::instant::from_column(micros).map(timestamp);
    Ok(pb::OnCallShift {
        name: OnCallShiftId(row.id).to_string(),
        team: TeamId(row.team_id).to_string(),
        person: PersonId(row.person_id).to_string(),
        role: role_to_wire(role),
        start_time: Some(instant(row.starts_at)?),
        end_time: Some(instant(row.ends_at)?),
        phone_order: row.phone_order,
        etag: row.version.to_string(),
    })
}
