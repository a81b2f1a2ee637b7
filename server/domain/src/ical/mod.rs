//! iCalendar bytes: what we write, and how what others write is read without loss.
//!
//! [`calendar`] writes invitations and feeds out of [`event`]s; [`read`] takes any
//! calendar apart again, ours included, before it leaves the house, and a [`Component`]
//! writes itself as it was read. [`recurrence`] says on which dates a rule falls,
//! [`taken`](taken()) when somebody else's calendar is busy, [`inbound`] what a mail
//! answers.

mod address;
pub mod calendar;
pub mod check;
pub mod event;
pub mod free_busy;
pub mod itip;
pub mod limits;
pub mod line;
pub mod read;
pub mod recurrence;
pub mod taken;
pub mod zone;

mod clocks;
mod component;
mod document;
mod expand;
mod heads;
mod series;
mod unfold;
mod values;

#[cfg(test)]
mod injection_tests;
#[cfg(test)]
mod oracle_tests;

pub use address::same_address;
pub use calendar::{FeedHead, feed, file, message, published};
pub use check::{Unfit, check, check_published};
pub use component::Component;
pub use event::{Attendee, Busy, Cancelling, Entry, Event, Message, Method, PartStat, Party, Status};
pub use free_busy::{FreeBusyHead, free_busy};
pub use itip::{InAnswer, InAttendee, InMethod, Inbound, Unusable, inbound};
pub use limits::Limits;
pub use line::{Line, Value};
pub use read::{ReadError, calendars_within};
pub use recurrence::{Recurrence, RuleError};
pub use series::Unread;
pub use taken::{Asked, Refused, Taken, taken};
