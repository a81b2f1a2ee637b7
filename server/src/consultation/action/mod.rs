//! The list of what was agreed at meetings: who does what by when, and whether it is done.

mod complete;
mod list;
mod own;
mod rpc;
mod store;

pub use own::{Agreed, own};
