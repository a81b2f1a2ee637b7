//! The life of a meeting: its states, its SEQUENCE and the answers of who is invited.

use chrono::{DateTime, Utc};

use crate::{refusal::Refusal, time::Period};

/// Where a meeting is in its life.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, strum::Display, strum::EnumString, strum::EnumIter)]
#[strum(serialize_all = "SCREAMING_SNAKE_CASE")]
pub enum State {
    /// It will be held, or has been and nobody has recorded it.
    Planned,
    /// It will not be held.
    Cancelled,
    /// It was held and its outcome stands.
    Held,
}

/// What happens to a meeting.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Event {
    /// It gets another time.
    Move(Period),
    /// It gets another place.
    ChangePlace,
    /// Somebody is added or removed, or replaced.
    ChangeParticipants,
    /// It is called off.
    Cancel,
    /// It goes on after all.
    Reinstate,
    /// Its outcome is recorded.
    Record,
    /// Its turn did not come.
    PassOver,
}

/// What somebody answered (RFC 5545 §3.2.12, PARTSTAT).
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, Hash, Default, strum::Display, strum::EnumString, strum::EnumIter,
)]
#[strum(serialize_all = "SCREAMING_SNAKE_CASE")]
pub enum Answer {
    /// Nothing yet.
    #[default]
    NeedsAction,
    /// Comes.
    Accepted,
    /// Does not come.
    Declined,
    /// Perhaps.
    Tentative,
}

/// Why somebody does not come, from a list that says nothing about anybody.
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
pub enum DeclineReason {
    /// Has something else then.
    NotAvailable,
    /// Heard of it too late.
    TooShortNotice,
    /// Cannot get there.
    TooFar,
    /// Would come if it were online.
    PreferOnline,
    /// Would rather say so by telephone.
    CallMe,
}

/// What the states and the SEQUENCE are about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Meeting {
    /// Where it is in its life.
    pub state: State,
    /// When it is.
    pub time: Period,
    /// RFC 5545 §3.8.7.4: the version that calendars compare; never goes down.
    pub sequence: u32,
}

/// What becomes of the answers already given.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Answers {
    /// They stand.
    Keep,
    /// Everybody is asked again.
    Reset,
}

/// A meeting after an event.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Changed {
    /// The meeting.
    pub meeting: Meeting,
    /// The answers.
    pub answers: Answers,
}

impl Meeting {
    /// A new meeting.
    pub fn planned(time: Period) -> Self {
        Self { state: State::Planned, time, sequence: 0 }
    }

    /// Applies an event.
    ///
    /// Moving, changing place or people, calling off and going on after all end when the meeting starts
    /// (`CONSULTATION_PAST`); recording, or saying that it was passed over, begins then
    /// (`CONSULTATION_NOT_HELD`). SEQUENCE goes up on another time or place, on cancelling and when it
    /// goes on after all (RFC 5546 §2.1.4), not when only people change. What goes on after all is
    /// answered anew. Moving to the same time changes nothing.
    pub fn after(self, event: Event, now: DateTime<Utc>) -> Result<Changed, Refusal> {
        let started = now >= self.time.start();
        let next = Self { sequence: self.sequence.saturating_add(1), ..self };
        let (meeting, answers) = match (self.state, event) {
            (State::Cancelled, Event::Reinstate)
            | (
                State::Planned,
                Event::Move(_) | Event::ChangePlace | Event::ChangeParticipants | Event::Cancel,
            ) if started => return Err(Refusal::ConsultationPast),
            (State::Cancelled, Event::Reinstate) => (Self { state: State::Planned, ..next }, Answers::Reset),
            (
                State::Cancelled,
                Event::Move(_)
                | Event::ChangePlace
                | Event::ChangeParticipants
                | Event::Cancel
                | Event::Record
                | Event::PassOver,
            ) => return Err(Refusal::ConsultationCancelled),
            (State::Held, Event::Record | Event::PassOver) => return Err(Refusal::OutcomeRecorded),
            (
                State::Held,
                Event::Move(_)
                | Event::ChangePlace
                | Event::ChangeParticipants
                | Event::Cancel
                | Event::Reinstate,
            ) => {
                return Err(Refusal::ConsultationPast);
            }
            (State::Planned, Event::Record | Event::PassOver) if !started => {
                return Err(Refusal::ConsultationNotHeld);
            }
            // Calendars are not told of what is over: its version stays.
            (State::Planned, Event::PassOver) => (Self { state: State::Cancelled, ..self }, Answers::Keep),
            (State::Planned, Event::Record) => (Self { state: State::Held, ..self }, Answers::Keep),
            (State::Planned, Event::Move(time)) if time == self.time => (self, Answers::Keep),
            (State::Planned, Event::Move(time)) => (Self { time, ..next }, Answers::Reset),
            (State::Planned, Event::ChangePlace) => (next, Answers::Keep),
            // What goes on, goes on.
            (State::Planned, Event::ChangeParticipants | Event::Reinstate) => (self, Answers::Keep),
            (State::Planned, Event::Cancel) => (Self { state: State::Cancelled, ..next }, Answers::Keep),
        };
        Ok(Changed { meeting, answers })
    }

