//! What makes busy, what does not, and files made to hurt.

use chrono_tz::Europe::Amsterdam;
use proptest::prelude::*;

use super::*;

fn at(text: &str) -> DateTime<Utc> {
    text.parse().unwrap()
}

fn asked() -> Asked<'static> {
    let window = Period::new(at("2026-11-01T00:00:00Z"), at("2027-11-01T00:00:00Z")).unwrap();
    Asked { window, floating: Amsterdam, own_domain: "planner.example.nl" }
}

fn read(body: &str) -> Taken {
    taken(format!("BEGIN:VCALENDAR\n{}\nEND:VCALENDAR\n", body.trim()).as_bytes(), &asked()).unwrap()
}

/// `MMDDTHHMM-HHMM` in UTC.
fn shown(body: &str) -> Vec<String> {
    let taken = read(body);
    assert_eq!((taken.unread, taken.why), (0, None), "{body}");
    let show = |period: Period| {
        format!("{}-{}", period.start().format("%m%dT%H%M"), period.end().format("%m%dT%H%M"))
    };
    taken.periods.into_iter().map(show).collect()
}

fn event(lines: &str) -> String {
    format!("BEGIN:VEVENT\nUID:1\n{}\nEND:VEVENT", lines.trim())
}

#[test]
fn an_event_takes_its_time_on_its_own_clock() {
    for (lines, expected) in [
        ("DTSTART:20261124T090000Z\nDTEND:20261124T100000Z", "1124T0900-1124T1000"),
        (
            "DTSTART;TZID=Europe/Amsterdam:20261124T090000\nDTEND;TZID=Europe/Amsterdam:20261124T100000",
            "1124T0800-1124T0900",
        ),
        ("DTSTART;TZID=\"W. Europe Standard Time\":20261124T090000\nDURATION:PT90M", "1124T0800-1124T0930"),
        (
            "DTSTART;TZID=\"(UTC+05:30) Chennai, Kolkata, Mumbai, New Delhi\":20261124T090000\nDURATION:PT1H",
            "1124T0330-1124T0430",
        ),
        ("DTSTART:20261124T090000\nDURATION:PT1H", "1124T0800-1124T0900"),
        // All-day events are dates, whatever the zone of whoever wrote them.
        ("DTSTART;VALUE=DATE:20261124", "1123T2300-1124T2300"),
        ("DTSTART;VALUE=DATE:20261124\nDTEND;VALUE=DATE:20261126", "1123T2300-1125T2300"),
        ("DTSTART;VALUE=DATE:20270328\nDURATION:P1D", "0327T2300-0328T2200"),
        // The gap moves forward, the fold is the first.
        ("DTSTART;TZID=Europe/Amsterdam:20270328T023000\nDURATION:PT1H", "0328T0130-0328T0230"),
        ("DTSTART;TZID=Europe/Amsterdam:20271031T023000\nDURATION:PT1H", "1031T0030-1031T0130"),
    ] {
        assert_eq!(shown(&event(lines)), [expected], "{lines}");
    }
}

#[test]
fn what_is_transparent_cancelled_momentary_past_or_ours_takes_no_time() {
    let times = "DTSTART:20261124T090000Z\nDTEND:20261124T100000Z";
    for body in [
        event(&format!("{times}\nTRANSP:TRANSPARENT")),
        event(&format!("{times}\nSTATUS:CANCELLED")),
        event("DTSTART:20261124T090000Z"),
        event("DTSTART:20261024T090000Z\nDTEND:20261024T100000Z"),
        event(times).replace("UID:1", "UID:9a4c@PLANNER.example.nl"),
        event(times).replace("VEVENT", "VTODO"),
        event(times).replace("VEVENT", "X-ODD"),
    ] {
        assert_eq!(shown(&body), [""; 0], "{body}");
    }
    assert_eq!(shown(&event(&format!("{times}\nSTATUS:TENTATIVE"))).len(), 1);
}

