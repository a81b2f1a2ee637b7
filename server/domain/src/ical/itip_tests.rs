//! Answers as common programs shape them, and messages that nobody can rely on.

use proptest::prelude::*;
use strum::IntoEnumIterator;

use super::*;

const UID: &str = "9a4c0f0e-6e8b-4d53-9f58-6b7f2f0a1c55@planner.example.nl";

fn at(text: &str) -> DateTime<Utc> {
    text.parse().unwrap()
}

fn said(method: &str, event: &str) -> Result<Inbound, Unusable> {
    inbound(
        format!(
            "BEGIN:VCALENDAR\nMETHOD:{method}\nBEGIN:VEVENT\nUID:{UID}\n{}\nEND:VEVENT\nEND:VCALENDAR\n",
            event.trim()
        )
        .as_bytes(),
    )
}

fn answers(inbound: &Inbound) -> Vec<(&str, Option<InAnswer>)> {
    inbound.attendees.iter().map(|attendee| (attendee.address.as_str(), attendee.answer)).collect()
}

/// Exchange: names of Windows for zones, no ORGANIZER, its own properties, `MAILTO:`.
#[test]
fn a_reply_of_outlook_is_understood() {
    let bytes = format!(
        "BEGIN:VCALENDAR\r\nMETHOD:REPLY\r\nPRODID:Microsoft Exchange Server 2010\r\nVERSION:2.0\r\nBEGIN:VTIMEZONE\r\nTZID:W. Europe Standard Time\r\nBEGIN:STANDARD\r\nDTSTART:16010101T030000\r\nTZOFFSETFROM:+0200\r\nTZOFFSETTO:+0100\r\nRRULE:FREQ=YEARLY;INTERVAL=1;BYDAY=-1SU;BYMONTH=10\r\nEND:STANDARD\r\nBEGIN:DAYLIGHT\r\nDTSTART:16010101T020000\r\nTZOFFSETFROM:+0100\r\nTZOFFSETTO:+0200\r\nRRULE:FREQ=YEARLY;INTERVAL=1;BYDAY=-1SU;BYMONTH=3\r\nEND:DAYLIGHT\r\nEND:VTIMEZONE\r\nBEGIN:VEVENT\r\nATTENDEE;PARTSTAT=ACCEPTED;CN=\"Smit, Zoë\":MAILTO:Zoe@School.example\r\nCOMMENT;LANGUAGE=nl-NL:\\n\r\nUID:{UID}\r\nSUMMARY;LANGUAGE=nl-NL:Geaccepteerd: Overleg K7Q-4MDC\r\nDTSTART;TZID=W. Europe Standard Time:20261124T100000\r\nDTEND;TZID=W. Europe Standard Time:20261124T110000\r\nCLASS:PRIVATE\r\nPRIORITY:5\r\nDTSTAMP:20261102T091500Z\r\nTRANSP:OPAQUE\r\nSTATUS:CONFIRMED\r\nSEQUENCE:2\r\nLOCATION;LANGUAGE=nl-NL:op school\r\nX-MICROSOFT-CDO-APPT-SEQUENCE:2\r\nX-MICROSOFT-DISALLOW-COUNTER:FALSE\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n"
    );
    let reply = inbound(bytes.as_bytes()).unwrap();
    assert_eq!((reply.method, reply.uid.as_str(), reply.sequence), (InMethod::Reply, UID, 2));
    assert_eq!(reply.dtstamp, Some(at("2026-11-02T09:15:00Z")));
    assert_eq!(answers(&reply), [("zoe@school.example", Some(InAnswer::Accepted))]);
    assert_eq!((reply.recurrence, reply.proposed), (None, None));
}

