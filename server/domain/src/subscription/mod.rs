//! Subscriptions of other systems: what an event is called outside, and when nobody is told any more.

mod event;
mod state;

pub use event::{TEST_TYPE, event_type, source};
pub use state::{GIVE_UP, Heard, State, Tries};
