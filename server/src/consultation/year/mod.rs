//! Year plans: every meeting of many tables in one call, proposed or booked.
//!
//! [`question`] is what is asked, [`tables`] who sits where, [`propose`] finds times, [`book`]
//! books them, [`answer`] tells. [`oogo`] asks the same for the road to an ondersteuningsplan,
//! [`coverage`] lists when schools were visited, [`cycle`] which steps of a plan are done.

mod answer;
mod book;
mod coverage;
pub mod cycle;
mod oogo;
mod propose;
mod question;
mod rpc;
mod tables;
