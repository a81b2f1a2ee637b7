//! When people can meet.

pub mod busy;
