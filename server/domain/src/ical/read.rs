//! A calendar as a tree of components and lines, with nothing lost and every size bounded.

use super::{
    line::{Line, Value},
    unfold::{Logical, unfold},
};

/// Octets of a calendar that are read at most.
pub const MOST_OCTETS: usize = 1 << 20;
/// Physical lines that are read at most.
pub const MOST_LINES: usize = 20_000;
/// Octets of a line's name and parameters that are read at most; the value may be longer.
pub const MOST_HEAD: usize = 4096;
/// Components inside one another at most; a VALARM in a VEVENT in a VCALENDAR is 3.
pub const DEEPEST: usize = 8;

/// Why bytes are no calendar. Lines are physical ones, counted from 1; the text of
/// the line is never repeated, it may be about a child.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum ReadError {
    /// More than [`MOST_OCTETS`].
    #[error("the calendar is larger than 1 MiB")]
    TooLarge,
    /// More than [`MOST_LINES`].
    #[error("the calendar has more than 20000 lines")]
    TooManyLines,
    /// More than [`DEEPEST`].
    #[error("line {line}: components are nested too deep")]
    TooDeep {
        /// Where the component begins.
        line: usize,
    },
    /// Only UTF-8 is read (RFC 5545 §3.1.4).
    #[error("line {line}: not UTF-8")]
    NotUtf8 {
        /// Where the line begins.
        line: usize,
    },
    /// Not `name *(";" param) ":" value` in full, more than ten values in a
    /// parameter, or a head over [`MOST_HEAD`].
    #[error("line {line}: not a content line")]
    NotALine {
        /// Where the line begins.
        line: usize,
    },
    /// A property before the first `BEGIN` or after the last `END`.
    #[error("line {line}: outside every component")]
    Outside {
        /// Where the line begins.
        line: usize,
    },
    /// An `END` of another component than the one that is open.
    #[error("line {line}: ends a component that is not open")]
    WrongEnd {
        /// Where the line begins.
        line: usize,
    },
    /// The bytes stop inside a component.
    #[error("line {line}: this component has no end")]
    Unended {
        /// Where the component begins.
        line: usize,
    },
    /// No VCALENDAR, or another component at the top.
    #[error("not a calendar")]
    NotACalendar,
    /// A mail carries one VCALENDAR (RFC 6047 §2.4).
    #[error("more than one calendar")]
    SeveralCalendars,
}

/// A component, known to us or not.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Component {
    /// In upper case.
    pub name: String,
    /// In the order they were written.
    pub properties: Vec<Line>,
    /// In the order they were written.
    pub components: Vec<Component>,
}

impl Component {
    /// The first property of that name (upper case).
    pub fn property(&self, name: &str) -> Option<&Line> {
        self.properties.iter().find(|line| line.name() == name)
    }

    /// The sub-components of that name (upper case).
    pub fn named<'a>(&'a self, name: &'a str) -> impl Iterator<Item = &'a Component> {
        self.components.iter().filter(move |component| component.name == name)
    }
}

/// Reads bytes that hold exactly one VCALENDAR.
pub fn calendar(bytes: &[u8]) -> Result<Component, ReadError> {
    let mut calendars = calendars(bytes)?;
    match (calendars.pop(), calendars.is_empty()) {
        (Some(only), true) => Ok(only),
        (Some(_), false) => Err(ReadError::SeveralCalendars),
        (None, _) => Err(ReadError::NotACalendar),
    }
}

/// Reads bytes that hold any number of VCALENDARs one after the other (RFC 5545 §3.4).
pub fn calendars(bytes: &[u8]) -> Result<Vec<Component>, ReadError> {
    if bytes.len() > MOST_OCTETS {
        return Err(ReadError::TooLarge);
    }
    let mut done = Vec::new();
    let mut open: Vec<(usize, Component)> = Vec::new();
    for logical in unfold(bytes, MOST_LINES).ok_or(ReadError::TooManyLines)? {
        let number = logical.number;
        let line = content_line(logical)?;
        match line.name.as_str() {
            "BEGIN" if open.len() == DEEPEST => return Err(ReadError::TooDeep { line: number }),
            "BEGIN" => open.push((number, begun(&line, number)?)),
            "END" => {
                let (_, closed) = open.pop().ok_or(ReadError::WrongEnd { line: number })?;
                if component_name(&line) != closed.name {
                    return Err(ReadError::WrongEnd { line: number });
                }
                open.last_mut().map_or(&mut done, |(_, parent)| &mut parent.components).push(closed);
            }
            _ => open.last_mut().ok_or(ReadError::Outside { line: number })?.1.properties.push(line),
        }
    }
    match open.last() {
        Some(&(line, _)) => Err(ReadError::Unended { line }),
        None if done.iter().any(|component| component.name != "VCALENDAR") => Err(ReadError::NotACalendar),
        None => Ok(done),
    }
}

fn component_name(line: &Line) -> String {
    line.value.as_raw().trim().to_ascii_uppercase()
}

fn begun(line: &Line, number: usize) -> Result<Component, ReadError> {
    let name = component_name(line);
    if !is_token(&name) {
        return Err(ReadError::NotALine { line: number });
    }
    Ok(Component { name, properties: Vec::new(), components: Vec::new() })
}

/// A name of RFC 5545 §3.1. The underscore stands in no RFC and in many calendars.
fn is_token(name: &str) -> bool {
    !name.is_empty() && name.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-' || b == b'_')
}

/// Lets the `ical` crate cut the head of one logical line and then follows its cut.
///
/// `ical` trims the line, takes `::` for `:` and `,,` for `,`, lets the eleventh value of
/// a parameter fall into the value of the property, and looks through the whole line once
/// per parameter. So it sees the head only, a short one, and its answer counts only if
/// every octet of the head is found again in it.
fn content_line(logical: Logical) -> Result<Line, ReadError> {
    let Logical { number, octets } = logical;
    let malformed = ReadError::NotALine { line: number };
    let text = String::from_utf8(octets).map_err(|_| ReadError::NotUtf8 { line: number })?;
    let (head, value) = text.split_at(head_octets(&text).ok_or(malformed)?);
    let property =
        ical::PropertyParser::from_reader(head.as_bytes()).next().and_then(Result::ok).ok_or(malformed)?;
    let cut = property.params.unwrap_or_default();
    let tokens = is_token(&property.name) && cut.iter().all(|(name, _)| is_token(name));
    if !tokens || rest_after(head, &property.name, &cut) != Some("") {
        return Err(malformed);
    }
    let params = cut.into_iter().map(|(name, values)| (name, values.iter().map(|v| decoded(v)).collect()));
    Ok(Line { name: property.name.to_ascii_uppercase(), params: params.collect(), value: Value::raw(value) })
}

/// The octets up to and with the colon that no quotes enclose, if they are few enough.
fn head_octets(line: &str) -> Option<usize> {
    let mut quoted = false;
    let colon = line.bytes().take(MOST_HEAD).position(|b| {
        quoted ^= b == b'"';
        b == b':' && !quoted
    })?;
    Some(colon + 1)
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
fn decoded(value: &str) -> String {
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

#[cfg(test)]
#[path = "read_tests.rs"]
mod tests;
