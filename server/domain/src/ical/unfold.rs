//! Octets to logical lines: line ends, byte order mark and folds (RFC 5545 §3.1).

use std::borrow::Cow;

/// One logical line and the number of its first physical line, from 1.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Logical<'a> {
    pub(super) number: usize,
    /// Copied only where a fold was undone.
    pub(super) octets: Cow<'a, [u8]>,
}

/// Joins physical lines before anything is decoded, because a fold may stand inside
/// a UTF-8 sequence (RFC 5545 §3.1). CRLF and bare LF end a line; empty lines are left out.
pub(super) struct Unfold<'a> {
    rest: &'a [u8],
    number: usize,
}

impl<'a> Unfold<'a> {
    pub(super) fn of(bytes: &'a [u8]) -> Self {
        Self { rest: bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes), number: 0 }
    }

    /// The next physical line, without its end.
    fn physical(&mut self) -> Option<&'a [u8]> {
        if self.rest.is_empty() {
            return None;
        }
        let end = self.rest.iter().position(|&b| b == b'\n');
        let (line, rest) = self.rest.split_at(end.unwrap_or(self.rest.len()));
        self.rest = rest.strip_prefix(b"\n").unwrap_or(rest);
        self.number += 1;
        // Some programs end a line twice with CR.
        let end = line.iter().rposition(|&b| b != b'\r').map_or(0, |last| last + 1);
        line.get(..end)
    }
}

impl<'a> Iterator for Unfold<'a> {
    type Item = Logical<'a>;

    fn next(&mut self) -> Option<Logical<'a>> {
        let first = loop {
            let line = self.physical()?;
            if !line.is_empty() {
                break line;
            }
        };
        let mut line = Logical { number: self.number, octets: Cow::Borrowed(first) };
        while let [b' ' | b'\t' | b'\n', ..] | [b'\r', b'\n', ..] | [b'\r'] = self.rest {
            let folded = self.physical().and_then(|physical| physical.get(1..)).unwrap_or_default();
            if !folded.is_empty() {
                line.octets.to_mut().extend_from_slice(folded);
            }
        }
        Some(line)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn texts(bytes: &[u8]) -> Vec<(usize, String)> {
        let text = |line: Logical| (line.number, String::from_utf8(line.octets.into_owned()).unwrap());
        Unfold::of(bytes).map(text).collect()
    }

    #[test]
    fn the_example_of_rfc_5545_3_1_is_one_line() {
        let bytes = b"DESCRIPTION:This is a lo\r\n ng description\r\n  that exists on a long line.\r\n";
        assert_eq!(
            texts(bytes),
            [(1, "DESCRIPTION:This is a long description that exists on a long line.".to_owned())]
        );
    }

    #[test]
    fn a_fold_inside_a_character_is_undone() {
        assert_eq!(
            texts(b"\xef\xbb\xbfA:\xc3\n\t\xa9\nB:x \r\n y"),
            [(1, "A:é".into()), (3, "B:x y".into())]
        );
    }

    #[test]
    fn empty_lines_do_not_end_a_fold() {
        assert_eq!(texts(b"\nA:1\n\n 2\n\r\n \n\t3\r\r\n\r"), [(2, "A:123".into())]);
    }

    #[test]
    fn what_is_not_folded_is_not_copied() {
        let lines: Vec<_> = Unfold::of(b"A:1\r\nB:2\n 3\nC:4").map(|line| line.octets).collect();
        assert!(matches!(lines.as_slice(), [Cow::Borrowed(_), Cow::Owned(_), Cow::Borrowed(_)]));
    }
}
