//! What a mail with a calendar says to an organiser (RFC 5546): values only, nothing believed.

use chrono::{DateTime, NaiveDateTime, TimeDelta, Utc};
use chrono_tz::Europe::Amsterdam;

use super::{
    address,
    clocks::{Clock, Clocks},
    component::Component,
    expand::Budget,
    line::Line,
    read::{self, ReadError},
    series::{Frame, Reading, Unread},
    values::{self, Wall},
};
use crate::time::Period;

/// One message about one meeting, as it was sent; whether the sender may is not known here.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Inbound {
    /// What it wants to do.
    pub method: InMethod,
    /// Of the meeting.
    pub uid: String,
    /// The instance that is meant, by its first start.
    pub recurrence: Option<DateTime<Utc>>,
    /// Of the version that is answered; none written is 0 (RFC 5545 §3.8.7.4).
    pub sequence: u32,
    /// When the message was made, if that can be read.
    pub dtstamp: Option<DateTime<Utc>>,
    /// In the order they were written; a client may repeat all it knows of.
    pub attendees: Vec<InAttendee>,
    /// When the meeting is that is meant, if its start and its end are said and can be told.
    pub time: Option<Period>,
    /// The time that a COUNTER asks for, and nothing in any other message.
    pub proposed: Option<Period>,
}

/// An `ATTENDEE` line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct InAttendee {
    /// In lower case, without `mailto:`.
    pub address: String,
    /// Nothing when none is written, or one that is none for a meeting.
    pub answer: Option<InAnswer>,
    /// Who is to come instead.
    pub delegated_to: Vec<String>,
    /// Instead of whom this one comes.
    pub delegated_from: Vec<String>,
}

/// `PARTSTAT` of a VEVENT (RFC 5545 §3.2.12).
#[derive(Debug, Clone, Copy, PartialEq, Eq, strum::EnumString)]
#[strum(serialize_all = "SCREAMING-KEBAB-CASE", ascii_case_insensitive)]
pub enum InAnswer {
    /// No answer.
    NeedsAction,
    /// Comes.
    Accepted,
    /// Does not come.
    Declined,
    /// Comes perhaps.
    Tentative,
    /// Wants somebody else to come.
    Delegated,
}

/// `METHOD` (RFC 5546 §1.4).
#[derive(Debug, Clone, Copy, PartialEq, Eq, strum::EnumString, strum::EnumIter, strum::IntoStaticStr)]
#[strum(serialize_all = "UPPERCASE", ascii_case_insensitive)]
pub enum InMethod {
    /// An attendee answers.
    Reply,
    /// An attendee asks for another time.
    Counter,
    /// An attendee wants to be told once more.
    Refresh,
    /// Only an organiser may.
    Request,
    /// Only an organiser may.
    Add,
    /// Only an organiser may.
    Cancel,
    /// Only an organiser may.
    Publish,
    /// Only an organiser may.
    DeclineCounter,
}

