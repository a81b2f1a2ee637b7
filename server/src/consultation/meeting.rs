//! A meeting as it stands in the register.

use chrono::{DateTime, Utc};
use schakel_domain::{
    access::Role,
    availability::CalendarId,
    consultation::{
        self, AloneBecause, Answer, DeclineReason, Kind, ParentException, Place, ShortNotice, State,
    },
    ids::{CaseId, ConsultationId, HulpvraagId, PersonId, RoomId, SchoolId, SeriesId},
    time::Period,
};

/// A meeting with its table.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Meeting {
    /// Which.
    pub id: ConsultationId,
    /// The neutral reference that mail may name.
    pub reference: String,
    /// The calendar's UID: random, the same for its whole life.
    pub uid: String,
    /// What it is.
    pub kind: Kind,
    /// Where it stands.
    pub state: State,
    /// The case it is about.
    pub case: Option<CaseId>,
    /// Whose key seals what is written about it: the child's, or its own.
    pub subject: uuid::Uuid,
    /// The request that asked for it.
    pub hulpvraag: Option<HulpvraagId>,
    /// When.
    pub time: Period,
    /// Where, as mail may say it.
    pub place: Place,
    /// The school at or for which it is.
    pub school: Option<SchoolId>,
    /// Why no parent with gezag is invited.
    pub parent_exception: Option<ParentException>,
    /// The rooms that it takes.
    pub rooms: Vec<RoomId>,
    /// Why one professional goes alone to a home.
    pub alone_because: Option<AloneBecause>,
    /// Why it is at shorter notice than its kind asks.
    pub short_notice: Option<ShortNotice>,
    /// The meeting that it is a part of.
    pub within: Option<ConsultationId>,
    /// RFC 5545 SEQUENCE.
    pub sequence: u32,
    /// The sealed outcome, once held.
    pub sealed_outcome: Option<Vec<u8>>,
    /// Who booked it.
    pub booked_by: PersonId,
    /// When it was booked.
    pub created: DateTime<Utc>,
    /// When it last changed; never goes back.
    pub updated: DateTime<Utc>,
    /// The etag.
    pub version: i32,
    /// Its place in a series, when it was booked in one.
    pub member: Option<Member>,
    /// Why a provider of youth help comes, sealed.
    pub sealed_provider_reason: Option<Vec<u8>>,
    /// Who sits at it, in the order in which they were asked.
    pub table: Vec<Seat>,
}

/// Which meeting of a series it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Member {
    /// The series.
    pub series: SeriesId,
    /// When the rule of the series has it.
    pub original: DateTime<Utc>,
    /// It changed by itself: the series leaves it alone.
    pub apart: bool,
}

/// Somebody at the table.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Seat {
    /// Who.
    pub person: PersonId,
    /// As what.
    pub role: Role,
    /// Whether it can do without.
    pub optional: bool,
    /// What they answered.
    pub answer: Answer,
    /// When.
    pub answered: Option<DateTime<Utc>>,
    /// Why not, if they declined and said why.
    pub reason: Option<DeclineReason>,
    /// Whether they were there, once it is known.
    pub attended: Option<bool>,
    /// At a part: sits through the whole meeting, which takes and tells them.
    pub fixed: bool,
}

impl Meeting {
    /// What the rules of state and SEQUENCE are about.
    pub fn life(&self) -> consultation::Meeting {
        consultation::Meeting { state: self.state, time: self.time, sequence: self.sequence }
    }

    /// Takes over what an event made of it.
    pub fn live_on(&mut self, changed: consultation::Changed) {
        (self.state, self.time, self.sequence) =
            (changed.meeting.state, changed.meeting.time, changed.meeting.sequence);
        for seat in &mut self.table {
            let answer = changed.answers.apply(seat.answer);
            if answer != seat.answer {
                (seat.answer, seat.answered, seat.reason) = (answer, None, None);
            }
        }
    }

    /// Notes that it changes by itself, when it is one of a series.
    pub fn set_apart(&mut self) {
        if let Some(member) = &mut self.member {
            member.apart = true;
        }
    }

    /// The seat of `person`.
    pub fn seat(&self, person: PersonId) -> Option<&Seat> {
        self.table.iter().find(|seat| seat.person == person)
    }

    /// Everybody at the table who comes as a professional.
    pub fn professionals(&self) -> Vec<PersonId> {
        let professional = self.table.iter().filter(|seat| !seat.role.is_private());
        professional.map(|seat| seat.person).collect()
    }

    /// Whether it may have parts: it is about no child itself, and no part.
    pub fn may_have_parts(&self) -> bool {
        self.case.is_none() && self.within.is_none()
    }

    /// Whom it takes and tells: of a part, who comes for that part alone.
    pub fn called(&self) -> Vec<PersonId> {
        self.table.iter().filter(|seat| !seat.fixed).map(|seat| seat.person).collect()
    }

    /// Those of them who come as professionals.
    pub fn called_professionals(&self) -> impl Iterator<Item = PersonId> {
        let called = self.table.iter().filter(|seat| !seat.fixed && !seat.role.is_private());
        called.map(|seat| seat.person)
    }

    /// The calendars of everybody at the table and of the rooms.
    pub fn calendars(&self) -> Vec<CalendarId> {
        let rooms = self.rooms.iter().map(|room| CalendarId::from(*room));
        self.persons().into_iter().map(CalendarId::from).chain(rooms).collect()
    }

    /// Everybody at the table with the role at it.
    pub fn roles(&self) -> Vec<(PersonId, Role)> {
        self.table.iter().map(|seat| (seat.person, seat.role)).collect()
    }

    /// The day in the Netherlands on which it begins.
    pub fn day(&self) -> chrono::NaiveDate {
        crate::access::authenticate::today(self.time.start())
    }

    /// Everybody at the table.
    pub fn persons(&self) -> Vec<PersonId> {
        self.table.iter().map(|seat| seat.person).collect()
    }
}
