//! What a samenwerkingsverband or gemeente owes by law or agreement, about no child, and when it was done.

mod mark;
pub(super) mod owed;
mod rpc;
mod store;
