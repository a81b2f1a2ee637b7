//! The plan of a case: who does what from when until when, education and care side by side.

mod add;
mod change;
mod list;
mod rpc;
pub(super) mod store;
mod wire;

pub use self::store::{PlanAction, told};
