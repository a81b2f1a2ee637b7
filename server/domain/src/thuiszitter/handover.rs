//! The hand-over of a child to its next school: how far it is, whose turn it is, and which school is which.
//!
//! Nothing of this is kept but what the receiving school answered: the rest follows from the meeting.

use chrono::{DateTime, NaiveDate, TimeDelta, Utc};

use crate::{consultation::State, refusal::Refusal};

/// How far it is.
#[derive(
    Debug,
    Clone,
    Copy,
    PartialEq,
    Eq,
    Hash,
    PartialOrd,
    Ord,
    strum::Display,
    strum::EnumString,
    strum::EnumIter,
    strum::IntoStaticStr,
)]
#[strum(serialize_all = "SCREAMING_SNAKE_CASE")]
pub enum HandoverState {
    /// It is due, and no meeting is booked.
    Proposed,
    /// A meeting is booked, or has been and nobody recorded what came of it.
    Booked,
    /// The meeting was held.
    Held,
    /// The receiving school has what it needs.
    Confirmed,
    /// The receiving school gave it back.
    Refused,
}

/// Why it was given back.
#[derive(
    Debug,
    Clone,
    Copy,
    PartialEq,
    Eq,
    Hash,
    strum::Display,
    strum::EnumString,
    strum::EnumIter,
    strum::IntoStaticStr,
)]
#[strum(serialize_all = "SCREAMING_SNAKE_CASE")]
pub enum HandoverReason {
    /// The child does not come to this school.
    NotEnrolled,
    /// Something is missing that the school needs to know.
    Incomplete,
    /// The meeting did not take place.
    NotHeld,
}

/// Whose turn it is.
#[derive(
    Debug,
    Clone,
    Copy,
    PartialEq,
    Eq,
    Hash,
    strum::Display,
    strum::EnumString,
    strum::EnumIter,
    strum::IntoStaticStr,
)]
#[strum(serialize_all = "SCREAMING_SNAKE_CASE")]
pub enum HandoverSide {
    /// The school that the child leaves.
    Sending,
    /// The school to which it goes.
    Receiving,
}

/// What the receiving school says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum HandoverAnswer {
    /// It has what it needs.
    Confirmed,
    /// It gives the hand-over back.
    Refused(HandoverReason),
}

impl HandoverAnswer {
    /// Every answer there is.
    pub const ALL: [Self; 4] = [
        Self::Confirmed,
        Self::Refused(HandoverReason::NotEnrolled),
        Self::Refused(HandoverReason::Incomplete),
        Self::Refused(HandoverReason::NotHeld),
    ];

    /// What `state` and `reason` say together.
    ///
    /// # Errors
    /// The field that is wrong: `FIELD_INVALID` of a state that is no answer and of a reason with nothing
    /// to give back, `FIELD_REQUIRED` of a reason that is missing.
    pub fn of(state: HandoverState, reason: Option<HandoverReason>) -> Result<Self, (&'static str, Refusal)> {
        match (state, reason) {
            (HandoverState::Confirmed, None) => Ok(Self::Confirmed),
            (HandoverState::Refused, Some(reason)) => Ok(Self::Refused(reason)),
            (HandoverState::Confirmed, Some(_)) => Err(("reason", Refusal::FieldInvalid)),
            (HandoverState::Refused, None) => Err(("reason", Refusal::FieldRequired)),
            (HandoverState::Proposed | HandoverState::Booked | HandoverState::Held, _) => {
                Err(("state", Refusal::FieldInvalid))
            }
        }
    }

