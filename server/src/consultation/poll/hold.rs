//! The times of a proposal are kept free for the professionals until it is decided.

use chrono::TimeDelta;
use schakel_domain::{
    availability::{CalendarId, Site},
    time::Period,
};

use super::{TimePoll, Voter};
use crate::{
    access::authenticate::today,
    availability::{
        busy::{Booking, Calendars},
        freed, site,
    },
    error::Result,
    store::Tx,
};

/// For how long after the deadline the maker can still decide before the times are let go.
const OUTLIVES: TimeDelta = TimeDelta::days(2);

/// What the times take of whom `comes` says, who are then at `site`.
fn bookings(poll: &TimePoll, site: Site, comes: impl Fn(&Voter) -> bool) -> Result<Vec<Booking>> {
    let seats: Vec<_> = poll
        .voters
        .iter()
        .filter(|voter| comes(voter))
        .map(|voter| (CalendarId::from(voter.person), site))
        .collect();
    let booking = |(hold, (start, end)): (&uuid::Uuid, (_, _))| {
        Ok(Booking {
            id: *hold,
            time: Period::new(start, end)?,
            seats: seats.clone(),
            expires: Some((poll.deadline + OUTLIVES).min(start)),
        })
    };
    poll.holds.iter().zip(poll.spans()).map(booking).collect()
}

/// Keeps all times free, or none.
///
/// # Errors
/// `TIME_CONFLICT` when somebody is taken at one of them.
pub(super) async fn take(tx: &Tx, poll: &TimePoll) -> Result<()> {
    if poll.holds.is_empty() {
        return Ok(());
    }
    let first = poll.options.first().copied().unwrap_or(poll.deadline);
    let site = site::of(tx, (poll.place, poll.school), &[], today(first)).await?;
    let bookings = bookings(poll, site, |voter| !voter.role.is_private())?;
    let mut calendars = Calendars::open(tx, bookings.iter()).await?;
    for booking in &bookings {
        calendars.take(booking)?;
    }
    calendars.keep(tx).await
}

/// Lets them go. The calendars of all who are asked are opened, also of those from whom nothing
/// was held: the meeting that is booked next opens the same, so that no two wait for each other.
pub(super) async fn release(tx: &Tx, poll: &TimePoll) -> Result<()> {
    release_all(tx, std::slice::from_ref(poll)).await
}

/// The same of several at once.
pub(super) async fn release_all(tx: &Tx, polls: &[TimePoll]) -> Result<()> {
    let holding = || polls.iter().filter(|poll| !poll.holds.is_empty());
    let Some(first) = holding().next() else { return Ok(()) };
    let mut all = Vec::new();
    for poll in holding() {
        all.extend(bookings(poll, Site::Remote, |_| true)?);
    }
    let mut calendars = Calendars::open(tx, all.iter()).await?;
    for booking in &all {
        calendars.release(booking.id);
    }
    freed::tell(tx, first.id.0, 1).await?;
    calendars.keep(tx).await
}
