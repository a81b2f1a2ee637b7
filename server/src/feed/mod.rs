//! Calendar subscriptions: a secret address that shows its owner's own meetings, and no more
//! than a waiting room may hear.

mod create;
mod entries;
pub(crate) mod fetch;
mod rpc;
mod store;