    /// What the timeline of the case calls it.
    #[must_use]
    pub fn event(self) -> &'static str {
        match self {
            Self::Confirmed => "HANDOVER_CONFIRMED",
            Self::Refused(HandoverReason::NotEnrolled) => "HANDOVER_NOT_ENROLLED",
            Self::Refused(HandoverReason::Incomplete) => "HANDOVER_INCOMPLETE",
            Self::Refused(HandoverReason::NotHeld) => "HANDOVER_NOT_HELD",
        }
    }

    /// The answer that the timeline calls so.
    #[must_use]
    pub fn of_event(kind: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|answer| answer.event() == kind)
    }

    /// What the sending school does about a meeting to mend what was given back, by the words of the timeline.
    pub const MENDS: [&str; 3] = ["OUTCOME_RECORDED", "CONSULTATION_MOVED", "CONSULTATION_REINSTATED"];

    /// Whether it stands no more once the timeline tells `kind`: what was given back before the meeting was
    /// held, or moved since, waits for an answer again.
    #[must_use]
    pub fn is_mended_by(self, kind: &str) -> bool {
        matches!(self, Self::Refused(_)) && Self::MENDS.contains(&kind)
    }

    /// Refuses an answer to what was called off or was confirmed before, and a yes to what nobody recorded:
    /// that a hand-over is due ends when it was held.
    ///
    /// # Errors
    /// `CONSULTATION_CANCELLED`; `ALREADY_ENDED`; `CONSULTATION_NOT_HELD` for a yes while it is planned.
    pub fn may_follow(self, before: Option<Self>, meeting: State) -> Result<(), Refusal> {
        match (before, meeting, self) {
            (Some(Self::Confirmed), _, _) => Err(Refusal::AlreadyEnded),
            (_, State::Cancelled, _) => Err(Refusal::ConsultationCancelled),
            (_, State::Planned, Self::Confirmed) => Err(Refusal::ConsultationNotHeld),
            (_, State::Planned, Self::Refused(_)) | (_, State::Held, _) => Ok(()),
        }
    }
}

/// How far it is, by its meeting and what the receiving school answered to that.
#[must_use]
pub fn handover_state(meeting: Option<State>, answer: Option<HandoverAnswer>) -> HandoverState {
    match (meeting, answer) {
        (Some(State::Held), Some(HandoverAnswer::Confirmed)) => HandoverState::Confirmed,
        (Some(State::Planned | State::Held), Some(HandoverAnswer::Refused(_))) => HandoverState::Refused,
        (Some(State::Held), None) => HandoverState::Held,
        // Whatever was said: as long as nobody recorded that it was held, that is what has to be done.
        (Some(State::Planned), Some(HandoverAnswer::Confirmed) | None) => HandoverState::Booked,
        (Some(State::Cancelled) | None, _) => HandoverState::Proposed,
    }
}

/// Whether a meeting of that day can be the hand-over for which a norm waits that opens then. One that was
/// held would have met it: it was another, such as that of a child that changed school in its last year.
#[must_use]
pub fn is_waited_for(meeting: State, on: NaiveDate, opens_on: Option<NaiveDate>) -> bool {
    match meeting {
        State::Planned => opens_on.is_none_or(|opens| on >= opens),
        State::Held | State::Cancelled => false,
    }
}

/// Whose turn it is; `over` says whether the time of its meeting has gone by.
#[must_use]
pub fn turn(state: HandoverState, over: bool) -> Option<HandoverSide> {
    match state {
        HandoverState::Proposed | HandoverState::Refused => Some(HandoverSide::Sending),
        HandoverState::Booked => over.then_some(HandoverSide::Sending),
        HandoverState::Held => Some(HandoverSide::Receiving),
        HandoverState::Confirmed => None,
    }
}

/// Which school is which at the table of a hand-over.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Schools<S> {
    /// The one that the child leaves; none of a child that was at none.
    pub sending: Option<S>,
    /// The one to which it goes; none while nobody of another school sits there.
    pub receiving: Option<S>,
}

/// Where a child was when its hand-over was talked about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Been<S> {
    /// Its school then; none of a child that was at none.
    pub own: Option<S>,
    /// The school that it had left shortly before: a hand-over may follow the move.
    pub former: Option<S>,
}

/// How long after a move the hand-over still follows it: a child that goes back to a school which it left
/// longer ago goes on to that one.
const FOLLOWS: TimeDelta = TimeDelta::weeks(16);

