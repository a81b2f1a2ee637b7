//! Two regions that meet together: what they agreed, and who of the one sits at tables of the other.

pub mod agreement;
pub mod guests;
mod lookup;
mod rpc;
