//! The journal of erasures: a file outside the database, so that a restored backup forgets again.
//!
//! One line an entry: when, what it recognises, and the mark, which is a MAC and names
//! nobody. A line is only ever added; one that was cut off by a crash is passed over, and
//! the next start adds it again from the database.

use std::{
    fs,
    io::{self, Write},
    path::Path,
};

use chrono::{DateTime, SecondsFormat, Utc};

use super::keys;

/// What a mark recognises.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, strum::IntoStaticStr, strum::EnumString,
)]
#[strum(serialize_all = "SCREAMING_SNAKE_CASE")]
pub enum Kind {
    /// A natural person, by the id that it had.
    Subject,
    /// A child, by name and birth date together.
    Child,
}

/// Somebody who was erased.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    /// When.
    pub at: DateTime<Utc>,
    /// By what the mark recognises them.
    pub kind: Kind,
    /// The MAC.
    pub mark: [u8; 32],
}

impl Entry {
    fn line(&self) -> String {
        let kind: &str = self.kind.into();
        format!("{} {kind} {}\n", self.at.to_rfc3339_opts(SecondsFormat::Micros, true), keys::hex(&self.mark))
    }

    fn parse(line: &str) -> Option<Self> {
        let mut words = line.split(' ');
        let (at, kind, mark) = (words.next()?, words.next()?, words.next()?);
        Some(Self {
            at: DateTime::parse_from_rfc3339(at).ok()?.with_timezone(&Utc),
            kind: kind.parse().ok()?,
            mark: keys::unhex(mark)?,
        })
    }
}

/// Everything in the journal; nothing when there is none yet.
pub fn read(path: &Path) -> io::Result<Vec<Entry>> {
    match fs::read_to_string(path) {
        Ok(text) => Ok(text.lines().filter_map(Entry::parse).collect()),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(Vec::new()),
        Err(error) => Err(error),
    }
}

/// Adds `entries`; they are on disk when this returns. With none it shows that it can.
pub fn append(path: &Path, entries: &[Entry]) -> io::Result<()> {
    let mut options = fs::OpenOptions::new();
    options.create(true).append(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let mut file = options.open(path)?;
    if entries.is_empty() {
        return Ok(());
    }
    // A line that a crash cut off must not swallow the next one.
    let mut lines =
        if fs::read(path)?.last().is_some_and(|byte| *byte != b'\n') { "\n" } else { "" }.to_owned();
    lines.extend(entries.iter().map(Entry::line));
    file.write_all(lines.as_bytes())?;
    file.sync_all()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_that_was_cut_off_costs_no_other() {
        let path = std::env::temp_dir().join(format!("schakel-journal-{}", std::process::id()));
        let entry = |mark| Entry { at: DateTime::UNIX_EPOCH, kind: Kind::Subject, mark: [mark; 32] };
        append(&path, &[]).unwrap();
        append(&path, &[entry(1)]).unwrap();
        let mut text = fs::read_to_string(&path).unwrap();
        text.push_str("2026-11-23T08:00:00.000000Z SUBJECT 0202");
        fs::write(&path, text).unwrap();
        append(&path, &[entry(3), Entry { kind: Kind::Child, ..entry(4) }]).unwrap();
        let read = read(&path).unwrap();
        fs::remove_file(&path).unwrap();
        assert_eq!(read, [entry(1), entry(3), Entry { kind: Kind::Child, ..entry(4) }]);
    }
}
