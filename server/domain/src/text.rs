//! Checked texts: they exist only if they are safe to store, show and mail.

use std::{fmt, str::FromStr};

use crate::{dutch::bsn, refusal::Refusal};

/// Combining marks in a row beyond this are an attack, not a name.
const MARKS_IN_A_ROW: usize = 4;

fn is_mark(c: char) -> bool {
    matches!(c, '\u{300}'..='\u{36f}' | '\u{483}'..='\u{489}' | '\u{591}'..='\u{5bd}' | '\u{610}'..='\u{61a}'
        | '\u{64b}'..='\u{65f}' | '\u{1ab0}'..='\u{1aff}' | '\u{1dc0}'..='\u{1dff}' | '\u{20d0}'..='\u{20ff}'
        | '\u{fe20}'..='\u{fe2f}')
}

/// Characters that steer a terminal, a mail header or the direction of text.
fn is_control(c: char) -> bool {
    c.is_control()
        || matches!(c, '\u{2028}' | '\u{2029}' | '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}'
            | '\u{2066}'..='\u{2069}' | '\u{feff}' | '\u{fff9}'..='\u{fffb}')
}

fn check(text: &str, longest: usize, lines: bool) -> Result<(), Refusal> {
    if text.chars().count() > longest {
        return Err(Refusal::TextTooLong);
    }
    let mut marks = 0;
    let mut rest = text.chars().peekable();
    while let Some(c) = rest.next() {
        let newline = lines && (c == '\n' || c == '\t' || (c == '\r' && rest.peek() == Some(&'\n')));
        if is_control(c) && !newline {
            return Err(Refusal::TextControlChars);
        }
        marks = if is_mark(c) { marks + 1 } else { 0 };
        if marks > MARKS_IN_A_ROW {
            return Err(Refusal::TextTooLong);
        }
    }
    if bsn::found_in(text) {
        return Err(Refusal::BsnRefused);
    }
    Ok(())
}

macro_rules! text {
    ($($(#[$doc:meta])* $name:ident: $longest:literal, lines: $lines:literal;)*) => {$(
        $(#[$doc])*
        #[derive(Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
        pub struct $name(String);

        impl $name {
            /// The text as it was given, without surrounding white space.
            #[must_use]
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl FromStr for $name {
            type Err = Refusal;

            fn from_str(text: &str) -> Result<Self, Refusal> {
                let text = text.trim();
                if text.is_empty() {
                    return Err(Refusal::FieldRequired);
                }
                check(text, $longest, $lines)?;
                Ok(Self(text.to_owned()))
            }
        }

        impl fmt::Debug for $name {
            /// Never the text: it may be about a child.
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                write!(f, concat!(stringify!($name), "({} bytes)"), self.0.len())
            }
        }
    )*};
}

text! {
    /// One line of at most 200 characters: a name, a title, an address line.
    Name: 200, lines: false;
    /// At most 4,000 characters with line ends: a note, a reason, an agreement.
    FreeText: 4000, lines: true;
}

/// Whether there is a number in it that somebody can call: at least three digits, as 112 has, with whatever people
/// write between and beside them.
#[must_use]
pub fn is_phone(text: &str) -> bool {
    text.bytes().filter(u8::is_ascii_digit).count() >= 3
}

/// An address that one SMTP recipient can be: ASCII, no quoted local part, no
/// address literal. The domain is kept in lower case.
#[derive(Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct EmailAddress(String);

impl EmailAddress {
    /// `local@domain`.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for EmailAddress {
    /// Never the address.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("EmailAddress(..)")
    }
}

impl FromStr for EmailAddress {
    type Err = Refusal;

    /// RFC 5321 §4.1.2, the dot-string form only; 64 and 255 octets at most (§4.5.3.1).
    fn from_str(text: &str) -> Result<Self, Refusal> {
        let (local, domain) = text.rsplit_once('@').ok_or(Refusal::EmailInvalid)?;
        let atom = |part: &str| {
            !part.is_empty()
                && part.bytes().all(|b| b.is_ascii_alphanumeric() || b"!#$%&'*+-/=?^_`{|}~".contains(&b))
        };
        let label = |part: &str| {
            (1..=63).contains(&part.len())
                && !part.starts_with('-')
                && !part.ends_with('-')
                && part.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-')
        };
        let known = local.len() <= 64
            && local.split('.').all(atom)
            && domain.len() <= 255
            && domain.contains('.')
            && domain.split('.').all(label);
        if !known {
            return Err(Refusal::EmailInvalid);
        }
        Ok(Self(format!("{local}@{}", domain.to_ascii_lowercase())))
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn a_telephone_number_is_digits_and_what_people_write_between_them() {
        for number in [
            "06 0000 0000 (oma)",
            "06 0000 0000 / 077 000 00 02",
            "+31 6 0000 0000",
            "088-9902999",
            "(077) 000.00.02",
            "112",
        ] {
            assert!(is_phone(number), "{number}");
        }
        for other in ["abc", "06 abc", "", "+", "12", "٠٦١٢٣٤"] {
            assert!(!is_phone(other), "{other}");
        }
    }

    #[test]
    fn hostile_texts_are_refused_with_their_reason() {
        let marks = format!("e{}", "\u{301}".repeat(100_000));
        for (text, refusal) in [
            ("", Refusal::FieldRequired),
            ("  ", Refusal::FieldRequired),
            ("a\0b", Refusal::TextControlChars),
            ("a\u{202e}b", Refusal::TextControlChars),
            ("a\rb", Refusal::TextControlChars),
            ("a\nb", Refusal::TextControlChars),
            ("a\r\nBcc: x@y.nl", Refusal::TextControlChars),
            (&marks, Refusal::TextTooLong),
            ("e\u{301}\u{301}\u{301}\u{301}\u{301}", Refusal::TextTooLong),
            ("zie 111222333", Refusal::BsnRefused),
        ] {
            assert_eq!(text.parse::<Name>(), Err(refusal), "{text:.20}");
        }
    }

    #[test]
    fn odd_but_honest_texts_are_kept_exactly() {
        for text in
            ["'; DROP TABLE cases;--", "%_\\", "👩‍👧 overleg", "O'Brien-van 't Hof", "Zoë Müller", "日本語"]
        {
            assert_eq!(text.parse::<Name>().unwrap().as_str(), text);
        }
        assert_eq!("een\r\ntwee\n".parse::<FreeText>().unwrap().as_str(), "een\r\ntwee");
    }

    #[test]
    fn addresses_that_could_carry_a_second_recipient_are_refused() {
        for text in [
            "a@b\r\nBcc: x@y.nl",
            "\"a b\"@x.nl",
            "a@[127.0.0.1]",
            &format!("{}@x.nl", "a".repeat(255)),
            "a@b",
            "a b@x.nl",
            "a..b@x.nl",
            ".a@x.nl",
            "a@x.nl, b@x.nl",
            "a@-x.nl",
            "",
            "@x.nl",
            "\"a\" <x@y.nl>",
        ] {
            assert_eq!(text.parse::<EmailAddress>(), Err(Refusal::EmailInvalid), "{text}");
        }
        assert_eq!("ib+1@School.Example".parse::<EmailAddress>().unwrap().as_str(), "ib+1@school.example");
    }

    proptest! {
        #[test]
        fn an_accepted_name_has_no_control_character(text in "\\PC{0,40}|.{0,40}") {
            if let Ok(name) = text.parse::<Name>() {
                prop_assert!(!name.as_str().chars().any(char::is_control));
            }
        }
    }
}