/// Why a calendar cannot be taken as a message. The text is never repeated.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Unusable {
    /// It is no calendar.
    #[error(transparent)]
    Unreadable(#[from] ReadError),
    /// Not one VEVENT with at most zones beside it; RFC 5546 allows more, no client sends
    /// them about a meeting of ours.
    #[error("not one event")]
    NotOneEvent,
    /// This property is missing, stands there twice, or has a value that is none.
    #[error("{0} cannot be read")]
    Property(&'static str),
    /// A time that matters cannot be told.
    #[error(transparent)]
    Time(#[from] Unread),
}

/// Reads the calendar of one mail. Instants are those of the zone that the sender's program
/// names, in whatever way it does; a time without a zone is on Dutch clocks, as ours are.
pub fn inbound(bytes: &[u8]) -> Result<Inbound, Unusable> {
    let calendar = read::calendar(bytes)?;
    let event = one_event(&calendar)?;
    let method = only(&calendar, "METHOD")?.and_then(|line| line.value().as_raw().trim().parse().ok());
    let method = method.ok_or(Unusable::Property("METHOD"))?;
    let uid = only(event, "UID")?.map(|line| line.value().to_text().trim().to_owned());
    let uid = uid.filter(|uid| !uid.is_empty()).ok_or(Unusable::Property("UID"))?;
    let sequence = match only(event, "SEQUENCE")? {
        Some(line) => line.value().as_raw().trim().parse().map_err(|_| Unusable::Property("SEQUENCE"))?,
        None => 0,
    };
    only(event, "DTSTAMP")?;
    for name in TIMES {
        only(event, name)?;
    }
    let window = around(event)?;
    let mut reading = Reading {
        clocks: Clocks::of(&calendar, (window.start(), window.end())),
        floating: Clock::Iana(Amsterdam),
        window,
        budget: Budget::calendar(),
    };
    let recurrence = reading.moment(event, "RECURRENCE-ID")?.map(|moment| moment.instant());
    let dtstamp = event.property("DTSTAMP").and_then(|line| match values::wall(line.value().as_raw())? {
        Wall::Utc(at) => Some(at.and_utc()),
        // It has to be in UTC (RFC 5545 §3.8.7.2): what else it is meant to be nobody knows.
        Wall::Date(_) | Wall::Clock(_) => None,
    });
    let time = Frame::read(&mut reading, event)
        .and_then(|frame| frame.at(frame.start.wall).ok_or(Unread::TimeInvalid));
    let proposed = match method {
        InMethod::Counter => Some(time?),
        InMethod::Reply
        | InMethod::Refresh
        | InMethod::Request
        | InMethod::Add
        | InMethod::Cancel
        | InMethod::Publish
        | InMethod::DeclineCounter => None,
    };
    let attendees = event.properties.iter().filter(|line| line.name() == "ATTENDEE").map(attendee);
    Ok(Inbound {
        method,
        uid,
        recurrence,
        sequence,
        dtstamp,
        attendees: attendees.collect(),
        time: time.ok(),
        proposed,
    })
}

/// The VEVENT, if there is one and of what else makes a meeting none.
fn one_event(calendar: &Component) -> Result<&Component, Unusable> {
    let passed_over = |name: &str| name == "VTIMEZONE" || name.starts_with("X-");
    let mut kinds = calendar.components.iter().filter(|component| !passed_over(&component.name));
    match (kinds.next(), kinds.next()) {
        (Some(event), None) if event.name == "VEVENT" => Ok(event),
        (Some(_) | None, _) => Err(Unusable::NotOneEvent),
    }
}

/// The property of that name. Of two that differ nobody knows which is meant.
fn only<'a>(component: &'a Component, name: &'static str) -> Result<Option<&'a Line>, Unusable> {
    let mut found = component.properties.iter().filter(|line| line.name() == name);
    match (found.next(), found.next()) {
        (first, None) => Ok(first),
        (_, Some(_)) => Err(Unusable::Property(name)),
    }
}

/// Properties that say when.
const TIMES: [&str; 4] = ["DTSTART", "DTEND", "DURATION", "RECURRENCE-ID"];

/// Around every time of the event: there the sender's own zones must be known.
fn around(event: &Component) -> Result<Period, Unusable> {
    let walls = TIMES.iter().filter_map(|name| match values::wall(event.property(name)?.value().as_raw())? {
        Wall::Date(date) => Some(NaiveDateTime::from(date)),
        Wall::Clock(wall) | Wall::Utc(wall) => Some(wall),
    });
    let (first, last) = walls.fold((None, None), |(first, last): (Option<NaiveDateTime>, _), wall| {
        (Some(first.map_or(wall, |first| first.min(wall))), last.max(Some(wall)))
    });
    // A message without any time needs no zone.
    let (first, last) = (first.unwrap_or_default(), last.unwrap_or_default());
    let week = TimeDelta::days(7);
    Period::new(first.and_utc() - week, last.and_utc() + week).map_err(|_| Unread::TimeInvalid.into())
}

fn attendee(line: &Line) -> InAttendee {
    let all = |name| {
        let found = line.params().iter().filter(move |(key, _)| key == name);
        found.flat_map(|(_, values)| values).map(|value| address::address(value)).collect()
    };
    InAttendee {
        address: address::of(line),
        answer: line.param_value("PARTSTAT").and_then(|answer| answer.trim().parse().ok()),
        delegated_to: all("DELEGATED-TO"),
        delegated_from: all("DELEGATED-FROM"),
    }
}

#[cfg(test)]
#[path = "itip_tests.rs"]
mod tests;
