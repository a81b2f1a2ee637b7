//! Those who wait for a time: entries, from joining the list to a meeting.

pub mod accept;
pub mod join;
pub mod list;
pub mod of_case;
pub mod store;
pub mod sweep;
mod wire;
pub mod worker;

use chrono::{DateTime, NaiveDate, TimeDelta, Utc};
use schakel_domain::{
    access::{Class, Classes, Role},
    consultation::{
        Kind, ParentException, Place,
        waiting::{Event, State, Urgency, Waiter},
    },
    ids::{CaseId, ConsultationId, PersonId, SchoolId, WaitingEntryId},
    refusal::Refusal,
};
use uuid::Uuid;

pub(super) use self::wire::{besides, known, read, to_wire};
use super::{book, table::Guest};
use crate::{
    access::{Reached, circle},
    availability::{Who, freed, hold},
    error::{Error, Result},
    store::{
        Tx,
        audit::{Deed, Line},
    },
};

/// A meeting for which there is no time yet.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    /// Which.
    pub id: WaitingEntryId,
    /// Where it is.
    pub state: State,
    /// What it is to be.
    pub kind: Kind,
    /// The case it is about.
    pub case: Option<CaseId>,
    /// The school at or for which it is.
    pub school: Option<SchoolId>,
    /// Where it is to be held.
    pub place: Place,
    /// How long.
    pub minutes: u16,
    /// Why no parent with gezag is asked.
    pub parent_exception: Option<ParentException>,
    /// How much it matters.
    pub urgency: Urgency,
    /// By when it is wanted.
    pub target: Option<NaiveDate>,
    /// Since when it waits.
    pub since: DateTime<Utc>,
    /// Who is told when there is a time.
    pub requested_by: PersonId,
    /// The time that is kept for it.
    pub offer: Option<Offer>,
    /// Passed over until then.
    pub rests_until: Option<DateTime<Utc>>,
    /// The meeting that gave way and that it stands for.
    pub replaces: Option<ConsultationId>,
    /// What became of it.
    pub consultation: Option<ConsultationId>,
    /// The etag.
    pub version: i32,
    /// Who is wanted.
    pub seats: Vec<Seat>,
}

/// A time that is kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Offer {
    /// Under which it is taken in the calendars.
    pub hold: Uuid,
    /// When the meeting would start.
    pub start: DateTime<Utc>,
    /// Until when it is kept.
    pub expires: DateTime<Utc>,
}

/// A place at a table that is wanted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Seat {
    /// Somebody by name; none for anybody with the role.
    pub person: Option<PersonId>,
    /// As what.
    pub role: Role,
    /// The meeting can do without.
    pub optional: bool,
    /// Who would take it, while a time is offered.
    pub offered: Option<PersonId>,
}

impl Seat {
    /// Whom the search is to seat.
    fn who(&self) -> Who {
        self.person.map_or(Who::Role(self.role), Who::Person)
    }
}

impl Entry {
    /// What the order of service is about.
    pub fn waiter(&self) -> Waiter {
        Waiter { id: self.id.0, urgency: self.urgency, since: self.since, rests_until: self.rests_until }
    }

    /// Applies an event.
    ///
    /// # Errors
    /// `NO_OFFER`, `ALREADY_ENDED`.
    fn after(&mut self, event: Event) -> Result<(), Refusal> {
        self.state = self.state.after(event)?;
        Ok(())
    }

    /// Gives back the time that is kept, if there is one, and forgets who would have come.
    async fn give_back(&mut self, tx: &Tx) -> Result<()> {
        if let Some(offer) = self.offer.take() {
            hold::give_back(tx, offer.hold).await?;
            for seat in &mut self.seats {
                seat.offered = None;
            }
        }
        Ok(())
    }

    /// Who is at the table when the offer is taken.
    fn offered(&self) -> impl Iterator<Item = (PersonId, Role, bool)> {
        self.seats.iter().filter_map(|seat| Some((seat.offered?, seat.role, seat.optional)))
    }