#[test]
fn a_repetition_has_exceptions_and_instances_of_its_own() {
    let master = "DTSTART;TZID=Europe/Amsterdam:20261102T090000\nDURATION:PT1H\nRRULE:FREQ=WEEKLY;COUNT=5";
    let body = event(&format!(
        "{master}\nEXDATE;TZID=Europe/Amsterdam:20261109T090000\nRDATE:20261205T080000Z\nRDATE;VALUE=PERIOD:20261206T080000Z/PT30M"
    ));
    let moved = event("RECURRENCE-ID:20261116T080000Z\nDTSTART:20261117T120000Z\nDURATION:PT2H");
    let off = event(
        "RECURRENCE-ID;TZID=Europe/Amsterdam:20261123T090000\nDTSTART:20261123T080000Z\nDURATION:PT1H\nSTATUS:CANCELLED",
    );
    assert_eq!(
        shown(&format!("{body}\n{moved}\n{off}")),
        [
            "1102T0800-1102T0900",
            "1117T1200-1117T1400",
            "1130T0800-1130T0900",
            "1205T0800-1205T0900",
            "1206T0800-1206T0830"
        ]
    );
    let later = event(
        "RECURRENCE-ID;RANGE=THISANDFUTURE;TZID=Europe/Amsterdam:20261116T090000\nDTSTART;TZID=Europe/Amsterdam:20261117T100000\nDURATION:PT2H",
    );
    assert_eq!(
        shown(&format!("{}\n{later}", event(master))),
        [
            "1102T0800-1102T0900",
            "1109T0800-1109T0900",
            "1117T0900-1117T1100",
            "1124T0900-1124T1100",
            "1201T0900-1201T1100"
        ]
    );
}

#[test]
fn free_and_busy_periods_are_taken_as_they_are() {
    let body = "BEGIN:VFREEBUSY\nFREEBUSY:20261124T090000Z/20261124T100000Z,20261124T093000Z/PT1H\nFREEBUSY;FBTYPE=FREE:20261125T090000Z/PT1H\nFREEBUSY;FBTYPE=BUSY-TENTATIVE:20261126T090000Z/PT1H\nEND:VFREEBUSY";
    assert_eq!(shown(body), ["1124T0900-1124T1030", "1126T0900-1126T1000"]);
}

/// RFC 7953 §4: outside what is available it is busy, and a higher priority says it anew.
#[test]
fn outside_what_is_available_it_is_busy() {
    let body = "BEGIN:VAVAILABILITY\nUID:a\nDTSTART;TZID=Europe/Amsterdam:20261124T000000\nDTEND;TZID=Europe/Amsterdam:20261126T000000
BEGIN:AVAILABLE\nUID:b\nDTSTART;TZID=Europe/Amsterdam:20261120T090000\nDTEND;TZID=Europe/Amsterdam:20261120T170000\nRRULE:FREQ=DAILY\nEND:AVAILABLE\nEND:VAVAILABILITY
BEGIN:VAVAILABILITY\nUID:c\nPRIORITY:1\nDTSTART:20261125T100000Z\nDURATION:PT2H\nEND:VAVAILABILITY";
    assert_eq!(
        shown(body),
        ["1123T2300-1124T0800", "1124T1600-1125T0800", "1125T1000-1125T1200", "1125T1600-1125T2300"]
    );
}

#[test]
fn what_is_not_understood_is_counted_and_never_guessed() {
    let good = "BEGIN:VEVENT\nUID:2\nDTSTART:20261124T090000Z\nDURATION:PT1H\nEND:VEVENT";
    for (lines, why) in [
        ("DTSTART;TZID=Customized Time Zone:20261124T090000\nDURATION:PT1H", Unread::TimezoneUnknown),
        ("DTSTART:soon\nDURATION:PT1H", Unread::TimeInvalid),
        ("SUMMARY:x", Unread::TimeInvalid),
        ("DTSTART:20261124T090000Z\nDURATION:-PT1H", Unread::TimeInvalid),
        ("DTSTART:20261124T090000Z\nDURATION:PT1H\nRRULE:FREQ=OFTEN", Unread::RuleInvalid),
        ("DTSTART:20261124T090000Z\nDURATION:PT1H\nEXRULE:FREQ=DAILY", Unread::RuleInvalid),
        ("DTSTART:20261124T090000Z\nDURATION:PT1H\nRRULE:FREQ=SECONDLY", Unread::RuleTooCostly),
    ] {
        let taken = read(&format!("{good}\n{}", event(lines)));
        assert_eq!((taken.periods.len(), taken.unread, taken.why), (1, 1, Some(why)), "{lines}");
    }
}

