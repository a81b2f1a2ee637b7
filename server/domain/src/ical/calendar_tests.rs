//! The bytes of messages and feeds, property by property.

use super::*;
use crate::ical::{Attendee, Component, Event, PartStat, read};

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
        alarm: None,
    }
}

pub(crate) fn somebody(name: &str, email: &str) -> Party {
    Party { name: name.parse().unwrap(), email: email.parse().unwrap() }
}

pub(crate) fn asked(party: Party) -> Attendee {
    Attendee { party, partstat: PartStat::NeedsAction, rsvp: true, delegated_from: None }
}

pub(crate) fn head(name: &str) -> FeedHead {
    FeedHead {
        name: name.into(),
        color: Some("teal"),
        source: Some("https://planner.example.nl/feeds".into()),
        url: Some("https://planner.example.nl/".into()),
        changed: meeting().last_modified,
        refresh: TimeDelta::hours(1),
    }
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
    let head = head("Mijn overleggen, 2026");
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

#[test]
fn a_file_holds_the_very_event_of_a_feed() {
    for status in [Status::Confirmed, Status::Cancelled] {
        let entry = Entry { event: meeting(), status };
        let text = file(&entry);
        let event = text.split_once("BEGIN:VEVENT").unwrap().1;
        assert!(feed(&head("Overleg"), std::slice::from_ref(&entry)).ends_with(event), "{text}");
        assert!(read::calendar(text.as_bytes()).unwrap().property("METHOD").is_none());
    }
}

/// RFC 5545 §3.6.6 (what an alarm to be shown holds); never in what is off.
#[test]
fn an_alarm_is_in_what_goes_on_only() {
    let organizer = somebody("Overleg Jeugd", "overleg@planner.example.nl");
    let attendee = asked(somebody("Smit, Zoë", "zoe@school.example"));
    let event = Event { alarm: Some(TimeDelta::minutes(30)), ..meeting() };
    let dtstamp = event.created;
    let text = |method| {
        message(&Message { method, dtstamp, organizer: &organizer, attendee: &attendee, event: &event })
    };
    let request = event_of(&text(Method::Request));
    let [alarm] = request.components.as_slice() else { panic!("{request:?}") };
    assert_eq!(
        ["ACTION", "DESCRIPTION", "TRIGGER"].map(|name| raw(alarm, name)),
        [Some("DISPLAY"), Some("Overleg K7Q-4MDC"), Some("-PT30M")]
    );
    for method in [
        Method::Cancel(Cancelling::OneAttendee),
        Method::Cancel(Cancelling::WholeMeeting),
        Method::DeclineCounter,
    ] {
        assert!(event_of(&text(method)).components.is_empty());
    }
    let shown =
        |status| feed(&head("x"), &[Entry { event: event.clone(), status }]).matches("VALARM").count();
    assert_eq!([shown(Status::Confirmed), shown(Status::Cancelled)], [2, 0]);
}

/// RFC 5546 §3.2.8: the meeting as it stands, to the one who asked.
#[test]
fn a_proposal_is_declined_with_the_meeting_as_it_stands() {
    let text = written(Method::DeclineCounter);
    assert_eq!(raw(&read::calendar(text.as_bytes()).unwrap(), "METHOD"), Some("DECLINECOUNTER"));
    let event = event_of(&text);
    assert_eq!(raw(&event, "SEQUENCE"), Some("2"));
    assert_eq!(raw(&event, "STATUS"), Some("CONFIRMED"));
    assert_eq!(event.property("ATTENDEE").unwrap().param_value("RSVP"), None);
}

#[test]
fn who_comes_instead_of_somebody_is_asked_in_their_place() {
    let organizer = somebody("Overleg Jeugd", "overleg@planner.example.nl");
    let first = Some("Zoe@school.example".parse().unwrap());
    let attendee = Attendee { delegated_from: first, ..asked(somebody("Ben", "ben@school.example")) };
    let (method, event) = (Method::Request, meeting());
    let text = message(&Message {
        method,
        dtstamp: event.created,
        organizer: &organizer,
        attendee: &attendee,
        event: &event,
    });
    let asked = event_of(&text);
    assert_eq!(
        asked.property("ATTENDEE").unwrap().param_value("DELEGATED-FROM"),
        Some("mailto:Zoe@school.example")
    );
}

/// RFC 7986 §5.
#[test]
fn a_feed_says_what_it_is_itself() {
    let text = feed(&head("x"), &[]);
    let calendar = read::calendar(text.as_bytes()).unwrap();
    for (name, value) in [
        ("COLOR", "teal"),
        ("SOURCE", "https://planner.example.nl/feeds"),
        ("URL", "https://planner.example.nl/"),
        ("LAST-MODIFIED", "20261102T081530Z"),
        ("REFRESH-INTERVAL", "PT1H"),
    ] {
        assert_eq!(raw(&calendar, name), Some(value), "{name}");
    }
    let bare = feed(&FeedHead { color: None, source: None, url: None, ..head("x") }, &[]);
    let calendar = read::calendar(bare.as_bytes()).unwrap();
    assert!(["COLOR", "SOURCE", "URL"].iter().all(|name| calendar.property(name).is_none()));
}

/// RFC 6068 §2: an address is a part of a URI.
#[test]
fn odd_addresses_are_percent_encoded_and_plain_ones_are_not() {
    assert_eq!(mailto("ib+1.o'brien@School.example").as_raw(), "mailto:ib+1.o'brien@School.example");
    assert_eq!(mailto("a%b?c#d&e@x.nl").as_raw(), "mailto:a%25b%3Fc%23d%26e@x.nl");
}
