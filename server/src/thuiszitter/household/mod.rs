//! Who works with the other children of a household, where the region has a legal basis to ask that.
//!
//! Nothing about a child is kept for it: how parents are reached is opened and compared when somebody asks.

mod basis;
mod found;
mod list;
mod rpc;
mod told;
mod wire;
