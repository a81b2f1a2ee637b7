//! When people can meet.

pub mod busy;
pub mod next_free;
