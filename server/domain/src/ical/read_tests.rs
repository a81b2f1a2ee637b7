//! What the reader keeps, and what it refuses by line.

use proptest::prelude::*;

use super::{
    super::heads::{LEAST_STEPS, STEPS_PER_OCTET},
    *,
};

fn one(line: &str) -> Result<Line, ReadError> {
    let read = calendar(format!("BEGIN:VCALENDAR\r\n{line}\r\nEND:VCALENDAR\r\n").as_bytes())?;
    assert_eq!((read.properties.len(), read.components.len()), (1, 0));
    Ok(read.properties[0].clone())
}

#[test]
fn unknown_components_stay_whole() {
    let bytes = b"\xef\xbb\xbfbegin:vcalendar\nBEGIN:VEVENT\nUID:1\nBEGIN:X-ODD\nX-A;B=c:d\nEND:X-ODD\nBEGIN:VLOCATION\nNAME:x\nEND:VLOCATION\nEND:VEVENT\nend:vcalendar";
    let read = calendar(bytes).unwrap();
    let event = read.named("VEVENT").next().unwrap();
    assert_eq!(event.components.iter().map(|c| c.name.as_str()).collect::<Vec<_>>(), ["X-ODD", "VLOCATION"]);
    assert_eq!(event.components[0].property("X-A").unwrap().param_value("b"), Some("c"));
}

/// Each of these loses something in the `ical` crate.
#[test]
fn white_space_and_colons_at_the_edges_of_a_value_are_kept() {
    for value in ["", " ", " x ", "x\u{a0}", ":x", "::", "x\t", "\u{3000}x\u{3000}", ";a=b:c"] {
        assert_eq!(one(&format!("SUMMARY:{value}")).unwrap().value().as_raw(), value);
    }
    let folded = one("SUMMARY:Overleg met \r\n school").unwrap();
    assert_eq!(folded.value().as_raw(), "Overleg met school");
}

#[test]
fn parameters_are_decoded_as_rfc_6868_3_1_says() {
    let line = one("x-p;Cn=\"a^'b^^n^n,;:^x\";M=a,\"b\",:v").unwrap();
    assert_eq!(line.name(), "X-P");
    assert_eq!(
        line.params(),
        [
            ("CN".into(), vec!["a\"b^n\n,;:^x".to_owned()]),
            ("M".into(), vec!["a".to_owned(), "b".to_owned(), String::new()])
        ]
    );
    assert_eq!(line.value().as_raw(), "v");
}

#[test]
fn what_the_line_parser_would_lose_is_refused() {
    let ten = (0..10).map(|n| n.to_string()).collect::<Vec<_>>().join(",");
    assert_eq!(one(&format!("A;M={ten}:v")).unwrap().params()[0].1.len(), 10);
    for line in [
        format!("A;M={ten},10:v"),
        "A;;B=c:v".into(),
        "A;B=,,c:v".into(),
        "A;B=\"c\"d:v".into(),
        "A;B=c\"d\":v".into(),
        "A;B=\"c:v".into(),
        "A;b:c=d".into(),
        "A;B:v".into(),
        "A;=c:v".into(),
        "A".into(),
        ":v".into(),
        "A B:v".into(),
        "É:v".into(),
        "BEGIN:".into(),
    ] {
        assert_eq!(one(&line), Err(ReadError::NotALine { line: 2 }), "{line}");
    }
}

#[test]
fn a_broken_tree_is_refused_at_its_line() {
    for (text, error) in [
        ("", ReadError::NotACalendar),
        ("A:1", ReadError::Outside { line: 1 }),
        ("BEGIN:VCALENDAR\nEND:VEVENT", ReadError::WrongEnd { line: 2 }),
        ("END:VCALENDAR", ReadError::WrongEnd { line: 1 }),
        ("BEGIN:VCALENDAR\n\nBEGIN:VEVENT\n", ReadError::Unended { line: 3 }),
        ("BEGIN:VCARD\nEND:VCARD", ReadError::NotACalendar),
        ("BEGIN:VCALENDAR\nEND:VCALENDAR\nBEGIN:VCALENDAR\nEND:VCALENDAR", ReadError::SeveralCalendars),
    ] {
        assert_eq!(calendar(text.as_bytes()), Err(error), "{text}");
    }
    assert_eq!(calendar(b"BEGIN:VCALENDAR\nA:\xff\n"), Err(ReadError::NotUtf8 { line: 2 }));
}