    /// The booking that it becomes when `guests` meet at `start`.
    fn wish(&self, start: DateTime<Utc>, guests: Vec<Guest>) -> book::Wish {
        book::Wish {
            kind: self.kind,
            case: self.case,
            start,
            length: TimeDelta::minutes(self.minutes.into()),
            place: self.place,
            school: self.school,
            guests,
            parent_exception: self.parent_exception,
            hulpvraag: None,
            rooms: Vec::new(),
            alone_because: None,
            hold: None,
            short_notice: None,
            parts: Vec::new(),
            provider_reason: None,
            over_outside_busy: false,
        }
    }

    /// The audit lines: one for the child and each of the family who is wanted, or one without a
    /// subject.
    fn lines(&self, deed: Deed, child: Option<PersonId>, classes: &[Class]) -> Vec<Line> {
        let classes = Classes::of(classes);
        let line = |subject| Line { deed, object: "waiting_entry", id: Some(self.id.0), subject, classes };
        let private = self.seats.iter().filter(|seat| seat.role.is_private());
        let mut subjects: Vec<Uuid> =
            private.filter_map(|seat| seat.person).chain(child).map(|person| person.0).collect();
        subjects.sort_unstable();
        subjects.dedup();
        if subjects.is_empty() {
            return vec![line(None)];
        }
        subjects.into_iter().map(|subject| line(Some(subject))).collect()
    }

    /// Whether an entry about no case stands to the caller as `reached` says. One about a case is
    /// reached through the case alone, as its meeting will be.
    fn holds(&self, actor: Option<Uuid>, reached: &Reached) -> bool {
        let own = actor == Some(self.requested_by.0);
        match reached {
            Reached::Region => true,
            Reached::School(school) => own || self.school == Some(SchoolId(*school)),
            Reached::Residence(_) | Reached::Team(_) => own,
            Reached::SchoolEscalated(_)
            | Reached::Escalated(_)
            | Reached::Invited(_)
            | Reached::Own(_)
            | Reached::Case(_)
            | Reached::Held => false,
        }
    }
}

/// Writes the lines of a change, about the child of the entry's case when there is one.
async fn audit(tx: &Tx, entry: &Entry, deed: Deed) -> Result<()> {
    let child = match entry.case {
        Some(case) => circle::find(tx, case).await?.map(|circle| circle.child),
        None => None,
    };
    tx.audit_all(&entry.lines(deed, child, &[Class::K1])).await
}

/// An entry that the caller may change, in the version that it read.
async fn load(tx: &Tx, (id, etag): (WaitingEntryId, i32)) -> Result<Entry> {
    let entry = store::hold(tx, id).await?;
    if let Some(case) = entry.case {
        let unknown = || Error::NotFound("WAITING_ENTRY");
        let circle = circle::find(tx, case).await?.ok_or_else(unknown)?;
        tx.grant().to("WAITING_ENTRY", |reached| circle.holds(reached))?;
        tx.grant().allows(circle.standing().state())?;
    } else {
        let actor = tx.grant().actor();
        tx.grant().to("WAITING_ENTRY", |reached| entry.holds(actor, reached))?;
    }
    if entry.version == etag { Ok(entry) } else { Err(Error::Stale) }
}

/// WAITING or OFFERED → LEFT.
///
/// # Errors
/// `WAITING_ENTRY_NOT_FOUND`, `ETAG_MISMATCH`, `ALREADY_ENDED`.
pub async fn leave(tx: &Tx, known: (WaitingEntryId, i32)) -> Result<Entry> {
    let mut entry = load(tx, known).await?;
    entry.after(Event::Leave)?;
    entry.give_back(tx).await?;
    store::update(tx, &mut entry).await?;
    freed::tell(tx, entry.id.0, entry.version).await?;
    audit(tx, &entry, Deed::U).await?;
    Ok(entry)
}
