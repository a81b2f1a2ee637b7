//! Whatever a mail answers, what is taken of it is whole.

#![no_main]

use libfuzzer_sys::fuzz_target;
use schakel_domain::ical::{InMethod, inbound, same_address};

fuzz_target!(|bytes: &[u8]| {
    let Ok(said) = inbound(bytes) else { return };
    assert!(!said.uid.trim().is_empty());
    assert_eq!(said.method == InMethod::Counter, said.proposed.is_some());
    for attendee in &said.attendees {
        assert!(same_address(&attendee.address, &attendee.address.to_ascii_uppercase()));
    }
});