/// Google: times in UTC, the answer between parameters of its own, the comment beside it.
#[test]
fn a_reply_of_google_is_understood() {
    let bytes = format!(
        "BEGIN:VCALENDAR\r\nPRODID:-//Google Inc//Google Calendar 70.9054//EN\r\nVERSION:2.0\r\nCALSCALE:GREGORIAN\r\nMETHOD:REPLY\r\nBEGIN:VEVENT\r\nDTSTART:20261124T090000Z\r\nDTEND:20261124T100000Z\r\nDTSTAMP:20261102T091500Z\r\nORGANIZER;CN=Overleg Jeugd:mailto:overleg@planner.example.nl\r\nUID:{UID}\r\nATTENDEE;CUTYPE=INDIVIDUAL;ROLE=REQ-PARTICIPANT;PARTSTAT=DECLINED;CN=Zoë Sm\r\n it;X-NUM-GUESTS=0;X-RESPONSE-COMMENT=\"kan niet\":mailto:zoe@school.example\r\nCREATED:20261102T081530Z\r\nLAST-MODIFIED:20261102T091459Z\r\nLOCATION:op school\r\nSEQUENCE:0\r\nSTATUS:CONFIRMED\r\nSUMMARY:Overleg K7Q-4MDC\r\nTRANSP:OPAQUE\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n"
    );
    let reply = inbound(bytes.as_bytes()).unwrap();
    assert_eq!(answers(&reply), [("zoe@school.example", Some(InAnswer::Declined))]);
    assert_eq!((reply.method, reply.sequence), (InMethod::Reply, 0));
}

/// Apple: the address in `EMAIL` where the attendee is a page of its server.
#[test]
fn a_reply_of_apple_is_understood() {
    let reply = said(
        "reply",
        "ATTENDEE;CN=\"Zoë Smit\";CUTYPE=INDIVIDUAL;EMAIL=\"Zoe@school.example\";PARTSTAT=tentative:/aMTYwNjQ2OTk/principal/\nATTENDEE;EMAIL=x@y.nl:mailto:zoe@school.example\nDTSTAMP:20261102T091500Z\nDTSTART;TZID=Europe/Amsterdam:20261124T100000\nREQUEST-STATUS:2.0;Success\nSEQUENCE:1\nX-CALENDARSERVER-PRIVATE-COMMENT:bel mij",
    )
    .unwrap();
    assert_eq!(
        answers(&reply),
        [("zoe@school.example", Some(InAnswer::Tentative)), ("zoe@school.example", None)]
    );
}

#[test]
fn a_counter_asks_for_the_same_time_in_every_way_to_name_a_zone() {
    let meant = Period::new(at("2026-11-26T13:00:00Z"), at("2026-11-26T14:00:00Z")).ok();
    let outlook = "SEQUENCE:2\nDTSTART;TZID=W. Europe Standard Time:20261126T140000\nDTEND;TZID=W. Europe Standard Time:20261126T150000\nX-MS-OLK-ORIGINALSTART;TZID=W. Europe Standard Time:20261124T100000";
    for event in [
        outlook,
        "DTSTART:20261126T130000Z\nDTEND:20261126T140000Z",
        "DTSTART;TZID=Europe/Amsterdam:20261126T140000\nDURATION:PT1H",
        "DTSTART;TZID=\"(UTC+01:00) Amsterdam, Berlin, Bern, Rome, Stockholm, Vienna\":20261126T140000\nDURATION:PT60M",
        "DTSTART;TZID=/citadel.org/20210210_1/America/New_York:20261126T080000\nDURATION:PT1H",
        "DTSTART;TZID=\"tzone://Microsoft/Utc\":20261126T130000\nDURATION:PT1H",
        "DTSTART:20261126T140000\nDTEND:20261126T150000",
    ] {
        let counter = said("COUNTER", event).unwrap();
        assert_eq!((counter.method, counter.proposed), (InMethod::Counter, meant), "{event}");
    }
    let own = |zone: &str| {
        inbound(format!("BEGIN:VCALENDAR\nMETHOD:COUNTER\n{zone}BEGIN:VEVENT\nUID:{UID}\nDTSTART;TZID=Customized Time Zone:20261126T140000\nDURATION:PT1H\nEND:VEVENT\nEND:VCALENDAR\n").as_bytes())
    };
    let brought = crate::ical::zone::vtimezone().replace("Europe/Amsterdam", "Customized Time Zone");
    assert_eq!(own(&brought).unwrap().proposed, meant);
    assert_eq!(own(""), Err(Unusable::Time(Unread::TimezoneUnknown)));
}

