//! The audit log: sealed while the server runs, checked, exported and shown to whoever may see it.

pub mod chain;
pub mod export;
pub mod read;
pub mod rpc;
pub mod seal;
mod store;
pub mod verify;
pub mod who_saw;
pub mod wire;
