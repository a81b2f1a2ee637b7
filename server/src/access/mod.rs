//! Who is calling, and what it may do.

pub mod affiliation;
pub mod authenticate;
mod caller;
pub mod circle;
pub mod found_region;
mod grant;
pub mod issue_token;
pub mod layer;
pub mod organisation;
pub mod person;
pub mod professional;
pub mod region;
pub mod rpc;
mod store;
pub mod sweep;
pub mod token;

pub use caller::{Call, Caller, Membership, Peer};
pub use grant::{Grant, Reached, Worker};
