//! Where professionals have to be for a meeting.

use chrono::NaiveDate;
use schakel_domain::{
    availability::Site,
    consultation::Place,
    ids::{SchoolId, TeamId},
};

use crate::{
    directory::{link, room::Room},
    error::Result,
    store::Read,
};

/// At its room; else at the school, or at the team that serves it; somewhere unknown at home.
pub async fn of(
    read: &Read,
    (place, school): (Place, Option<SchoolId>),
    rooms: &[Room],
    day: NaiveDate,
) -> Result<Site> {
    if let Some(room) = rooms.first() {
        return Ok(Site::At(room.organisation));
    }
    let team = match (place, school) {
        (Place::Team, Some(school)) => link::team_of(read, school, day).await?,
        (Place::Team, None) | (Place::School | Place::Home | Place::Online | Place::Phone, _) => None,
    };
    Ok(at(place, school, team))
}

/// The same without a room, where the team that serves the school is known.
pub fn at(place: Place, school: Option<SchoolId>, team: Option<TeamId>) -> Site {
    let known = |place: Option<_>| place.map_or(Site::Unknown, Site::At);
    match place {
        Place::School => known(school.map(SchoolId::into)),
        Place::Team => known(team.map(Into::into)),
        Place::Home => Site::Unknown,
        Place::Online | Place::Phone => Site::Remote,
    }
}

/// What tells where a meeting is.
#[derive(Debug, Clone, Copy)]
pub struct At {
    /// Where, as mail may say it.
    pub place: Place,
    /// The school at or for which it is.
    pub school: Option<SchoolId>,
    /// The first of its rooms that is there.
    pub room: Option<Room>,
    /// Its day.
    pub day: NaiveDate,
}

/// Where each of several meetings is, in one statement at most.
pub async fn of_each(read: &Read, all: &[At]) -> Result<Vec<Site>> {
    let served = |one: &At| one.school.filter(|_| one.room.is_none() && one.place == Place::Team);
    let schools: Vec<SchoolId> = all.iter().filter_map(served).collect();
    let teams = link::teams_of(read, &schools).await?;
    let site = |one: &At| {
        if let Some(room) = one.room {
            return Site::At(room.organisation);
        }
        let own = |link: &&link::Serving| served(one) == Some(link.school) && link.days.holds_on(one.day);
        at(one.place, one.school, teams.iter().find(own).map(|link| link.team))
    };
    Ok(all.iter().map(site).collect())
}