#[test]
fn size_lines_and_depth_are_bounded() {
    let Limits { octets, lines, depth } = Limits::OTHERS;
    assert_eq!(calendar(&vec![b'A'; octets + 1]), Err(ReadError::TooLarge));
    let long = format!("BEGIN:VCALENDAR\n{}END:VCALENDAR", "A:1\n".repeat(lines));
    assert_eq!(calendar(long.as_bytes()), Err(ReadError::TooManyLines));
    let nested = format!("BEGIN:VCALENDAR\n{}", "BEGIN:X\n".repeat(depth));
    assert_eq!(calendar(nested.as_bytes()), Err(ReadError::TooDeep { line: depth + 1 }));
    assert_eq!(calendars_within(long.as_bytes(), &Limits::OWN).unwrap()[0].properties.len(), lines);
}

#[test]
fn characters_that_no_line_can_hold_are_left_out() {
    let line = one("SUM\u{1}MARY;X=\"a\u{7f}\":x\ry\u{85}\tz\u{a0}\0").unwrap();
    assert_eq!((line.name(), line.param_value("X")), ("SUMMARY", Some("a")));
    assert_eq!(line.value().as_raw(), "xy\tz\u{a0}");
}

/// Some programs put a whole page into `ALTREP`.
#[test]
fn a_long_parameter_is_read() {
    let page = format!("data:text/html,{}", "<p>Overleg; met: veel, tekst</p>".repeat(4000));
    let line = one(&format!("DESCRIPTION;ALTREP=\"{page}\":x")).unwrap();
    assert_eq!(line.param_value("ALTREP"), Some(page.as_str()));
}

/// A line of parameters only, as long as a calendar may be, would take `ical` minutes.
#[test]
fn a_line_of_nothing_but_parameters_is_refused_at_once() {
    let params = ";A=b".repeat(200_000);
    assert_eq!(one(&format!("X{params}:v")), Err(ReadError::NotALine { line: 2 }));
    assert_eq!(one(&format!("X:{params}")).unwrap().value().as_raw(), params);
}

/// What it costs to read so many lines of each shape, and whether they are read.
fn costs(shape: fn(usize) -> String, count: usize) -> (usize, usize, bool) {
    let text = format!("BEGIN:VCALENDAR\n{}\nEND:VCALENDAR", shape(count));
    let mut heads = Heads::of(text.len());
    let before = heads.left;
    let read = components(text.as_bytes(), &Limits::OWN, &mut heads).is_ok();
    (text.len(), before - heads.left, read)
}

fn many(count: usize, line: impl Fn(usize) -> String) -> String {
    (0..count).map(line).collect::<Vec<_>>().join("\n")
}

/// Counted in octets that the line parser looks at; all else looks at each octet a fixed
/// number of times.
#[test]
fn twice_the_octets_cost_twice_the_steps_and_no_shape_costs_more() {
    let honest: [fn(usize) -> String; 6] = [
        |n| many(n, |_| "DTSTART;TZID=Europe/Amsterdam:20261124T100000".into()),
        |n| {
            many(n, |n| {
                format!("ATTENDEE;CUTYPE=INDIVIDUAL;ROLE=REQ-PARTICIPANT;RSVP=TRUE;CN=\"a;b:c,d{n:07}\":x")
            })
        },
        |n| many(n, |n| format!("X-{n:07};A=1,2,3,4,5,6,7,8,9,10:x")),
        |n| format!("SUMMARY:{}", "x\n ".repeat(n)),
        |n| format!("SUMMARY;ALTREP=\"{}\":x", ";:,".repeat(n)),
        |n| many(n, |_| "BEGIN:X\nA:b\nEND:X".into()),
    ];
    for shape in honest {
        let (_, once, read) = costs(shape, 8_000);
        let (octets, twice, also) = costs(shape, 16_000);
        assert!(read && also, "{}", shape(1));
        assert!(twice <= 2 * once + once / 4, "{once} {twice} {}", shape(1));
        assert!(twice <= STEPS_PER_OCTET * octets);
    }
    let hostile: [fn(usize) -> String; 4] = [
        |n| format!("X{}:v", ";A=b".repeat(n)),
        |n| many(n / 1000, |at| format!("X{at}{}:v", ";A=b".repeat(1000))),
        |n| format!("X{}:v", ";A=b,c".repeat(n)),
        |n| format!("X;A={}:v", "b,".repeat(n)),
    ];
    for shape in hostile {
        for count in [4_000, 64_000, 512_000] {
            let (octets, steps, read) = costs(shape, count);
            assert!(!read && steps <= STEPS_PER_OCTET * octets + LEAST_STEPS, "{}", shape(1));
        }
    }
}

