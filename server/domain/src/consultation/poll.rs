//! A proposal of times: its life, who is told what, and which time is best.

use std::collections::BTreeSet;

use chrono::{DateTime, TimeDelta, Utc};

use crate::{
    ids::PersonId,
    refusal::{Refusal, Violation},
};

/// The most times in one proposal.
pub const MAX_OPTIONS: usize = 10;
/// How far ahead the deadline may be.
pub const LONGEST: TimeDelta = TimeDelta::days(60);
/// For how long after the deadline a link still says what became of it.
pub const LINK_OUTLIVES: TimeDelta = TimeDelta::days(7);
/// Whoever has not answered is reminded so long before the deadline, but not before half the time.
const BEFORE_DEADLINE: TimeDelta = TimeDelta::hours(24);
/// A proposal that is shorter needs no reminder.
const SHORTEST_REMINDED: TimeDelta = TimeDelta::hours(4);

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
    /// Takes answers until its deadline.
    Open,
    /// Its deadline has passed; its maker decides.
    Expired,
    /// A meeting was booked.
    Booked,
    /// It is off.
    Cancelled,
}

/// What happens to a proposal.
#[derive(Debug, Clone, Copy, PartialEq, Eq, strum::EnumIter)]
pub enum Event {
    /// Its deadline passes.
    Expire,
    /// One of its times is booked.
    Book,
    /// It is called off.
    Cancel,
}

impl State {
    /// What comes of it.
    ///
    /// # Errors
    /// `POLL_CLOSED`.
    pub fn after(self, event: Event) -> Result<Self, Refusal> {
        match (self, event) {
            (Self::Open, Event::Expire) => Ok(Self::Expired),
            (Self::Open | Self::Expired, Event::Book) => Ok(Self::Booked),
            (Self::Open | Self::Expired | Self::Cancelled, Event::Cancel) => Ok(Self::Cancelled),
            (Self::Expired | Self::Booked | Self::Cancelled, Event::Expire)
            | (Self::Booked | Self::Cancelled, Event::Book)
            | (Self::Booked, Event::Cancel) => Err(Refusal::PollClosed),
        }
    }

    /// Refuses an answer that comes too late.
    ///
    /// # Errors
    /// `POLL_CLOSED`.
    pub fn takes_votes(self, deadline: DateTime<Utc>, now: DateTime<Utc>) -> Result<(), Refusal> {
        if self == Self::Open && now < deadline { Ok(()) } else { Err(Refusal::PollClosed) }
    }
}

/// Whether a time suits.
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
pub enum Vote {
    /// It does.
    Yes,
    /// It does not, but it can be done.
    IfNeedBe,
    /// It cannot be done.
    No,
}

/// What one person answered.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Ballot {
    /// Without this person there is no meeting.
    pub required: bool,
    /// One for each time; none for who has not answered.
    pub votes: Option<Vec<Vote>>,
}

/// The times that suit everybody who has to come, the best first, as places in `starts`: the
/// fewest answers "if need be", then the fewest optional people who cannot, then the earliest.
/// Who has not answered stands in nobody's way. A time that has begun is none.
#[must_use]
pub fn ranking(starts: &[DateTime<Utc>], ballots: &[Ballot], now: DateTime<Utc>) -> Vec<usize> {
    let count = |at: usize, required: Option<bool>, vote: Vote| {
        let those = ballots.iter().filter(|ballot| required.is_none_or(|wanted| ballot.required == wanted));
        those.filter(|ballot| ballot.votes.as_ref().and_then(|votes| votes.get(at)) == Some(&vote)).count()
    };
    let fits = |at: &usize| starts[*at] > now && count(*at, Some(true), Vote::No) == 0;
    let mut ranked: Vec<usize> = (0..starts.len()).filter(fits).collect();
    ranked.sort_by_key(|&at| {
        (count(at, None, Vote::IfNeedBe), count(at, Some(false), Vote::No), starts[at], at)
    });
    ranked
}

/// What is wrong with a proposal of these times and this deadline; empty when nothing is.
#[must_use]
pub fn check(starts: &[DateTime<Utc>], deadline: DateTime<Utc>, now: DateTime<Utc>) -> Vec<Violation> {
    let mut found = Vec::new();
    if starts.is_empty() {
        found.push(Violation::new("options", Refusal::FieldRequired));
    }
    if starts.len() > MAX_OPTIONS {
        found.push(Violation::new("options", Refusal::FieldInvalid));
    }
    let mut seen = BTreeSet::new();
    for (at, start) in starts.iter().enumerate() {
        if !seen.insert(start) {
            found.push(Violation::new(format!("options[{at}]"), Refusal::FieldInvalid));
        }
    }
    if deadline <= now || deadline > now + LONGEST {
        found.push(Violation::new("deadline_time", Refusal::TimeOutOfBounds));
    } else if starts.iter().any(|start| *start < deadline) {
        found.push(Violation::new("deadline_time", Refusal::TimeRangeInvalid));
    }
    found
}

/// When whoever has not answered is reminded; none of a short proposal.
#[must_use]
pub fn remind_at(created: DateTime<Utc>, deadline: DateTime<Utc>) -> Option<DateTime<Utc>> {
    let length = deadline - created;
    (length >= SHORTEST_REMINDED).then(|| (deadline - BEFORE_DEADLINE).max(created + length / 2))
}

/// What somebody is told of a proposal.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, strum::Display, strum::EnumIter, strum::IntoStaticStr)]
#[strum(serialize_all = "snake_case")]
pub enum Notice {
    /// Which time suits?
    Ask,
    /// The same once more: no answer has come.
    Remind,
    /// It is off; there is nothing to answer.
    Release,
    /// To its maker: the deadline has passed.
    Note,
}

/// Somebody who is asked, and what they were told.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[expect(clippy::struct_excessive_bools, reason = "four things that each happened or did not")]
pub struct Asked {
    /// Who.
    pub person: PersonId,
    /// Whether an answer came.
    pub answered: bool,
    /// Whether the question was sent.
    pub asked: bool,
    /// Whether the reminder was.
    pub reminded: bool,
    /// Whether they heard that it is off.
    pub released: bool,
}

/// A proposal as far as telling goes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Standing {
    /// Where it stands.
    pub state: State,
    /// When it was made.
    pub created: DateTime<Utc>,
    /// Until when it takes answers.
    pub deadline: DateTime<Utc>,
    /// Who made it.
    pub maker: PersonId,
    /// Whether the maker heard that the deadline passed.
    pub noted: bool,
    /// Everybody who is asked.
    pub people: Vec<Asked>,
}

/// Who is to be told what now. Told twice in a row, the second time is nobody's.
#[must_use]
pub fn due(standing: &Standing, now: DateTime<Utc>) -> Vec<(PersonId, Notice)> {
    let remind = remind_at(standing.created, standing.deadline)
        .is_some_and(|at| (at..standing.deadline).contains(&now));
    let told = |one: &Asked| match standing.state {
        State::Open if !one.asked => Some(Notice::Ask),
        State::Open if remind && !one.answered && !one.reminded => Some(Notice::Remind),
        State::Cancelled if one.asked && !one.released => Some(Notice::Release),
        State::Open | State::Expired | State::Booked | State::Cancelled => None,
    };
    let mut all: Vec<_> = standing.people.iter().filter_map(|one| Some((one.person, told(one)?))).collect();
    if standing.state == State::Expired && !standing.noted {
        all.push((standing.maker, Notice::Note));
    }
    all
}

#[cfg(test)]
mod tests;
