//! Where children wait: counts of one's own scope exactly, across organisations without small numbers.

mod export;
mod list_cases;
pub mod lives;
mod population;
mod report;
mod rpc;
pub mod store;
mod survival;
mod table;
mod wire;
pub mod worker;
