//! Times that somebody keeps free for a while, before they are booked or let go.

mod keep;
mod rpc;
mod store;
pub mod sweep;
mod take;
mod wire;

pub use keep::{For, give_back, keep};
pub use take::redeem;
