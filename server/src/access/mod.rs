//! Who is calling, and what it may do.

pub mod authenticate;
mod caller;
mod grant;
pub mod layer;
pub mod rpc;
mod store;
pub mod token;

pub use caller::{Caller, Membership};
pub use grant::{Grant, Reached, Worker};
