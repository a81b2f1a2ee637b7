//! What is said to a server, so that no value becomes a command.

/// The longest word that fits in a line.
const LONGEST: usize = 512;

/// `text` as a quoted string, if it can be one: ASCII that is seen, of usual length.
#[must_use]
pub fn quoted(text: &str) -> Option<String> {
    let seen = text.bytes().all(|octet| (b' '..=b'~').contains(&octet));
    if !seen || text.len() > LONGEST {
        return None;
    }
    Some(format!("\"{}\"", text.replace('\\', "\\\\").replace('"', "\\\"")))
}

/// What `AUTHENTICATE PLAIN` sends, before base64 (RFC 4616); a NUL would end a name early.
#[must_use]
pub fn plain(username: &str, password: &str) -> Option<Vec<u8>> {
    let sound = !username.is_empty() && !username.contains('\0') && !password.contains('\0');
    sound.then(|| format!("\0{username}\0{password}").into_bytes())
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn only_what_is_seen_is_quoted() {
        assert_eq!(quoted("Schakel-apart").as_deref(), Some("\"Schakel-apart\""));
        assert_eq!(quoted("a\"b\\c").as_deref(), Some("\"a\\\"b\\\\c\""));
        for text in ["a\r\nb LOGOUT", "a\0", "é", &"a".repeat(513)] {
            assert_eq!(quoted(text), None, "{text}");
        }
        assert_eq!(plain("u", "p w").as_deref(), Some(&b"\0u\0p w"[..]));
        assert_eq!(plain("u\0x", "p"), None);
        assert_eq!(plain("", "p"), None);
    }

    proptest! {
        #[test]
        fn a_quoted_word_ends_where_it_should(text in "\\PC{0,30}") {
            if let Some(word) = quoted(&text) {
                let mut inside = word[1..word.len() - 1].chars();
                let mut back = String::new();
                while let Some(c) = inside.next() {
                    prop_assert_ne!(c, '"');
                    back.extend(if c == '\\' { inside.next() } else { Some(c) });
                }
                prop_assert_eq!(back, text);
            }
        }
    }
}
