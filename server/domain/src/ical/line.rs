//! A content line (RFC 5545 §3.1) and its one encoder: escaping, quoting, folding.

use std::{borrow::Cow, sync::Arc};

use super::heads::Head;

/// Octets in a physical line, its line end not counted (RFC 5545 §3.1).
pub const LINE_OCTETS: usize = 75;

/// What stands after the colon, already in its written form.
///
/// There is no way from a `String` to a `Value` that does not say whether the
/// string is text of a person or a form of ours.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Value(String);

impl Value {
    /// Text of a person, escaped (RFC 5545 §3.3.11). Line ends of every spelling
    /// become `\n`; other control characters cannot be written and are left out.
    pub fn text(text: &str) -> Self {
        let mut written = String::with_capacity(text.len());
        for c in plain(text).chars() {
            match c {
                '\\' => written.push_str("\\\\"),
                ';' => written.push_str("\\;"),
                ',' => written.push_str("\\,"),
                '\n' => written.push_str("\\n"),
                other => written.push(other),
            }
        }
        Self(written)
    }

    /// A value that has a form of its own (instant, number, URI, keyword) and is
    /// not escaped.
    pub fn raw(value: impl Into<String>) -> Self {
        Self(value.into())
    }

    /// The written form, as it stands between the colon and the line end.
    pub fn as_raw(&self) -> &str {
        &self.0
    }

    /// The value as the text it means. A backslash before any other character than
    /// RFC 5545 names stays, because writers that forget to escape are common.
    pub fn to_text(&self) -> String {
        let mut text = String::with_capacity(self.0.len());
        let mut rest = self.0.chars();
        while let Some(c) = rest.next() {
            if c != '\\' {
                text.push(c);
                continue;
            }
            match rest.next() {
                Some('n' | 'N') => text.push('\n'),
                Some(escaped @ ('\\' | ';' | ',')) => text.push(escaped),
                Some(other) => text.extend(['\\', other]),
                None => text.push('\\'),
            }
        }
        text
    }
}

/// Text as it can be written: `\n` for every line end, no other control character
/// but the tab (RFC 5545 §3.1, CONTROL).
pub(super) fn plain(text: &str) -> Cow<'_, str> {
    let writable = |c: char| c == '\n' || c == '\t' || !c.is_control();
    if text.chars().all(writable) {
        return Cow::Borrowed(text);
    }
    let unix = text.replace("\r\n", "\n").replace('\r', "\n");
    Cow::Owned(unix.chars().filter(|&c| writable(c)).collect())
}

/// The same without line ends: what a line can hold.
pub(super) fn printable(text: &str) -> Cow<'_, str> {
    // 0xC2 begins the control characters beyond ASCII, and little else.
    let odd = |b: u8| (b < b' ' && b != b'\t') || b == 0x7f || b == 0xc2;
    if !text.bytes().any(odd) {
        return Cow::Borrowed(text);
    }
    Cow::Owned(text.chars().filter(|&c| c == '\t' || !c.is_control()).collect())
}

/// Name, parameters and value of one property, or the `BEGIN` or `END` of a component.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Line {
    pub(super) head: Arc<Head>,
    pub(super) value: Value,
}

impl Line {
    /// A line with a name of ours; that names are constants is what keeps data out of them.
    pub fn new(name: &'static str, value: Value) -> Self {
        Self { head: Arc::new(Head { name: Cow::Borrowed(name), params: Vec::new() }), value }
    }

    /// Adds a parameter with one value, given as the text it means.
    #[must_use]
    pub fn param(mut self, name: &'static str, value: &str) -> Self {
        let params = &mut Arc::make_mut(&mut self.head).params;
        params.push((Cow::Borrowed(name), vec![value.to_owned()]));
        self
    }

    /// In upper case.
    pub fn name(&self) -> &str {
        &self.head.name
    }

