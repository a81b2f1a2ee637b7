//! Writes a message for one mail (RFC 5546, RFC 6047) and a feed (RFC 7986).

use chrono::{DateTime, Utc};

use super::{
    event::{Busy, Cancelling, Entry, Event, Message, Method, Party, Status},
    line::{Line, Value},
    zone,
};

/// The program that wrote the calendar (RFC 5545 §3.7.3).
pub const PRODID: &str = "-//Schakel//Overleg//NL";

/// What a feed says of itself.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FeedHead {
    /// What the calendar is called in the reader's list.
    pub name: String,
}

/// The VCALENDAR of one mail, ready to be sent: one event, its zone, one attendee.
/// The identical bytes go in the mail twice, as alternative and as attachment.
#[must_use]
pub fn message(message: &Message) -> String {
    let mut out = Document::begin();
    out.raw("METHOD", message.method.as_str());
    out.zone();
    out.raw("BEGIN", "VEVENT");
    out.core(message.event, zone::utc(message.dtstamp));
    out.push(&party("ORGANIZER", message.organizer, |line| line));
    out.push(&attendee(message));
    let (status, busy) = match message.method {
        Method::Request => (Some("CONFIRMED"), message.event.busy),
        Method::Cancel(Cancelling::OneAttendee) => (None, Busy::Free),
        Method::Cancel(Cancelling::WholeMeeting) => (Some("CANCELLED"), Busy::Free),
    };
    out.tail(status, busy);
    if message.method == Method::Request {
        out.raw("X-MICROSOFT-DISALLOW-COUNTER", "FALSE");
    }
    out.raw("END", "VEVENT");
    out.end()
}

/// A subscription: no METHOD and nobody's name or address. The same entries give the
/// same bytes, because `DTSTAMP` is the entry's last change; else no `ETag` ever matches.
#[must_use]
pub fn feed(head: &FeedHead, entries: &[Entry]) -> String {
    let mut out = Document::begin();
    out.text("NAME", &head.name);
    out.text("X-WR-CALNAME", &head.name);
    out.raw("X-WR-TIMEZONE", zone::TZID);
    out.push(&Line::new("REFRESH-INTERVAL", Value::raw("PT1H")).param("VALUE", "DURATION"));
    out.raw("X-PUBLISHED-TTL", "PT1H");
    out.zone();
    for Entry { event, status } in entries {
        out.raw("BEGIN", "VEVENT");
        out.core(event, zone::utc(event.last_modified));
        match status {
            Status::Confirmed => out.tail(Some("CONFIRMED"), event.busy),
            Status::Cancelled => out.tail(Some("CANCELLED"), Busy::Free),
        }
        out.raw("END", "VEVENT");
    }
    out.end()
}

/// Several meetings in one file (RFC 5546 §3.2.1): a REQUEST may hold one only. Each has the UID and
/// SEQUENCE that its own messages have, so that these find it in the reader's calendar.
#[must_use]
pub fn published(organizer: &Party, dtstamp: DateTime<Utc>, entries: &[Entry]) -> String {
    let mut out = Document::begin();
    out.raw("METHOD", "PUBLISH");
    out.zone();
    for Entry { event, status } in entries {
        out.raw("BEGIN", "VEVENT");
        out.core(event, zone::utc(dtstamp));
        out.push(&party("ORGANIZER", organizer, |line| line));
        match status {
            Status::Confirmed => out.tail(Some("CONFIRMED"), event.busy),
            Status::Cancelled => out.tail(Some("CANCELLED"), Busy::Free),
        }
        out.raw("END", "VEVENT");
    }
    out.end()
}

fn attendee(message: &Message) -> Line {
    let attendee = message.attendee;
    party("ATTENDEE", &attendee.party, |line| {
        let line = line.param("CUTYPE", "INDIVIDUAL").param("ROLE", "REQ-PARTICIPANT");
        match message.method {
            Method::Request => line
                .param("PARTSTAT", attendee.partstat.into())
                .param("RSVP", if attendee.rsvp { "TRUE" } else { "FALSE" }),
            Method::Cancel(_) => line,
        }
    })
}

/// A line for a person, its parameters before the name.
fn party(name: &'static str, party: &Party, params: impl FnOnce(Line) -> Line) -> Line {
    params(Line::new(name, mailto(party.email.as_str()))).param("CN", party.name.as_str())
}

/// `mailto:` in lower case, because older Exchange compares it; characters of an
/// address that a URI cannot hold are percent-encoded (RFC 6068 §2).
pub(super) fn mailto(address: &str) -> Value {
    let mut uri = String::from("mailto:");
    for c in address.chars() {
        if c.is_ascii_alphanumeric() || "@.-_+~!$'*".contains(c) {
            uri.push(c);
        } else {
            uri.extend(c.to_string().bytes().map(|octet| format!("%{octet:02X}")));
        }
    }
    Value::raw(uri)
}

/// The calendar as far as it is written.
struct Document(String);

impl Document {
    fn begin() -> Self {
        let mut out = Self(String::with_capacity(2048));
        out.raw("BEGIN", "VCALENDAR");
        out.raw("VERSION", "2.0");
        out.raw("PRODID", PRODID);
        out.raw("CALSCALE", "GREGORIAN");
        out
    }

    fn end(mut self) -> String {
        self.raw("END", "VCALENDAR");
        self.0
    }

    fn push(&mut self, line: &Line) {
        line.write(&mut self.0);
    }

    fn raw(&mut self, name: &'static str, value: &str) {
        self.push(&Line::new(name, Value::raw(value)));
    }

    /// Nothing for an empty text.
    fn text(&mut self, name: &'static str, text: &str) {
        if !text.is_empty() {
            self.push(&Line::new(name, Value::text(text)));
        }
    }

    fn zone(&mut self) {
        self.0.push_str(zone::vtimezone());
    }

    /// What messages and feeds say alike.
    fn core(&mut self, event: &Event, dtstamp: Value) {
        self.raw("UID", &event.uid);
        self.push(&Line::new("DTSTAMP", dtstamp));
        self.raw("SEQUENCE", &event.sequence.to_string());
        self.push(&zone::clock_line("DTSTART", event.start));
        self.push(&zone::clock_line("DTEND", event.end));
        self.text("SUMMARY", &event.summary);
        self.text("DESCRIPTION", &event.description);
        self.text("LOCATION", &event.location);
        if let Some(url) = &event.url {
            self.raw("URL", url);
        }
        self.push(&Line::new("CREATED", zone::utc(event.created)));
        self.push(&Line::new("LAST-MODIFIED", zone::utc(event.last_modified)));
    }

    /// The end of an event. `CLASS:PRIVATE` always: colleagues who share the
    /// reader's calendar see that time is taken and nothing else.
    fn tail(&mut self, status: Option<&'static str>, busy: Busy) {
        if let Some(status) = status {
            self.raw("STATUS", status);
        }
        let (transp, outlook) = match busy {
            Busy::Busy => ("OPAQUE", "BUSY"),
            Busy::Free => ("TRANSPARENT", "FREE"),
        };
        self.raw("TRANSP", transp);
        self.raw("CLASS", "PRIVATE");
        self.raw("X-MICROSOFT-CDO-BUSYSTATUS", outlook);
    }
}

#[cfg(test)]
#[path = "calendar_tests.rs"]
pub(crate) mod tests;
