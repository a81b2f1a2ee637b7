//! Times that somebody keeps free for a while, before they are booked or let go.

mod rpc;
mod store;
pub mod sweep;
mod take;
mod wire;

pub use take::redeem;
