//! Where professionals have to be for a meeting.

use chrono::NaiveDate;
use schakel_domain::{availability::Site, consultation::Place, ids::SchoolId};

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
    let known = |place: Option<_>| place.map_or(Site::Unknown, Site::At);
    if let Some(room) = rooms.first() {
        return Ok(Site::At(room.organisation));
    }
    Ok(match (place, school) {
        (Place::School, school) => known(school.map(SchoolId::into)),
        (Place::Team, Some(school)) => known(link::team_of(read, school, day).await?.map(Into::into)),
        (Place::Team, None) | (Place::Home, _) => Site::Unknown,
        (Place::Online | Place::Phone, _) => Site::Remote,
    })
}
