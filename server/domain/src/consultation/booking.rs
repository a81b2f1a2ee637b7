//! The rules of booking, moving and replacing: every violation at once.

use std::collections::BTreeSet;

use chrono::{DateTime, TimeDelta, Utc};

use super::{
    kinds::{About, KindRules, ParentRule},
    place::{AloneBecause, Place},
};
use crate::{
    access::Role,
    ids::PersonId,
    refusal::{Refusal, Violation},
    time::Period,
};

/// The most people at one table.
pub const MAX_PARTICIPANTS: usize = 50;
/// So many professionals go to a home, or it is said why not.
pub const TOGETHER: usize = 2;
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
    /// Several, each in a part of the meeting with a table of its own.
    Children,
    /// Nobody in particular.
    Nobody,
}

/// A meeting as somebody wants it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Wish {
    /// What the region asks of its kind on that day.
    pub rules: KindRules,
    /// Whether it keeps to the notice of its kind, because nobody said why not.
    pub keeps_notice: bool,
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
    /// Why one professional goes alone.
    pub alone_because: Option<AloneBecause>,
}

/// Why a meeting is booked at shorter notice than its kind asks.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, strum::Display, strum::EnumString, strum::EnumIter)]
#[strum(serialize_all = "SCREAMING_SNAKE_CASE")]
pub enum ShortNotice {
    /// The parents or the child asked for it.
    FamilyAsks,
    /// It cannot wait.
    Urgent,
    /// Everybody at the table was asked and agreed.
    AllAgreed,
}

/// Everything that forbids the meeting, in the order of the fields; empty if it can be
/// booked. Moving and replacing are checked as the meeting would be afterwards.
pub fn check(wish: &Wish, now: DateTime<Utc>) -> Vec<Violation> {
    let mut violations = time(wish, now);
    let rules = &wish.rules;
    if !rules.places.contains(&wish.place) {
        violations.push(Violation::new("place", Refusal::FieldInvalid));
    }
    let fits = match (rules.about, wish.subject) {
        (About::Child | About::Either, Subject::Children) => rules.capacity > 0,
        (About::Child, Subject::Child) | (About::Either, Subject::Child | Subject::Nobody) => true,
        (About::Policy | About::Unnamed, subject) => subject == Subject::Nobody,
        (About::Child, Subject::Nobody) => wish.parent_exception == Some(ParentException::Anonymous),
    };
    if !fits {
        violations.push(Violation::new("case", Refusal::FieldInvalid));
    }
    let present: Vec<Role> = wish.participants.iter().map(|participant| participant.role).collect();
    violations.extend(at_table(wish));
    if !rules.missing_roles(&present).is_empty() {
        violations.push(Violation::new("participants", Refusal::RoleRequired));
    }
    if goes_alone(wish) {
        violations.push(Violation::new("participants", Refusal::TwoProfessionalsRequired));
    }
    if parent_missing(wish) {
        violations.push(Violation::new("participants", Refusal::ParentRequired));
    }
    violations
}

/// Everything that forbids `wish` as one part of a meeting that lasts `whole`: the fixed
/// members, who fill the roles that must come, sit at its table too.
pub fn check_part(wish: &Wish, whole: Period) -> Vec<Violation> {
    let mut found = Vec::new();
    match Period::new(wish.start, wish.end) {
        Ok(time) if lies_within(time, whole) => {}
        Ok(_) => found.push(Violation::new("start_time", Refusal::TimeOutOfBounds)),
        Err(refusal) => found.push(Violation::new("duration", refusal)),
    }
    found.extend(at_table(wish));
    if parent_missing(wish) {
        found.push(Violation::new("participants", Refusal::ParentRequired));
    }
    found
}

/// Whether a part at `part` lies within its meeting.
pub fn lies_within(part: Period, whole: Period) -> bool {
    whole.start() <= part.start() && part.end() <= whole.end()
}

/// The first of `parts`, in the order in which they were given, that begins before another has ended.
pub fn overlapping(parts: &[Period]) -> Option<usize> {
    let meets = |at: usize| parts[..at].iter().any(|other| other.overlaps(parts[at]));
    (0..parts.len()).find(|at| meets(*at))
}

fn time(wish: &Wish, now: DateTime<Utc>) -> Vec<Violation> {
    let rules = &wish.rules;
    let length = wish.end - wish.start;
    let ahead = wish.start - now;
    let allowed = TimeDelta::minutes(rules.min_minutes.into())..=TimeDelta::minutes(rules.max_minutes.into());
    let mut found = Vec::new();
    if ahead <= TimeDelta::zero() || ahead > TimeDelta::days(MAX_DAYS_AHEAD) {
        found.push(Violation::new("start_time", Refusal::TimeOutOfBounds));
    } else if wish.keeps_notice && ahead < TimeDelta::hours(rules.notice_hours.into()) {
        // Also what helps: so much later, or a reason in this field.
        let form = Some(format!("(≥ {} h; short_notice)", rules.notice_hours));
        found.push(Violation { form, ..Violation::new("start_time", Refusal::NoticeTooShort) });
    }
    if length <= TimeDelta::zero() {
        found.push(Violation::new("duration", Refusal::TimeRangeInvalid));
    } else if !allowed.contains(&length) {
        found.push(Violation::new("duration", Refusal::DurationInvalid));
    }
    found
}

