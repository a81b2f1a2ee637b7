//! The named reports: worked out from logs, meetings and questions when they are asked for, told as the
//! monitor tells.

mod distance;
mod export;
mod get;
mod granted;
mod indicator;
mod list_cases;
mod obliged;
mod rpc;
mod spending;
mod supply;
pub(super) mod units;
mod wire;
