//! A second parser, of other authors, reads in our messages what we meant.

use calcard::icalendar::{ICalendar, ICalendarComponentType, ICalendarParameterName, ICalendarProperty};

use super::{
    calendar::{
        feed, message,
        tests::{asked, head, meeting, somebody},
    },
    event::{Cancelling, Entry, Message, Method, Status},
};

fn calendar_of(method: Method, name: &str) -> ICalendar {
    let organizer = somebody("Overleg Jeugd", "overleg@planner.example.nl");
    let attendee = asked(somebody(name, "zoe@school.example"));
    let event = meeting();
    let dtstamp = event.created;
    let written =
        message(&Message { method, dtstamp, organizer: &organizer, attendee: &attendee, event: &event });
    ICalendar::parse(&written).unwrap()
}

#[test]
fn method_uid_start_and_attendee_are_understood() {
    for method in
        [Method::Request, Method::Cancel(Cancelling::OneAttendee), Method::Cancel(Cancelling::WholeMeeting)]
    {
        for name in ["Smit, Zoë", "Élise", "x;ROLE=CHAIR:y", "日本語", "x\";ROLE=CHAIR"] {
            let calendar = calendar_of(method, name);
            let root = &calendar.components[0];
            let said = root.property(&ICalendarProperty::Method).unwrap().values[0].as_text().unwrap();
            assert_eq!(said, method.as_str());
            let mut events =
                calendar.components.iter().filter(|c| c.component_type == ICalendarComponentType::VEvent);
            let event = events.next().unwrap();
            assert!(events.next().is_none());
            assert_eq!(event.uid(), Some(meeting().uid.as_str()));

            let start = event.property(&ICalendarProperty::Dtstart).unwrap();
            assert_eq!(
                start.parameter(&ICalendarParameterName::Tzid).unwrap().as_text(),
                Some("Europe/Amsterdam")
            );
            let clock = start.values[0].as_partial_date_time().unwrap();
            assert_eq!((clock.year, clock.month, clock.day), (Some(2026), Some(11), Some(24)));
            assert_eq!((clock.hour, clock.minute, clock.tz_hour), (Some(10), Some(0), None));

            let attendees: Vec<_> = event.properties(&ICalendarProperty::Attendee).collect();
            assert_eq!(attendees.len(), 1);
            assert_eq!(attendees[0].calendar_address(), Some("zoe@school.example"));
            // It does not decode RFC 6868, but neither does it see a second parameter.
            let cn = attendees[0].parameter(&ICalendarParameterName::Cn).unwrap().as_text().unwrap();
            assert_eq!(cn.replace("^'", "\""), name);
            let roles: Vec<_> = attendees[0].parameters(&ICalendarParameterName::Role).collect();
            assert_eq!(
                roles.iter().map(|role| role.as_text()).collect::<Vec<_>>(),
                [Some("REQ-PARTICIPANT")]
            );
        }
    }
}

#[test]
fn a_feed_is_understood_whole() {
    let entries: Vec<_> = (0..3)
        .map(|n| Entry { event: super::Event { uid: n.to_string(), ..meeting() }, status: Status::Confirmed })
        .collect();
    let written = feed(&head("Mijn overleggen"), &entries);
    let calendar = ICalendar::parse(&written).unwrap();
    assert_eq!(calendar.components.iter().filter(|c| c.uid().is_some()).count(), 3);
    let event = calendar.components.iter().find(|c| c.uid() == Some("0")).unwrap();
    let text = event.property(&ICalendarProperty::Description).unwrap().values[0].as_text().unwrap();
    assert_eq!(text, meeting().description);
}
