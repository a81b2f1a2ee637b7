//! What a DKIM signature covers (RFC 6376), with both halves relaxed. Signing itself is not here.

/// The headers that are signed when they are there, in this order. `From` stands twice, so that
/// nobody can add a second one (§8.15).
pub const SIGNED: [&str; 14] = [
    "From",
    "To",
    "Subject",
    "Date",
    "Message-ID",
    "Reply-To",
    "In-Reply-To",
    "References",
    "Auto-Submitted",
    "Content-Language",
    "MIME-Version",
    "Content-Type",
    "Content-Transfer-Encoding",
    "From",
];

/// The body as it is hashed (§3.4.4): runs of blanks are one space, none at the end of a line, no
/// empty lines at the end.
#[must_use]
pub fn canonical_body(body: &[u8]) -> Vec<u8> {
    let mut canonical = Vec::with_capacity(body.len());
    let mut empty = 0;
    let body = body.strip_suffix(b"\r\n").unwrap_or(body);
    for line in body.split(|byte| *byte == b'\n') {
        let line = line.strip_suffix(b"\r").unwrap_or(line);
        let line = squeezed(line, false);
        if line.is_empty() {
            empty += 1;
            continue;
        }
        for _ in 0..std::mem::take(&mut empty) {
            canonical.extend_from_slice(b"\r\n");
        }
        canonical.extend_from_slice(&line);
        canonical.extend_from_slice(b"\r\n");
    }
    canonical
}

/// `text` with every run of blanks as one space and none at its end; none at its start either when
/// it is a `value`.
fn squeezed(text: &[u8], value: bool) -> Vec<u8> {
    let mut line = Vec::with_capacity(text.len());
    for &byte in text {
        match byte {
            b' ' | b'\t' => {
                if line.last() != Some(&b' ') && !(value && line.is_empty()) {
                    line.push(b' ');
                }
            }
            // Of a folded header.
            b'\r' | b'\n' => {}
            other => line.push(other),
        }
    }
    if line.last() == Some(&b' ') {
        line.pop();
    }
    line
}

/// A header as it is signed (§3.4.2), without its end of line.
fn canonical_header(name: &[u8], value: &[u8]) -> Vec<u8> {
    let mut header = name.to_ascii_lowercase();
    while header.last().is_some_and(u8::is_ascii_whitespace) {
        header.pop();
    }
    header.push(b':');
    header.extend(squeezed(value, true));
    header
}

/// The headers of `head`, each with its folds, in their order.
fn headers(head: &[u8]) -> Vec<(&[u8], &[u8])> {
    let mut starts = vec![0];
    for (at, pair) in head.windows(3).enumerate() {
        if pair[..2] == *b"\r\n" && !matches!(pair[2], b' ' | b'\t') {
            starts.push(at + 2);
        }
    }
    starts.push(head.len());
    let whole = starts.windows(2).map(|pair| &head[pair[0]..pair[1]]);
    whole
        .filter_map(|header| {
            let colon = header.iter().position(|byte| *byte == b':')?;
            Some((&header[..colon], &header[colon + 1..]))
        })
        .collect()
}

/// The names for `h=`: those of [`SIGNED`] that `head` has, and `From` twice.
fn names(head: &[u8]) -> Vec<&'static str> {
    let there = headers(head);
    let is_there = |name: &&str| there.iter().any(|(own, _)| own.eq_ignore_ascii_case(name.as_bytes()));
    SIGNED.into_iter().filter(is_there).collect()
}

/// The value of `DKIM-Signature` up to and with `b=`, folded, for a message with this `head` whose body has
/// the hash `body_hash` in base64.
#[must_use]
pub fn signature_without_hash(
    head: &[u8],
    [algorithm, domain, selector]: [&str; 3],
    body_hash: &str,
) -> String {
    let names = names(head).join(":");
    format!(
        "v=1; a={algorithm}; c=relaxed/relaxed; d={domain}; s={selector};\r\n h={};\r\n bh={body_hash};\r\n b=",
        names.replace(":Reply-To", ":\r\n Reply-To").replace(":Auto-Submitted", ":\r\n Auto-Submitted")
    )
}

/// The octets that are signed (§3.7): the headers that `signature` names in its `h=`, from the last
/// to the first of each name, then the signature itself without its hash.
#[must_use]
pub fn signed_input(head: &[u8], signature: &str) -> Vec<u8> {
    let mut there = headers(head);
    let mut input = Vec::new();
    for name in names(head) {
        // What is named oftener than it is there counts as nothing (§5.4.2).
        let last = there.iter().rposition(|(own, _)| own.eq_ignore_ascii_case(name.as_bytes()));
        if let Some(at) = last {
            let (own, value) = there.remove(at);
            input.extend(canonical_header(own, value));
            input.extend_from_slice(b"\r\n");
        }
    }
    input.extend(canonical_header(b"DKIM-Signature", signature.as_bytes()));
    input
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    // The example of RFC 6376 §3.4.5.
    #[test]
    fn the_example_of_the_standard_comes_out_as_it_stands_there() {
        assert_eq!(canonical_header(b"A", b" X\r\n"), b"a:X");
        assert_eq!(canonical_header(b"B ", b" Y\t\r\n\tZ  \r\n"), b"b:Y Z");
        assert_eq!(canonical_body(b" C \r\nD \t E\r\n\r\n\r\n"), b" C\r\nD E\r\n");
    }

    #[test]
    fn an_empty_body_is_nothing_and_one_without_an_end_gets_it() {
        assert_eq!(canonical_body(b""), b"");
        assert_eq!(canonical_body(b"\r\n\r\n"), b"");
        assert_eq!(canonical_body(b"a"), b"a\r\n");
        assert_eq!(canonical_body(b"a\r\n\r\nb\r\n"), b"a\r\n\r\nb\r\n");
    }

    #[test]
    fn a_second_sender_cannot_be_added() {
        let head = b"From: a@b.example\r\nTo: c@d.example\r\nX-Other: x\r\nSubject: long\r\n  one\r\n";
        let signature = signature_without_hash(head, ["ed25519-sha256", "b.example", "one"], "aGFzaA==");
        assert!(signature.contains("h=From:To:Subject:From;"), "{signature}");
        let input = String::from_utf8(signed_input(head, &signature)).unwrap_or_default();
        assert!(
            input.starts_with(
                "from:a@b.example\r\nto:c@d.example\r\nsubject:long one\r\ndkim-signature:v=1; a="
            ),
            "{input}"
        );
        assert!(input.ends_with("bh=aGFzaA==; b="), "{input}");
        let forged = [b"From: e@f.example\r\n".as_slice(), head].concat();
        assert_ne!(signed_input(&forged, &signature), signed_input(head, &signature));
    }

    proptest! {
        #[test]
        fn blanks_and_empty_lines_at_the_end_change_nothing(body in "([a-z ]{0,8}\r\n){0,6}", more in 0usize..4) {
            let longer = body.replace("\r\n", " \t\r\n") + &"\r\n".repeat(more);
            prop_assert_eq!(canonical_body(body.as_bytes()), canonical_body(longer.as_bytes()));
        }
    }
}
