//! What the last search found, kept beside the profile so that a booking can say `--slot 1`.

use std::{fs, io::Write, path::Path};

use serde::{Deserialize, Serialize};

use crate::{
    failure::Failure,
    session::{Outcome, Session},
};

const FILE: &str = "last-slots.json";

/// The last answer of `slots`: resource names and times, nothing about a child.
#[derive(Debug, PartialEq, Serialize, Deserialize)]
pub(crate) struct Found {
    pub(crate) school: String,
    pub(crate) case: String,
    pub(crate) seconds: i64,
    pub(crate) slots: Vec<Slot>,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(crate) struct Slot {
    /// Seconds since 1970.
    pub(crate) start: i64,
    pub(crate) seats: Vec<Taken>,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(crate) struct Taken {
    pub(crate) person: String,
    pub(crate) role: i32,
    pub(crate) optional: bool,
}

impl Found {
    /// Without a profile there is no place to remember; the answer itself is still good.
    pub(crate) fn keep(&self, session: &Session) {
        if let Some(path) = session.beside(FILE)
            && let Err(error) = write(&path, self)
        {
            eprintln!("schakelctl: {}: {error}; --slot will not know these times", path.display());
        }
    }

    pub(crate) fn last(session: &Session) -> Outcome<Self> {
        let none = || Failure::Usage("no times are remembered: run `slots` first".to_owned());
        let text = fs::read_to_string(session.beside(FILE).ok_or_else(none)?).map_err(|_| none())?;
        serde_json::from_str(&text).map_err(|_| none())
    }

    /// The slot with this number in the table, counted from 1.
    pub(crate) fn slot(&self, number: usize) -> Outcome<&Slot> {
        number.checked_sub(1).and_then(|index| self.slots.get(index)).ok_or_else(|| {
            Failure::Usage(format!("the last search found {} times, not {number}", self.slots.len()))
        })
    }
}

/// Only its owner reads it.
fn write(path: &Path, found: &Found) -> std::io::Result<()> {
    let mut options = fs::OpenOptions::new();
    options.create(true).truncate(true).write(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options.open(path)?.write_all(&serde_json::to_vec(found)?)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn slots_are_counted_as_in_the_table() {
        let slot = Slot { start: 5, seats: Vec::new() };
        let found = Found { school: String::new(), case: String::new(), seconds: 3600, slots: vec![slot] };
        assert!(found.slot(1).is_ok_and(|slot| slot.start == 5));
        assert!(found.slot(0).is_err() && found.slot(2).is_err());
        let text = serde_json::to_string(&found).unwrap();
        assert_eq!(serde_json::from_str::<Found>(&text).unwrap(), found);
    }
}
