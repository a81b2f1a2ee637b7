//! When people can meet: hours, absences, busy time, and the search for a time.

mod absence;
pub mod busy;
pub mod calendars;
mod change;
mod closed;
mod compare;
mod date_override;
mod find;
pub mod freed;
pub mod hold;
mod hours;
pub mod import;
pub mod limits;
mod next_free;
mod obstacles;
pub mod on_call;
pub mod outside;
pub mod proposed;
mod question;
mod rpc;
pub mod seek;
pub mod site;
mod spans;
mod specialists;
mod store;
pub mod sweep;
mod table;
pub mod taken;
pub mod travel;
mod ways;
mod words;
pub mod work;

pub use find::{DAY, GRID, find, line};
pub use hours::USUAL_ZONE;
pub use next_free::{Wanted, next_free};
pub use question::Who;
