//! Proposals of times: made, answered by whoever is asked, and turned into a meeting.
//!
//! A proposal is a meeting without its time: who may make, see and close it follows from the
//! meeting that it becomes, see [`TimePoll::sketch`].

pub mod answer;
mod cancel;
mod close;
mod create;
pub mod expire;
mod hold;
pub mod link;
pub mod of_case;
mod reach;
mod rpc;
mod show;
pub mod store;
pub mod sweep;
mod wire;

use chrono::{DateTime, TimeDelta, Utc};
use schakel_domain::{
    access::Role,
    consultation::{
        self, Answer, Kind, ParentException, Place, ShortNotice,
        poll::{Asked, Ballot, Standing, State, Vote},
    },
    ids::{CaseId, ConsultationId, PersonId, SchoolId, TimePollId},
    time::Period,
};
use uuid::Uuid;

use super::{
    book::Wish,
    meeting::{Meeting, Seat},
    table::Guest,
};
use crate::error::Result;

/// A proposal with everybody who is asked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TimePoll {
    /// Which.
    pub id: TimePollId,
    /// The neutral reference that mail may name.
    pub reference: String,
    /// What is to be booked.
    pub kind: Kind,
    /// Where it stands.
    pub state: State,
    /// The case it is about.
    pub case: Option<CaseId>,
    /// Whose key seals what is about it: the child's, or its own.
    pub subject: Uuid,
    /// The school at or for which it is.
    pub school: Option<SchoolId>,
    /// How long the meeting lasts.
    pub length: TimeDelta,
    /// Where, as mail may say it.
    pub place: Place,
    /// Why no parent with gezag is asked.
    pub parent_exception: Option<ParentException>,
    /// Until when it takes answers.
    pub deadline: DateTime<Utc>,
    /// What was booked.
    pub consultation: Option<ConsultationId>,
    /// Who made it.
    pub made_by: PersonId,
    /// When the maker heard that the deadline passed.
    pub noted: Option<DateTime<Utc>>,
    /// When it was made.
    pub created: DateTime<Utc>,
    /// When it last changed.
    pub updated: DateTime<Utc>,
    /// The etag.
    pub version: i32,
    /// The times, earliest first.
    pub options: Vec<DateTime<Utc>>,
    /// By which the professionals are kept free at them; none when they are not.
    pub holds: Vec<Uuid>,
    /// Who is asked, in the order in which they were named.
    pub voters: Vec<Voter>,
}

/// Somebody who is asked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Voter {
    /// Who.
    pub person: PersonId,
    /// As what.
    pub role: Role,
    /// Whether the meeting can do without.
    pub optional: bool,
    /// One for each option.
    pub votes: Option<Vec<Vote>>,
    /// When.
    pub answered: Option<DateTime<Utc>>,
    /// When they were asked.
    pub asked: Option<DateTime<Utc>>,
    /// When they were asked once more.
    pub reminded: Option<DateTime<Utc>>,
    /// When they heard that it is off.
    pub released: Option<DateTime<Utc>>,
}

impl TimePoll {
    /// The meeting as it would be booked for `start`.
    fn wish(&self, start: DateTime<Utc>) -> Wish {
        let guest =
            |voter: &Voter| Guest { person: voter.person, role: voter.role, optional: voter.optional };
        Wish {
            kind: self.kind,
            case: self.case,
            start,
            length: self.length,
            place: self.place,
            school: self.school,
            guests: self.voters.iter().map(guest).collect(),
            parent_exception: self.parent_exception,
            hulpvraag: None,
            rooms: Vec::new(),
            alone_because: None,
            hold: None,
            provider_reason: None,
            over_outside_busy: false,
            // Everybody at the table was asked about this time.
            short_notice: Some(ShortNotice::AllAgreed),
            parts: Vec::new(),
        }
    }

    /// The meeting that it may become, at its first time: whoever may see that one may see this.
    pub fn sketch(&self) -> Result<Meeting> {
        let start = self.options.first().copied().unwrap_or(self.deadline);
        let seat = |voter: &Voter| Seat {
            person: voter.person,
            role: voter.role,
            optional: voter.optional,
            answer: Answer::NeedsAction,
            answered: None,
            reason: None,
            attended: None,
            fixed: false,
        };
        Ok(Meeting {
            id: ConsultationId(self.id.0),
            reference: self.reference.clone(),
            uid: String::new(),
            kind: self.kind,
            state: consultation::State::Planned,
            case: self.case,
            subject: self.subject,
            hulpvraag: None,
            time: Period::new(start, start + self.length)?,
            place: self.place,
            school: self.school,
            parent_exception: self.parent_exception,
            rooms: Vec::new(),
            alone_because: None,
            sequence: 0,
            sealed_outcome: None,
            member: None,
            sealed_provider_reason: None,
            short_notice: None,
            within: None,
            booked_by: self.made_by,
            created: self.created,
            updated: self.updated,
            version: self.version,
            table: self.voters.iter().map(seat).collect(),
        })
    }

    /// What everybody answered.
    fn ballots(&self) -> Vec<Ballot> {
        let ballot = |voter: &Voter| Ballot { required: !voter.optional, votes: voter.votes.clone() };
        self.voters.iter().map(ballot).collect()
    }

    /// Begin and end of each time.
    pub fn spans(&self) -> Vec<(DateTime<Utc>, DateTime<Utc>)> {
        self.options.iter().map(|start| (*start, *start + self.length)).collect()
    }

    /// The one of those asked who is `person`.
    pub fn voter(&self, person: PersonId) -> Option<&Voter> {
        self.voters.iter().find(|voter| voter.person == person)
    }

    /// What telling is decided by.
    pub fn standing(&self) -> Standing {
        let asked = |voter: &Voter| Asked {
            person: voter.person,
            answered: voter.votes.is_some(),
            asked: voter.asked.is_some(),
            reminded: voter.reminded.is_some(),
            released: voter.released.is_some(),
        };
        Standing {
            state: self.state,
            created: self.created,
            deadline: self.deadline,
            maker: self.made_by,
            noted: self.noted.is_some(),
            people: self.voters.iter().map(asked).collect(),
        }
    }
}
