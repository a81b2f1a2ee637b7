//! What the reader keeps, and what it refuses by line.

use proptest::prelude::*;

use super::*;

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
    for value in ["", " ", " x ", "x\u{a0}", ":x", "::", "x\t", "\u{3000}x\u{3000}", ";a=b:c", "x\ry"] {
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
            ("CN".to_owned(), vec!["a\"b^n\n,;:^x".to_owned()]),
            ("M".to_owned(), vec!["a".to_owned(), "b".to_owned(), String::new()])
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
    assert_eq!(calendar(&vec![b'A'; MOST_OCTETS + 1]), Err(ReadError::TooLarge));
    assert_eq!(calendar("A:1\n".repeat(MOST_LINES + 1).as_bytes()), Err(ReadError::TooManyLines));
    let nested = format!("BEGIN:VCALENDAR\n{}", "BEGIN:X\n".repeat(DEEPEST));
    assert_eq!(calendar(nested.as_bytes()), Err(ReadError::TooDeep { line: DEEPEST + 1 }));
}

/// A line of parameters only, as long as a calendar may be, would take `ical` minutes.
#[test]
fn a_line_of_nothing_but_parameters_is_refused_at_once() {
    let params = ";A=b".repeat(200_000);
    assert_eq!(one(&format!("X{params}:v")), Err(ReadError::NotALine { line: 2 }));
    assert_eq!(one(&format!("X:{params}")).unwrap().value().as_raw(), params);
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
}
