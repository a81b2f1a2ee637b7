//! A mail taken apart (RFC 2045, RFC 2046): its head, and the parts that are no containers.
//!
//! What stands in a head, and how a part is written, is read by `mail-parser`. The tree is walked here,
//! because a mail within a mail is never looked into, and because depth, number and octets have bounds.

use mail_parser::{HeaderName, Message, MessageParser};

/// Octets of a mail that are read at most.
pub const MOST_OCTETS: usize = 5 << 20;
/// Octets of the head of a mail or a part.
const MOST_HEAD: usize = 256 << 10;
/// Parts, containers included.
const MOST_PARTS: usize = 100;
/// Containers inside one another.
const DEEPEST: usize = 8;
/// Kinds of parts whose content is read: none that holds another mail.
const READ: [&str; 5] =
    ["text/plain", "text/html", "text/calendar", "application/ics", "message/delivery-status"];

/// The mail is larger, deeper or of more parts than is read, or no mail.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("a mail is larger than is read, or none")]
pub struct TooMuch;

/// A part that holds no others.
pub(super) struct Part<'x> {
    /// In lower case, such as `text/calendar`.
    pub(super) kind: String,
    head_and_body: &'x [u8],
    head: &'x [u8],
    body: &'x [u8],
}

impl Part<'_> {
    /// Its content, as it was before it was written for mail: text in UTF-8.
    pub(super) fn content(&self, parser: &MessageParser) -> Vec<u8> {
        if !READ.contains(&self.kind.as_str()) {
            return Vec::new();
        }
        if self.head.is_empty() {
            return self.body.to_vec();
        }
        let parsed = parser.parse(self.head_and_body);
        parsed.map(|parsed| parsed.root_part().contents().to_vec()).unwrap_or_default()
    }
}

/// A mail: its head, and its parts in order.
pub(super) struct Parts<'x> {
    pub(super) head: Message<'x>,
    pub(super) kind: String,
    pub(super) leaves: Vec<Part<'x>>,
}

/// Takes `raw` apart.
pub(super) fn parts<'x>(parser: &MessageParser, raw: &'x [u8]) -> Result<Parts<'x>, TooMuch> {
    if raw.len() > MOST_OCTETS {
        return Err(TooMuch);
    }
    let head = split(raw).0;
    if head.len() > MOST_HEAD {
        return Err(TooMuch);
    }
    let parsed = parser.parse_headers(head).ok_or(TooMuch)?;
    let mut walk = Walk { parser, leaves: Vec::new(), seen: 0 };
    walk.part(raw, 0)?;
    Ok(Parts { kind: kind(&parsed).0, head: parsed, leaves: walk.leaves })
}

/// As much of the head of `raw` as is read.
pub(super) fn head(raw: &[u8]) -> &[u8] {
    let head = split(raw).0;
    &head[..head.len().min(MOST_HEAD)]
}

struct Walk<'p, 'x> {
    parser: &'p MessageParser,
    leaves: Vec<Part<'x>>,
    seen: usize,
}

impl<'x> Walk<'_, 'x> {
    fn part(&mut self, raw: &'x [u8], depth: usize) -> Result<(), TooMuch> {
        self.seen += 1;
        let (head, body) = split(raw);
        if self.seen > MOST_PARTS || depth > DEEPEST || head.len() > MOST_HEAD {
            return Err(TooMuch);
        }
        let (kind, boundary) = self
            .parser
            .parse_headers(head)
            .map_or_else(|| ("text/plain".to_owned(), None), |head| kind(&head));
        if !kind.starts_with("multipart/") {
            self.leaves.push(Part { kind, head_and_body: raw, head, body });
            return Ok(());
        }
        // A container that does not say where its parts end holds nothing that can be told.
        let Some(boundary) = boundary.filter(|boundary| !boundary.is_empty()) else { return Err(TooMuch) };
        for piece in pieces(body, boundary.as_bytes(), MOST_PARTS - self.seen) {
            self.part(piece, depth + 1)?;
        }
        Ok(())
    }
}

