//! OFFERED → BOOKED: the time that was kept becomes a meeting.

use schakel_domain::{
    availability::CalendarId, consultation::waiting::Event, ids::WaitingEntryId, refusal::Refusal,
};

use super::{child, load, store};
use crate::{
    availability::busy,
    consultation::{book, meeting::Meeting},
    error::Result,
    store::{Tx, audit::Deed},
};

/// Takes the offer, as a booking of the caller.
///
/// # Errors
/// `NO_OFFER`, and whatever a booking may refuse.
pub async fn accept(tx: &Tx, known: (WaitingEntryId, i32)) -> Result<Meeting> {
    let mut entry = load(tx, known).await?;
    entry.after(Event::Accept)?;
    let offer = entry.offer.filter(|offer| offer.expires > tx.now()).ok_or(Refusal::NoOffer)?;
    let wish = entry.wish(offer);
    let calendars = wish.guests.iter().map(|guest| CalendarId::from(guest.person)).collect();
    busy::lock(tx, &calendars).await?;
    entry.give_back(tx).await?;
    let meeting = book::book(tx, &wish).await?;
    entry.consultation = Some(meeting.id);
    store::update(tx, &mut entry).await?;
    tx.audit(entry.line(Deed::U, child(tx, &entry).await?)).await?;
    Ok(meeting)
}
