//! When people can meet: hours, absences, busy time, and the search for a time.

mod absence;
pub mod busy;
mod calendars;
mod change;
mod closed;
mod compare;
mod find;
pub mod hold;
mod hours;
pub mod import;
mod next_free;
mod obstacles;
pub mod outside;
mod question;
mod rpc;
pub mod site;
mod spans;
mod specialists;
mod store;
pub mod sweep;
mod table;
pub mod travel;
mod ways;
mod words;

pub use find::{find, line};
pub use next_free::{Wanted, next_free};
