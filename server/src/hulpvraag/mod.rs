//! A school's request for a helper by role, until somebody of a team has come.

pub mod create;
pub mod decide;
pub mod plan;
pub mod request;
pub mod rpc;
mod show;
pub mod store;
pub mod sweep;
