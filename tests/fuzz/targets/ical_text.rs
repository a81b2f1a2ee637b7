//! A text of a person stays one value of one property, and means what it meant.

#![no_main]

use libfuzzer_sys::fuzz_target;
use schakel_domain::ical::{Line, Value, read::calendar};

fuzz_target!(|text: &str| {
    let mut written = String::from("BEGIN:VCALENDAR\r\n");
    Line::new("SUMMARY", Value::text(text)).param("CN", text).param("X-NEXT", "last").write(&mut written);
    written.push_str("END:VCALENDAR\r\n");
    if written.len() > 1 << 20 {
        return;
    }
    let unix = text.replace("\r\n", "\n").replace('\r', "\n");
    let meant: String = unix.chars().filter(|&c| c == '\n' || c == '\t' || !c.is_control()).collect();
    let read = calendar(written.as_bytes()).expect("it was written by us");
    let [line] = read.properties.as_slice() else { panic!("{read:?}") };
    assert!(read.components.is_empty());
    assert_eq!(line.value().to_text(), meant);
    assert_eq!(line.params().len(), 2);
    assert_eq!((line.param_value("CN"), line.param_value("X-NEXT")), (Some(meant.as_str()), Some("last")));
});
