//! Who is calling, and what it may do.

pub mod affiliation;
pub mod authenticate;
mod caller;
pub mod circle;
pub mod consent;
mod credential;
pub mod emergency;
mod emergency_rpc;
pub mod found_region;
mod grant;
pub mod issue_token;
pub mod layer;
pub mod login;
mod login_rpc;
pub mod methods;
pub mod mtls;
pub mod oidc;
pub mod organisation;
pub mod person;
pub mod professional;
mod refused;
pub mod region;
pub mod rpc;
pub mod sharing;
mod store;
pub mod sweep;
pub mod system_client;
mod system_rpc;
pub mod system_token;
mod system_token_rpc;
pub mod token;
pub mod wishes;

pub use caller::{Call, Caller, InEmergency, Membership, Peer};
pub use grant::{ByConsent, Grant, Worker};
pub use schakel_domain::access::Reached;
