//! What waits for somebody, computed from what they may read when they ask.

mod gather;
mod list;
mod rpc;
mod words;