    /// Whether somebody can still answer: until the end, unless it was called off.
    pub fn takes_answers(self, now: DateTime<Utc>) -> Result<(), Refusal> {
        match self.state {
            State::Cancelled => Err(Refusal::ConsultationCancelled),
            State::Held => Err(Refusal::ConsultationPast),
            State::Planned if now >= self.time.end() => Err(Refusal::ConsultationPast),
            State::Planned => Ok(()),
        }
    }
}

impl Answers {
    /// What an answer given before becomes.
    pub fn apply(self, answer: Answer) -> Answer {
        match self {
            Self::Keep => answer,
            Self::Reset => Answer::NeedsAction,
        }
    }
}

#[cfg(test)]
mod tests {
    use chrono::TimeDelta;
    use proptest::prelude::*;

    use super::*;

    fn at(minute: i64) -> DateTime<Utc> {
        DateTime::UNIX_EPOCH + TimeDelta::minutes(minute)
    }

    fn from(minute: i64) -> Period {
        Period::new(at(minute), at(minute + 60)).unwrap()
    }

    // RFC 5546 §2.1.4.
    #[test]
    fn time_place_and_cancelling_raise_the_sequence_and_people_do_not() {
        let meeting = Meeting::planned(from(100));
        let after = |event| meeting.after(event, at(0)).unwrap();
        let raised = |event| after(event).meeting.sequence;
        assert_eq!([Event::Move(from(200)), Event::ChangePlace, Event::Cancel].map(raised), [1, 1, 1]);
        assert_eq!([Event::ChangeParticipants, Event::Move(from(100))].map(raised), [0, 0]);
        assert_eq!(after(Event::Move(from(200))).answers.apply(Answer::Accepted), Answer::NeedsAction);
        assert_eq!(after(Event::ChangePlace).answers.apply(Answer::Accepted), Answer::Accepted);
    }

    #[test]
    fn a_meeting_that_has_started_is_recorded_and_not_moved() {
        let meeting = Meeting::planned(from(100));
        assert_eq!(meeting.after(Event::Record, at(99)), Err(Refusal::ConsultationNotHeld));
        assert_eq!(meeting.after(Event::Cancel, at(100)), Err(Refusal::ConsultationPast));
        let held = meeting.after(Event::Record, at(100)).unwrap().meeting;
        assert_eq!(held.after(Event::Record, at(200)), Err(Refusal::OutcomeRecorded));
        assert_eq!(held.after(Event::Move(from(300)), at(0)), Err(Refusal::ConsultationPast));
    }

    #[test]
    fn what_was_called_off_goes_on_with_the_next_sequence_and_is_answered_anew() {
        let meeting = Meeting::planned(from(100));
        let off = meeting.after(Event::Cancel, at(0)).unwrap().meeting;
        let on = off.after(Event::Reinstate, at(99)).unwrap();
        assert_eq!(
            (on.meeting.state, on.meeting.sequence, on.meeting.time),
            (State::Planned, 2, meeting.time)
        );
        assert_eq!(on.answers, Answers::Reset);
        assert_eq!(off.after(Event::Reinstate, at(100)), Err(Refusal::ConsultationPast));
        assert_eq!(meeting.after(Event::Reinstate, at(0)).unwrap().meeting, meeting);
        let held = meeting.after(Event::Record, at(100)).unwrap().meeting;
        assert_eq!(held.after(Event::Reinstate, at(0)), Err(Refusal::ConsultationPast));
    }

    #[test]
    fn answers_are_taken_until_the_end() {
        let meeting = Meeting::planned(from(100));
        assert_eq!(meeting.takes_answers(at(159)), Ok(()));
        assert_eq!(meeting.takes_answers(at(160)), Err(Refusal::ConsultationPast));
        let cancelled = meeting.after(Event::Cancel, at(0)).unwrap().meeting;
        assert_eq!(cancelled.takes_answers(at(0)), Err(Refusal::ConsultationCancelled));
    }

    fn event() -> impl Strategy<Value = Event> {
        prop_oneof![
            (0_i64..500).prop_map(|minute| Event::Move(from(minute))),
            Just(Event::ChangePlace),
            Just(Event::ChangeParticipants),
            Just(Event::Cancel),
            Just(Event::Record),
            Just(Event::PassOver),
            Just(Event::Reinstate),
        ]
    }

    proptest! {
        #[test]
        fn the_sequence_never_falls_and_only_what_is_off_can_go_on_again(steps in prop::collection::vec((event(), 0_i64..500), 0..20)) {
            let mut meeting = Meeting::planned(from(100));
            for (event, now) in steps {
                let before = meeting;
                if let Ok(changed) = meeting.after(event, at(now)) {
                    let again = event == Event::Reinstate && before.state == State::Cancelled;
                    prop_assert!(before.state == State::Planned || again);
                    meeting = changed.meeting;
                }
                prop_assert!(meeting.sequence >= before.sequence);
                prop_assert!(meeting.time == before.time || meeting.sequence > before.sequence);
            }
        }
    }
}
