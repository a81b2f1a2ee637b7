//! The rules of booking, moving and replacing: every violation at once.

use std::collections::BTreeSet;

use chrono::{DateTime, TimeDelta, Utc};

use super::{
    kinds::{About, Kind, ParentRule},
    place::Place,
};
use crate::{
    access::Role,
    ids::PersonId,
    refusal::{Refusal, Violation},
};

/// The most people at one table.
pub const MAX_PARTICIPANTS: usize = 50;
/// How far ahead a meeting can be booked.
pub const MAX_DAYS_AHEAD: i64 = 2 * 366;

/// Whether somebody who comes as [`Role::Ouder`] has gezag over the child.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Gezag {
    /// Has it (BW 1:245).
    With,
    /// Has not, or does not come as a parent.
    Without,
}

/// Why no parent with gezag is invited to a meeting about a child.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, strum::Display, strum::EnumString, strum::EnumIter)]
#[strum(serialize_all = "SCREAMING_SNAKE_CASE")]
pub enum ParentException {
    /// Their presence would be a danger.
    Safety,
    /// A court has ordered it.
    CourtOrder,
    /// The child is not named.
    Anonymous,
}

/// Somebody at the table.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Participant {
    /// The natural person.
    pub person: PersonId,
    /// As what they come.
    pub role: Role,
    /// For parents.
    pub gezag: Gezag,
}

/// Whom a meeting is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Subject {
    /// A child with a case or a name.
    Child,
    /// Nobody in particular.
    Nobody,
}

/// A meeting as somebody wants it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Wish {
    /// What it is.
    pub kind: Kind,
    /// Whom it is about.
    pub subject: Subject,
    /// When it starts.
    pub start: DateTime<Utc>,
    /// When it ends.
    pub end: DateTime<Utc>,
    /// Where.
    pub place: Place,
    /// Who comes.
    pub participants: Vec<Participant>,
    /// Why no parent comes.
    pub parent_exception: Option<ParentException>,
}

/// Everything that forbids the meeting, in the order of the fields; empty if it can be
/// booked. Moving and replacing are checked as the meeting would be afterwards.
pub fn check(wish: &Wish, now: DateTime<Utc>) -> Vec<Violation> {
    let mut violations = time(wish, now);
    let rules = wish.kind.rules();
    if !rules.places.contains(&wish.place) {
        violations.push(Violation::new("place", Refusal::FieldInvalid));
    }
    let fits = match (rules.about, wish.subject) {
        (About::Child, Subject::Child) | (About::Either, _) | (About::Policy, Subject::Nobody) => true,
        (About::Child, Subject::Nobody) => wish.parent_exception == Some(ParentException::Anonymous),
        (About::Policy, Subject::Child) => false,
    };
    if !fits {
        violations.push(Violation::new("case", Refusal::FieldInvalid));
    }
    violations.extend(table(wish));
    violations
}

fn time(wish: &Wish, now: DateTime<Utc>) -> Vec<Violation> {
    let rules = wish.kind.rules();
    let length = wish.end - wish.start;
    let ahead = wish.start - now;
    let allowed = TimeDelta::minutes(rules.min_minutes.into())..=TimeDelta::minutes(rules.max_minutes.into());
    let mut found = Vec::new();
    if ahead <= TimeDelta::zero() || ahead > TimeDelta::days(MAX_DAYS_AHEAD) {
        found.push(Violation::new("start_time", Refusal::TimeOutOfBounds));
    }
    if length <= TimeDelta::zero() {
        found.push(Violation::new("duration", Refusal::TimeRangeInvalid));
    } else if !allowed.contains(&length) {
        found.push(Violation::new("duration", Refusal::DurationInvalid));
    }
    found
}

fn table(wish: &Wish) -> Vec<Violation> {
    let rules = wish.kind.rules();
    let people = &wish.participants;
    let mut found = Vec::new();
    if people.is_empty() {
        found.push(Violation::new("participants", Refusal::FieldRequired));
    }
    if people.len() > MAX_PARTICIPANTS {
        found.push(Violation::new("participants", Refusal::TooManyAttendees));
    }
    let mut seen = BTreeSet::new();
    for (at, participant) in people.iter().enumerate() {
        if !seen.insert(participant.person) {
            found.push(Violation::new(format!("participants[{at}]"), Refusal::DuplicateAttendee));
        }
    }
    let missing = |any: &&&[Role]| !people.iter().any(|participant| any.contains(&participant.role));
    if rules.roles.iter().any(|any| missing(&any)) {
        found.push(Violation::new("participants", Refusal::RoleRequired));
    }
    if parent_missing(wish) {
        found.push(Violation::new("participants", Refusal::ParentRequired));
    }
    found
}

