//! What waits for somebody, from what they may read when they ask.
//!
//! `waits` works out what waits in a case and remembers it, `gather` picks what somebody may see of it and
//! has to do, `kept` what a regisseur can say was done, `duty` what their organisation owes, `milestone` what
//! a plan asks, `outcome` which meetings wait for what came of them, `list` pages it, `ahead` says on which
//! days it is due while they do not ask; `late` tells which terms passed, of whoever they are to be acted on;
//! `requests` are those for help, which need no case.

pub mod ahead;
mod duty;
mod gather;
mod kept;
pub mod late;
mod list;
mod milestone;
mod outcome;
mod requests;
mod rpc;
pub mod waits;
mod words;
