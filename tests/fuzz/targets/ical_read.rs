//! What is read and written reads as the same again, in lines that any reader takes.

#![no_main]

use libfuzzer_sys::fuzz_target;
use schakel_domain::ical::{Limits, calendars_within, line::LINE_OCTETS, read::calendars};

fuzz_target!(|bytes: &[u8]| {
    let Ok(read) = calendars(bytes) else { return };
    let mut written = String::new();
    for calendar in &read {
        calendar.write(&mut written);
    }
    assert!(written.lines().all(|line| line.len() <= LINE_OCTETS));
    assert!(!written.replace("\r\n", "").contains(|c: char| c.is_control() && c != '\t'));
    assert_eq!(calendars_within(written.as_bytes(), &Limits::OWN).as_ref(), Ok(&read));
});