/// The kind of a part and its boundary. Of two kinds nobody knows which is meant: it is none.
fn kind(head: &Message) -> (String, Option<String>) {
    let mut kinds = head.header_values(HeaderName::ContentType);
    match (kinds.next(), kinds.next()) {
        (None, _) => ("text/plain".to_owned(), None),
        (Some(_), Some(_)) => ("application/octet-stream".to_owned(), None),
        (Some(one), None) => match one.as_content_type() {
            None => ("application/octet-stream".to_owned(), None),
            Some(one) => {
                let kind = format!("{}/{}", one.ctype(), one.subtype().unwrap_or_default());
                (kind.to_ascii_lowercase(), one.attribute("boundary").map(str::to_owned))
            }
        },
    }
}

/// The head with its last line's end, and what follows the empty line.
fn split(raw: &[u8]) -> (&[u8], &[u8]) {
    let mut from = 0;
    while let Some(at) = raw[from..].iter().position(|octet| *octet == b'\n') {
        let end = from + at + 1;
        let line = &raw[from..end];
        if line == b"\n" || line == b"\r\n" {
            return (&raw[..from], &raw[end..]);
        }
        from = end;
    }
    (raw, &[])
}

/// What stands between lines of `boundary`; one more than `most`, to know that there are too many.
fn pieces<'x>(body: &'x [u8], boundary: &[u8], most: usize) -> Vec<&'x [u8]> {
    let mut found = Vec::new();
    let mut begin = None;
    let mut from = 0;
    while from < body.len() && found.len() <= most {
        let end =
            body[from..].iter().position(|octet| *octet == b'\n').map_or(body.len(), |at| from + at + 1);
        let line = body[from..end].trim_ascii_end();
        let after = line.strip_prefix(b"--").and_then(|line| line.strip_prefix(boundary));
        if let Some(after) = after.filter(|after| after.is_empty() || *after == b"--") {
            if let Some(begin) = begin {
                found.push(without_end(&body[begin..from.max(begin)]));
            }
            if !after.is_empty() {
                return found;
            }
            begin = Some(end);
        }
        from = end;
    }
    // Cut short on its way: what is there is read.
    found.extend(begin.map(|begin| &body[begin..]));
    found
}

/// The end of a line before a boundary belongs to that.
fn without_end(piece: &[u8]) -> &[u8] {
    let piece = piece.strip_suffix(b"\n").unwrap_or(piece);
    piece.strip_suffix(b"\r").unwrap_or(piece)
}

#[cfg(test)]
mod tests {
    use std::fmt::Write;

    use proptest::prelude::*;

    use super::*;

    fn kinds(raw: &[u8]) -> Result<Vec<(String, String)>, TooMuch> {
        let parser = MessageParser::default();
        let parts = parts(&parser, raw)?;
        let content = |part: &Part| String::from_utf8(part.content(&parser)).unwrap();
        Ok(parts.leaves.iter().map(|part| (part.kind.clone(), content(part))).collect())
    }

    fn pair(kind: &str, content: &str) -> (String, String) {
        (kind.to_owned(), content.to_owned())
    }

    #[test]
    fn a_tree_becomes_its_leaves() {
        let raw = "From: a@x.nl\r\nContent-Type: multipart/mixed; boundary=\"A b\"\r\n\r\npreamble\r\n--A b \r\n\
            Content-Type: Multipart/Alternative; boundary=B\r\n\r\n--B\r\n\r\nhallo\r\n--B\r\n\
            Content-Type: text/calendar; charset=iso-8859-1; method=REPLY\r\n\
            Content-Transfer-Encoding: quoted-printable\r\n\r\nBEGIN=3A=E9\r\n--B--\r\n--A b\r\n\
            Content-Type: application/ics\r\nContent-Transfer-Encoding: base64\r\n\r\naGk=\r\n--A b--\r\nepilogue";
        let expected =
            [pair("text/plain", "hallo"), pair("text/calendar", "BEGIN:é"), pair("application/ics", "hi")];
        assert_eq!(kinds(raw.as_bytes()).unwrap(), expected);
        assert_eq!(kinds(raw.replace("\r\n", "\n").as_bytes()).unwrap(), expected);
        // Without its last lines it is read as far as it goes.
        let cut = &raw.as_bytes()[..raw.find("\r\n--A b--").unwrap()];
        assert_eq!(kinds(cut).unwrap(), expected);
    }

