//! Who is calling, and what it may do.

pub mod affiliation;
pub mod authenticate;
mod caller;
pub mod circle;
pub mod consent;
pub mod emergency;
pub mod found_region;
mod grant;
pub mod issue_token;
pub mod layer;
pub mod methods;
pub mod organisation;
pub mod person;
pub mod professional;
pub mod region;
pub mod rpc;
mod store;
pub mod token;

pub use caller::{Call, Caller, InEmergency, Membership, Peer};
pub use grant::{ByConsent, Grant, Worker};
pub use schakel_domain::access::Reached;