impl<S: Copy> Been<S> {
    /// At that instant, of a child that is at `own` now and left each of `left` then, oldest first.
    #[must_use]
    pub fn at(start: DateTime<Utc>, own: Option<S>, left: &[(DateTime<Utc>, S)]) -> Self {
        let after = left.iter().find(|(moved, _)| *moved > start);
        let before = left.iter().rfind(|(moved, _)| *moved <= start);
        let lately = before.filter(|(moved, _)| start - *moved <= FOLLOWS);
        Self { own: after.map(|(_, school)| *school).or(own), former: lately.map(|(_, school)| *school) }
    }
}

/// Tells them apart. `table` has for each seat the schools for which it can be taken; of the schools at which
/// whoever receives the child works it is the first of `acting`: who asks, or answered, does so for one.
#[must_use]
pub fn schools<S: Copy + PartialEq>(
    table: &[Vec<S>],
    Been { own, former: left }: Been<S>,
    acting: &[S],
) -> Schools<S> {
    let (mut next, mut present, mut former) = (None, None, None);
    let acts = |seat: &[S]| acting.iter().find(|school| seat.contains(school)).copied();
    let mut also = None;
    for seat in table {
        // Whoever works at several schools sits there for the child's own, if somebody does for the next.
        if let Some(school) = own.filter(|own| seat.contains(own)) {
            present = present.or(Some(school));
            also = also.or(acts(seat).filter(|acting| Some(*acting) != own && Some(*acting) != left));
        } else if let Some(school) = left.filter(|left| seat.contains(left)) {
            former = former.or(Some(school));
        } else {
            next = next.or(acts(seat)).or(seat.first().copied());
        }
    }
    match (next, present, former) {
        (Some(_), _, _) => Schools { sending: own.or(former), receiving: next },
        (None, Some(_), Some(_)) => Schools { sending: former, receiving: present },
        (None, _, _) => Schools { sending: own, receiving: also },
    }
}

#[cfg(test)]
mod tests {
    use strum::IntoEnumIterator;

    use super::*;

    const GIVEN_BACK: HandoverAnswer = HandoverAnswer::Refused(HandoverReason::Incomplete);

    #[test]
    fn every_answer_is_found_again_in_the_timeline() {
        for answer in HandoverAnswer::ALL {
            assert_eq!(HandoverAnswer::of_event(answer.event()), Some(answer));
        }
        assert_eq!(HandoverAnswer::of_event("OUTCOME_RECORDED"), None);
        assert_eq!(HandoverAnswer::ALL.len(), 1 + HandoverReason::iter().count());
    }

    #[test]
    fn a_meeting_that_was_held_or_moved_mends_what_was_given_back_and_no_yes() {
        for kind in HandoverAnswer::MENDS {
            assert!(GIVEN_BACK.is_mended_by(kind) && !HandoverAnswer::Confirmed.is_mended_by(kind), "{kind}");
            assert_eq!(HandoverAnswer::of_event(kind), None);
        }
        for kind in ["CONSULTATION_BOOKED", "CONSULTATION_CHANGED", "HANDOVER_CONFIRMED"] {
            assert!(!GIVEN_BACK.is_mended_by(kind), "{kind}");
        }
    }

    #[test]
    fn an_answer_is_a_yes_or_a_no_with_a_reason() {
        let why = Some(HandoverReason::NotHeld);
        let refused = HandoverAnswer::Refused(HandoverReason::NotHeld);
        assert_eq!(HandoverAnswer::of(HandoverState::Confirmed, None), Ok(HandoverAnswer::Confirmed));
        assert_eq!(HandoverAnswer::of(HandoverState::Refused, why), Ok(refused));
        for (state, reason, wrong) in [
            (HandoverState::Confirmed, why, ("reason", Refusal::FieldInvalid)),
            (HandoverState::Refused, None, ("reason", Refusal::FieldRequired)),
            (HandoverState::Proposed, None, ("state", Refusal::FieldInvalid)),
            (HandoverState::Booked, why, ("state", Refusal::FieldInvalid)),
            (HandoverState::Held, None, ("state", Refusal::FieldInvalid)),
        ] {
            assert_eq!(HandoverAnswer::of(state, reason), Err(wrong), "{state}");
        }
    }

