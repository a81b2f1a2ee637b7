//! Calendars that people keep elsewhere: asked for, read, and kept as busy time only.

mod change;
mod fetch;
mod rpc;
mod spans;
mod store;
pub mod sweep;
mod wire;
pub mod worker;

pub(super) use spans::read as stretches;
pub use store::of;