#[test]
fn an_instance_is_named_by_its_instant() {
    for id in ["RECURRENCE-ID:20261124T090000Z", "RECURRENCE-ID;TZID=Romance Standard Time:20261124T100000"] {
        let reply = said("REPLY", &format!("{id}\nDTSTAMP:gisteren")).unwrap();
        assert_eq!((reply.recurrence, reply.dtstamp), (Some(at("2026-11-24T09:00:00Z")), None));
    }
}

/// RFC 5546 §3.2.2.3: who delegates and who comes instead each say so of the other.
#[test]
fn a_delegation_names_both() {
    let reply = said(
        "REPLY",
        "ATTENDEE;PARTSTAT=DELEGATED;DELEGATED-TO=\"mailto:Ben@school.example\",\"MAILTO:An@school.example\":mailto:zoe@school.example\nATTENDEE;PARTSTAT=NEEDS-ACTION;DELEGATED-FROM=\"mailto:zoe@school.example\":mailto:ben@school.example",
    )
    .unwrap();
    let [zoe, ben] = reply.attendees.as_slice() else { panic!("{reply:?}") };
    assert_eq!((zoe.answer, ben.answer), (Some(InAnswer::Delegated), Some(InAnswer::NeedsAction)));
    assert_eq!(zoe.delegated_to, ["ben@school.example", "an@school.example"]);
    assert_eq!(ben.delegated_from, ["zoe@school.example"]);
}

#[test]
fn every_method_of_rfc_5546_is_known_and_no_other() {
    for method in InMethod::iter() {
        let name: &str = method.into();
        assert_eq!(said(name, "DTSTART:20261126T130000Z\nDURATION:PT1H").unwrap().method, method);
    }
    assert_eq!(InMethod::iter().count(), 8);
    for unknown in ["", "X-REPLY", "REPLY;COUNTER", "ACCEPT"] {
        assert_eq!(said(unknown, ""), Err(Unusable::Property("METHOD")), "{unknown}");
    }
    for answer in ["COMPLETED", "IN-PROCESS", "X-MAYBE", ""] {
        let reply = said("REPLY", &format!("ATTENDEE;PARTSTAT=\"{answer}\":mailto:a@b.nl")).unwrap();
        assert_eq!(answers(&reply), [("a@b.nl", None)]);
    }
}

#[test]
fn what_can_be_read_in_two_ways_is_not_read() {
    for (event, name) in [
        ("UID:2", "UID"),
        ("SEQUENCE:1\nSEQUENCE:2", "SEQUENCE"),
        ("SEQUENCE:-1", "SEQUENCE"),
        ("SEQUENCE:99999999999", "SEQUENCE"),
        ("DTSTAMP:20261126T130000Z\nDTSTAMP:20261126T140000Z", "DTSTAMP"),
        ("RECURRENCE-ID:20261126T130000Z\nRECURRENCE-ID:20261126T140000Z", "RECURRENCE-ID"),
        ("DTSTART:20261126T130000Z\nDTSTART:20261126T140000Z", "DTSTART"),
    ] {
        assert_eq!(said("REPLY", event), Err(Unusable::Property(name)), "{event}");
    }
    let calendar =
        |body: &str| inbound(format!("BEGIN:VCALENDAR\nMETHOD:REPLY\n{body}\nEND:VCALENDAR").as_bytes());
    let event = "BEGIN:VEVENT\nUID:1\nEND:VEVENT";
    for body in [
        "",
        "BEGIN:VTODO\nUID:1\nEND:VTODO",
        &format!("{event}\n{event}"),
        &format!("{event}\nBEGIN:VFREEBUSY\nEND:VFREEBUSY"),
    ] {
        assert_eq!(calendar(body), Err(Unusable::NotOneEvent), "{body}");
    }
    assert!(calendar(&format!("BEGIN:X-ODD\nEND:X-ODD\n{event}")).is_ok());
    assert_eq!(calendar("BEGIN:VEVENT\nUID: \nEND:VEVENT"), Err(Unusable::Property("UID")));
    assert_eq!(calendar(&format!("METHOD:CANCEL\n{event}")), Err(Unusable::Property("METHOD")));
    let twice = format!("BEGIN:VCALENDAR\nMETHOD:REPLY\n{event}\nEND:VCALENDAR\n").repeat(2);
    assert_eq!(inbound(twice.as_bytes()), Err(Unusable::Unreadable(ReadError::SeveralCalendars)));
}