fn parent_missing(wish: &Wish) -> bool {
    let about_child = wish.subject == Subject::Child;
    let asked = about_child && wish.kind.rules().parents == ParentRule::Invited;
    let invited = wish
        .participants
        .iter()
        .any(|participant| participant.role == Role::Ouder && participant.gezag == Gezag::With);
    asked && !invited && wish.parent_exception.is_none()
}

/// Which role sets of the kind nobody at the table fills, to say what is missing.
pub fn missing_roles(kind: Kind, roles: &[Role]) -> Vec<&'static [Role]> {
    let sets = kind.rules().roles.iter().copied();
    sets.filter(|any| !any.iter().any(|role| roles.contains(role))).collect()
}

#[cfg(test)]
mod tests {
    use uuid::Uuid;

    use super::*;

    fn now() -> DateTime<Utc> {
        "2026-11-21T09:00:00Z".parse().unwrap()
    }

    fn somebody(number: u128, role: Role) -> Participant {
        let gezag = if role == Role::Ouder { Gezag::With } else { Gezag::Without };
        Participant { person: PersonId(Uuid::from_u128(number)), role, gezag }
    }

    fn mdo() -> Wish {
        let start = now() + TimeDelta::days(3);
        Wish {
            kind: Kind::Mdo,
            subject: Subject::Child,
            start,
            end: start + TimeDelta::minutes(60),
            place: Place::School,
            participants: vec![somebody(1, Role::Iber), somebody(2, Role::Smw), somebody(3, Role::Ouder)],
            parent_exception: None,
        }
    }

    fn refusals(wish: &Wish) -> Vec<Refusal> {
        check(wish, now()).into_iter().map(|violation| violation.refusal).collect()
    }

    #[test]
    fn a_proper_meeting_has_no_violations() {
        assert_eq!(refusals(&mdo()), []);
    }

    // Parents are a fixed partner at the table; a parent without gezag does not count (BW 1:377c).
    #[test]
    fn no_meeting_about_a_child_without_a_parent_with_gezag_or_a_reason() {
        let mut wish = mdo();
        wish.participants[2].gezag = Gezag::Without;
        assert_eq!(refusals(&wish), [Refusal::ParentRequired]);
        wish.parent_exception = Some(ParentException::Safety);
        assert_eq!(refusals(&wish), []);
    }

    #[test]
    fn an_anonymous_consultation_needs_no_parent_but_says_so() {
        let mut wish = Wish { subject: Subject::Nobody, ..mdo() };
        wish.participants.truncate(2);
        assert_eq!(refusals(&wish), [Refusal::FieldInvalid]);
        wish.parent_exception = Some(ParentException::Anonymous);
        assert_eq!(refusals(&wish), []);
    }

    #[test]
    fn everything_wrong_is_told_at_once() {
        let wish = Wish {
            start: now(),
            end: now() + TimeDelta::minutes(500),
            participants: vec![somebody(1, Role::Iber), somebody(1, Role::Iber)],
            ..mdo()
        };
        assert_eq!(
            refusals(&wish),
            [
                Refusal::TimeOutOfBounds,
                Refusal::DurationInvalid,
                Refusal::DuplicateAttendee,
                Refusal::RoleRequired,
                Refusal::ParentRequired
            ]
        );
        assert_eq!(check(&wish, now())[2].field, "participants[1]");
    }

    #[test]
    fn the_end_comes_after_the_start_and_the_table_has_fifty_seats() {
        let mut wish = mdo();
        wish.end = wish.start;
        wish.participants.extend((10..58).map(|number| somebody(number, Role::Smw)));
        assert_eq!(refusals(&wish), [Refusal::TimeRangeInvalid, Refusal::TooManyAttendees]);
    }

    #[test]
    fn a_rondetafel_needs_school_samenwerkingsverband_and_leerplicht() {
        let wish = Wish { kind: Kind::Rondetafel, ..mdo() };
        assert_eq!(refusals(&wish), [Refusal::RoleRequired]);
        let missing = missing_roles(Kind::Rondetafel, &[Role::Iber, Role::Bocer]);
        assert_eq!(missing, [[Role::Leerplichtambtenaar].as_slice()]);
    }
}
