//! iCalendar bytes: what we write, and how what others write is read without loss.
//!
//! [`calendar`] writes invitations and feeds out of [`event`]s; [`read`] takes any
//! calendar apart again, ours included, before it leaves the house.

pub mod calendar;
pub mod check;
pub mod event;
pub mod line;
pub mod read;
pub mod zone;

mod unfold;

#[cfg(test)]
mod injection_tests;
#[cfg(test)]
mod oracle_tests;

pub use calendar::{FeedHead, feed, message};
pub use check::{Unfit, check};
pub use event::{Attendee, Busy, Cancelling, Entry, Event, Message, Method, PartStat, Party, Status};
pub use line::{Line, Value};
pub use read::{Component, ReadError};
