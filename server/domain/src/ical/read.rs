//! Bytes to a tree of components, with nothing lost and every size bounded.

use super::{
    component::Component,
    heads::{Heads, is_token},
    limits::Limits,
    line::{Line, Value, printable},
    unfold::{Logical, Unfold},
};

/// Why bytes are no calendar. Lines are physical ones, counted from 1; the text of
/// the line is never repeated, it may be about a child.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum ReadError {
    /// More than [`Limits::octets`].
    #[error("the calendar is too large")]
    TooLarge,
    /// More than [`Limits::lines`].
    #[error("the calendar has too many lines")]
    TooManyLines,
    /// More than [`Limits::depth`].
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
    /// parameter, or more parameters than can be read in reasonable time.
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

/// Reads bytes that hold exactly one VCALENDAR, within [`Limits::OTHERS`].
pub fn calendar(bytes: &[u8]) -> Result<Component, ReadError> {
    let mut calendars = calendars(bytes)?;
    match (calendars.pop(), calendars.is_empty()) {
        (Some(only), true) => Ok(only),
        (Some(_), false) => Err(ReadError::SeveralCalendars),
        (None, _) => Err(ReadError::NotACalendar),
    }
}

/// Reads bytes that hold any number of VCALENDARs one after the other (RFC 5545 §3.4),
/// within [`Limits::OTHERS`].
pub fn calendars(bytes: &[u8]) -> Result<Vec<Component>, ReadError> {
    calendars_within(bytes, &Limits::OTHERS)
}

/// Reads bytes that hold any number of VCALENDARs one after the other. Control characters,
/// which cannot be written (RFC 5545 §3.1), are not read either; all else is kept.
pub fn calendars_within(bytes: &[u8], limits: &Limits) -> Result<Vec<Component>, ReadError> {
    components(bytes, limits, &mut Heads::of(bytes.len()))
}

fn components(bytes: &[u8], limits: &Limits, heads: &mut Heads) -> Result<Vec<Component>, ReadError> {
    if bytes.len() > limits.octets {
        return Err(ReadError::TooLarge);
    }
    let mut done = Vec::new();
    let mut open: Vec<(usize, Component)> = Vec::new();
    for logical in Unfold::of(bytes) {
        let number = logical.number;
        if number > limits.lines {
            return Err(ReadError::TooManyLines);
        }
        let line = content_line(&logical, heads)?;
        match line.name() {
            "BEGIN" if open.len() == limits.depth => return Err(ReadError::TooDeep { line: number }),
            "BEGIN" => open.push((number, begun(&line, number)?)),
            "END" => {
                let (_, closed) = open.pop().ok_or(ReadError::WrongEnd { line: number })?;
                if !line.value().as_raw().trim().eq_ignore_ascii_case(&closed.name) {
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

fn begun(line: &Line, number: usize) -> Result<Component, ReadError> {
    let name = line.value().as_raw().trim().to_ascii_uppercase();
    if !is_token(&name) {
        return Err(ReadError::NotALine { line: number });
    }
    Ok(Component { name, properties: Vec::new(), components: Vec::new() })
}

fn content_line(logical: &Logical, heads: &mut Heads) -> Result<Line, ReadError> {
    let number = logical.number;
    let malformed = ReadError::NotALine { line: number };
    let text = std::str::from_utf8(&logical.octets).map_err(|_| ReadError::NotUtf8 { line: number })?;
    let text = printable(text);
    let (head, value) = text.split_at(colon(&text).ok_or(malformed)? + 1);
    let head = heads.read(head).ok_or(malformed)?;
    Ok(Line { head, value: Value::raw(value) })
}

/// Where the colon stands that no quotes enclose.
fn colon(line: &str) -> Option<usize> {
    let mut quoted = false;
    line.bytes().position(|b| {
        quoted ^= b == b'"';
        b == b':' && !quoted
    })
}

#[cfg(test)]
#[path = "read_tests.rs"]
mod tests;
