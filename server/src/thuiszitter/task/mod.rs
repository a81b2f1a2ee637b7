//! What waits for somebody, from what they may read when they ask.
//!
//! `waits` works out what waits in a case and remembers it, `gather` picks what somebody may see of it and
//! has to do, `duty` what their organisation owes, `list` pages it, `ahead` says on which days it is due while
//! they do not ask.

pub mod ahead;
mod duty;
mod gather;
mod list;
mod rpc;
pub mod waits;
mod words;