#[test]
fn a_time_that_cannot_be_told_is_not_proposed() {
    for event in [
        "",
        "DTSTART:20261126T130000Z",
        "DTSTART:20261126T130000Z\nDTEND:20261126T130000Z",
        "DTSTART:straks\nDURATION:PT1H",
        "DTSTART:20261126T130000Z\nDURATION:-PT1H",
    ] {
        assert_eq!(said("COUNTER", event), Err(Unusable::Time(Unread::TimeInvalid)), "{event}");
    }
    let zone = "DTSTART;TZID=Mars/Phobos:20261126T130000\nDURATION:PT1H";
    assert_eq!(said("COUNTER", zone), Err(Unusable::Time(Unread::TimezoneUnknown)));
    // Who only answers asks for no time, so theirs does not matter.
    assert!(said("REPLY", zone).is_ok_and(|reply| reply.time.is_none()));
}

#[test]
fn the_time_that_is_answered_has_a_start_and_an_end() {
    let hour = Period::new(at("2026-11-26T13:00:00Z"), at("2026-11-26T14:00:00Z")).ok();
    for (event, time) in [
        ("DTSTART:20261126T130000Z\nDTEND:20261126T140000Z", hour),
        ("DTSTART;TZID=Europe/Amsterdam:20261126T140000\nDURATION:PT1H", hour),
        ("DTSTART:20261126T130000Z", None),
        ("DTEND:20261126T140000Z", None),
        ("", None),
    ] {
        let reply = said("REPLY", event).unwrap();
        assert_eq!((reply.time, reply.proposed), (time, None), "{event}");
    }
}

proptest! {
    #[test]
    fn no_message_makes_it_panic(lines in prop::collection::vec(prop::sample::select(vec![
        "BEGIN:VEVENT", "END:VEVENT", "BEGIN:VTIMEZONE", "END:VTIMEZONE", "BEGIN:STANDARD", "END:STANDARD", "TZID:Z",
        "TZOFFSETFROM:+2359", "TZOFFSETTO:-2359", "DTSTART:16000101T000000", "DTSTART;TZID=Z:24001231T235959",
        "DTSTART;VALUE=DATE:16000101", "DTEND:24001231", "DURATION:P36525D", "RRULE:FREQ=SECONDLY", "RRULE:FREQ=YEARLY",
        "RECURRENCE-ID;TZID=Z:24001231T235959", "DTSTAMP:16000101T000000Z", "UID:1", "SEQUENCE:4294967295",
        "ATTENDEE;DELEGATED-TO=\"\":%", "ATTENDEE;PARTSTAT=é:MAILTO:%C3%", "RDATE:24001231",
    ]), 0..16), method in prop::sample::select(vec!["REPLY", "COUNTER"])) {
        let _ = inbound(format!("BEGIN:VCALENDAR\nMETHOD:{method}\n{}\nEND:VCALENDAR", lines.join("\n")).as_bytes());
    }
}
