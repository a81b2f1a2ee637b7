//! Rows of a CSV file (RFC 4180) in which no spreadsheet finds a formula.

/// A field as it stands in the file. What a spreadsheet would read as the begin of a formula has an
/// apostrophe before it; what holds a comma, a quote or a line end stands in quotes.
#[must_use]
pub fn cell(text: &str) -> String {
    let formula = text.starts_with(['=', '+', '-', '@', '\t', '\r']);
    let text = if formula { format!("'{text}") } else { text.to_owned() };
    if text.contains([',', '"', '\n', '\r', ';', '\t']) {
        format!("\"{}\"", text.replace('"', "\"\""))
    } else {
        text
    }
}

/// A row with its line end.
#[must_use]
pub fn line<'a>(cells: impl IntoIterator<Item = &'a str>) -> String {
    let mut line = cells.into_iter().map(cell).collect::<Vec<_>>().join(",");
    line.push_str("\r\n");
    line
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn a_formula_is_a_text() {
        for (text, written) in [
            ("=1+1", "'=1+1"),
            ("+31", "'+31"),
            ("-5", "'-5"),
            ("@SUM(A1)", "'@SUM(A1)"),
            ("\tx", "\"'\tx\""),
            ("\rx", "\"'\rx\""),
            ("De \"Brug\", locatie West", "\"De \"\"Brug\"\", locatie West\""),
            ("=HYPERLINK(\"http://x\",\"y\")", "\"'=HYPERLINK(\"\"http://x\"\",\"\"y\"\")\""),
            ("12", "12"),
            ("", ""),
        ] {
            assert_eq!(cell(text), written);
        }
        assert_eq!(line(["a", "b,c"]), "a,\"b,c\"\r\n");
    }

    proptest! {
        /// Whatever is written, a reader that takes the quotes away never meets a formula first, and
        /// gets the text back.
        #[test]
        fn no_cell_begins_a_formula(text in "[=+@\\-\t\r\n\",;a-z0-9 ']{0,12}") {
            let written = cell(&text);
            let inner = match written.strip_prefix('"') {
                Some(rest) => rest.strip_suffix('"').unwrap().replace("\"\"", "\""),
                None => written,
            };
            prop_assert!(!inner.starts_with(['=', '+', '-', '@', '\t', '\r']));
            let marked = format!("'{text}");
            prop_assert!(inner == text || inner == marked);
        }
    }
}
