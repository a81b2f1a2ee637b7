//! What somebody proposes beside yes and no: another time, or who comes instead; and its life.

use chrono::{DateTime, TimeDelta, Utc};

use super::state::{self, Answer};
use crate::{refusal::Refusal, time::Period};

/// How far ahead another time may be.
pub const FARTHEST: TimeDelta = TimeDelta::days(366);
/// How often one person can propose something for one meeting: then it is talked about.
pub const MOST: usize = 10;

/// What is proposed.
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
pub enum Kind {
    /// The meeting at another time.
    OtherTime,
    /// Another person in one's place.
    SomebodyElse,
}

impl Kind {
    /// Whether the meeting itself would move: a part cannot, its meeting moves for all.
    #[must_use]
    pub fn moves(self) -> bool {
        matches!(self, Self::OtherTime)
    }
}

/// Which way it came.
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
pub enum Source {
    /// The page behind the link of an invitation.
    Web,
    /// A mail.
    Mail,
}

/// Where a proposal stands.
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
pub enum State {
    /// To be decided by whoever plans the meeting.
    Open,
    /// The meeting became as it says.
    Accepted,
    /// The meeting stays as it is.
    Refused,
    /// The meeting became something else first.
    Outdated,
}

/// What happens to a proposal.
#[derive(Debug, Clone, Copy, PartialEq, Eq, strum::EnumIter)]
pub enum Event {
    /// Whoever plans says yes.
    Accept,
    /// Whoever plans says no.
    Refuse,
}

impl State {
    /// What comes of it.
    ///
    /// # Errors
    /// `PROPOSAL_CLOSED`.
    pub fn after(self, event: Event) -> Result<Self, Refusal> {
        match (self, event) {
            (Self::Open, Event::Accept) => Ok(Self::Accepted),
            (Self::Open, Event::Refuse) => Ok(Self::Refused),
            (Self::Accepted | Self::Refused | Self::Outdated, Event::Accept | Event::Refuse) => {
                Err(Refusal::ProposalClosed)
            }
        }
    }

    /// Where one that was kept so stands now: made for the meeting with that `sequence`, by who is
    /// still `seated` at it or not.
    #[must_use]
    pub fn now(self, (sequence, seated): (u32, bool), meeting: &state::Meeting, now: DateTime<Utc>) -> Self {
        match self {
            Self::Open => {
                let coming = meeting.state == state::State::Planned && now < meeting.time.start();
                if coming && seated && sequence == meeting.sequence { Self::Open } else { Self::Outdated }
            }
            Self::Accepted | Self::Refused | Self::Outdated => self,
        }
    }
}

/// When `meeting` would be, were it to start at `start`.
///
/// # Errors
/// `TIME_OUT_OF_BOUNDS` before `now`, too far ahead, or when it starts then already.
pub fn other_time(
    meeting: &state::Meeting,
    start: DateTime<Utc>,
    now: DateTime<Utc>,
) -> Result<Period, Refusal> {
    if start <= now || start > now + FARTHEST || start == meeting.time.start() {
        return Err(Refusal::TimeOutOfBounds);
    }
    Period::new(start, start + meeting.time.duration())
}

/// What the answer of whoever proposes something becomes: a yes is no longer sure.
#[must_use]
pub fn leaning(answer: Answer) -> Answer {
    match answer {
        Answer::NeedsAction | Answer::Accepted | Answer::Tentative => Answer::Tentative,
        Answer::Declined => Answer::Declined,
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use strum::IntoEnumIterator;

    use super::*;

    fn at(minute: i64) -> DateTime<Utc> {
        DateTime::UNIX_EPOCH + TimeDelta::minutes(minute)
    }

    fn meeting() -> state::Meeting {
        state::Meeting::planned(Period::new(at(100), at(160)).unwrap())
    }

    #[test]
    fn what_was_decided_is_final() {
        for event in Event::iter() {
            let done = State::Open.after(event).unwrap();
            for again in Event::iter() {
                assert_eq!(done.after(again), Err(Refusal::ProposalClosed));
                assert_eq!(State::Outdated.after(again), Err(Refusal::ProposalClosed));
            }
            assert_eq!(done.now((7, false), &meeting(), at(500)), done);
        }
    }

    #[test]
    fn a_proposal_is_outdated_once_its_meeting_is_another() {
        let open = |sequence, seated, now| State::Open.now((sequence, seated), &meeting(), at(now));
        assert_eq!(open(0, true, 99), State::Open);
        assert_eq!(open(0, true, 100), State::Outdated, "it has begun");
        assert_eq!(open(1, true, 0), State::Outdated, "made for another version");
        assert_eq!(open(0, false, 0), State::Outdated, "who made it comes no more");
        let off = meeting().after(state::Event::Cancel, at(0)).unwrap().meeting;
        assert_eq!(State::Open.now((off.sequence, true), &off, at(0)), State::Outdated);
    }

    proptest! {
        #[test]
        fn another_time_is_as_long_as_the_meeting_and_lies_ahead(start in -1000_i64..1_000_000, now in 0_i64..90) {
            match other_time(&meeting(), at(start), at(now)) {
                Ok(time) => {
                    prop_assert!(start > now && start != 100 && at(start) <= at(now) + FARTHEST);
                    prop_assert_eq!(time.duration(), meeting().time.duration());
                }
                Err(refusal) => {
                    prop_assert_eq!(refusal, Refusal::TimeOutOfBounds);
                    prop_assert!(start <= now || start == 100 || at(start) > at(now) + FARTHEST);
                }
            }
        }
    }

    #[test]
    fn who_proposes_something_is_not_sure_to_come() {
        assert_eq!(leaning(Answer::Accepted), Answer::Tentative);
        assert_eq!(leaning(Answer::NeedsAction), Answer::Tentative);
        assert_eq!(leaning(Answer::Declined), Answer::Declined);
    }
}
