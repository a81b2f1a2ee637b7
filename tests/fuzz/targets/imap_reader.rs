//! What a mail server says, cut anywhere: read without a panic, and the same however it is cut.
#![no_main]

use libfuzzer_sys::fuzz_target;
use schakel_domain::imap::{Broken, Reader, Response};

fn heard(octets: &[u8], cut: usize) -> (Vec<Response>, Option<Broken>) {
    let mut reader = Reader::new(4_096);
    let mut all = Vec::new();
    for piece in octets.chunks(cut) {
        reader.take(piece);
        loop {
            match reader.response() {
                Ok(Some(response)) => all.push(response),
                Ok(None) => break,
                Err(broken) => return (all, Some(broken)),
            }
        }
    }
    (all, None)
}

fuzz_target!(|octets: &[u8]| {
    let Some((&cut, octets)) = octets.split_first() else { return };
    assert_eq!(heard(octets, usize::from(cut).max(1)), heard(octets, octets.len().max(1)));
});
