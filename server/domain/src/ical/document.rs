//! A calendar as far as it is written, property by property.

use super::{
    event::{Busy, Event},
    line::{Line, Value},
    values, zone,
};

/// The program that wrote the calendar (RFC 5545 §3.7.3).
const PRODID: &str = "-//Schakel//Overleg//NL";

/// The calendar as far as it is written.
pub(super) struct Document(String);

impl Document {
    pub(super) fn begin() -> Self {
        let mut out = Self(String::with_capacity(2048));
        out.raw("BEGIN", "VCALENDAR");
        out.raw("VERSION", "2.0");
        out.raw("PRODID", PRODID);
        out.raw("CALSCALE", "GREGORIAN");
        out
    }

    pub(super) fn end(mut self) -> String {
        self.raw("END", "VCALENDAR");
        self.0
    }

    pub(super) fn push(&mut self, line: &Line) {
        line.write(&mut self.0);
    }

    pub(super) fn raw(&mut self, name: &'static str, value: &str) {
        self.push(&Line::new(name, Value::raw(value)));
    }

    /// Nothing for an empty text.
    pub(super) fn text(&mut self, name: &'static str, text: &str) {
        if !text.is_empty() {
            self.push(&Line::new(name, Value::text(text)));
        }
    }

    /// For every TZID that follows.
    pub(super) fn zone(&mut self) {
        self.0.push_str(zone::vtimezone());
    }

    /// What messages and feeds say alike.
    pub(super) fn core(&mut self, event: &Event, dtstamp: Value) {
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
    pub(super) fn tail(&mut self, status: Option<&'static str>, busy: Busy) {
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

    /// A word to the reader some time before. Only in what goes on: nobody wants to hear of
    /// a meeting that is off.
    pub(super) fn alarm(&mut self, event: &Event) {
        if let Some(before) = event.alarm {
            self.raw("BEGIN", "VALARM");
            self.raw("ACTION", "DISPLAY");
            self.text("DESCRIPTION", &event.summary);
            self.raw("TRIGGER", &values::duration(-before));
            self.raw("END", "VALARM");
        }
    }
}