    #[test]
    fn a_yes_waits_for_the_meeting_and_is_the_last_word() {
        let yes = HandoverAnswer::Confirmed;
        for (answer, known, meeting, expected) in [
            (yes, None, State::Planned, Err(Refusal::ConsultationNotHeld)),
            (GIVEN_BACK, None, State::Planned, Ok(())),
            (yes, None, State::Held, Ok(())),
            (yes, Some(GIVEN_BACK), State::Held, Ok(())),
            (GIVEN_BACK, Some(GIVEN_BACK), State::Held, Ok(())),
            (yes, Some(yes), State::Held, Err(Refusal::AlreadyEnded)),
            (GIVEN_BACK, Some(yes), State::Held, Err(Refusal::AlreadyEnded)),
            (yes, None, State::Cancelled, Err(Refusal::ConsultationCancelled)),
        ] {
            assert_eq!(answer.may_follow(known, meeting), expected, "{answer:?} {known:?} {meeting:?}");
        }
    }

    #[test]
    fn somebody_has_to_act_until_it_is_confirmed() {
        let yes = Some(HandoverAnswer::Confirmed);
        for (meeting, answer, over, state, acts) in [
            (None, None, false, HandoverState::Proposed, Some(HandoverSide::Sending)),
            (Some(State::Planned), None, false, HandoverState::Booked, None),
            (Some(State::Planned), None, true, HandoverState::Booked, Some(HandoverSide::Sending)),
            (Some(State::Held), None, true, HandoverState::Held, Some(HandoverSide::Receiving)),
            (Some(State::Held), yes, true, HandoverState::Confirmed, None),
            // An answer of before it took a meeting that was held.
            (Some(State::Planned), yes, true, HandoverState::Booked, Some(HandoverSide::Sending)),
            (Some(State::Cancelled), yes, true, HandoverState::Proposed, Some(HandoverSide::Sending)),
            (Some(State::Held), Some(GIVEN_BACK), true, HandoverState::Refused, Some(HandoverSide::Sending)),
        ] {
            assert_eq!(handover_state(meeting, answer), state, "{meeting:?} {answer:?}");
            assert_eq!(turn(state, over), acts, "{state} {over}");
        }
    }

    #[test]
    fn what_was_held_or_is_before_the_norm_opens_is_not_what_it_waits_for() {
        let day = |text: &str| text.parse::<NaiveDate>().expect("tests write dates as year-month-day");
        let opens = Some(day("2027-04-01"));
        for (meeting, on, opens, is) in [
            (State::Planned, "2027-04-01", opens, true),
            (State::Planned, "2027-03-31", opens, false),
            (State::Planned, "2026-10-05", None, true),
            (State::Held, "2026-10-05", opens, false),
            (State::Held, "2027-04-01", opens, false),
            (State::Cancelled, "2027-04-01", opens, false),
        ] {
            assert_eq!(is_waited_for(meeting, day(on), opens), is, "{meeting:?} {on}");
        }
    }

    #[test]
    fn the_receiving_school_is_the_next_one_or_after_the_move_the_childs_own() {
        let of = |sending, receiving| Schools { sending, receiving };
        for (table, own, former, expected) in [
            (vec![vec!['p'], vec!['v'], vec![]], Some('p'), None, of(Some('p'), Some('v'))),
            // Whoever works at the child's school and another one sits there for the child's.
            (vec![vec!['q', 'p'], vec!['v']], Some('p'), None, of(Some('p'), Some('v'))),
            // Nobody of the next school was asked.
            (vec![vec!['p'], vec![]], Some('p'), None, of(Some('p'), None)),
            // The child moved first.
            (vec![vec!['p'], vec!['v']], Some('v'), Some('p'), of(Some('p'), Some('v'))),
            (vec![vec!['v']], Some('v'), Some('p'), of(Some('v'), None)),
            // It goes back to where it was long ago.
            (vec![vec!['s'], vec!['p']], Some('s'), None, of(Some('s'), Some('p'))),
            // It was at no school.
            (vec![vec!['v']], None, None, of(None, Some('v'))),
        ] {
            assert_eq!(schools(&table, Been { own, former }, &[]), expected, "{table:?}");
        }
    }