fn at_table(wish: &Wish) -> Vec<Violation> {
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
        // A family sits at the part about its own child, never at the whole.
        let at_all = wish.subject == Subject::Children && participant.role.is_private();
        if at_all || !wish.rules.admits(participant.role) {
            found.push(Violation::new(format!("participants[{at}].role"), Refusal::FieldInvalid));
        }
    }
    found
}

/// Whether one professional, or none, would visit a home without a reason.
fn goes_alone(wish: &Wish) -> bool {
    let professionals = wish.participants.iter().filter(|participant| !participant.role.is_private());
    wish.place == Place::Home && wish.alone_because.is_none() && professionals.count() < TOGETHER
}

fn parent_missing(wish: &Wish) -> bool {
    let about_child = wish.subject == Subject::Child;
    let asked = about_child && wish.rules.parents == ParentRule::Invited;
    let invited = wish
        .participants
        .iter()
        .any(|participant| participant.role == Role::Ouder && participant.gezag == Gezag::With);
    asked && !invited && wish.parent_exception.is_none()
}

#[cfg(test)]
mod tests {
    use uuid::Uuid;

    use super::*;
    use crate::consultation::Kind;

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
            rules: Kind::Mdo.rules(),
            keeps_notice: true,
            subject: Subject::Child,
            start,
            end: start + TimeDelta::minutes(60),
            place: Place::School,
            participants: vec![somebody(1, Role::Iber), somebody(2, Role::Smw), somebody(3, Role::Ouder)],
            parent_exception: None,
            alone_because: None,
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
    fn nobody_goes_to_a_home_alone_without_saying_why() {
        let mut wish = Wish { rules: Kind::Kennismaking.rules(), place: Place::Home, ..mdo() };
        let refused = |wish: &Wish| refusals(wish).contains(&Refusal::TwoProfessionalsRequired);
        assert!(!refused(&wish));
        wish.participants.remove(0);
        assert!(refused(&wish));
        assert!(!refused(&Wish { alone_because: Some(AloneBecause::FamilyKnown), ..wish.clone() }));
        assert!(!refused(&Wish { place: Place::School, ..wish }));
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
        let rules = Kind::Rondetafel.rules();
        let missing = rules.missing_roles(&[Role::Iber, Role::Bocer]);
        assert_eq!(missing, [[Role::Leerplichtambtenaar].as_slice()]);
        assert_eq!(refusals(&Wish { rules, ..mdo() }), [Refusal::RoleRequired]);
    }

    #[test]
    fn a_meeting_is_booked_in_time_or_it_is_said_why_not() {
        let mut wish = mdo();
        wish.start = now() + TimeDelta::hours(11);
        wish.end = wish.start + TimeDelta::hours(1);
        assert_eq!(refusals(&wish), [Refusal::NoticeTooShort]);
        let told = check(&wish, now()).remove(0).form.unwrap();
        assert_eq!(told, format!("(≥ {} h; short_notice)", wish.rules.notice_hours));
        wish.keeps_notice = false;
        assert_eq!(refusals(&wish), []);
        let crisis = Wish { rules: Kind::Crisis.rules(), keeps_notice: true, ..wish };
        assert_eq!(refusals(&crisis), [], "a crisis has no notice");
    }

    #[test]
    fn nobody_of_the_family_sits_where_no_child_may_be_known() {
        let mut wish = Wish { rules: Kind::AnoniemConsult.rules(), subject: Subject::Nobody, ..mdo() };
        assert_eq!(check(&wish, now())[0].field, "participants[2].role");
        wish.participants.truncate(2);
        assert_eq!(refusals(&wish), []);
        wish.subject = Subject::Child;
        assert_eq!(refusals(&wish), [Refusal::FieldInvalid], "it has no case");
    }

    #[test]
    fn a_meeting_of_several_children_has_its_families_in_the_parts() {
        let rules = Kind::Ondersteuningsteam.rules();
        let mut wish = Wish { rules, subject: Subject::Children, ..mdo() };
        assert_eq!(check(&wish, now())[0].field, "participants[2].role");
        wish.participants.truncate(2);
        assert_eq!(refusals(&wish), []);
        let whole = Period::new(wish.start, wish.end).unwrap();
        let part = Wish { subject: Subject::Child, end: wish.start + TimeDelta::minutes(20), ..wish.clone() };
        let told = |part: &Wish| -> Vec<_> {
            check_part(part, whole).into_iter().map(|found| found.refusal).collect()
        };
        assert_eq!(told(&part), [Refusal::ParentRequired]);
        let mut part = Wish { end: wish.end + TimeDelta::minutes(5), ..part };
        part.participants.push(somebody(3, Role::Ouder));
        assert_eq!(told(&part), [Refusal::TimeOutOfBounds]);
        part.rules = Kind::Mdo.rules();
        wish.rules = Kind::Mdo.rules();
        assert_eq!(refusals(&wish), [Refusal::FieldInvalid], "an MDO is about one child");
    }

    #[test]
    fn parts_follow_each_other() {
        let from = |minute: i64| {
            let start = now() + TimeDelta::minutes(minute);
            Period::new(start, start + TimeDelta::minutes(20)).unwrap()
        };
        assert_eq!(overlapping(&[from(0), from(40), from(20)]), None);
        assert_eq!(overlapping(&[from(0), from(40), from(30)]), Some(2));
    }
}
