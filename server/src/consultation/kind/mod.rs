//! The kinds of meetings as this region makes them: read by everybody, adjusted by the beheerder,
//! in force from a day on.

mod rpc;
mod wire;

pub(super) use crate::availability::kinds::all;
pub use crate::availability::kinds::{rules, rules_of_each};
