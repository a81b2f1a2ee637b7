//! Signals from practice: reported, put on an agenda, answered, withdrawn. About how things go and no child; what
//! is written is sealed all the same, because somebody may write a name after all.

mod decide;
mod report;
mod rpc;
mod show;
mod store;
pub mod sweep;
mod wire;
mod withdraw;
