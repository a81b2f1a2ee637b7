//! What comes of a mail about a meeting.

use chrono::{DateTime, Utc};

use super::{Fate, Mail, Reason, authenticated};
use crate::{
    consultation::{Answer, State},
    ical::{self, InAnswer, InAttendee, InMethod, Inbound},
    ids::PersonId,
    text::EmailAddress,
    time::Period,
};

/// Attendees of a calendar that are looked at.
const MOST_ATTENDEES: usize = 200;

/// What a mail holds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Content {
    /// A message about a meeting.
    Message(Box<Inbound>),
    /// A mail of ours did not arrive.
    Bounce,
    /// Nothing that anybody has to see: a report of something else, or a program's answer.
    Noise,
    /// It cannot be taken.
    Nothing(Reason),
}

/// What `mail` holds.
#[must_use]
pub fn content(mail: &Mail) -> Content {
    match &mail.report {
        Some(report) if report.fate == Fate::Failed => return Content::Bounce,
        Some(_) => return Content::Noise,
        None => {}
    }
    match &mail.calendars[..] {
        [] if mail.automatic => Content::Noise,
        [] => Content::Nothing(Reason::NoCalendar),
        [one] => match ical::inbound(one) {
            Ok(message) if message.attendees.len() <= MOST_ATTENDEES => Content::Message(Box::new(message)),
            Ok(_) => Content::Nothing(Reason::MimeLimits),
            Err(_) => Content::Nothing(Reason::Unreadable),
        },
        [_, ..] => Content::Nothing(Reason::Ambiguous),
    }
}

/// The meeting that a mail is about, as far as its answer depends on it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Known {
    /// Its `UID`.
    pub uid: String,
    /// When it is.
    pub time: Period,
    /// Where it is in its life.
    pub state: State,
    /// Who is at its table.
    pub invited: Vec<Invited>,
    /// Whose tag the mail was sent to.
    pub tagged: Option<PersonId>,
}

/// Somebody at the table.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Invited {
    /// Who.
    pub person: PersonId,
    /// The `SEQUENCE` of the last invitation.
    pub told: u32,
    /// The time that it named.
    pub told_time: (DateTime<Utc>, DateTime<Utc>),
    /// What they answered.
    pub answer: Answer,
    /// Which version the last answer by mail was about, and when it was made: as that said, and never
    /// later than it came.
    pub made: Option<(u32, DateTime<Utc>)>,
}

/// What comes of a mail.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Verdict {
    /// An answer is taken.
    Answer {
        /// Whose.
        person: PersonId,
        /// Which.
        answer: Answer,
    },
    /// Another time is proposed.
    OtherTime {
        /// By whom.
        person: PersonId,
        /// When.
        time: Period,
    },
    /// Somebody else is to come.
    SomebodyElse {
        /// Instead of whom.
        person: PersonId,
        /// Who.
        address: EmailAddress,
    },
    /// The invitation is to be sent once more.
    Refresh(PersonId),
    /// It says what is known already.
    Known,
    /// It changes nothing, for this reason; the person when it is known who writes.
    Aside(Option<PersonId>, Reason),
}

/// What comes of `message`, which `mail` brought. Who has an address is known by `of`, to whom
/// an invitation was sent at that address; `authserv` is our own mail server's name in its results.
#[must_use]
pub fn decide(
    mail: &Mail,
    message: &Inbound,
    known: &Known,
    (authserv, now): (Option<&str>, DateTime<Utc>),
    of: &dyn Fn(&str) -> Vec<PersonId>,
) -> Verdict {
    if message.uid != known.uid {
        return Verdict::Aside(known.tagged, Reason::UnknownUid);
    }
    let person = match author(mail, known, authserv, of) {
        Ok(person) => person,
        Err((person, reason)) => return Verdict::Aside(person, reason),
    };
    let aside = |reason| Verdict::Aside(Some(person), reason);
    let Some(invited) = known.invited.iter().find(|one| one.person == person) else {
        return aside(Reason::NotInvited);
    };
    match message.method {
        InMethod::Reply | InMethod::Counter | InMethod::Refresh => {}
        InMethod::Request
        | InMethod::Add
        | InMethod::Cancel
        | InMethod::Publish
        | InMethod::DeclineCounter => return aside(Reason::MethodNotAllowed),
    }
    // Others' lines may stand in it, because clients repeat what they know; they say nothing.
    let mut own = message.attendees.iter().filter(|line| of(&line.address).contains(&person));
    let line = match (own.next(), own.next()) {
        (Some(line), None) => line,
        (None, _) => return aside(Reason::NotInvited),
        (Some(_), Some(_)) => return aside(Reason::Ambiguous),
    };
    match known.state {
        State::Cancelled => return aside(Reason::Cancelled),
        State::Held => return aside(Reason::Past),
        State::Planned if known.time.end() <= now => return aside(Reason::Past),
        State::Planned => {}
    }
    if message.recurrence.is_some_and(|start| start != known.time.start()) {
        return aside(Reason::NoInstance);
    }
    if message.method == InMethod::Refresh {
        return Verdict::Refresh(person);
    }
    if !is_about_now(message, known, invited) {
        return aside(Reason::Stale);
    }
    match message.method {
        InMethod::Counter => counter(message, known, person, now),
        InMethod::Reply
        | InMethod::Refresh
        | InMethod::Request
        | InMethod::Add
        | InMethod::Cancel
        | InMethod::Publish
        | InMethod::DeclineCounter => reply(line, message, invited),
    }
}

