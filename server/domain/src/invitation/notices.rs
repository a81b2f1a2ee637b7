//! Who is told what when a meeting changes: a function of what each was last told
//! and how the meeting stands, so that edits in between collapse by themselves.

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};

use crate::{
    consultation::{Answer, Place, State},
    ical::{Cancelling, Method},
    ids::PersonId,
};

/// What people agree to come to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Agreed {
    /// When it begins.
    pub start: DateTime<Utc>,
    /// When it ends, exclusive.
    pub end: DateTime<Utc>,
    /// Where, as coarsely as it was mailed.
    pub place: Place,
}

/// What a person was told last.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Told {
    /// Who.
    pub person: PersonId,
    /// The `SEQUENCE` of that message.
    pub sequence: u32,
    /// The number that the meeting itself had then; `sequence` runs ahead of it once the person was
    /// told something that changed nothing for the others.
    pub standing: u32,
    /// What the message did.
    pub kind: ToldKind,
    /// When and where it said the meeting was.
    pub agreed: Agreed,
}

/// What the last message did to the person's calendar.
#[derive(Debug, Clone, Copy, PartialEq, Eq, strum::Display, strum::EnumString, strum::EnumIter)]
#[strum(serialize_all = "SCREAMING_SNAKE_CASE")]
pub enum ToldKind {
    /// The meeting stands in it.
    Invited,
    /// The person is no longer asked.
    Withdrawn,
    /// The meeting is off.
    Cancelled,
}

/// Somebody at the table who is told by mail.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Participant {
    /// Who.
    pub person: PersonId,
    /// Back to [`Answer::NeedsAction`] when the time changes.
    pub answer: Answer,
}

/// How the meeting stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Standing {
    /// Goes up when time, place or state change (RFC 5545 §3.8.7.4, RFC 5546 §2.1.4);
    /// not when people come or go.
    pub sequence: u32,
    /// Whether it goes on.
    pub state: State,
    /// When and where.
    pub agreed: Agreed,
    /// Who sits at the table.
    pub participants: Vec<Participant>,
    /// The moment of asking.
    pub now: DateTime<Utc>,
}

/// One message to one person.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Notice {
    /// To whom.
    pub person: PersonId,
    /// Which letter.
    pub kind: NoticeKind,
    /// What the calendar part does; follows from `kind`.
    pub method: Method,
    /// The `SEQUENCE`: not that of any message to the person before.
    pub sequence: u32,
}

/// Which letter a person gets.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, strum::Display, strum::EnumString, strum::EnumIter)]
#[strum(serialize_all = "SCREAMING_SNAKE_CASE")]
pub enum NoticeKind {
    /// Please come: for the first time, again after being withdrawn, or after reinstatement.
    Invitation,
    /// The meeting you were invited to has changed.
    Update,
    /// The meeting is off.
    Cancellation,
    /// The meeting goes on without you.
    Withdrawal,
}

impl NoticeKind {
    /// What the calendar part of this letter does.
    #[must_use]
    pub fn method(self) -> Method {
        match self {
            Self::Invitation | Self::Update => Method::Request,
            Self::Cancellation => Method::Cancel(Cancelling::WholeMeeting),
            Self::Withdrawal => Method::Cancel(Cancelling::OneAttendee),
        }
    }

    fn leaves(self) -> ToldKind {
        match self {
            Self::Invitation | Self::Update => ToldKind::Invited,
            Self::Cancellation => ToldKind::Cancelled,
            Self::Withdrawal => ToldKind::Withdrawn,
        }
    }
}

impl Notice {
    /// What to record once this notice, made from `standing`, is on its way.
    #[must_use]
    pub fn told(&self, standing: &Standing) -> Told {
        Told {
            person: self.person,
            sequence: self.sequence,
            standing: standing.sequence,
            kind: self.kind.leaves(),
            agreed: standing.agreed,
        }
    }
}

/// The notices that bring everybody up to date, by person. Once they are recorded with
/// [`Notice::told`], the same standing yields none.
///
/// If `told` names a person more than once, the last entry counts.
#[must_use]
pub fn notices(told: &[Told], standing: &Standing) -> Vec<Notice> {
    let mut people: BTreeMap<PersonId, (Option<&Told>, Option<Answer>)> = BTreeMap::new();
    for last in told {
        people.entry(last.person).or_default().0 = Some(last);
    }
    for participant in &standing.participants {
        people.entry(participant.person).or_default().1 = Some(participant.answer);
    }
    let notice = |(person, (last, answer)): (PersonId, (Option<&Told>, Option<Answer>))| {
        let kind = kind(last, answer, standing)?;
        // Every message to a person has a number of its own: so a calendar that has seen one passes over
        // none that comes after it, whatever was done to the meeting in between (RFC 5546 §2.1.5).
        let sequence = last.map_or(0, |told| told.sequence + 1).max(standing.sequence);
        Some(Notice { person, kind, method: kind.method(), sequence })
    };
    people.into_iter().filter_map(notice).collect()
}

/// What one person is told: `last` is what they know, `answer` is there while they
/// sit at the table.
fn kind(last: Option<&Told>, answer: Option<Answer>, standing: &Standing) -> Option<NoticeKind> {
    let known = last.filter(|told| told.kind == ToldKind::Invited);
    if is_over(known, standing) {
        return None;
    }
    match (standing.state, known, answer) {
        (State::Planned, None, Some(_)) => Some(NoticeKind::Invitation),
        (State::Planned, Some(told), Some(_)) => is_stale(told, standing).then_some(NoticeKind::Update),
        (State::Planned, Some(_), None) => Some(NoticeKind::Withdrawal),
        // Who has declined has nothing to take out of the calendar.
        (State::Cancelled, Some(_), answer) => {
            (answer != Some(Answer::Declined)).then_some(NoticeKind::Cancellation)
        }
        (State::Planned | State::Cancelled, None, _) | (State::Held, _, _) => None,
    }
}

/// Nobody is told of what has been, unless they still expect it to come.
fn is_over(known: Option<&Told>, standing: &Standing) -> bool {
    standing.agreed.end <= standing.now && known.is_none_or(|told| told.agreed.end <= standing.now)
}

fn is_stale(told: &Told, standing: &Standing) -> bool {
    told.standing != standing.sequence || told.agreed != standing.agreed
}

#[cfg(test)]
#[path = "notices_tests.rs"]
mod tests;
