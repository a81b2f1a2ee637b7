//! When people can meet: weekly hours, absences, busy time and the search for slots.
//!
//! Read in this order: [`local`] (dates of a zone), [`hours`] (what a person offers), [`agenda`]
//! (what is taken), [`travel`] (the way between places), [`calendar`] (a person's time), [`search`] (the
//! question), [`slots`] (the answer), [`impossible`] (why there is none). The rest is how: `grain`
//! is the bitset, `tally` counts in it, `dates` and `free` turn calendars into bits, `plan` puts
//! them together, `matching` seats people, `score` ranks.

pub mod agenda;
pub mod calendar;
mod dates;
mod free;
mod grain;
pub mod hours;
pub mod impossible;
pub mod limits;
pub mod local;
mod matching;
pub mod notice;
pub mod on_call;
pub mod overrides;
mod plan;
mod score;
pub mod search;
pub mod slots;
pub mod spans;
mod tally;
pub mod travel;
pub mod wishes;
pub mod workload;

#[cfg(test)]
mod agenda_tests;
#[cfg(test)]
mod examples;
#[cfg(test)]
mod oracle;
#[cfg(test)]
mod reference;
#[cfg(test)]
mod worlds;

pub use agenda::{Agenda, CalendarId, Conflict, LONGEST_LEAD, Rule, Site, Span};
pub use calendar::{Calendar, Person};
pub use free::Why;
pub use hours::{Absence, AbsenceKind, Hours, WeeklyHours};
pub use impossible::{Blocker, Cause, Impossible};
pub use limits::Limits;
pub use notice::first_start;
pub use overrides::Override;
pub use score::{Reason, ScorePart};
pub use search::{
    Candidate, ClosedDay, ClosedReason, DayWindow, Days, Preference, Search, Seat, SeatKind, USUAL_WEIGHT,
};
pub use slots::{Found, Slot, feasible_starts, find, next_free};
pub use travel::{Point, Travel};
pub use wishes::Wishes;
