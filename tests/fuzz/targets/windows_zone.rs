//! A zone has any name; the time on its clock is never more than a day from that of UTC.

#![no_main]

use chrono::{DateTime, TimeDelta, Utc};
use libfuzzer_sys::fuzz_target;
use schakel_domain::ical::{Line, Value, inbound};

fuzz_target!(|zone: &str| {
    let mut text = String::from("BEGIN:VCALENDAR\nMETHOD:COUNTER\nBEGIN:VEVENT\nUID:1\nDURATION:PT1H\n");
    Line::new("DTSTART", Value::raw("20261124T100000")).param("TZID", zone).write(&mut text);
    text.push_str("END:VEVENT\nEND:VCALENDAR\n");
    if let Ok(said) = inbound(text.as_bytes()) {
        let shown: DateTime<Utc> = "2026-11-24T10:00:00Z".parse().expect("an instant");
        let start = said.proposed.expect("a counter proposes").start();
        assert!((start - shown).abs() <= TimeDelta::hours(15));
    }
});
