//! OFFERED → BOOKED: the time that was kept becomes a meeting.

use schakel_domain::{
    access::Class,
    availability::CalendarId,
    consultation::{AloneBecause, waiting::Event},
    ids::{HulpvraagId, RoomId, WaitingEntryId},
    refusal::Refusal,
    text::FreeText,
};

use super::{Entry, audit, load, store};
use crate::{
    availability::busy,
    consultation::{book, meeting::Meeting, provider, store as meetings, table::Guest, tell},
    error::{Error, Result},
    hulpvraag::plan,
    store::{Tx, audit::Deed},
};

/// What a booking says that an entry does not.
#[derive(Debug, Clone, Default)]
pub struct Besides {
    /// The rooms that it takes.
    pub rooms: Vec<RoomId>,
    /// Why one professional goes alone.
    pub alone_because: Option<AloneBecause>,
    /// Why a provider of youth help comes.
    pub provider_reason: Option<FreeText>,
    /// The request that it answers.
    pub hulpvraag: Option<HulpvraagId>,
}

impl Besides {
    /// Completed with what was said of the meeting that gave way.
    async fn or_as_before(self, tx: &Tx, entry: &Entry) -> Result<Self> {
        let Some(replaced) = entry.replaces else { return Ok(self) };
        let before = match meetings::get(tx, replaced).await {
            Ok(before) => before,
            // Its time to be kept is over.
            Err(Error::NotFound(_)) => return Ok(self),
            Err(error) => return Err(error),
        };
        let mut reasons = provider::reasons(tx, &[&before]).await?;
        let reason = reasons.remove(&before.id).and_then(|reason| reason.parse().ok());
        tx.audit_all(&tell::lines(&before, Deed::R, &[Class::K4])).await?;
        let asked = match before.hulpvraag {
            Some(asked) if plan::awaits(tx, asked).await? => Some(asked),
            Some(_) | None => None,
        };
        Ok(Self {
            rooms: self.rooms,
            alone_because: self.alone_because.or(before.alone_because),
            provider_reason: self.provider_reason.or(reason),
            hulpvraag: self.hulpvraag.or(asked),
        })
    }
}

/// Takes the offer, as a booking of the caller.
///
/// # Errors
/// `NO_OFFER`, and whatever a booking may refuse.
pub async fn accept(tx: &Tx, known: (WaitingEntryId, i32), besides: Besides) -> Result<Meeting> {
    let mut entry = load(tx, known).await?;
    entry.after(Event::Accept)?;
    let offer = entry.offer.filter(|offer| offer.expires > tx.now()).ok_or(Refusal::NoOffer)?;
    let Besides { rooms, alone_because, provider_reason, hulpvraag } =
        besides.or_as_before(tx, &entry).await?;
    let guest = |(person, role, optional)| Guest { person, role, optional };
    let wish = book::Wish {
        hulpvraag,
        rooms,
        alone_because,
        provider_reason,
        ..entry.wish(offer.start, entry.offered().map(guest).collect())
    };
    let calendars = wish.guests.iter().map(|guest| CalendarId::from(guest.person)).collect();
    busy::lock(tx, &calendars).await?;
    entry.give_back(tx).await?;
    let meeting = book::book(tx, &wish).await?;
    entry.consultation = Some(meeting.id);
    store::update(tx, &mut entry).await?;
    audit(tx, &entry, Deed::U).await?;
    Ok(meeting)
}
