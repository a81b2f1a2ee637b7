//! How the region tells people by mail, and what those who work there wish for their own.

mod rpc;
pub(super) mod store;
mod wire;
