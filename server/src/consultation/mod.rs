//! Meetings: booked once, moved, cancelled, held.

pub mod meeting;
pub mod store;
