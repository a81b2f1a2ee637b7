//! Meetings: booked once, moved, cancelled, held.

pub mod answer;
pub mod meeting;
pub mod store;
