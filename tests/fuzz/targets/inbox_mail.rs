//! A mail of a stranger: read without a panic, and taken for nothing that it is not.
#![no_main]

use libfuzzer_sys::fuzz_target;
use schakel_domain::inbox;

fuzz_target!(|octets: &[u8]| {
    let head = inbox::head(octets, "schakel.example");
    if let Ok(mail) = inbox::read(octets, "schakel.example") {
        assert_eq!((&mail.from, &mail.tags), (&head.from, &head.tags));
        let _ = inbox::content(&mail);
        let author = mail.author().unwrap_or_default();
        if inbox::authenticated(&mail.results, "mx.own.example", author) {
            assert!(mail.results.iter().any(|result| result.to_ascii_lowercase().contains("pass")));
        }
    }
});
