//! Proof that no text of a person can become a property, a parameter or a component.

use proptest::prelude::*;

use super::{
    calendar::{
        message,
        tests::{asked, meeting, somebody},
    },
    component::Component,
    event::{Message, Method},
    line::{LINE_OCTETS, Line, Value},
    read,
};

fn hostile() -> Vec<String> {
    vec![
        "A;B,C\nEND:VEVENT\r\nBEGIN:VEVENT".into(),
        "👩‍👧".repeat(300),
        "x\";ROLE=CHAIR".into(),
        String::new(),
        "Élise".into(),
        "日本語".into(),
        "\\n\\".into(),
        "^'^n^^^".into(),
        "::;,=\"\\".into(),
        " \t ".into(),
        "a\u{2028}b\u{85}c".into(),
    ]
}

/// What of a text can be written at all: see [`Value::text`].
fn writable(text: &str) -> String {
    super::line::plain(text).into_owned()
}

fn reread(line: &Line) -> Component {
    let mut out = String::from("BEGIN:VCALENDAR\r\n");
    line.write(&mut out);
    out.push_str("END:VCALENDAR\r\n");
    assert!(out.split("\r\n").all(|physical| physical.len() <= LINE_OCTETS));
    read::calendar(out.as_bytes()).unwrap()
}

fn survives(text: &str) {
    let line = Line::new("SUMMARY", Value::text(text)).param("CN", text).param("X-NEXT", "last");
    let calendar = reread(&line);
    assert_eq!((calendar.properties.len(), calendar.components.len()), (1, 0));
    let read = &calendar.properties[0];
    assert_eq!(read.value().to_text(), writable(text));
    assert_eq!(read.params().len(), 2);
    assert_eq!(read.param_value("CN"), Some(writable(text).as_str()));
    assert_eq!(read.param_value("X-NEXT"), Some("last"));
}

fn shape(component: &Component) -> Vec<String> {
    let lines = component.properties.iter().map(|line| line.name().to_owned());
    lines.chain(component.components.iter().flat_map(shape)).collect()
}

fn with_texts(text: &str) -> Component {
    let mut event = meeting();
    event.summary = format!("x{text}");
    event.description = format!("x{text}");
    event.location = format!("x{text}");
    event.url = Some(text.to_owned());
    event.uid = text.to_owned();
    let organizer = somebody("Overleg", "overleg@planner.example.nl");
    let attendee = asked(somebody("x\";ROLE=CHAIR", "zoe@school.example"));
    let written = message(&Message {
        method: Method::Request,
        dtstamp: event.created,
        organizer: &organizer,
        attendee: &attendee,
        event: &event,
    });
    assert!(written.split("\r\n").all(|physical| physical.len() <= LINE_OCTETS));
    read::calendar(written.as_bytes()).unwrap()
}

#[test]
fn hostile_texts_come_back_as_they_were() {
    for text in hostile() {
        survives(&text);
    }
}

#[test]
fn hostile_texts_do_not_change_the_shape_of_a_message() {
    let plain = shape(&with_texts("x"));
    for text in hostile() {
        let calendar = with_texts(&text);
        assert_eq!(shape(&calendar), plain);
        let event = calendar.named("VEVENT").next().unwrap();
        assert_eq!(event.property("SUMMARY").unwrap().value().to_text(), writable(&format!("x{text}")));
        assert_eq!(event.property("ATTENDEE").unwrap().param_value("ROLE"), Some("REQ-PARTICIPANT"));
    }
}

proptest! {
    #[test]
    fn every_text_comes_back_as_it_was(text in "(?s).{0,120}") {
        survives(&text);
    }

    #[test]
    fn a_text_without_control_characters_loses_nothing(text in "[\\PC\n\t]{0,120}") {
        prop_assert_eq!(writable(&text), text);
    }

    #[test]
    fn the_shape_of_a_message_is_constant(text in "(?s)[\r\n \t:;,A-C\"\\\\^é]{0,40}|(?s).{0,60}") {
        prop_assert_eq!(shape(&with_texts(&text)), shape(&with_texts("x")));
    }
}
