//! Writes a message for one mail (RFC 5546, RFC 6047) and a feed (RFC 7986).

use chrono::{DateTime, TimeDelta, Utc};

use super::{
    document::Document,
    event::{Busy, Cancelling, Entry, Message, Method, Party, Status},
    line::{Line, Value},
    values, zone,
};

/// What a feed says of itself.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FeedHead {
    /// What the calendar is called in the reader's list.
    pub name: String,
    /// A name of CSS (RFC 7986 §5.9); nothing leaves the choice to the reader.
    pub color: Option<&'static str>,
    /// Where the calendar itself is fetched, if that may be known to whoever reads it.
    pub source: Option<String>,
    /// A page for people; it must not let anybody in by itself.
    pub url: Option<String>,
    /// The newest change of what it shows or no longer shows.
    pub changed: DateTime<Utc>,
    /// After how long a reader should ask again.
    pub refresh: TimeDelta,
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
        Method::Request | Method::DeclineCounter => (Some("CONFIRMED"), message.event.busy),
        Method::Cancel(Cancelling::OneAttendee) => (None, Busy::Free),
        Method::Cancel(Cancelling::WholeMeeting) => (Some("CANCELLED"), Busy::Free),
    };
    out.tail(status, busy);
    if message.method == Method::Request {
        out.raw("X-MICROSOFT-DISALLOW-COUNTER", "FALSE");
        out.alarm(message.event);
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
    if let Some(color) = head.color {
        out.raw("COLOR", color);
    }
    if let Some(source) = &head.source {
        out.push(&Line::new("SOURCE", Value::raw(source)).param("VALUE", "URI"));
    }
    if let Some(url) = &head.url {
        out.raw("URL", url);
    }
    out.push(&Line::new("LAST-MODIFIED", zone::utc(head.changed)));
    let refresh = values::duration(head.refresh);
    out.push(&Line::new("REFRESH-INTERVAL", Value::raw(&refresh)).param("VALUE", "DURATION"));
    out.raw("X-PUBLISHED-TTL", &refresh);
    out.zone();
    for entry in entries {
        listed(&mut out, entry);
    }
    out.end()
}

/// One meeting as a file: the same event, to the byte, as in a feed.
#[must_use]
pub fn file(entry: &Entry) -> String {
    let mut out = Document::begin();
    out.zone();
    listed(&mut out, entry);
    out.end()
}

/// A meeting as a feed lists it.
fn listed(out: &mut Document, Entry { event, status }: &Entry) {
    out.raw("BEGIN", "VEVENT");
    out.core(event, zone::utc(event.last_modified));
    match status {
        Status::Confirmed => {
            out.tail(Some("CONFIRMED"), event.busy);
            out.alarm(event);
        }
        Status::Cancelled => out.tail(Some("CANCELLED"), Busy::Free),
    }
    out.raw("END", "VEVENT");
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
        let line = match message.method {
            Method::Request => line
                .param("PARTSTAT", attendee.partstat.into())
                .param("RSVP", if attendee.rsvp { "TRUE" } else { "FALSE" }),
            Method::Cancel(_) | Method::DeclineCounter => line,
        };
        match &attendee.delegated_from {
            Some(address) => line.param("DELEGATED-FROM", mailto(address.as_str()).as_raw()),
            None => line,
        }
    })
}

/// A line for a person, its parameters before the name.
pub(super) fn party(name: &'static str, party: &Party, params: impl FnOnce(Line) -> Line) -> Line {
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

#[cfg(test)]
#[path = "calendar_tests.rs"]
pub(crate) mod tests;