    #[test]
    fn a_mail_in_a_mail_is_not_looked_into() {
        let inner = "From: b@x.nl\r\nContent-Type: text/calendar\r\n\r\nBEGIN:VCALENDAR";
        let raw = format!("From: a@x.nl\r\nContent-Type: message/rfc822\r\n\r\n{inner}");
        let leaves = kinds(raw.as_bytes()).unwrap();
        assert_eq!(leaves.len(), 1);
        assert_eq!(leaves[0].0, "message/rfc822");
        // However deep they are one in another.
        let deep = format!("From: a@x.nl\r\n{}", "Content-Type: message/rfc822\r\n\r\n".repeat(160_000));
        assert!(parts(&MessageParser::default(), deep.as_bytes()).is_ok());
    }

    #[test]
    fn what_has_no_end_is_refused() {
        let mut deep = "From: a@x.nl\r\n".to_owned();
        for level in 0..=DEEPEST + 1 {
            write!(deep, "Content-Type: multipart/mixed; boundary=b{level}\r\n\r\n--b{level}\r\n").unwrap();
        }
        let many =
            format!("Content-Type: multipart/mixed; boundary=b\r\n\r\n{}", "--b\r\n\r\nx\r\n".repeat(200));
        let head = format!("Subject: {}\r\n\r\nx", "a".repeat(MOST_HEAD));
        let large = format!("From: a@x.nl\r\n\r\n{}", "a".repeat(MOST_OCTETS));
        for raw in [&deep, &many, &head, &large, "", "\r\n\r\n", "Content-Type: multipart/mixed\r\n\r\nx"] {
            assert_eq!(kinds(raw.as_bytes()), Err(TooMuch), "{raw:.60}");
        }
    }

    #[test]
    fn a_part_that_is_said_to_be_two_things_is_neither() {
        let raw = "From: a@x.nl\r\nContent-Type: text/calendar\r\nContent-Type: text/plain\r\n\r\nx";
        assert_eq!(kinds(raw.as_bytes()).unwrap()[0].0, "application/octet-stream");
    }

    proptest! {
        #[test]
        fn no_octets_make_it_panic(octets in proptest::collection::vec(any::<u8>(), 0..400)) {
            let parser = MessageParser::default();
            if let Ok(found) = parts(&parser, &octets) {
                for part in &found.leaves {
                    part.content(&parser);
                }
            }
        }

        #[test]
        fn no_words_of_mail_make_it_panic(words in proptest::collection::vec(proptest::sample::select(vec![
            "From: a@x.nl", "\r\n", "\n", "Content-Type: ", "multipart/mixed; boundary=b", "multipart/digest; boundary=\"b\"",
            "--b", "--b--", "message/rfc822", "text/calendar; charset=utf-7", "; charset*0=utf-8''%zz", " ",
            "Content-Transfer-Encoding: base64", "Content-Transfer-Encoding: quoted-printable", "=?utf-8?B?w6k=?=", "=3D=",
            "\u{e9}", "aGk=", ":", "\"", "(", "<", ">", "\\",
        ]), 0..60)) {
            let raw = words.concat();
            let parser = MessageParser::default();
            if let Ok(found) = parts(&parser, raw.as_bytes()) {
                for part in &found.leaves {
                    part.content(&parser);
                }
            }
        }
    }
}