#[test]
fn times_without_a_zone_are_of_the_zone_that_the_calendar_names() {
    let body = format!("X-WR-TIMEZONE:Europe/London\n{}", event("DTSTART:20261124T090000\nDURATION:PT1H"));
    assert_eq!(shown(&body), ["1124T0900-1124T1000"]);
}

#[test]
fn files_made_to_hurt_are_bounded() {
    let many =
        format!("BEGIN:VCALENDAR\n{}END:VCALENDAR", "BEGIN:VEVENT\nEND:VEVENT\n".repeat(MOST_COMPONENTS + 1));
    assert_eq!(taken(many.as_bytes(), &asked()), Err(Refused::TooMuch));
    let wide = format!("BEGIN:VCALENDAR\n{}END:VCALENDAR", "X-A:1\n".repeat(MOST_PROPERTIES + 1));
    assert_eq!(taken(wide.as_bytes(), &asked()), Err(Refused::TooMuch));
    let bomb = |rule: &str| event(&format!("DTSTART:19700101T000000Z\nDURATION:PT1S\nRRULE:{rule}"));
    let bombs: String =
        ["FREQ=SECONDLY", "FREQ=MINUTELY;COUNT=20000;BYMONTH=2;BYMONTHDAY=30", "FREQ=DAILY;COUNT=20000"]
            .iter()
            .cycle()
            .take(900)
            .enumerate()
            .map(|(n, rule)| bomb(rule).replace("UID:1", &format!("UID:{n}")) + "\n")
            .collect();
    assert!(read(&bombs).unread > 800);
    let dates = ",20261124".repeat(100_000);
    let _ = read(&event(&format!(
        "DTSTART:20261124T090000Z\nDURATION:PT1S\nRRULE:FREQ=DAILY\nEXDATE:20261124{dates}"
    )));
}

proptest! {
    #[test]
    fn no_bytes_make_it_panic(lines in prop::collection::vec(prop::sample::select(vec![
        "BEGIN:VEVENT", "END:VEVENT", "BEGIN:VFREEBUSY", "END:VFREEBUSY", "BEGIN:VAVAILABILITY", "END:VAVAILABILITY",
        "BEGIN:AVAILABLE", "END:AVAILABLE", "BEGIN:VTIMEZONE", "END:VTIMEZONE", "BEGIN:STANDARD", "END:STANDARD",
        "UID:1", "DTSTART:20261124T090000Z", "DTSTART;VALUE=DATE:24001231", "DTSTART:16000101T000000", "DTSTART;TZID=Z:20270101T000000",
        "DTEND:24001231T235959Z", "DURATION:P36525D", "DURATION:PT1H", "RRULE:FREQ=DAILY", "RRULE:FREQ=YEARLY;COUNT=20000",
        "RECURRENCE-ID;RANGE=THISANDFUTURE:20261124T090000Z", "RECURRENCE-ID:20261125", "EXDATE:20261124", "RDATE:24001231",
        "RDATE;VALUE=PERIOD:24001231T000000Z/P36525D", "FREEBUSY:16000101T000000Z/24001231T000000Z", "TZID:Z", "TZOFFSETFROM:+2359",
        "TZOFFSETTO:-2359", "PRIORITY:3", "TRANSP:TRANSPARENT", "SEQUENCE:99999999999",
    ]), 0..24)) {
        let _ = taken(format!("BEGIN:VCALENDAR\n{}\nEND:VCALENDAR", lines.join("\n")).as_bytes(), &asked());
    }
}