/// Whoever writes: by the tag alone, or by an address for which our own server vouches.
fn author(
    mail: &Mail,
    known: &Known,
    authserv: Option<&str>,
    of: &dyn Fn(&str) -> Vec<PersonId>,
) -> Result<PersonId, (Option<PersonId>, Reason)> {
    if let Some(tagged) = known.tagged {
        return Ok(tagged);
    }
    let author = mail.author().ok_or((None, Reason::AuthFailed))?;
    let seated = |person: &PersonId| known.invited.iter().any(|one| one.person == *person);
    let person = match &of(author).into_iter().filter(seated).collect::<Vec<_>>()[..] {
        [] => return Err((None, Reason::NotInvited)),
        [one] => *one,
        // Two parents share a mailbox: the mail does not say which of them writes.
        [_, ..] => return Err((None, Reason::Ambiguous)),
    };
    let vouched = authserv.is_some_and(|authserv| authenticated(&mail.results, authserv, author));
    if vouched { Ok(person) } else { Err((Some(person), Reason::AuthFailed)) }
}

/// Whether it answers what stands: the version that the person was told last, or another that was as
/// long at the same time, and it is not older than what the person said by mail since.
fn is_about_now(message: &Inbound, known: &Known, invited: &Invited) -> bool {
    let time = (known.time.start(), known.time.end());
    let told_now = invited.told_time == time && message.sequence == invited.told;
    let same_time = message.time == Some(known.time) && message.sequence <= invited.told;
    // The version comes first, and only of one version the time (RFC 5546 §2.1.5).
    let newer = match (invited.made, message.dtstamp) {
        (Some(before), Some(made)) => (message.sequence, made) >= before,
        (Some((version, _)), None) => message.sequence >= version,
        (None, _) => true,
    };
    newer && (told_now || (message.method == InMethod::Reply && same_time))
}

fn counter(message: &Inbound, known: &Known, person: PersonId, now: DateTime<Utc>) -> Verdict {
    match message.proposed {
        None => Verdict::Aside(Some(person), Reason::Unreadable),
        Some(time) if time == known.time => Verdict::Aside(Some(person), Reason::NoAnswer),
        Some(time) if time.start() <= now => Verdict::Aside(Some(person), Reason::Past),
        // Whoever plans decides how long it lasts; a shorter one may be meant, or none at all.
        Some(time) if time.duration() != known.time.duration() => {
            Verdict::Aside(Some(person), Reason::Ambiguous)
        }
        Some(time) => Verdict::OtherTime { person, time },
    }
}

fn reply(line: &InAttendee, message: &Inbound, invited: &Invited) -> Verdict {
    let person = invited.person;
    let answer = match line.answer {
        Some(InAnswer::Accepted) => Answer::Accepted,
        Some(InAnswer::Declined) => Answer::Declined,
        Some(InAnswer::Tentative) => Answer::Tentative,
        Some(InAnswer::Delegated) => {
            return match &line.delegated_to[..] {
                [one] => match one.parse() {
                    Ok(address) => Verdict::SomebodyElse { person, address },
                    Err(_) => Verdict::Aside(Some(person), Reason::Unreadable),
                },
                [] | [_, ..] => Verdict::Aside(Some(person), Reason::Ambiguous),
            };
        }
        Some(InAnswer::NeedsAction) | None => return Verdict::Aside(Some(person), Reason::NoAnswer),
    };
    let made = message.dtstamp.map(|made| (message.sequence, made));
    if answer == invited.answer && made.is_some() && made == invited.made {
        return Verdict::Known;
    }
    Verdict::Answer { person, answer }
}

#[cfg(test)]
#[path = "decide_tests.rs"]
mod tests;
