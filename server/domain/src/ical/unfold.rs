//! Octets to logical lines: line ends, byte order mark and folds (RFC 5545 §3.1).

/// One logical line and the number of its first physical line, from 1.
pub(super) struct Logical {
    pub(super) number: usize,
    pub(super) octets: Vec<u8>,
}

/// Joins physical lines before anything is decoded, because a fold may stand inside
/// a UTF-8 sequence (RFC 5545 §3.1). CRLF and bare LF end a line; empty lines are left out.
/// `None` when there are more than `most` physical lines.
pub(super) fn unfold(bytes: &[u8], most: usize) -> Option<Vec<Logical>> {
    let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
    let mut lines: Vec<Logical> = Vec::new();
    for (index, physical) in bytes.split(|&b| b == b'\n').enumerate() {
        if index > most {
            return None;
        }
        let physical = physical.strip_suffix(b"\r").unwrap_or(physical);
        match (physical.first(), lines.last_mut()) {
            (None, _) => {}
            (Some(b' ' | b'\t'), Some(line)) => line.octets.extend_from_slice(&physical[1..]),
            (Some(_), _) => lines.push(Logical { number: index + 1, octets: physical.to_vec() }),
        }
    }
    Some(lines)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn texts(bytes: &[u8]) -> Vec<(usize, String)> {
        let lines = unfold(bytes, 100).unwrap();
        lines.into_iter().map(|line| (line.number, String::from_utf8(line.octets).unwrap())).collect()
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
        assert_eq!(texts(b"\nA:1\n\n 2\n\n"), [(2, "A:12".into())]);
    }

    #[test]
    fn more_lines_than_allowed_are_not_read() {
        assert!(unfold(&b"A:1\n".repeat(100), 100).is_some());
        assert!(unfold(&b"A:1\n".repeat(101), 100).is_none());
    }
}
