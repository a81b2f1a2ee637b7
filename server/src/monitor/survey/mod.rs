//! Rounds of questions to schools: opened and closed, answered, told of by mail, read, taken out and, in the
//! end, emptied.

mod answer;
mod close;
mod create;
mod export;
mod redact;
mod rpc;
mod show;
mod store;
pub mod sweep;
mod wire;
pub mod worker;
