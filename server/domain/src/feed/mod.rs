//! What a calendar subscription shows, and when a subscriber has it already.

pub mod detail;
pub mod scope;
pub mod validators;

pub use detail::Detail;
pub use scope::{Scope, ScopeKind};
