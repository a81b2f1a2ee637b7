//! Whose time a meeting takes, and where everybody is then.

use chrono::NaiveDate;
use schakel_domain::{
    availability::{CalendarId, Site},
    consultation::Place,
    ids::SchoolId,
};

use super::meeting::Meeting;
use crate::{
    availability::busy::{self, Booking},
    directory::link,
    error::Result,
    store::{Read, Tx},
};

/// Makes `after` stand in everybody's calendar where `before` stood; either may be nothing.
///
/// # Errors
/// `TIME_CONFLICT`, without a word of the other meeting.
pub(super) async fn change(tx: &Tx, before: Option<&Meeting>, after: Option<&Meeting>) -> Result<()> {
    let site = match after {
        Some(after) => site(tx, after.place, after.school, after.day()).await?,
        None => Site::Remote,
    };
    let before = before.map(|meeting| booking(meeting, Site::Remote));
    let after = after.map(|meeting| booking(meeting, site));
    busy::change(tx, before.as_ref(), after.as_ref()).await
}

/// Where professionals have to be for a meeting at `place`: the school, or the team that
/// serves it.
pub(super) async fn site(
    read: &Read,
    place: Place,
    school: Option<SchoolId>,
    day: NaiveDate,
) -> Result<Site> {
    let known = |place: Option<_>| place.map_or(Site::Unknown, Site::At);
    Ok(match (place, school) {
        (Place::School, school) => known(school.map(SchoolId::into)),
        (Place::Team, Some(school)) => known(link::team_of(read, school, day).await?.map(Into::into)),
        (Place::Team, None) | (Place::Home, _) => Site::Unknown,
        (Place::Online | Place::Phone, _) => Site::Remote,
    })
}

/// What `meeting` takes when its professionals have to be at `site`. The private are held to no
/// travel.
fn booking(meeting: &Meeting, site: Site) -> Booking {
    let seat = |seat: &super::meeting::Seat| {
        let site = if seat.role.is_private() { Site::Remote } else { site };
        (CalendarId::from(seat.person), site)
    };
    let seats = meeting.table.iter().map(seat).collect();
    Booking { id: meeting.id.0, time: meeting.time, seats, expires: None }
}
