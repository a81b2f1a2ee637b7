//! The head of a content line, all that precedes the value: cut by the `ical` crate.

use std::{borrow::Cow, collections::HashMap, sync::Arc};

/// Heads that are remembered; a calendar of ten thousand events has some twenty.
const MOST_KNOWN: usize = 256;
/// Octets of a head that is remembered.
const LONGEST_KNOWN: usize = 256;
/// Steps that all heads together may take for each octet of the calendar, so that no head
/// makes reading slower than it is long. One of ten parameters takes some ten for each octet.
pub(super) const STEPS_PER_OCTET: usize = 64;
/// Steps that the shortest calendar may take.
pub(super) const LEAST_STEPS: usize = 1 << 18;

/// The name and the parameters of a line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Head {
    /// In upper case.
    pub(super) name: Cow<'static, str>,
    /// Names in upper case; values unquoted and decoded.
    pub(super) params: Vec<(Cow<'static, str>, Vec<String>)>,
}

/// Cuts heads, the same one once.
pub(super) struct Heads {
    known: HashMap<Box<str>, Arc<Head>>,
    /// Steps that are left.
    pub(super) left: usize,
}

impl Heads {
    /// For a calendar of so many octets.
    pub(super) fn of(octets: usize) -> Self {
        Self { known: HashMap::new(), left: octets.saturating_mul(STEPS_PER_OCTET).max(LEAST_STEPS) }
    }

    /// The head of a line, its colon included; nothing if it is none, or if it is one too costly.
    pub(super) fn read(&mut self, head: &str) -> Option<Arc<Head>> {
        if let Some(known) = self.known.get(head) {
            return Some(Arc::clone(known));
        }
        self.left = self.left.checked_sub(steps(head))?;
        let read = Arc::new(cut(head)?);
        if head.len() <= LONGEST_KNOWN && self.known.len() < MOST_KNOWN {
            self.known.insert(head.into(), Arc::clone(&read));
        }
        Some(read)
    }
}

/// Octets that `ical` looks at: for each parameter and each value all that follow.
fn steps(head: &str) -> usize {
    let mut quoted = false;
    let parts = head.bytes().filter(|&b| {
        quoted ^= b == b'"';
        matches!(b, b';' | b',') && !quoted
    });
    (parts.count() + 1).saturating_mul(head.len())
}

/// Lets the `ical` crate cut a head and then follows its cut.
///
/// `ical` trims the line, takes `::` for `:` and `,,` for `,`, lets the eleventh value of
/// a parameter fall into the value of the property, and looks through the whole line once
/// per parameter. So it sees the head only, and its answer counts only if every octet of
/// the head is found again in it.
fn cut(head: &str) -> Option<Head> {
    let mut property = ical::PropertyParser::from_reader(head.as_bytes()).next()?.ok()?;
    let cut = property.params.unwrap_or_default();
    let tokens = is_token(&property.name) && cut.iter().all(|(name, _)| is_token(name));
    if !tokens || rest_after(head, &property.name, &cut) != Some("") {
        return None;
    }
    let decode = |values: Vec<String>| values.into_iter().map(decoded).collect();
    let params = cut.into_iter().map(|(name, values)| (Cow::Owned(name), decode(values)));
    property.name.make_ascii_uppercase();
    Some(Head { name: Cow::Owned(property.name), params: params.collect() })
}

/// A name of RFC 5545 §3.1. The underscore stands in no RFC and in many calendars.
pub(super) fn is_token(name: &str) -> bool {
    !name.is_empty() && name.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-' || b == b'_')
}

/// What follows the colon, if `name` and `params` account for all that precedes it.
fn rest_after<'a>(line: &'a str, name: &str, params: &[(String, Vec<String>)]) -> Option<&'a str> {
    let mut rest = line.strip_prefix(name)?;
    for (key, values) in params {
        rest = rest.strip_prefix(';')?;
        let (written, after) = rest.split_at_checked(key.len())?;
        if !written.eq_ignore_ascii_case(key) {
            return None;
        }
        rest = after;
        for (n, value) in values.iter().enumerate() {
            rest = rest.strip_prefix(if n == 0 { '=' } else { ',' })?;
            rest = match rest.strip_prefix('"') {
                Some(quoted) => quoted.strip_prefix(value.as_str())?.strip_prefix('"')?,
                None if value.contains('"') => return None,
                None => rest.strip_prefix(value.as_str())?,
            };
        }
    }
    rest.strip_prefix(':')
}

/// RFC 6868 §3.1: an unknown `^x` stays as it is.
fn decoded(value: String) -> String {
    if !value.contains('^') {
        return value;
    }
    let mut text = String::with_capacity(value.len());
    let mut rest = value.chars().peekable();
    while let Some(c) = rest.next() {
        let meant = match (c, rest.peek()) {
            ('^', Some('n')) => Some('\n'),
            ('^', Some('^')) => Some('^'),
            ('^', Some('\'')) => Some('"'),
            _ => None,
        };
        if meant.is_some() {
            rest.next();
        }
        text.push(meant.unwrap_or(c));
    }
    text
}