    /// Names in upper case; values unquoted and decoded (RFC 6868).
    pub fn params(&self) -> &[(Cow<'static, str>, Vec<String>)] {
        &self.head.params
    }

    /// The first value of the first parameter of that name.
    pub fn param_value(&self, name: &str) -> Option<&str> {
        let (_, values) = self.params().iter().find(|(key, _)| key.eq_ignore_ascii_case(name))?;
        values.first().map(String::as_str)
    }

    /// What stands after the colon.
    pub fn value(&self) -> &Value {
        &self.value
    }

    /// Appends the line to `out`, folded and ended. Whatever the parts hold, exactly
    /// one content line is written.
    pub fn write(&self, out: &mut String) {
        let mut folding = Folding { out, octets: 0 };
        folding.push(&self.head.name);
        for (name, values) in &self.head.params {
            folding.push(";");
            folding.push(name);
            for (n, value) in values.iter().enumerate() {
                folding.push(if n == 0 { "=" } else { "," });
                folding.push(&parameter(value));
            }
        }
        folding.push(":");
        folding.push(&self.value.0);
        folding.out.push_str("\r\n");
    }
}

/// A parameter value: RFC 6868 for what no quoting can carry, DQUOTE for the rest.
/// `TZID=Europe/Amsterdam` stays bare, because clients look it up with its quotes.
fn parameter(value: &str) -> Cow<'_, str> {
    let bare = |b: u8| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'_' | b'.' | b'/');
    if !value.is_empty() && value.bytes().all(bare) {
        return Cow::Borrowed(value);
    }
    let mut quoted = String::with_capacity(value.len() + 2);
    quoted.push('"');
    for c in plain(value).chars() {
        match c {
            '^' => quoted.push_str("^^"),
            '"' => quoted.push_str("^'"),
            '\n' => quoted.push_str("^n"),
            other => quoted.push(other),
        }
    }
    quoted.push('"');
    Cow::Owned(quoted)
}

/// A line as far as it is written, broken into physical lines on character boundaries.
pub(super) struct Folding<'a> {
    out: &'a mut String,
    /// Of the last physical line.
    octets: usize,
}

impl<'a> Folding<'a> {
    /// Appends one line, given in parts.
    pub(super) fn line(out: &'a mut String, parts: &[&str]) {
        let mut folding = Self { out, octets: 0 };
        for part in parts {
            folding.push(part);
        }
        folding.out.push_str("\r\n");
    }

    fn push(&mut self, text: &str) {
        let text = printable(text);
        let mut rest: &str = &text;
        while self.octets + rest.len() > LINE_OCTETS {
            let mut fits = LINE_OCTETS - self.octets;
            while !rest.is_char_boundary(fits) {
                fits -= 1;
            }
            let (now, later) = rest.split_at(fits);
            self.out.push_str(now);
            self.out.push_str("\r\n ");
            self.octets = 1;
            rest = later;
        }
        self.out.push_str(rest);
        self.octets += rest.len();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn written(line: &Line) -> String {
        let mut out = String::new();
        line.write(&mut out);
        out
    }

    #[test]
    fn text_is_escaped_as_rfc_5545_3_3_11_says() {
        let text = "Project XYZ Final Review\nConference Room - 3B\nCome Prepared.";
        assert_eq!(
            Value::text(text).as_raw(),
            "Project XYZ Final Review\\nConference Room - 3B\\nCome Prepared."
        );
        assert_eq!(Value::text("a\\b;c,d:e\"f").as_raw(), "a\\\\b\\;c\\,d:e\"f");
        assert_eq!(Value::raw("a\\Nb\\;c\\x\\").to_text(), "a\nb;c\\x\\");
    }

    #[test]
    fn parameters_are_encoded_as_rfc_6868_3_says() {
        let line = Line::new("ATTENDEE", Value::raw("mailto:babe@example.com"))
            .param("CN", "George Herman \"Babe\" Ruth");
        assert_eq!(written(&line), "ATTENDEE;CN=\"George Herman ^'Babe^' Ruth\":mailto:babe@example.com\r\n");
        assert_eq!(
            parameter("Pittsburgh Pirates\n115 Federal St ^"),
            "\"Pittsburgh Pirates^n115 Federal St ^^\""
        );
    }

    #[test]
    fn parameters_are_quoted_only_where_needed() {
        assert_eq!(parameter("Europe/Amsterdam"), "Europe/Amsterdam");
        assert_eq!(parameter("Jansen, P."), "\"Jansen, P.\"");
        assert_eq!(parameter(""), "\"\"");
    }

    #[test]
    fn every_spelling_of_a_line_end_is_one_line_end() {
        assert_eq!(Value::text("a\r\nb\rc\nd\0\u{7f}").to_text(), "a\nb\nc\nd");
    }

    #[test]
    fn folding_counts_octets_and_never_splits_a_character() {
        let line = Line::new("SUMMARY", Value::text(&"é".repeat(120)));
        let out = written(&line);
        assert!(out.split("\r\n").all(|physical| physical.len() <= LINE_OCTETS));
        assert_eq!(out.replace("\r\n ", ""), format!("SUMMARY:{}\r\n", "é".repeat(120)));
    }

    #[test]
    fn a_raw_value_cannot_open_a_second_line() {
        let line = Line::new("URL", Value::raw("https://x.example/\r\nATTENDEE:mailto:evil@x.example"));
        assert_eq!(written(&line).matches("\r\n").count(), 1);
    }
}
