//! When people can meet: weekly hours, absences, busy time and the search for slots.
//!
//! Read in this order: [`local`] (dates of a zone), [`hours`] (what a person offers), [`search`] (the question), [`slots`] (the answer),
//! [`impossible`] (why there is none). The rest is how: `grain` is the bitset,
//! `mask` turns calendars into bits, `matching` seats people, `score` ranks. What is taken, and
//! the way from one meeting to the next, is an [`agenda`].

pub mod agenda;
mod grain;
pub mod hours;
pub mod impossible;
pub mod local;
mod mask;
mod matching;
mod score;
pub mod search;
pub mod slots;
pub mod spans;
pub mod travel;
pub mod wishes;

#[cfg(test)]
mod agenda_tests;
#[cfg(test)]
mod examples;
#[cfg(test)]
mod oracle;

pub use agenda::{Agenda, CalendarId, Conflict, LONGEST_LEAD, Rule, Site, Span};
pub use hours::{Absence, AbsenceKind, Hours, WeeklyHours};
pub use impossible::{Blocker, Cause, Impossible};
pub use score::{Reason, ScorePart};
pub use search::{Calendar, Candidate, ClosedDay, ClosedReason, DayWindow, Days, Preference, Search, Seat};
pub use slots::{Found, Slot, feasible_starts, find, next_free};
pub use travel::{Point, Travel};
pub use wishes::Wishes;
