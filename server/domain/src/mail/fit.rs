//! Which bytes may be handed to a relay.

/// The longest line without its end, in octets (RFC 5322 §2.1.1).
const LONGEST: usize = 998;

/// The bytes could become something else on their way.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("a message is lines of at most 998 octets that end in CRLF")]
pub struct Unfit;

/// Whether the bytes are lines that end in CRLF only, none longer than 998 octets. A relay's
/// client stuffs dots after CRLF only, so that a bare CR or LF could begin a command of its own.
///
/// # Errors
/// [`Unfit`] when they are not.
pub fn fit(message: &[u8]) -> Result<(), Unfit> {
    let mut length = 0;
    let mut previous = 0;
    for &byte in message {
        match (previous, byte) {
            (b'\r', b'\n') => length = 0,
            (b'\r', _) | (_, b'\n' | 0) => return Err(Unfit),
            (_, b'\r') => {}
            _ => length += 1,
        }
        if length > LONGEST {
            return Err(Unfit);
        }
        previous = byte;
    }
    if message.ends_with(b"\r\n") { Ok(()) } else { Err(Unfit) }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn bytes_that_could_smuggle_a_command_are_not_sent() {
        assert_eq!(fit(b"Subject: a\r\n\r\n.\r\nb\r\n"), Ok(()));
        for bad in [&b"a\n.\nMAIL FROM:<x>\r\n"[..], b"a\rb\r\n", b"a", b"a\0\r\n", b"a\r\n\n\r\n", b""] {
            assert_eq!(fit(bad), Err(Unfit), "{bad:?}");
        }
        assert_eq!(fit(&[vec![b'x'; 998], b"\r\n".to_vec()].concat()), Ok(()));
        assert_eq!(fit(&[vec![b'x'; 999], b"\r\n".to_vec()].concat()), Err(Unfit));
    }

    proptest! {
        #[test]
        fn what_is_fit_has_no_end_of_a_line_but_crlf(message in "[a.\r\n\0]{0,30}") {
            if fit(message.as_bytes()).is_ok() {
                let rest = message.replace("\r\n", "");
                prop_assert!(!rest.contains(['\r', '\n', '\0']));
            }
        }
    }
}
