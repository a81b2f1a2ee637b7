//! Tracks of a case beside its plan: placement, arrangement, exemption, complaint, objection and dispute.

mod list;
mod rpc;
mod start;
mod step;
pub(super) mod store;
mod take_back;
mod tell;
mod update;
mod wire;
mod words;

pub use self::store::{Step, Track, told};
pub(super) use self::words::sentence;
