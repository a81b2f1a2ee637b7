//! Whose time a meeting takes, and where everybody is then.

use chrono::NaiveDate;
use schakel_domain::{
    availability::{CalendarId, Site},
    consultation::Place,
    ids::SchoolId,
};

use super::meeting::Meeting;
use crate::{
    availability::busy::{Booking, Calendars},
    directory::link,
    error::Result,
    store::{Read, Tx},
};

/// Makes `after` stand in everybody's calendar where `before` stood; either may be nothing.
///
/// # Errors
/// `TIME_CONFLICT`, without a word of the other meeting.
pub(super) async fn change(tx: &Tx, before: Option<&Meeting>, after: Option<&Meeting>) -> Result<()> {
    change_all(tx, before.as_slice(), after.as_slice()).await
}

/// The same of several meetings at once: all of `after` stand, or nothing changes. They are at
/// one place, as a meeting and its parts are.
///
/// # Errors
/// `TIME_CONFLICT`.
pub(super) async fn change_all(tx: &Tx, before: &[&Meeting], after: &[&Meeting]) -> Result<()> {
    let site = match after.first() {
        Some(after) => site(tx, after.place, after.school, after.day()).await?,
        None => Site::Remote,
    };
    let before: Vec<Booking> = before.iter().map(|meeting| booking(meeting, Site::Remote)).collect();
    let after: Vec<Booking> = after.iter().map(|meeting| booking(meeting, site)).collect();
    let mut calendars = Calendars::open(tx, before.iter().chain(&after)).await?;
    for booking in &before {
        calendars.release(booking.id);
    }
    for booking in &after {
        calendars.take(booking)?;
    }
    calendars.keep(tx).await
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

/// What `meeting` takes when its professionals have to be at `site`: of a part, who comes for that
/// part alone. The private are held to no travel.
fn booking(meeting: &Meeting, site: Site) -> Booking {
    let seat = |seat: &super::meeting::Seat| {
        let site = if seat.role.is_private() { Site::Remote } else { site };
        (CalendarId::from(seat.person), site)
    };
    let seats = meeting.table.iter().filter(|seat| !seat.fixed).map(seat).collect();
    Booking { id: meeting.id.0, time: meeting.time, seats, expires: None }
}
