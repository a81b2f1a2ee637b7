//! Systems of organisations that are told when something changes in a case, and are told no more
//! than that it did.
//!
//! A change of a case leaves a row; `hand_out` looks up who is told of it and leaves a row for each;
//! `deliver` judges once more, by `scope`, makes the `event`, signs it by `secret` and has it sent by `send`.

mod change;
mod deliver;
mod event;
mod hand_out;
mod rpc;
mod scope;
mod secret;
mod send;
mod store;
mod wire;

pub use deliver::work as deliver;
pub use hand_out::work as hand_out;
