//! The kinds of meetings as this region makes them: read by everybody, adjusted by the beheerder,
//! in force from a day on.

mod rpc;
mod store;
mod wire;

pub(super) use store::all;
pub use store::{rules, rules_of_each};
