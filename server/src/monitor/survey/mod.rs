//! Rounds of questions to schools: opened and closed, answered, told of by mail, read and taken out.

mod answer;
mod close;
mod create;
mod export;
mod redact;
mod rpc;
mod show;
mod store;
mod wire;
pub mod worker;
