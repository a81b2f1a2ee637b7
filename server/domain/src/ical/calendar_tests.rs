//! The bytes of messages and feeds, property by property.

use super::*;
use crate::ical::{
    Attendee, PartStat,
    read::{self, Component},
};

pub(crate) fn meeting() -> Event {
    let booked = "2026-11-02T08:15:30Z".parse().unwrap();
    Event {
        uid: "9a4c0f0e-6e8b-4d53-9f58-6b7f2f0a1c55@planner.example.nl".into(),
        sequence: 2,
        start: "2026-11-24T09:00:00Z".parse().unwrap(),
        end: "2026-11-24T10:00:00Z".parse().unwrap(),
        summary: "Overleg K7Q-4MDC".into(),
        description: "Regel een; met, leestekens\nRegel twee".into(),
        location: "op school".into(),
        url: Some("https://planner.example.nl/c/K7Q-4MDC".into()),
        created: booked,
        last_modified: booked,
        busy: Busy::Busy,
    }
}

pub(crate) fn somebody(name: &str, email: &str) -> Party {
    Party { name: name.parse().unwrap(), email: email.parse().unwrap() }
}

pub(crate) fn asked(party: Party) -> Attendee {
    Attendee { party, partstat: PartStat::NeedsAction, rsvp: true }
}

fn written(method: Method) -> String {
    let organizer = somebody("Overleg Jeugd", "overleg@planner.example.nl");
    let attendee = asked(somebody("Smit, Zoë", "zoe@school.example"));
    let dtstamp = "2026-11-02T08:16:00Z".parse().unwrap();
    message(&Message { method, dtstamp, organizer: &organizer, attendee: &attendee, event: &meeting() })
}

fn event_of(text: &str) -> Component {
    let mut calendar = read::calendar(text.as_bytes()).unwrap();
    assert_eq!(
        calendar.components.iter().map(|c| c.name.as_str()).collect::<Vec<_>>(),
        ["VTIMEZONE", "VEVENT"]
    );
    calendar.components.remove(1)
}

fn raw<'a>(component: &'a Component, name: &str) -> Option<&'a str> {
    component.property(name).map(|line| line.value().as_raw())
}

/// RFC 5546 §3.2.2 (what a REQUEST holds) and the order that common clients are known to read.
#[test]
fn a_request_is_written_in_this_order() {
    let unfolded = written(Method::Request).replace("\r\n ", "");
    let (head, event) = unfolded.split_once(zone::vtimezone()).unwrap();
    assert_eq!(
        head,
        "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//Schakel//Overleg//NL\r\nCALSCALE:GREGORIAN\r\nMETHOD:REQUEST\r\n"
    );
    assert_eq!(
        event.lines().collect::<Vec<_>>(),
        [
            "BEGIN:VEVENT",
            "UID:9a4c0f0e-6e8b-4d53-9f58-6b7f2f0a1c55@planner.example.nl",
            "DTSTAMP:20261102T081600Z",
            "SEQUENCE:2",
            "DTSTART;TZID=Europe/Amsterdam:20261124T100000",
            "DTEND;TZID=Europe/Amsterdam:20261124T110000",
            "SUMMARY:Overleg K7Q-4MDC",
            "DESCRIPTION:Regel een\\; met\\, leestekens\\nRegel twee",
            "LOCATION:op school",
            "URL:https://planner.example.nl/c/K7Q-4MDC",
            "CREATED:20261102T081530Z",
            "LAST-MODIFIED:20261102T081530Z",
            "ORGANIZER;CN=\"Overleg Jeugd\":mailto:overleg@planner.example.nl",
            "ATTENDEE;CUTYPE=INDIVIDUAL;ROLE=REQ-PARTICIPANT;PARTSTAT=NEEDS-ACTION;RSVP=TRUE;CN=\"Smit, Zoë\":mailto:zoe@school.example",
            "STATUS:CONFIRMED",
            "TRANSP:OPAQUE",
            "CLASS:PRIVATE",
            "X-MICROSOFT-CDO-BUSYSTATUS:BUSY",
            "X-MICROSOFT-DISALLOW-COUNTER:FALSE",
            "END:VEVENT",
            "END:VCALENDAR",
        ]
    );
}

/// RFC 5546 §3.2.5.
#[test]
fn only_a_whole_cancel_says_cancelled() {
    let one = written(Method::Cancel(Cancelling::OneAttendee));
    let whole = written(Method::Cancel(Cancelling::WholeMeeting));
    for text in [&one, &whole] {
        assert_eq!(raw(&read::calendar(text.as_bytes()).unwrap(), "METHOD"), Some("CANCEL"));
        let event = event_of(text);
        let attendee = event.property("ATTENDEE").unwrap();
        assert_eq!(attendee.value().as_raw(), "mailto:zoe@school.example");
        assert_eq!((attendee.param_value("RSVP"), attendee.param_value("PARTSTAT")), (None, None));
        assert_eq!(raw(&event, "TRANSP"), Some("TRANSPARENT"));
        for name in ["UID", "SEQUENCE", "DTSTAMP", "DTSTART", "DTEND", "SUMMARY", "ORGANIZER"] {
            assert!(event.property(name).is_some(), "{name}");
        }
    }
    assert_eq!(raw(&event_of(&one), "STATUS"), None);
    assert_eq!(raw(&event_of(&whole), "STATUS"), Some("CANCELLED"));
}

#[test]
fn a_feed_names_nobody_and_is_the_same_each_time() {
    let cancelled = Event { uid: "2@planner.example.nl".into(), ..meeting() };
    let entries = [
        Entry { event: meeting(), status: Status::Confirmed },
        Entry { event: cancelled, status: Status::Cancelled },
    ];
    let head = FeedHead { name: "Mijn overleggen, 2026".into() };
    let text = feed(&head, &entries);
    assert_eq!(text, feed(&head, &entries));
    let calendar = read::calendar(text.as_bytes()).unwrap();
    assert!(calendar.property("METHOD").is_none());
    assert_eq!(calendar.property("NAME").unwrap().value().to_text(), head.name);
    assert_eq!(raw(&calendar, "X-PUBLISHED-TTL"), Some("PT1H"));
    assert_eq!(calendar.property("REFRESH-INTERVAL").unwrap().param_value("VALUE"), Some("DURATION"));
    let events: Vec<_> = calendar.named("VEVENT").collect();
    for event in &events {
        assert!(event.property("ATTENDEE").is_none() && event.property("ORGANIZER").is_none());
        assert_eq!(raw(event, "DTSTAMP"), raw(event, "LAST-MODIFIED"));
    }
    let shown = |n: usize| (raw(events[n], "STATUS"), raw(events[n], "TRANSP"));
    assert_eq!(shown(0), (Some("CONFIRMED"), Some("OPAQUE")));
    assert_eq!(shown(1), (Some("CANCELLED"), Some("TRANSPARENT")));
}

/// RFC 6068 §2: an address is a part of a URI.
#[test]
fn odd_addresses_are_percent_encoded_and_plain_ones_are_not() {
    assert_eq!(mailto("ib+1.o'brien@School.example").as_raw(), "mailto:ib+1.o'brien@School.example");
    assert_eq!(mailto("a%b?c#d&e@x.nl").as_raw(), "mailto:a%25b%3Fc%23d%26e@x.nl");
}
