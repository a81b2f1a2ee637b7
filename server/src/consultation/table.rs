//! Who may sit at a table, and as what: professionals by the roles they have today, the private by the circle.

use schakel_domain::{
    access::Role,
    consultation::{self, Answer, Participant, Subject, booking::Gezag},
    ids::PersonId,
    refusal::{Refusal, Violation},
};

use super::meeting::{Meeting, Seat};
use crate::{
    access::{affiliation, authenticate::today, circle::Circle, sharing::guests},
    error::Result,
    store::Read,
};

/// Somebody to be invited.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Guest {
    /// Who.
    pub person: PersonId,
    /// As what.
    pub role: Role,
    /// Whether the meeting can do without.
    pub optional: bool,
}

impl Guest {
    /// An empty chair.
    pub(super) fn seat(self) -> Seat {
        Seat {
            person: self.person,
            role: self.role,
            optional: self.optional,
            answer: Answer::NeedsAction,
            answered: None,
            attended: None,
        }
    }
}

/// Everyone who may not come as what they are asked to come as; in four statements at most.
pub(super) async fn strangers(
    read: &Read,
    guests: &[Guest],
    circle: Option<&Circle>,
) -> Result<Vec<Violation>> {
    let persons: Vec<PersonId> = guests.iter().map(|guest| guest.person).collect();
    let posts = affiliation::of(read, &persons, today(read.now())).await?;
    let strange = |guest: &&Guest| {
        let here = posts.iter().any(|post| post.person == guest.person && post.role == guest.role);
        !guest.role.is_private() && !here
    };
    let strange: Vec<PersonId> = guests.iter().filter(strange).map(|guest| guest.person).collect();
    let gemeente = circle.map(|circle| circle.gemeente.as_str());
    let elsewhere = guests::posts(read, &strange, today(read.now()), gemeente).await?;
    let mut found = Vec::new();
    for (at, guest) in guests.iter().enumerate() {
        let known = if guest.role == Role::Jeugdige {
            circle.is_some_and(|circle| circle.child == guest.person)
        } else if guest.role == Role::Ouder {
            circle.is_some_and(|circle| circle.parents.iter().any(|(parent, _)| *parent == guest.person))
        } else {
            posts.iter().any(|post| post.person == guest.person)
                || elsewhere.iter().any(|post| post.person == guest.person)
        };
        let fits = guest.role.is_private()
            || posts.iter().any(|post| post.person == guest.person && post.role == guest.role)
            || elsewhere.iter().any(|post| post.person == guest.person && post.role == guest.role);
        if !known {
            found.push(Violation::new(format!("participants[{at}].person"), Refusal::ParticipantUnknown));
        } else if !fits {
            found.push(Violation::new(format!("participants[{at}].role"), Refusal::FieldInvalid));
        }
    }
    Ok(found)
}

/// `meeting` as the rules of booking see it.
pub(super) fn wish(meeting: &Meeting, circle: Option<&Circle>) -> consultation::Wish {
    let gezag = |seat: &Seat| {
        let parents = circle.iter().flat_map(|circle| circle.parents_with_gezag());
        let has = seat.role == Role::Ouder && parents.into_iter().any(|parent| parent == seat.person);
        if has { Gezag::With } else { Gezag::Without }
    };
    let participants = meeting.table.iter();
    consultation::Wish {
        kind: meeting.kind,
        subject: subject(meeting),
        start: meeting.time.start(),
        end: meeting.time.end(),
        place: meeting.place,
        participants: participants
            .map(|seat| Participant { person: seat.person, role: seat.role, gezag: gezag(seat) })
            .collect(),
        parent_exception: meeting.parent_exception,
    }
}

/// Whom it is about.
pub(super) fn subject(meeting: &Meeting) -> Subject {
    if meeting.case.is_some() { Subject::Child } else { Subject::Nobody }
}

/// Puts `prefix` before every field.
pub(super) fn under(prefix: &str, violations: Vec<Violation>) -> Vec<Violation> {
    let named = violations.into_iter();
    named.map(|violation| Violation { field: format!("{prefix}{}", violation.field), ..violation }).collect()
}
