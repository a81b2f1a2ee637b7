//! Where children wait: counts of one's own scope exactly, across organisations without small numbers; and
//! what schools are asked besides.

mod behind;
mod breaches;
mod export;
mod list_cases;
pub mod lives;
mod population;
mod report;
mod rpc;
pub mod signal;
pub mod store;
pub mod survey;
mod survival;
mod table;
mod wire;
pub mod worker;
