//! Calendar subscriptions: a secret that shows meetings to whoever holds it, and no more than a
//! waiting room may hear.
//!
//! `fetch` answers: by `door` which feed it is, by `memory` what is known of it already, by
//! `reach` what its owner may read now, by `entries` what that looks like, and by `tally`
//! what of it is written down.

mod create;
mod door;
mod entries;
pub(crate) mod fetch;
pub mod memory;
mod owned;
mod reach;
mod rotate;
mod rpc;
mod store;
pub mod tally;
mod wire;
