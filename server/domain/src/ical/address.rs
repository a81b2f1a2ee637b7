//! Addresses of attendees as others write them, and when two of them are one.

use super::line::Line;

/// The address of an `ATTENDEE` or `ORGANIZER`: what its `mailto:` holds or, where the value
/// is something else, its `EMAIL` (RFC 7986 §6.2).
pub(super) fn of(line: &Line) -> String {
    let value = line.value().as_raw();
    match (scheme(value), line.param_value("EMAIL")) {
        (None, Some(email)) => address(email),
        (Some(_) | None, _) => address(value),
    }
}

/// Whether two spellings mean one mailbox: `mailto:` and percent signs are the form of a URI
/// (RFC 6068 §2), and ASCII case tells no two mailboxes apart. Characters beyond ASCII must
/// be the same, because lower case is not everywhere the same for them.
#[must_use]
pub fn same_address(one: &str, other: &str) -> bool {
    address(one) == address(other)
}

/// The address without the form of a URI, in lower case.
pub(super) fn address(written: &str) -> String {
    let written = written.trim();
    let mut address = match scheme(written) {
        // What follows a question mark are fields of a mail to be made.
        Some(rest) => decoded(rest.split('?').next().unwrap_or_default()),
        None => written.to_owned(),
    };
    address.make_ascii_lowercase();
    address
}

fn scheme(written: &str) -> Option<&str> {
    let (scheme, rest) = written.trim().split_at_checked("mailto:".len())?;
    scheme.eq_ignore_ascii_case("mailto:").then_some(rest.trim())
}

/// Percent signs undone; as it stands if that gives no UTF-8.
fn decoded(text: &str) -> String {
    let mut octets = Vec::with_capacity(text.len());
    let mut rest = text.as_bytes().iter();
    while let Some(&octet) = rest.next() {
        let pair = rest.as_slice().get(..2).filter(|_| octet == b'%');
        let digit = |d: u8| char::from(d).to_digit(16);
        match pair.map(|pair| (digit(pair[0]), digit(pair[1]))) {
            Some((Some(high), Some(low))) => {
                octets.extend(u8::try_from(16 * high + low));
                rest.nth(1);
            }
            Some(_) | None => octets.push(octet),
        }
    }
    String::from_utf8(octets).unwrap_or_else(|_| text.to_owned())
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::ical::calendar::mailto;

    #[test]
    fn one_mailbox_has_many_spellings() {
        let zoe = "zoe.smit+1@school.example";
        for same in [
            "mailto:zoe.smit+1@school.example",
            "MAILTO:Zoe.Smit+1@School.Example",
            " mailto: zoe.smit%2B1%40school.example ",
            "mailto:zoe.smit+1@school.example?subject=x",
            "ZOE.SMIT+1@SCHOOL.EXAMPLE",
        ] {
            assert!(same_address(zoe, same), "{same}");
        }
        for other in [
            "",
            "mailto:",
            "zoe.smit@school.example",
            "zoe.smit%2B1@school.example",
            "mailto:zoë@school.example",
        ] {
            assert!(!same_address(zoe, other), "{other}");
        }
        assert!(same_address("mailto:zo%C3%AB@x.nl", "zoë@x.nl"));
        assert!(!same_address("mailto:zo%C3@x.nl", "zo@x.nl"));
        assert!(same_address("mailto:100%zeker%4@x.nl", "100%zeker%4@x.nl"));
        // The Kelvin sign is no K.
        assert!(!same_address("\u{212a}ees@x.nl", "kees@x.nl"));
    }

    proptest! {
        #[test]
        fn what_we_write_means_the_address_that_was_written(address in "[!-~é日]{1,30}@[a-z.]{1,9}") {
            prop_assume!(scheme(&address).is_none());
            prop_assert!(same_address(mailto(&address).as_raw(), &address));
        }

        #[test]
        fn no_text_makes_it_panic(text in "(?s)(mailto:)?[%0-9a-zé]{0,20}.{0,10}") {
            prop_assert!(same_address(&text, &text));
        }
    }
}