    #[test]
    fn whoever_works_at_two_schools_receives_the_child_for_the_one_for_which_they_act() {
        let of = |sending, receiving| Schools { sending: Some(sending), receiving };
        let at = |own, former| Been { own: Some(own), former };
        let leaves = at('p', None);
        for (table, been, acting, expected) in [
            (vec![vec!['p'], vec!['v', 'w']], leaves, vec![], of('p', Some('v'))),
            (vec![vec!['p'], vec!['v', 'w']], leaves, vec!['w'], of('p', Some('w'))),
            // Whoever asks comes first, then whoever answered before.
            (vec![vec!['p'], vec!['v', 'w']], leaves, vec!['v', 'w'], of('p', Some('v'))),
            (vec![vec!['p'], vec!['v', 'w']], leaves, vec!['p', 'w'], of('p', Some('w'))),
            // Of two who each come for another school the first receives it.
            (vec![vec!['p'], vec!['v'], vec!['w']], leaves, vec!['w'], of('p', Some('v'))),
            // Nobody sits there for the next school but who works at the child's own too.
            (vec![vec!['p', 'v']], leaves, vec!['v'], of('p', Some('v'))),
            (vec![vec!['p', 'v']], leaves, vec!['p'], of('p', None)),
            (vec![vec!['p', 'q'], vec!['v']], leaves, vec!['q'], of('p', Some('v'))),
            // After the move.
            (vec![vec!['p'], vec!['v', 'w']], at('v', Some('p')), vec!['w'], of('p', Some('v'))),
            (vec![vec!['p', 'v']], at('v', Some('p')), vec!['p'], of('v', None)),
        ] {
            assert_eq!(schools(&table, been, &acting), expected, "{table:?} {been:?} {acting:?}");
        }
    }

    #[test]
    fn a_child_was_where_it_left_next_and_left_lately_what_it_left_last() {
        let day = |text: &str| -> DateTime<Utc> {
            let day: NaiveDate = text.parse().expect("tests write dates as year-month-day");
            day.and_time(chrono::NaiveTime::MIN).and_utc()
        };
        let (to_s, back, on) = ((day("2025-10-06"), 'p'), (day("2026-12-07"), 's'), (day("2027-08-02"), 'p'));
        for (start, left, own, expected) in [
            // It never moved.
            ("2026-11-23", vec![], 'p', ('p', None)),
            // The meeting follows the move, within sixteen weeks.
            ("2025-11-03", vec![to_s], 's', ('s', Some('p'))),
            ("2026-01-26", vec![to_s], 's', ('s', Some('p'))),
            ("2026-01-27", vec![to_s], 's', ('s', None)),
            // Back again: before that move, and looked at after it.
            ("2026-11-23", vec![to_s], 's', ('s', None)),
            ("2026-11-23", vec![to_s, back], 'p', ('s', None)),
            ("2026-12-14", vec![to_s, back], 'p', ('p', Some('s'))),
            // On to the next school since.
            ("2027-05-10", vec![to_s, back, on], 'v', ('p', None)),
            ("2027-09-06", vec![to_s, back, on], 'v', ('v', Some('p'))),
        ] {
            let (own_then, former) = expected;
            let been = Been::at(day(start), Some(own), &left);
            assert_eq!(been, Been { own: Some(own_then), former }, "{start} {left:?}");
        }
    }
}