/// Lines as others write them, and worse; components open and close between them.
fn odd_lines() -> impl Strategy<Value = String> {
    let line = prop_oneof![
        4 => "[A-C]{1,2}(;[X-Z]=(\"[a-c;:,^n' é]{0,6}\"|[a-c^']{0,4})(,[a-c]{0,2}){0,2}){0,3}:(?s).{0,40}",
        1 => "(X-[A-C]|description);altrep=\"[^\"\n]{0,90}\":[^\n]{0,200}",
        1 => Just("BEGIN:X-ODD".to_owned()),
        1 => Just("end:x-odd".to_owned()),
    ];
    proptest::collection::vec(line, 0..8).prop_map(|lines| lines.join("\n"))
}

fn written(components: &[Component]) -> String {
    let mut out = String::new();
    for component in components {
        component.write(&mut out);
    }
    out
}

fn comes_back(bytes: &[u8]) -> Result<bool, TestCaseError> {
    let Ok(read) = calendars(bytes) else { return Ok(false) };
    let text = written(&read);
    prop_assert!(text.lines().all(|line| line.len() <= crate::ical::line::LINE_OCTETS));
    prop_assert!(!text.replace("\r\n", "").contains(|c: char| c.is_control() && c != '\t'));
    prop_assert_eq!(calendars_within(text.as_bytes(), &Limits::OWN), Ok(read));
    Ok(true)
}

#[test]
fn every_component_comes_back_as_it_was_written() {
    let nested = "BEGIN:VCALENDAR\nx-a;B=c,\"d;e\":f\nBEGIN:VEVENT\nSUMMARY:Eén\\n\n  regel\nBEGIN:X-ODD\nA:^n\nEND:X-ODD\nEND:VEVENT\nBEGIN:VLOCATION\nEND:VLOCATION\nEND:VCALENDAR\n";
    let twice = nested.repeat(2);
    let long =
        format!("BEGIN:VCALENDAR\nA;B=\"^'{}\":{}\nEND:VCALENDAR", "^^é".repeat(3000), "日本語".repeat(3000));
    for text in [nested, &twice, &long, "BEGIN:VCALENDAR\r\nA:x\r\r\nEND:VCALENDAR\r\r\n"] {
        assert!(comes_back(text.as_bytes()).unwrap(), "{text}");
    }
}

#[test]
fn ten_thousand_events_are_read() {
    let event = "BEGIN:VEVENT\r\nUID:x@y\r\nDTSTART;TZID=Europe/Amsterdam:20261124T100000\r\nSUMMARY:Overleg\r\nEND:VEVENT\r\n";
    let text = format!("BEGIN:VCALENDAR\r\n{}END:VCALENDAR\r\n", event.repeat(10_000));
    assert_eq!(calendar(text.as_bytes()), Err(ReadError::TooManyLines));
    let read = calendars_within(text.as_bytes(), &Limits::OWN).unwrap();
    assert_eq!(read[0].components.len(), 10_000);
    assert_eq!(written(&read), text);
}

proptest! {
    #[test]
    fn no_bytes_make_it_panic(bytes in proptest::collection::vec(any::<u8>(), 0..300)) {
        let _ = calendars(&bytes);
    }

    #[test]
    fn no_line_makes_it_panic_or_lose_an_octet(line in "[A-C]{1,2}[;:=,\"^ éA]{0,12}\\PC{0,8}") {
        if let Ok(read) = one(&line) {
            prop_assert!(line.ends_with(read.value().as_raw()));
        }
    }

    #[test]
    fn what_is_read_is_written_so_that_it_reads_the_same(lines in odd_lines()) {
        comes_back(format!("BEGIN:VCALENDAR\n{lines}\nEND:VCALENDAR\n").as_bytes())?;
    }
}
