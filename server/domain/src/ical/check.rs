//! Reads a finished message once more before it is sent, as a stranger would.

use chrono::TimeDelta;

use super::{
    calendar::mailto,
    component::Component,
    event::{Cancelling, Entry, Message, Method, Status},
    line::{LINE_OCTETS, Line},
    read::{self, ReadError},
    values,
};

/// Why bytes are not the message they should be. The text is never repeated.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Unfit {
    /// Not a calendar at all.
    #[error(transparent)]
    Unreadable(#[from] ReadError),
    /// A physical line over 75 octets, or not ended by CRLF.
    #[error("a line is too long or wrongly ended")]
    Lines,
    /// Not exactly one VEVENT with its VTIMEZONE.
    #[error("not one event with its zone")]
    Components,
    /// This property is missing, double, or says something else than was meant.
    #[error("{0} is not what was meant")]
    Property(&'static str),
}

/// Proves that `ics` publishes exactly `entries` and names nobody.
pub fn check_published(ics: &str, entries: &[Entry]) -> Result<(), Unfit> {
    lines(ics)?;
    let calendar = read::calendar(ics.as_bytes())?;
    says(&calendar, "METHOD", Some("PUBLISH"))?;
    let (zones, events): (Vec<_>, Vec<_>) =
        calendar.components.iter().partition(|component| component.name == "VTIMEZONE");
    if zones.len() != 1 || events.len() != entries.len() {
        return Err(Unfit::Components);
    }
    for (event, entry) in events.into_iter().zip(entries) {
        let status = match entry.status {
            Status::Confirmed => "CONFIRMED",
            Status::Cancelled => "CANCELLED",
        };
        if event.name != "VEVENT" {
            return Err(Unfit::Components);
        }
        alarms(event, None)?;
        says(event, "STATUS", Some(status))?;
        says(event, "UID", Some(&entry.event.uid))?;
        says(event, "SEQUENCE", Some(&entry.event.sequence.to_string()))?;
        says(event, "ATTENDEE", None)?;
    }
    Ok(())
}

fn lines(ics: &str) -> Result<(), Unfit> {
    let Some(lines) = ics.strip_suffix("\r\n") else { return Err(Unfit::Lines) };
    if lines.split("\r\n").any(|line| line.len() > LINE_OCTETS || line.contains(['\r', '\n'])) {
        return Err(Unfit::Lines);
    }
    Ok(())
}

/// Proves that `ics` says to its recipient what `message` means and names nobody else.
pub fn check(ics: &str, message: &Message) -> Result<(), Unfit> {
    lines(ics)?;
    let calendar = read::calendar(ics.as_bytes())?;
    let [zone, event] = calendar.components.as_slice() else { return Err(Unfit::Components) };
    if zone.name != "VTIMEZONE" || event.name != "VEVENT" {
        return Err(Unfit::Components);
    }
    let (status, alarm) = match message.method {
        Method::Request => (Some("CONFIRMED"), message.event.alarm),
        Method::DeclineCounter => (Some("CONFIRMED"), None),
        Method::Cancel(Cancelling::OneAttendee) => (None, None),
        Method::Cancel(Cancelling::WholeMeeting) => (Some("CANCELLED"), None),
    };
    alarms(event, alarm)?;
    says(&calendar, "METHOD", Some(message.method.as_str()))?;
    says(event, "STATUS", status)?;
    says(event, "UID", Some(&message.event.uid))?;
    says(event, "SEQUENCE", Some(&message.event.sequence.to_string()))?;
    says(event, "ORGANIZER", Some(mailto(message.organizer.email.as_str()).as_raw()))?;
    says(event, "ATTENDEE", Some(mailto(message.attendee.party.email.as_str()).as_raw()))
}

/// Whether the event has that alarm and nothing else inside it.
fn alarms(event: &Component, before: Option<TimeDelta>) -> Result<(), Unfit> {
    match (event.components.as_slice(), before) {
        ([], None) => Ok(()),
        ([alarm], Some(before)) if alarm.name == "VALARM" => {
            says(alarm, "TRIGGER", Some(&values::duration(-before)))
        }
        ([] | [_, ..], _) => Err(Unfit::Components),
    }
}

/// Whether the property stands there once with this written value, or not at all.
fn says(component: &Component, name: &'static str, value: Option<&str>) -> Result<(), Unfit> {
    let found = component.properties.iter().filter(|line| line.name() == name).map(Line::value);
    if found.map(super::Value::as_raw).eq(value) { Ok(()) } else { Err(Unfit::Property(name)) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ical::calendar::{
        message,
        tests::{asked, meeting, somebody},
    };

    #[test]
    fn a_message_is_fit_and_any_tampering_is_seen() {
        let organizer = somebody("Overleg", "overleg@planner.example.nl");
        let (attendee, event) = (asked(somebody("Zoë", "zoe@school.example")), meeting());
        for method in [
            Method::Request,
            Method::DeclineCounter,
            Method::Cancel(Cancelling::OneAttendee),
            Method::Cancel(Cancelling::WholeMeeting),
        ] {
            let dtstamp = event.created;
            let meant =
                Message { method, dtstamp, organizer: &organizer, attendee: &attendee, event: &event };
            let ics = message(&meant);
            assert_eq!(check(&ics, &meant), Ok(()));
            for (from, to, unfit) in [
                ("\r\nCLASS", "\nCLASS", Unfit::Lines),
                ("SEQUENCE:2", "SEQUENCE:3", Unfit::Property("SEQUENCE")),
                ("CLASS:PRIVATE", "ATTENDEE:mailto:x@y.nl", Unfit::Property("ATTENDEE")),
                ("CLASS:PRIVATE", "STATUS:TENTATIVE", Unfit::Property("STATUS")),
                ("METHOD:", "METHOD:X", Unfit::Property("METHOD")),
                ("CLASS:PRIVATE", "BEGIN:VALARM\r\nEND:VALARM", Unfit::Components),
                ("CLASS:PRIVATE", "END:VEVENT", Unfit::Unreadable(ReadError::WrongEnd { line: 99 })),
            ] {
                let tampered = check(&ics.replace(from, to), &meant);
                match (tampered, unfit) {
                    (Err(Unfit::Unreadable(_)), Unfit::Unreadable(_)) => {}
                    (found, _) => assert_eq!(found, Err(unfit), "{to}"),
                }
            }
        }
    }
    #[test]
    fn only_the_alarm_that_was_meant_is_fit() {
        let organizer = somebody("Overleg", "overleg@planner.example.nl");
        let attendee = asked(somebody("Zoë", "zoe@school.example"));
        let with = |alarm| crate::ical::Event { alarm, ..meeting() };
        let (quiet, event) = (with(None), with(Some(TimeDelta::hours(24))));
        let method = Method::Request;
        let meant = |event| Message {
            method,
            dtstamp: quiet.created,
            organizer: &organizer,
            attendee: &attendee,
            event,
        };
        let ics = message(&meant(&event));
        assert_eq!(check(&ics, &meant(&event)), Ok(()));
        assert_eq!(check(&ics, &meant(&quiet)), Err(Unfit::Components));
        assert_eq!(check(&ics.replace("-PT24H", "-PT1H"), &meant(&event)), Err(Unfit::Property("TRIGGER")));
        let twice = ics.replace("BEGIN:VALARM", "BEGIN:VALARM\r\nEND:VALARM\r\nBEGIN:VALARM");
        assert_eq!(check(&twice, &meant(&event)), Err(Unfit::Components));
    }
}
