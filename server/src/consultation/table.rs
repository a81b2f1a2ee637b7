//! Who may sit at a table, and as what: professionals by the roles they have today, the private by the circle.

use schakel_domain::{
    access::Role,
    consultation::{self, Answer, KindRules, Participant, Subject, booking::Gezag, kinds::About},
    ids::PersonId,
    refusal::{Refusal, Violation},
};

use super::meeting::{Meeting, Seat};
use crate::{
    access::{
        affiliation::{self, Post},
        authenticate::today,
        circle::Circle,
        sharing::guests,
    },
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
            reason: None,
            attended: None,
            fixed: false,
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
    strangers_among(read, guests, circle, &posts).await
}

/// The same, by the roles that everybody has here today; nothing more is asked unless somebody
/// has none.
pub(super) async fn strangers_among(
    read: &Read,
    guests: &[Guest],
    circle: Option<&Circle>,
    posts: &[Post],
) -> Result<Vec<Violation>> {
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

/// What of a meeting stands in no row of its own.
#[derive(Debug, Clone, Copy)]
pub(super) struct Around<'a> {
    /// The circle of its case.
    pub circle: Option<&'a Circle>,
    /// Whether it has parts.
    pub has_parts: bool,
    /// What the region asks of its kind on its day.
    pub rules: &'a KindRules,
    /// Whether it is asked to keep to the notice of its kind.
    pub keeps_notice: bool,
}

/// `meeting` as the rules of booking see it.
pub(super) fn wish(meeting: &Meeting, around: Around<'_>) -> consultation::Wish {
    let circle = around.circle;
    let gezag = |seat: &Seat| {
        let parents = circle.iter().flat_map(|circle| circle.parents_with_gezag());
        let has = seat.role == Role::Ouder && parents.into_iter().any(|parent| parent == seat.person);
        if has { Gezag::With } else { Gezag::Without }
    };
    let participants = meeting.table.iter();
    consultation::Wish {
        rules: around.rules.clone(),
        keeps_notice: around.keeps_notice && meeting.short_notice.is_none(),
        subject: subject(meeting, around.has_parts || (meeting.member.is_some() && fills(around.rules))),
        start: meeting.time.start(),
        end: meeting.time.end(),
        place: meeting.place,
        participants: participants
            .map(|seat| Participant { person: seat.person, role: seat.role, gezag: gezag(seat) })
            .collect(),
        parent_exception: meeting.parent_exception,
        alone_because: meeting.alone_because,
    }
}

/// Whether a meeting of a series is booked before it is known which children it is about: each
/// gets a part before its date, as at the ondersteuningsteam of a school.
pub(super) fn fills(rules: &KindRules) -> bool {
    rules.about == About::Child && rules.capacity > 0
}

/// Whom it is about.
pub(super) fn subject(meeting: &Meeting, has_parts: bool) -> Subject {
    match meeting.case {
        Some(_) => Subject::Child,
        None if has_parts => Subject::Children,
        None => Subject::Nobody,
    }
}

/// Puts `prefix` before every field.
pub(super) fn under(prefix: &str, violations: Vec<Violation>) -> Vec<Violation> {
    let named = violations.into_iter();
    named.map(|violation| Violation { field: format!("{prefix}{}", violation.field), ..violation }).collect()
}
