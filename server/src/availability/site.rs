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
